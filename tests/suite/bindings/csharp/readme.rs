//! The README's code is the code of the examples, and what stands there compiles and runs.

use std::path::Path;

use super::{RUNTIMES, compiled, folder, owned_library, script, succeeded};
use crate::bindings::clean_command;
use crate::simulator::{Simulator, fresh_dir};

/// The README's blocks of complete C#.
fn blocks() -> Vec<String> {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    readme
        .split("```csharp\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

fn compile(source: &Path, out: &Path, kind: &str) {
    let mut mcs = clean_command("mcs", None);
    mcs.args(["-langversion:7.2", "-warnaserror", kind])
        .arg(format!("-out:{}", out.display()))
        .arg(format!("-r:{}", compiled().join("LibWxPay.dll").display()))
        .args(["-r:System.dll", "-r:System.Core.dll"])
        .arg(source);
    succeeded(&mut mcs);
}

#[test]
fn the_readme_shows_the_examples_and_all_of_it_compiles() {
    let blocks = blocks();
    let examples = ["Order.cs", "NotificationEndpoint.cs"];
    for example in examples {
        let text = std::fs::read_to_string(folder().join("examples").join(example)).unwrap();
        assert!(
            blocks.contains(&text),
            "{example} is not what the README shows"
        );
    }
    assert_eq!(blocks.len(), 4, "complete programs in the README");
    let dir = fresh_dir("csharp-readme");
    for (at, block) in blocks.iter().enumerate() {
        let source = dir.join(format!("block{at}.cs"));
        std::fs::write(&source, block).unwrap();
        compile(
            &source,
            &dir.join(format!("block{at}.dll")),
            "-target:library",
        );
    }
}

/// Ten lines, the environment's configuration, one order.
#[test]
fn the_first_example_places_an_order() {
    let simulator = Simulator::start();
    let dir = fresh_dir("csharp-order");
    compile(
        &folder().join("examples/Order.cs"),
        &dir.join("order.exe"),
        "-target:exe",
    );
    std::fs::copy(compiled().join("LibWxPay.dll"), dir.join("LibWxPay.dll")).unwrap();
    owned_library(&dir.join("libwxpay.so.0"));
    let merchant = simulator.merchant();
    for runtime in RUNTIMES {
        let number = format!("{runtime:?}0001");
        let order = dir.join("order.json");
        std::fs::write(&order, simulator.order(&number, 100).to_string()).unwrap();
        let mut command = script(runtime, "tests/run.sh", Some(&simulator.file("ca.pem")));
        command.arg(dir.join("order.exe")).arg(&order);
        for key in [
            "mchid",
            "merchant_serial",
            "private_key_file",
            "api_v3_key",
            "public_key_id",
            "public_key_file",
            "base_url",
        ] {
            command.env(
                format!("WXPAY_{}", key.to_uppercase()),
                merchant[key].as_str().unwrap(),
            );
        }
        let said = succeeded(&mut command);
        assert!(said.contains("weixin://"), "{runtime:?}: {said}");
        // A second store that lacks the root: refused, nothing sent, and the exit code says so.
        let output = command.env("WXPAY_TRUST_ENV", "0").output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{runtime:?}: {error}");
        assert!(
            error.contains("TLS_UNKNOWN_ISSUER 310, outcome NOT_SENT"),
            "{runtime:?}: {error}"
        );
    }
}
