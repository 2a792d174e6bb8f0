//! Tests that change what a whole process has, its environment or its memory, run again alone in
//! a child of the test binary.

use std::process::Command;

const MARK: &str = "WXPAY_SAFETY_CHILD";

/// True in the child. In the parent: runs the test called `name` again with these variables,
/// under `wrapper` if there is one, and fails if it fails.
pub fn runs_here(name: &str, variables: &[(&str, &str)], wrapper: &[&str]) -> bool {
    if std::env::var(MARK).is_ok_and(|mark| mark == name) {
        return true;
    }
    let test = std::env::current_exe().unwrap();
    let mut command = match wrapper.split_first() {
        Some((program, arguments)) => {
            let mut command = Command::new(program);
            command.args(arguments).arg(test);
            command
        }
        None => Command::new(test),
    };
    command.args(["--exact", name, "--test-threads=1", "--nocapture"]);
    for noise in [
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
    ] {
        command.env_remove(noise);
    }
    let output = command
        .env(MARK, name)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{name}: {text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    false
}

/// Alone in the child, so that no other thread reads the environment meanwhile.
pub fn set(name: &str, value: Option<&str>) {
    assert!(std::env::var(MARK).is_ok());
    // SAFETY: the child runs one test, and it has no other thread that reads the environment.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}
