//! What /etc/resolv.conf says (resolv.conf(5)).

use std::path::Path;

#[derive(Clone, Debug, Default)]
pub struct Resolver {
    pub path: &'static str,
    pub exists: bool,
    pub nameservers: Vec<String>,
    pub search: Vec<String>,
    pub options: Vec<String>,
}

pub fn look() -> Resolver {
    let path = "/etc/resolv.conf";
    match super::store::read(Path::new(path)) {
        Ok(bytes) => parse(path, &String::from_utf8_lossy(&bytes)),
        Err(_) => Resolver {
            path,
            ..Resolver::default()
        },
    }
}

fn parse(path: &'static str, text: &str) -> Resolver {
    let mut found = Resolver {
        path,
        exists: true,
        ..Resolver::default()
    };
    for line in text.lines() {
        let mut words = line
            .split([';', '#'])
            .next()
            .unwrap_or("")
            .split_whitespace();
        let into = match words.next() {
            Some("nameserver") => &mut found.nameservers,
            Some("search" | "domain") => &mut found.search,
            Some("options") => &mut found.options,
            _ => continue,
        };
        into.extend(words.map(str::to_owned));
    }
    found
}
