//! A root that is named where it may be handed to a wrapper in a dependency.

use crate::scan::lang::Lang::{
    self, C, CSharp, Go, Ini, Java, Json, Node, Php, Python, Ruby, Xml, Yaml,
};
use crate::scan::rule::{Hit, Kind, Rule};

const LANGS: &[Lang] = &[
    Php, Java, C, CSharp, Python, Go, Ruby, Node, Yaml, Ini, Xml, Json,
];

pub const RULES: &[Rule] = &[Rule {
    id: "hint.root-ca",
    langs: LANGS,
    kind: Kind::Hint,
    needles: &[
        "rootca", "rootCa", "rootCA", "RootCA", "RootCa", "ROOTCA", "root_ca", "ROOT_CA",
        "root-ca", "root.ca", "Root_CA", "ROOT_ca",
    ],
    pattern: r#"(?i)["'](?:[^"'\n]{0,120}[/\\])?root_?-?ca\.(?:pem|crt|cer)["']|\b\w*root_?ca\w*["']?\s*(?:=>|=|:|,|\()\s*["'][^"'\n]{1,160}\.(?:pem|crt|cer)["']|^\s*[\w.-]*root[_.-]?ca[\w.-]*\s*[=:]\s*\S+\.(?:pem|crt|cer)\b"#,
    in_strings: false,
    check: |site| {
        let mut hit = Hit::of(Kind::Hint);
        let blank = site.group(0).len() - site.group(0).trim_start().len();
        hit.at = Some(site.start + blank);
        let literal = site.group(0);
        hit.value = literal.find(['"', '\'']).map(|at| literal[at..].to_owned());
        Some(hit)
    },
    means: "The old root file of WeChat Pay is named; it may be handed to a library that pins it.",
    fix: "Follow the name to where it is used, and delete the option that it ends in (guideline, solution 1).",
}];
