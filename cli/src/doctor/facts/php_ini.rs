//! The lines of php.ini and of FPM's pools that decide whom PHP trusts.

use std::path::Path;

/// Settings that name a store, and the one that opens memory to scripts.
const NAMES: &[&str] = &[
    "curl.cainfo",
    "openssl.cafile",
    "openssl.capath",
    "ffi.enable",
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    pub value: String,
    pub path: String,
    pub line: usize,
}

/// The settings of a file, in order; an empty value unsets.
pub fn settings(path: &Path, text: &str) -> Vec<Setting> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let (name, value) = parse(line.trim())?;
            Some(Setting {
                name: NAMES.iter().find(|known| **known == name)?,
                value: value.to_owned(),
                path: path.to_string_lossy().into_owned(),
                line: index + 1,
            })
        })
        .collect()
}

/// `name = value`, or `php_admin_value[name] = value` in a pool.
fn parse(line: &str) -> Option<(&str, &str)> {
    if line.starts_with([';', '#', '[']) {
        return None;
    }
    let (name, value) = line.split_once('=')?;
    let mut name = name.trim();
    for prefix in [
        "php_admin_value[",
        "php_value[",
        "php_admin_flag[",
        "php_flag[",
    ] {
        if let Some(inner) = name.strip_prefix(prefix) {
            name = inner.trim_end_matches(']').trim();
        }
    }
    let value = value.trim();
    let value = match value.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next().unwrap_or(""),
        None => value.split(';').next().unwrap_or("").trim(),
    };
    Some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_other_settings_are_passed_over() {
        let text = ";curl.cainfo = /a\n[curl]\n curl.cainfo=\"/b c.pem\" ; why\nopenssl.cafile = /d.pem ; why\n\
            memory_limit = 128M\nphp_admin_value[openssl.capath] = /e\nffi.enable=true\ncurl.cainfo =\nphp_flag[ffi.enable] = on\n";
        let found: Vec<(&str, String, usize)> = settings(Path::new("/x"), text)
            .into_iter()
            .map(|one| (one.name, one.value, one.line))
            .collect();
        let want = [
            ("curl.cainfo", "/b c.pem", 3),
            ("openssl.cafile", "/d.pem", 4),
            ("openssl.capath", "/e", 6),
            ("ffi.enable", "true", 7),
            ("curl.cainfo", "", 8),
            ("ffi.enable", "on", 9),
        ];
        let want = want.map(|(name, value, line)| (name, value.to_owned(), line));
        assert_eq!(found, want);
    }
}
