//! Compiles a C program of `tests/c` against the library under test and runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::simulator::{fresh_dir, target_dir};

/// A C program linked against the library that cargo built for this test run.
pub struct Program {
    pub path: PathBuf,
    dir: PathBuf,
}

/// The directory with `libwxpay.so` and the link of its SONAME.
pub fn library_dir() -> PathBuf {
    let dir = fresh_dir("lib");
    let library = target_dir().join("deps").join("libwxpay.so");
    assert!(library.exists(), "{} is missing", library.display());
    for name in ["libwxpay.so", "libwxpay.so.0"] {
        std::os::unix::fs::symlink(&library, dir.join(name)).unwrap();
    }
    dir
}

impl Program {
    /// `compiler` with its options, such as `gcc -std=c99`; warnings are errors.
    pub fn compile(source: &str, compiler: &[&str]) -> Program {
        let dir = library_dir();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = dir.join("program");
        let output = Command::new(compiler[0])
            .args(&compiler[1..])
            .args(["-pedantic", "-Wall", "-Wextra", "-Werror", "-g"])
            .arg("-I")
            .arg(root.join("include"))
            .arg(root.join("tests/c").join(source))
            .arg("-o")
            .arg(&path)
            .arg("-L")
            .arg(&dir)
            .args(["-lwxpay", "-lpthread", "-ldl"])
            .arg(format!("-Wl,-rpath,{}", dir.display()))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{compiler:?} {source}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Program { path, dir }
    }

    /// A command for it whose system store is `store` alone.
    pub fn command(&self, store: &Path) -> Command {
        let mut command = Command::new(&self.path);
        self.prepare(&mut command, store);
        command
    }

    /// The same under valgrind; any error or leak of the program is exit status 9.
    pub fn under_valgrind(&self, store: &Path) -> Command {
        let mut command = Command::new("valgrind");
        command.args([
            "--quiet",
            "--error-exitcode=9",
            "--leak-check=full",
            "--errors-for-leak-kinds=definite",
        ]);
        command.arg(&self.path);
        self.prepare(&mut command, store);
        command
    }

    fn prepare(&self, command: &mut Command, store: &Path) {
        command
            .env_remove("SSL_CERT_DIR")
            .env("SSL_CERT_FILE", store)
            .env("LD_LIBRARY_PATH", &self.dir);
    }
}

/// Standard output of a program that must succeed.
pub fn succeeded(what: &str, output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{what}: {}\n{text}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    text
}
