//! What must not be in a binding (they never compute), and that none of them passes a time (S12).
//! Package sources are searched, generated ones too; tests, examples and benchmarks are not.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::ROOT;

/// Words of which each means that a binding does what the core is for. `once` are those that may
/// stand in one place: the one that writes JSON and the one that reads it.
struct Language {
    name: &'static str,
    kind: &'static str,
    comments: &'static [&'static str],
    forbidden: &'static [&'static str],
    once: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language {
        name: "python",
        kind: "py",
        comments: &["#"],
        forbidden: &[
            "import base64",
            "b64",
            "binascii",
            "hashlib",
            "hmac",
            "cryptography",
            "Crypto",
            "import ssl",
            "urllib",
            "http.client",
            "import requests",
            "import httpx",
            "import socket",
            "import time",
            "from time",
            "datetime",
            "random",
            "secrets",
            "uuid",
            "quote(",
            ".lower()",
            ".upper()",
            ".title()",
            ".capitalize()",
            "sleep(",
            "retry(",
            "re.compile",
            "-----BEGIN",
            "import re",
            "zlib",
        ],
        once: &["json.dumps", "json.loads"],
    },
    Language {
        name: "php",
        kind: "php",
        comments: &["//", "*", "/*", "#"],
        forbidden: &[
            "base64_",
            "bin2hex",
            "hash(",
            "hash_",
            "md5(",
            "sha1(",
            "openssl_",
            "sodium_",
            "random_",
            "mt_rand",
            "rand(",
            "uniqid",
            " time(",
            "microtime",
            "hrtime",
            "date(",
            "curl_",
            "fsockopen",
            "stream_",
            "http_build_query",
            "parse_url",
            "urlencode",
            "strtolower",
            "strtoupper",
            "ucwords",
            "ucfirst",
            "sleep(",
            "-----BEGIN",
            "preg_replace",
            "preg_split",
            "DateTime",
        ],
        once: &["json_encode(", "json_decode("],
    },
    Language {
        name: "csharp",
        kind: "cs",
        comments: &["//", "*", "/*"],
        forbidden: &[
            "Cryptography",
            "ToBase64",
            "FromBase64",
            "BitConverter",
            "DateTime",
            "Stopwatch",
            "Environment.Tick",
            "new Random",
            "Guid",
            "new HttpClient(",
            "WebRequest",
            "UriBuilder",
            "EscapeDataString",
            "ToLower",
            "ToUpper",
            "Sleep(",
            "Task.Delay",
            "-----BEGIN",
            "Regex",
            "System.Text.Json",
            "Newtonsoft",
            "X509",
            "RSA",
            "Aes",
        ],
        once: &[],
    },
    Language {
        name: "cpp",
        kind: "hpp",
        comments: &["//", "*", "/*"],
        forbidden: &[
            "openssl",
            "chrono",
            " time(",
            "::time(",
            "random",
            "rand(",
            "getenv",
            "tolower",
            "toupper",
            "regex",
            "sleep",
            "-----BEGIN",
            "socket",
            "curl",
            "nlohmann",
            "<ctime>",
        ],
        once: &[],
    },
];

/// Names of the ABI hold words that are forbidden as code (`to_sign_sha256`, `status_text`).
fn without_names_of_the_abi(line: &str, names: &[String]) -> String {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("wxpay_") || names.iter().any(|name| name == word))
        .fold(line.to_owned(), |line, word| line.replacen(word, "", 1))
}

impl Language {
    fn is_comment(&self, line: &str) -> bool {
        let line = line.trim_start();
        self.comments.iter().any(|mark| line.starts_with(mark))
    }

    /// What is wrong with a text, a line each.
    fn violations(&self, text: &str, names: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for line in text.lines().filter(|line| !self.is_comment(line)) {
            let rest = without_names_of_the_abi(line, names);
            for word in self.forbidden.iter().filter(|word| rest.contains(**word)) {
                found.push(format!("{word}: {}", line.trim()));
            }
        }
        found
    }

    fn count(&self, text: &str, word: &str) -> usize {
        text.lines()
            .filter(|line| !self.is_comment(line))
            .map(|line| line.matches(word).count())
            .sum()
    }

    fn sources(&self) -> Vec<PathBuf> {
        let mut out = Vec::new();
        below(
            &Path::new(ROOT).join("bindings").join(self.name),
            self.kind,
            &mut out,
        );
        assert!(!out.is_empty(), "{} has no sources", self.name);
        out
    }
}

/// The text of a source. A docstring is Python's doc comment: its lines are left blank.
fn source(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    if path.extension().is_none_or(|kind| kind != "py") {
        return text;
    }
    let mut inside = false;
    let mut code = String::new();
    for line in text.lines() {
        let ends = line.trim_end().ends_with("\"\"\"");
        let begins = !inside && line.trim_start().starts_with("\"\"\"");
        if !inside && !begins {
            code.push_str(line);
        }
        code.push('\n');
        let one_line = begins && ends && line.trim().len() > 3;
        inside = (inside && !ends) || (begins && !one_line);
    }
    code
}

fn below(dir: &Path, kind: &str, out: &mut Vec<PathBuf>) {
    const APART: &[&str] = &[
        "tests",
        "examples",
        "bench",
        "vendor",
        "build",
        "dist",
        "obj",
        "node_modules",
    ];
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !APART.contains(&name.as_str()) && !name.starts_with('.') {
                below(&path, kind, out);
            }
        } else if path.extension().is_some_and(|one| one == kind) {
            out.push(path);
        }
    }
}

