//! The tree: every regular file once, in parallel, links not followed. `.gitignore` is not
//! respected: `vendor/`, where old SDKs live, often stands in it.

use super::Args;
use super::judge::{File, Verdict, judge};
use super::rule::Finding;
use ignore::overrides::OverrideBuilder;
use ignore::{WalkBuilder, WalkState};
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Larger source files are generated.
const LARGEST_SOURCE: u64 = 1_500_000;
/// Bundles of every root in the world are a quarter of a megabyte; key stores a little more.
const LARGEST_BUNDLE: u64 = 8 << 20;

#[derive(Default)]
pub struct Scan {
    pub findings: Vec<Finding>,
    /// Regular files seen.
    pub files: usize,
    /// Of these, read.
    pub read: usize,
    pub minified: Vec<PathBuf>,
    pub too_large: Vec<PathBuf>,
    /// Judged in part: more than 300 places of one rule.
    pub crowded: Vec<PathBuf>,
    pub unreadable: Vec<(PathBuf, String)>,
    /// Findings kept back by a comment.
    pub allowed: usize,
}

pub fn scan(args: &Args) -> Result<Scan, String> {
    let mut whole = Scan::default();
    for root in &args.dirs {
        let meta = std::fs::metadata(root)
            .map_err(|error| format!("{}: {error}", super::escape::path(root)))?;
        if meta.is_dir() {
            std::fs::read_dir(root)
                .map_err(|error| format!("{}: {error}", super::escape::path(root)))?;
        }
        tree(args, root, &mut whole)?;
    }
    whole.findings.sort_by(|a, b| {
        (&a.path, a.line, a.column, a.rule).cmp(&(&b.path, b.line, b.column, b.rule))
    });
    whole.minified.sort();
    whole.too_large.sort();
    whole.crowded.sort();
    whole.unreadable.sort();
    Ok(whole)
}

fn tree(args: &Args, root: &Path, whole: &mut Scan) -> Result<(), String> {
    let node_modules = args.skip_node_modules;
    let mut overrides = OverrideBuilder::new(root);
    for glob in &args.exclude {
        overrides
            .add(&format!("!{glob}"))
            .map_err(|error| format!("--exclude {glob}: {error}"))?;
    }
    let overrides = overrides.build().map_err(|error| error.to_string())?;
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .overrides(overrides)
        .threads(std::thread::available_parallelism().map_or(2, |n| n.get().min(8)))
        .filter_entry(move |entry| {
            let name = entry.file_name();
            let skipped = name == ".git"
                || name == ".hg"
                || name == ".svn"
                || node_modules && name == "node_modules";
            entry.depth() == 0 || !skipped
        })
        .build_parallel();
    let folder = if root.is_dir() {
        root
    } else {
        root.parent().unwrap_or(root)
    };
    let shared = Mutex::new(std::mem::take(whole));
    let progress = Progress::new();
    walk.run(|| {
        Box::new(|entry| {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    progress.tick();
                    let done = one(entry.path(), folder);
                    let mut scan = lock(&shared);
                    record(&mut scan, entry.path(), done);
                }
                // A root that is a link to a file or folder.
                Ok(entry) if entry.depth() == 0 && entry.path().is_file() => {
                    let done = one(entry.path(), folder);
                    record(&mut lock(&shared), entry.path(), done);
                }
                Ok(_) => {}
                Err(error) => {
                    let path = path_of(&error).unwrap_or_else(|| root.to_owned());
                    let text = error
                        .io_error()
                        .map_or_else(|| error.to_string(), ToString::to_string);
                    lock(&shared).unreadable.push((path, text));
                }
            }
            WalkState::Continue
        })
    });
    progress.end();
    *whole = shared
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(())
}

fn lock(scan: &Mutex<Scan>) -> std::sync::MutexGuard<'_, Scan> {
    scan.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

enum Done {
    Judged(Box<Verdict>),
    /// Pictures, archives, programs.
    NotText,
    TooLarge,
    Unreadable(String),
}

fn record(scan: &mut Scan, path: &Path, done: Done) {
    scan.files += 1;
    match done {
        Done::Judged(verdict) => {
            scan.read += 1;
            scan.allowed += verdict.allowed;
            scan.findings.extend(verdict.findings);
            if verdict.crowded {
                scan.crowded.push(path.to_owned());
            }
            if verdict.minified {
                scan.minified.push(path.to_owned());
            }
        }
        Done::NotText => {}
        Done::TooLarge => scan.too_large.push(path.to_owned()),
        Done::Unreadable(text) => scan.unreadable.push((path.to_owned(), text)),
    }
}

const BUNDLES: &[&str] = &[
    "pem",
    "crt",
    "cer",
    "der",
    "jks",
    "jceks",
    "keystore",
    "truststore",
    "p12",
    "pfx",
    "bks",
    "bundle",
    "p7b",
    "ca",
    "ts",
    "cert",
    "certs",
];

/// Neither source nor bundle by their names; everything else is looked into.
const BINARY: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "ico", "bmp", "svg", "psd", "zip", "gz", "tgz", "bz2",
    "xz", "zst", "7z", "rar", "tar", "jar", "war", "class", "so", "o", "a", "rlib", "rmeta", "dll",
    "exe", "pdb", "dylib", "pyc", "pyo", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "avi",
    "mov", "wav", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "md", "markdown", "rst",
    "adoc", "html", "htm", "xhtml", "css", "scss", "less", "map", "lock", "po", "mo", "wasm", "db",
    "sqlite", "bin", "dat", "log", "csv", "tsv", "rs", "apk", "aar", "nupkg", "phar", "swf",
    "ipynb",
];

fn one(path: &Path, root: &Path) -> Done {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default();
    if BINARY.contains(&extension.as_str()) {
        return Done::NotText;
    }
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) => return Done::Unreadable(error.to_string()),
    };
    let length = match file.metadata() {
        Ok(meta) if meta.is_file() => meta.len(),
        Ok(_) => return Done::NotText,
        Err(error) => return Done::Unreadable(error.to_string()),
    };
    let bundle = BUNDLES.contains(&extension.as_str()) || extension.is_empty();
    if length > LARGEST_BUNDLE || length > LARGEST_SOURCE && !bundle {
        return if is_source(path) || bundle {
            Done::TooLarge
        } else {
            Done::NotText
        };
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    // One byte more than the cap: a file that grows meanwhile has an end too.
    if let Err(error) = (&file).take(LARGEST_BUNDLE + 1).read_to_end(&mut bytes) {
        return Done::Unreadable(error.to_string());
    }
    let verdict = judge(&File {
        path,
        root,
        bytes: &bytes,
    });
    Done::Judged(Box::new(verdict))
}

fn is_source(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    super::lang::of(&name, b"").0 != super::lang::Lang::Other
}

/// A line on standard error that counts files; on a terminal only, and not for small trees.
struct Progress {
    started: Instant,
    files: AtomicUsize,
    shown: AtomicUsize,
    terminal: bool,
}

impl Progress {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            files: AtomicUsize::new(0),
            shown: AtomicUsize::new(0),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    fn tick(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        if self.terminal
            && files.is_multiple_of(500)
            && self.started.elapsed() > Duration::from_secs(1)
        {
            self.shown.store(files, Ordering::Relaxed);
            let _ = write!(std::io::stderr(), "\r{files} files");
        }
    }

    fn end(&self) {
        if self.shown.load(Ordering::Relaxed) > 0 {
            let _ = write!(std::io::stderr(), "\r                    \r");
        }
    }
}
