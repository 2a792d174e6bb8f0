//! README's alternative with this library, in the languages that have a binding: the lines compile
//! and get an answer whose signature is verified, from the simulator.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::readme::block;
use crate::bindings::{ROOT, clean_command, library, tools};
use crate::simulator::{Simulator, fresh_dir};

/// The simulator's merchant in the environment; prints what the lines print.
fn answers(mut command: Command) {
    let simulator = Simulator::start();
    for (name, value) in simulator.merchant().as_object().unwrap() {
        if name.starts_with('_') {
            continue;
        }
        let value = value.as_str().map_or_else(
            || {
                let lines = value.as_array().unwrap().iter();
                lines
                    .map(|line| line.as_str().unwrap())
                    .collect::<Vec<_>>()
                    .join("\n")
            },
            str::to_owned,
        );
        command.env(
            format!("WXPAY_{}", name.to_uppercase().replace('.', "__")),
            value,
        );
    }
    command.env("WXPAY_EXTRA_CA_FILE", simulator.file("ca.pem"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("encrypt_certificate"),
        "{output:?}"
    );
}

/// A copy of the library that only its owner may write to: the loaders take no other.
fn owned_library(dir: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let copy = dir.join("libwxpay.so.0");
    std::fs::copy(library(), &copy).unwrap();
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o755)).unwrap();
    copy
}

fn compile(dir: &Path, shell: &str) {
    let output = clean_command("sh", None)
        .args(["-euc", shell])
        .env("root", ROOT)
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_lines_in_cpp_get_an_answer() {
    let dir = fresh_dir("moving-cpp");
    owned_library(&dir);
    let code = format!(
        "#include <cstdio>\n#include <wxpay/wxpay.hpp>\nint main()\n{{\n{}\nstd::puts(body.c_str());\n}}\n",
        block("C++", "cpp")
    );
    std::fs::write(dir.join("pay.cpp"), code).unwrap();
    compile(
        &dir,
        "g++ -std=c++17 -Wall -Wextra -Werror -I$root/include -I$root/bindings/cpp/include pay.cpp -o pay -L. -l:libwxpay.so.0",
    );
    let mut command = clean_command(dir.join("pay"), None);
    command.env("LD_LIBRARY_PATH", &dir);
    answers(command);
}

#[test]
fn the_lines_in_php_get_an_answer() {
    let dir = fresh_dir("moving-php");
    let code = format!(
        "<?php\nrequire '{ROOT}/bindings/php/autoload.php';\n{}",
        block("PHP", "php")
    );
    std::fs::write(dir.join("pay.php"), code).unwrap();
    let mut command = clean_command("php", None);
    command
        .arg(dir.join("pay.php"))
        .env("WXPAY_LIBRARY", owned_library(&dir));
    answers(command);
}

#[test]
fn the_lines_in_python_get_an_answer() {
    let dir = fresh_dir("moving-python");
    let mut command = clean_command("python3", None);
    command
        .args(["-c", &block("Python", "python")])
        .env("PYTHONPATH", Path::new(ROOT).join("bindings/python/src"))
        .env("WXPAY_LIBRARY", owned_library(&dir));
    answers(command);
}

/// On CoreCLR, as the before and after.
#[test]
fn the_lines_in_csharp_get_an_answer() {
    let dir = fresh_dir("moving-csharp");
    let code = format!(
        "class Pay\n{{\nstatic void Main()\n{{\n{}}}\n}}\n",
        block("C#", "csharp")
    );
    std::fs::write(dir.join("pay.cs"), code).unwrap();
    compile(
        &dir,
        "sh $root/bindings/csharp/build.sh . && mcs -langversion:7.2 -warnaserror -r:LibWxPay.dll -out:pay.exe pay.cs",
    );
    let mut command = clean_command("sh", None);
    command
        .arg(format!("{ROOT}/bindings/csharp/tests/run.sh"))
        .arg(dir.join("pay.exe"))
        .env("DOTNET", super::languages::dotnet(&tools("csharp")))
        .env("WXPAY_LIBRARY", owned_library(&dir));
    answers(command);
}
