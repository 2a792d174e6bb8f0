//! Reads `include/wxpay.h` and writes what bindings and tests are made of: `bindings/abi/` and
//! `tests/c/generated_walk.c`. Refuses a header whose exports do not carry their tags, because
//! every language repeats what the tags say.
//!
//! `cargo run -p wxpay-gen` writes; with `-- --check` it compares and names the file that differs.

#![forbid(unsafe_code)]

mod abi_json;
mod ctype;
mod doc;
mod files;
mod header;
mod lang;
mod manual;
mod method;
mod model;
mod refuse;
mod symbols;
#[cfg(test)]
mod tests;
mod walk;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use files::File;

const USAGE: &str = "usage: wxpay-gen [--check] [--header FILE] [--root DIR]\n\
    --check   compare with what is there and write nothing\n\
    --header  the header to read (include/wxpay.h)\n\
    --root    the directory that bindings/ and tests/ lie in (the workspace)";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<String, String> {
    let mut check = false;
    let mut root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut header: Option<PathBuf> = None;
    while let Some(arg) = args.next() {
        let mut value = || {
            args.next()
                .ok_or_else(|| format!("{arg} needs a value\n{USAGE}"))
        };
        match arg.as_str() {
            "--check" => check = true,
            "--header" => header = Some(value()?.into()),
            "--root" => root = value()?.into(),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let header = header.unwrap_or_else(|| root.join("include/wxpay.h"));
    let text = std::fs::read_to_string(&header)
        .map_err(|error| format!("cannot read {}: {error}", header.display()))?;
    let api = model::api(&text).map_err(|refusals| {
        let lines: Vec<String> = refusals.iter().map(|why| format!("  {why}")).collect();
        format!("{} is refused:\n{}", header.display(), lines.join("\n"))
    })?;
    let mut files = vec![abi_json::file(&api), symbols::file(&api), walk::file(&api)];
    files.extend(symbols::history(&api, &root)?);
    let methods = method::methods(&api).map_err(|refusals| refusals.join("\n"))?;
    files.extend(lang::files(&api, &methods));
    files.push(manual::file(&api, &methods));
    if check {
        files::compare(&root, &files)?;
    } else {
        files::write(&root, &files)?;
    }
    let names: Vec<&str> = files.iter().map(File::path).collect();
    let lines: Vec<String> = lang::hand_written(&root)?
        .iter()
        .map(|(language, lines)| format!("{language} {lines}"))
        .collect();
    let done = if check { "up to date" } else { "written" };
    Ok(format!(
        "{} functions; {done}: {}\nlines written by hand: {}",
        api.functions.len(),
        names.join(", "),
        lines.join(", ")
    ))
}
