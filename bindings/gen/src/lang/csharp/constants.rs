//! `Constants.g.cs`: the numbers of the header under its own names.

use std::fmt::Write as _;

use super::words::xml;
use crate::model::Api;

const GROUPS: &[&str] = &[
    "WXPAY_STATUS_",
    "WXPAY_OUTCOME_",
    "WXPAY_VERIFIED_",
    "WXPAY_LANG_",
];

pub fn text(api: &Api) -> String {
    let version = api
        .macros
        .iter()
        .find(|one| one.name == "WXPAY_VERSION")
        .map_or("", |one| one.value.trim_matches('"'));
    let mut out = format!(
        "using System.Reflection;\n\n[assembly: AssemblyTitle(\"LibWxPay\")]\n[assembly: AssemblyVersion(\"{version}.0\")]\n[assembly: AssemblyFileVersion(\"{version}.0\")]\n[assembly: AssemblyInformationalVersion(\"{version}\")]\n\n"
    );
    out.push_str(
        "namespace LibWxPay\n{\n    /// <summary>Statuses, outcomes, verdicts and languages, named as in C: <c>using static LibWxPay.Constants;</c></summary>\n    public static class Constants\n    {\n",
    );
    let groups = |name: &str| GROUPS.iter().any(|group| name.starts_with(group));
    for one in api.macros.iter().filter(|one| groups(&one.name)) {
        let comment = if one.comment.is_empty() {
            one.name.clone()
        } else {
            xml(&one.comment)
        };
        let _ = writeln!(
            out,
            "        /// <summary>{comment}</summary>\n        public const int {} = {};",
            one.name, one.value
        );
    }
    let outcomes: Vec<String> = api
        .macros
        .iter()
        .filter_map(|one| one.name.strip_prefix("WXPAY_OUTCOME_"))
        .map(|name| format!("\"{name}\""))
        .collect();
    let (major, minor) = api.version();
    let _ = write!(
        out,
        "\n        internal static readonly string[] OutcomeNames = {{ {} }};\n        internal const int AbiMajor = {major};\n        internal const int AbiMinor = {minor};\n    }}\n}}\n",
        outcomes.join(", ")
    );
    out
}
