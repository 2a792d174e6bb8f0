//! Options, exit status and colours.

use crate::machine::plain;
use crate::tools::{directory, run};

#[test]
fn wrong_usage_exits_with_3() {
    for wrong in [
        &["doctor", "--nope"][..],
        &["doctor", "extra"],
        &["doctor", "--config", "a", "--env", "WXPAY_"],
        &["doctor", "--config", "/nowhere/merchant.json"],
        &["probe"],
        &["probe", "host:0"],
        &["probe", "host", "--ip", "nonsense"],
        &["probe", "ho st"],
        &["explain"],
        &["nonsense"],
    ] {
        let run = plain(wrong, &[]);
        assert_eq!(
            (run.status, run.out.as_str()),
            (3, ""),
            "{wrong:?} {}",
            run.err
        );
        assert!(!run.err.is_empty());
    }
    for right in [&["--help"][..], &["doctor", "--help"], &["--version"]] {
        assert_eq!(plain(right, &[]).status, 0, "{right:?}");
    }
}

/// S33: a pipe would be waited for, and /dev/zero never ends.
#[test]
fn a_configuration_that_is_no_regular_file_is_refused_at_once() {
    let dir = directory();
    std::fs::create_dir_all(&dir).unwrap();
    let fifo = dir.join("fifo").to_str().unwrap().to_owned();
    assert!(run("mkfifo", &[&fifo], b"").status.success());
    for (path, why) in [
        (fifo.as_str(), "it is a pipe"),
        ("/dev/zero", "device"),
        (dir.to_str().unwrap(), "it is a directory"),
    ] {
        for command in [
            &["doctor", "--config", path][..],
            &["probe", "localhost", "--config", path],
        ] {
            let run = plain(command, &[]);
            assert_eq!((run.status, run.out.as_str()), (3, ""), "{path}");
            assert!(run.err.contains(why), "{path}: {}", run.err);
            assert!(run.took.as_secs() < 3, "{path}: {:?}", run.took);
        }
    }
    std::fs::remove_dir_all(dir).unwrap();
}

/// no-color.org; `script` makes a terminal.
#[test]
fn colours_are_for_terminals_only() {
    let on_terminal = |options: &str, no_color: &str| {
        let line = format!("{} doctor --offline {options}", env!("CARGO_BIN_EXE_wxpay"));
        let mut command = crate::tools::command("script");
        command
            .args(["-qec", &line, "/dev/null"])
            .env("TERM", "xterm")
            .env("NO_COLOR", no_color);
        command.stdin(std::process::Stdio::null());
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    };
    assert!(on_terminal("", "").contains("\u{1b}[1m"));
    assert!(!on_terminal("", "1").contains('\u{1b}'), "NO_COLOR");
    assert!(!on_terminal("--no-color", "").contains('\u{1b}'));
    assert!(
        !plain(&["doctor", "--offline"], &[("TERM", "xterm")])
            .out
            .contains('\u{1b}'),
        "a pipe"
    );
}

/// A reader that has seen enough is no error, and no panic.
#[test]
fn a_closed_pipe_ends_it_quietly() {
    let script = "\"$0\" doctor --offline | head -n 1";
    let output = crate::tools::command("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_wxpay")])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
