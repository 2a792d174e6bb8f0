//! Which language a file is written in, by its name and its first line.

/// What a file is read as. One value per set of rules, not per dialect.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Lang {
    Php,
    /// Java, Kotlin, Scala, Groovy, JSP.
    Java,
    /// C, C++, Objective-C.
    C,
    CSharp,
    Python,
    Go,
    Ruby,
    /// JavaScript, TypeScript, Vue.
    Node,
    /// Shell, Makefile, batch, PowerShell.
    Shell,
    Docker,
    Yaml,
    /// ini, properties, systemd, env, TOML, HCL, and the dot files of tools.
    Ini,
    Xml,
    Json,
    Hosts,
    /// Read for certificates only.
    Other,
}

/// The comments of a language differ between its dialects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    Plain,
    Kotlin,
    Batch,
    PowerShell,
    Properties,
    Jsp,
}

/// `name` is the last part of the path, `head` the first bytes of the file.
pub fn of(name: &str, head: &[u8]) -> (Lang, Dialect) {
    use Dialect::{Batch, Jsp, Kotlin, Plain, PowerShell, Properties};
    let lower = name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, last)| last);
    // Declarations of types.
    if lower.ends_with(".d.ts") || lower.ends_with(".pyi") {
        return (Lang::Other, Plain);
    }
    if let Some(lang) = by_name(&lower) {
        return (lang, Plain);
    }
    match extension {
        "php" | "php3" | "php4" | "php5" | "php7" | "php8" | "phtml" | "inc" | "module"
        | "install" | "ctp" | "phps" => (Lang::Php, Plain),
        "java" | "groovy" | "gradle" | "aj" => (Lang::Java, Plain),
        "kt" | "kts" | "scala" | "sc" => (Lang::Java, Kotlin),
        "jsp" | "jspx" | "jspf" => (Lang::Java, Jsp),
        "c" | "h" | "cc" | "cpp" | "cxx" | "c++" | "hpp" | "hh" | "hxx" | "h++" | "ipp" | "inl"
        | "tcc" | "ino" | "m" | "mm" | "cu" => (Lang::C, Plain),
        "cs" | "csx" | "cshtml" | "razor" | "ashx" | "aspx" | "asmx" => (Lang::CSharp, Plain),
        "py" | "pyw" | "pyx" | "wsgi" => (Lang::Python, Plain),
        "go" => (Lang::Go, Plain),
        "rb" | "rake" | "gemspec" | "ru" | "erb" | "jbuilder" | "podspec" => (Lang::Ruby, Plain),
        "js" | "mjs" | "cjs" | "ts" | "mts" | "cts" | "tsx" | "jsx" | "vue" | "svelte" | "es6"
        | "wxs" => (Lang::Node, Plain),
        "sh" | "bash" | "zsh" | "ksh" | "ash" | "bats" | "mk" | "mak" | "envrc" | "fish" => {
            (Lang::Shell, Plain)
        }
        "bat" | "cmd" => (Lang::Shell, Batch),
        "ps1" | "psm1" | "psd1" => (Lang::Shell, PowerShell),
        "dockerfile" | "containerfile" => (Lang::Docker, Plain),
        "yml" | "yaml" => (Lang::Yaml, Plain),
        "ini" | "cfg" | "conf" | "cnf" | "service" | "env" | "toml" | "npmrc" | "curlrc"
        | "wgetrc" | "gitconfig" | "yarnrc" | "htaccess" | "socket" | "timer" | "vhost" | "tf"
        | "tfvars" | "hcl" | "nomad" => (Lang::Ini, Plain),
        "properties" => (Lang::Ini, Properties),
        "xml" | "config" | "pom" | "csproj" | "props" | "targets" | "plist" | "iml" => {
            (Lang::Xml, Plain)
        }
        "json" | "json5" | "jsonc" => (Lang::Json, Plain),
        "hosts" => (Lang::Hosts, Plain),
        _ => (by_first_line(head), Plain),
    }
}

fn by_name(lower: &str) -> Option<Lang> {
    if lower == "dockerfile"
        || lower == "containerfile"
        || lower.starts_with("dockerfile.")
        || lower.starts_with("dockerfile-")
    {
        return Some(Lang::Docker);
    }
    if lower == ".env" || lower.starts_with(".env.") || lower.starts_with("php.ini") {
        return Some(Lang::Ini);
    }
    Some(match lower {
        "makefile" | "gnumakefile" | ".bashrc" | ".profile" | ".bash_profile" | ".zshrc"
        | "gradlew" | "setenv" | "catalina" | "procfile" => Lang::Shell,
        "jenkinsfile" => Lang::Java,
        "rakefile" | "gemfile" | "vagrantfile" | "podfile" | "guardfile" | "fastfile" => Lang::Ruby,
        "hosts" => Lang::Hosts,
        ".npmrc" | ".curlrc" | "_curlrc" | ".wgetrc" | "wgetrc" | ".gitconfig" | ".yarnrc"
        | "environment" | ".mavenrc" | "pip.conf" => Lang::Ini,
        "jvm.config" | ".jvmopts" | "jvm.options" => Lang::Ini,
        _ => return None,
    })
}

fn by_first_line(head: &[u8]) -> Lang {
    if head.starts_with(b"<?php") {
        return Lang::Php;
    }
    if !head.starts_with(b"#!") {
        return Lang::Other;
    }
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or(head);
    let line = String::from_utf8_lossy(line);
    let mut words = line[2..].split_whitespace();
    let mut program = words.next().unwrap_or("");
    if program.ends_with("/env") {
        program = words.find(|word| !word.starts_with('-')).unwrap_or("");
    }
    let program = program.rsplit('/').next().unwrap_or("");
    let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match program {
        "sh" | "bash" | "dash" | "zsh" | "ksh" | "ash" => Lang::Shell,
        "python" | "pypy" => Lang::Python,
        "ruby" => Lang::Ruby,
        "php" => Lang::Php,
        "node" | "nodejs" | "deno" | "ts-node" => Lang::Node,
        _ => Lang::Other,
    }
}
