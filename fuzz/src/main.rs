//! All fuzz targets in one binary: `fuzz NAME [libFuzzer's arguments]`. docs/fuzzing.md.

mod memory;
mod planted;
mod targets;
mod world;

// Links libFuzzer.
use libfuzzer_sys as _;
use std::ffi::{CString, c_char, c_int};
use std::hash::{Hash, Hasher};
use std::time::{Duration, Instant};

/// For one input.
const MOST_TIME: Duration = Duration::from_secs(1);

/// What `make fuzz` runs.
const TARGETS: &[Target] = &[
    ("key_reader", targets::key::reader),
    ("p12", targets::key::p12),
    ("certificate", targets::key::certificates),
    ("headers", targets::headers::block),
    ("notification", targets::notification::open),
    ("answer", targets::answer::explain),
    ("v2", targets::v2::exchange),
    ("multipart", targets::multipart::compose),
    ("bill", targets::bill::read),
    ("url", targets::url::check),
    ("store", targets::store::read),
    ("fields", targets::fields::encrypt),
    ("explain_text", targets::explain::text),
    ("c_calls", targets::c_calls::run),
];

/// What scripts/fuzz.sh --prove runs: each must be found out.
const PLANTED: &[Target] = &[
    ("planted_magic", planted::magic),
    ("planted_crash", planted::crash),
    ("planted_hang", planted::hang),
    ("planted_memory", planted::memory),
    ("planted_leak", planted::leak),
];

type Target = (&'static str, fn(&[u8]));

#[global_allocator]
static MEMORY: memory::Limited = memory::Limited;

/// libFuzzer starts itself again for -merge and -minimize_crash, without a name among the arguments.
const NAME: &str = "WXPAY_FUZZ_TARGET";

fn main() {
    let mut arguments: Vec<String> = std::env::args().collect();
    if arguments.get(1).is_some_and(|first| first == "--list") {
        TARGETS.iter().for_each(|(name, _)| println!("{name}"));
        return;
    }
    let name = std::env::var(NAME).unwrap_or_else(|_| {
        assert!(
            arguments.len() > 1,
            "usage: fuzz --list | TARGET [libFuzzer's arguments]"
        );
        arguments.remove(1)
    });
    // SAFETY: there is no other thread yet.
    unsafe { std::env::set_var(NAME, &name) };
    CHOSEN.set(chosen(&name)).expect("set once");
    abort_at_panics();
    run(&arguments);
}

static CHOSEN: std::sync::OnceLock<fn(&[u8])> = std::sync::OnceLock::new();

fn chosen(name: &str) -> fn(&[u8]) {
    let all = TARGETS.iter().chain(PLANTED);
    match all.into_iter().find(|(known, _)| *known == name) {
        Some((_, target)) => *target,
        None => {
            eprintln!("there is no target {name}; fuzz --list names them");
            std::process::exit(2);
        }
    }
}

/// The library catches panics at its boundary; here each is a finding, also a caught one.
fn abort_at_panics() {
    let _ = wxpay::panic::catch(|| Ok(()));
    std::panic::set_hook(Box::new(|info| {
        eprintln!("{info}\n{}", std::backtrace::Backtrace::force_capture());
        std::process::abort();
    }));
}

unsafe extern "C" {
    fn _exit(status: c_int) -> !;
    fn LLVMFuzzerRunDriver(
        argc: *mut c_int,
        argv: *mut *mut *mut c_char,
        one: extern "C" fn(*const u8, usize) -> c_int,
    ) -> c_int;
}

extern "C" fn one(data: *const u8, size: usize) -> c_int {
    let input: &[u8] = match size {
        0 => &[],
        // SAFETY: libFuzzer gives `size` bytes at `data`.
        _ => unsafe { std::slice::from_raw_parts(data, size) },
    };
    world::begin(input);
    memory::without_leak(|| {
        let started = Instant::now();
        (CHOSEN.get().expect("main chose"))(input);
        if started.elapsed() > MOST_TIME {
            too_slow(input);
        }
    });
    0
}

/// libFuzzer's own clock counts whole seconds: it misses one and a half. What it would do, with its exit code.
fn too_slow(input: &[u8]) -> ! {
    let prefix =
        std::env::args().find_map(|one| Some(one.strip_prefix("-artifact_prefix=")?.to_owned()));
    if let Some(prefix) = prefix {
        let mut hasher = std::hash::DefaultHasher::new();
        input.hash(&mut hasher);
        let path = format!("{prefix}timeout-{:016x}", hasher.finish());
        match std::fs::write(&path, input) {
            Ok(()) => eprintln!("Test unit written to {path}"),
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
    // SAFETY: ends the process, without libFuzzer's handlers, which would call it a crash.
    unsafe { _exit(70) }
}

fn run(arguments: &[String]) {
    let owned = arguments
        .iter()
        .map(|argument| CString::new(argument.as_str()).expect("no NUL").into_raw());
    let mut argv: Vec<*mut c_char> = owned.chain([std::ptr::null_mut()]).collect();
    let mut argc = arguments.len() as c_int;
    let mut argv = argv.as_mut_ptr();
    // SAFETY: argv and its strings live until the end of the process, and argc counts them.
    std::process::exit(unsafe { LLVMFuzzerRunDriver(&mut argc, &mut argv, one) });
}

/// libfuzzer-sys wants one by this name; `one` is what runs.
#[unsafe(no_mangle)]
#[allow(improper_ctypes_definitions)]
pub extern "C" fn rust_fuzzer_test_input(_: &[u8]) -> i32 {
    0
}
