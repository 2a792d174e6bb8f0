//! The table of rules. Each file owns one language; their order here is the order of docs/scan.md.

mod c;
mod config;
mod csharp;
mod curl;
pub mod data;
mod env;
mod go;
mod hint;
mod java;
mod node;
mod php;
mod python;
mod ruby;
mod shell;

use super::lang::Lang;
use super::rule::{Ready, Rule};
use std::sync::LazyLock;

/// Those that run on source text.
pub fn all() -> &'static [Ready] {
    static ALL: LazyLock<Vec<Ready>> =
        LazyLock::new(|| tables().into_iter().flatten().map(Ready::new).collect());
    &ALL
}

fn tables() -> [&'static [Rule]; 13] {
    [
        curl::RULES,
        php::RULES,
        java::RULES,
        csharp::RULES,
        c::RULES,
        python::RULES,
        go::RULES,
        ruby::RULES,
        node::RULES,
        shell::RULES,
        env::RULES,
        config::RULES,
        hint::RULES,
    ]
}

/// The rules of one language.
pub fn of(lang: Lang) -> impl Iterator<Item = &'static Ready> {
    all()
        .iter()
        .filter(move |ready| ready.rule.langs.contains(&lang))
}

/// Id, kind, meaning and fix of every rule, those about data files too.
pub fn table() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    let rules = all().iter().map(|ready| {
        let rule = ready.rule;
        (rule.id, rule.kind.name(), rule.means, rule.fix)
    });
    rules.chain(data::TABLE.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::rule::compile;
    use std::collections::BTreeSet;

    #[test]
    fn every_pattern_compiles_and_every_id_is_used_once() {
        let mut ids = BTreeSet::new();
        for ready in all() {
            compile(ready.rule.pattern);
            assert!(ids.insert(ready.rule.id), "{} twice", ready.rule.id);
            assert!(!ready.rule.needles.is_empty(), "{}", ready.rule.id);
        }
        assert!(ids.len() > 40);
    }
}