fn abi() -> Value {
    serde_json::from_str(include_str!("../../../bindings/abi/wxpay.abi.json")).unwrap()
}

/// Parameters and methods, as they are spelled in any language.
fn names() -> Vec<String> {
    let abi = abi();
    let mut names = Vec::new();
    for function in abi["functions"].as_array().unwrap() {
        for param in function["params"].as_array().unwrap() {
            names.push(param["name"].as_str().unwrap().to_owned());
        }
    }
    let camel: Vec<String> = names.iter().map(|name| camel(name)).collect();
    let pascal = camel
        .iter()
        .map(|name| name[..1].to_uppercase() + &name[1..]);
    let pascal: Vec<String> = pascal.collect();
    names.extend(camel);
    names.extend(pascal);
    names
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |out, word| {
        out + &word[..1].to_uppercase() + &word[1..]
    })
}

#[test]
fn bindings_never_compute() {
    let names = names();
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        let mut counts = vec![0; language.once.len()];
        for path in language.sources() {
            let text = source(&path);
            for found in language.violations(&text, &names) {
                wrong.push(format!("{}: {found}", path.display()));
            }
            for (count, word) in counts.iter_mut().zip(language.once) {
                *count += language.count(&text, word);
            }
        }
        for (count, word) in counts.iter().zip(language.once) {
            if *count != 1 {
                wrong.push(format!("{}: {word} stands {count} times", language.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_search_finds_each_word_that_is_forbidden() {
    for language in LANGUAGES {
        for word in language.forbidden {
            let planted = format!("    value = {word}x;\n");
            let found = language.violations(&planted, &names());
            assert!(!found.is_empty(), "{}: {word}", language.name);
            let comment = format!("{} {word}\n", language.comments[0]);
            assert!(
                language.violations(&comment, &names()).is_empty(),
                "{comment}"
            );
        }
    }
}

/// The arguments of each call of `function` in `text`; a declaration is no call.
fn calls(text: &str, function: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(&format!("{function}(")) {
        let line = &text[text[..at].rfind('\n').map_or(0, |at| at + 1)..at];
        if line.contains("extern ") {
            continue;
        }
        let (mut depth, mut args, mut one) = (0, Vec::new(), String::new());
        for c in text[at + function.len()..].chars() {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 1 => {
                    args.push(std::mem::take(&mut one).trim().to_owned());
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            one.push(c);
        }
        args.push(one.trim().to_owned());
        args[0] = args[0].trim_start_matches('(').trim().to_owned();
        found.push(args);
    }
    found
}

/// Whoever could pass a time would pass the message's own, and nothing would ever be expired (S12).
#[test]
fn no_binding_passes_a_time() {
    let abi = abi();
    let mut seen = 0;
    for language in LANGUAGES {
        for path in language.sources() {
            let text = source(&path);
            for function in abi["functions"].as_array().unwrap() {
                let params = function["params"].as_array().unwrap();
                let Some(now) = params.iter().position(|param| param["name"] == "now") else {
                    continue;
                };
                let name = function["name"].as_str().unwrap();
                // PHP calls by name: `invoke('name', what comes back, inputs …)`, `read('name', inputs …)`.
                let by_name = [("invoke", 2), ("read", 1)]
                    .into_iter()
                    .flat_map(|(way, inputs)| {
                        calls(&text, way)
                            .into_iter()
                            .filter(|args| args[0] == format!("'{name}'"))
                            .map(move |args| args[inputs..].to_vec())
                    });
                for args in calls(&text, name).into_iter().chain(by_name) {
                    seen += 1;
                    assert_eq!(
                        args.get(now).map(String::as_str),
                        Some("0"),
                        "{}: {} {args:?}",
                        path.display(),
                        function["name"]
                    );
                }
            }
            for line in text.lines().filter(|line| !language.is_comment(line)) {
                let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                let declares = line.contains("extern ") || line.contains("argtypes");
                assert!(
                    declares || !words.any(|word| word == "now" || word == "$now"),
                    "{}: {line}",
                    path.display()
                );
            }
        }
    }
    // Thirteen functions take a time, and each language calls each of them.
    assert!(seen >= 52, "only {seen} calls were found");
}

#[test]
fn the_search_reads_arguments() {
    let text =
        "static extern int f(IntPtr a, long now);\n  x = f(g(a, b), [1, 2],\n   0, e);\n f();";
    assert_eq!(
        calls(text, "f"),
        [vec!["g(a, b)", "[1, 2]", "0", "e"], vec![""]]
    );
}

/// At most so many lines of code by hand in a language; more has begun to compute.
#[test]
fn a_binding_is_thin() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "wxpay-gen", "--manifest-path"])
        .arg(format!("{ROOT}/Cargo.toml"))
        .args(["--target-dir"])
        .arg(crate::simulator::target_dir().parent().unwrap())
        .args(["--", "--check"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let line = text.lines().last().unwrap().to_owned();
    let counts: Vec<(&str, usize)> = line
        .strip_prefix("lines written by hand: ")
        .unwrap_or_else(|| panic!("{text}"))
        .split(", ")
        .map(|pair| pair.split_once(' ').unwrap())
        .map(|(name, lines)| (name, lines.parse().unwrap()))
        .collect();
    assert_eq!(counts.len(), 4, "{line}");
    for (language, lines) in counts {
        // Files, rows and uploads have an idiom of their own in each language; 500 was for messages alone.
        let most = if language == "cpp" { 700 } else { 600 };
        assert!(lines > 0 && lines <= most, "{language}: {lines} of {most}");
    }
}
