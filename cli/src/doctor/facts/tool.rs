//! Asking a program that is on PATH about itself: with a time limit, a limit on what it prints, and nothing on its
//! standard input.

use std::ffi::OsStr;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(5);
const MOST_BYTES: u64 = 8 << 20;
/// Of one name; more is a machine that builds things, not one that runs a shop.
const MOST: usize = 6;

/// Programs of this name in the absolute directories of PATH, each once. Relative ones are left out: the directory that
/// the command is called in must not decide what is run.
pub fn on_path(name: &str) -> Vec<PathBuf> {
    let mut found: Vec<(PathBuf, PathBuf)> = Vec::new();
    for dir in std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()) {
        let path = dir.join(name);
        let Ok(real) = path.canonicalize() else {
            continue;
        };
        if dir.is_absolute()
            && is_program(&real)
            && found.iter().all(|(_, have)| *have != real)
            && found.len() < MOST
        {
            found.push((path, real));
        }
    }
    found.into_iter().map(|(path, _)| path).collect()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// What it printed, when it ended well and in time.
pub fn ask(program: &Path, arguments: &[&str], without: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command
        .args(arguments.iter().map(OsStr::new))
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    for name in without {
        command.env_remove(name);
    }
    let mut child = command.spawn().ok()?;
    let stdout = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    // Not joined: something that the program started may hold the pipe open.
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(MOST_BYTES).read_to_end(&mut bytes);
        let _ = sender.send(read.map(|_| bytes));
    });
    let deadline = Instant::now() + PATIENCE;
    let bytes = receiver.recv_timeout(PATIENCE);
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
        }
    };
    let bytes = bytes.ok()?.ok()?;
    status?
        .success()
        .then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// The directories below `parent` whose names begin with `prefix`, sorted.
pub fn directories(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}
