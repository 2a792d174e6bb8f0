//! `WXPAY_STATUS_DNS` to `wxpay::status::dns`, and the outcomes as an enumeration.

use std::fmt::Write as _;

use crate::model::Api;

/// `WXPAY_VERSION_…` are for the preprocessor alone.
const GROUPS: &[(&str, &str)] = &[
    (
        "STATUS",
        "what went wrong; new numbers are grouped by hundred",
    ),
    (
        "VERIFIED",
        "how far a message is authenticated: Message::verified",
    ),
    ("LANG", "languages of status_text"),
];

pub fn write(api: &Api, out: &mut String) {
    for (group, says) in GROUPS {
        let _ = writeln!(out, "/// {says}\nnamespace {} {{", group.to_lowercase());
        for (name, full) in members(api, group) {
            let _ = writeln!(out, "inline constexpr std::int32_t {name} = {full};");
        }
        out.push_str("}\n\n");
    }
    out.push_str(
        "/// What is known about the money after a failure.\nenum class Outcome : std::int32_t {\n",
    );
    for (at, (name, full)) in members(api, "OUTCOME").enumerate() {
        let comment = &api.macros[index(api, &full)].comment;
        let comma = if at == 0 { "" } else { "\n" };
        let _ = write!(out, "{comma}    /// {comment}\n    {name} = {full},");
    }
    out.push_str(
        "\n};\n\n/// A number that this version does not know counts as unknown: query first.\n\
         constexpr Outcome to_outcome(std::int32_t number) noexcept\n{\n    switch (number) {\n",
    );
    for (name, full) in members(api, "OUTCOME") {
        let _ = writeln!(out, "    case {full}: return Outcome::{name};");
    }
    out.push_str(
        "    default: return Outcome::unknown;\n    }\n}\n\n\
         /// Such as \"NOT_SENT\".\n\
         constexpr std::string_view outcome_name(Outcome outcome) noexcept\n{\n    switch (outcome) {\n",
    );
    for (name, full) in members(api, "OUTCOME") {
        let spelled = full.trim_start_matches("WXPAY_OUTCOME_");
        let _ = writeln!(out, "    case Outcome::{name}: return \"{spelled}\";");
    }
    out.push_str("    }\n    return \"UNKNOWN\";\n}\n\n");
}

/// Name in C++ and macro of each constant of a group.
fn members<'a>(api: &'a Api, group: &str) -> impl Iterator<Item = (String, String)> + use<'a> {
    let prefix = format!("WXPAY_{group}_");
    api.macros.iter().filter_map(move |m| {
        let name = m.name.strip_prefix(&prefix)?;
        Some((name.to_lowercase(), m.name.clone()))
    })
}

fn index(api: &Api, name: &str) -> usize {
    api.macros.iter().position(|m| m.name == name).unwrap_or(0)
}
