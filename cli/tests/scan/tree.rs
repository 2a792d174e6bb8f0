//! Folders of files for one test, and the command run over them.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// Removed when dropped. Its name says nothing of WeChat: that would change the grade.
pub struct Tree(pub PathBuf);

impl Tree {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "tree{}x{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub fn scan(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_wxpay"))
            .arg("scan")
            .args(arguments)
            .arg(&self.0)
            .output()
            .unwrap()
    }

    pub fn json(&self) -> Value {
        let output = self.scan(&["--format", "json", "--fail-on", "never"]);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `path:line rule severity` of every finding, the tree's own path left out.
    pub fn findings(&self) -> Vec<String> {
        let prefix = format!("{}/", self.0.display());
        let report = self.json();
        let row = |finding: &Value| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            format!(
                "{}:{} {} {}",
                text("path").replace(&prefix, ""),
                finding["line"],
                text("rule"),
                text("severity")
            )
        };
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(row)
            .collect()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
