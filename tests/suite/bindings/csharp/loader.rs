//! Which file is loaded (S17): by absolute path and by nothing else, on both runtimes.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{RUNTIMES, Runtime, compiled, dotnet, folder, owned_library, script, text};
use crate::bindings::{clean_command, library};
use crate::simulator::fresh_dir;

/// A directory with the package's assembly in `lib`, and the test program beside it.
fn laid_out(lib: &str) -> (PathBuf, PathBuf) {
    let dir = fresh_dir("csharp-loader");
    let app = dir.join(lib);
    std::fs::create_dir_all(&app).unwrap();
    for name in ["LibWxPay.dll", "tests.exe"] {
        std::fs::copy(compiled().join(name), app.join(name)).unwrap();
    }
    (dir, app)
}

fn probe(runtime: Runtime, app: &Path) -> Command {
    let mut command = script(runtime, "tests/run.sh", None);
    command
        .arg(app.join("tests.exe"))
        .args(["--probe", "once"])
        .current_dir(fresh_dir("csharp-elsewhere"));
    command
}

fn loads(command: &mut Command, path: &Path, by: &str) {
    let output = command.output().unwrap();
    let text = text(&output);
    let want = format!("loaded {} by {by}, version ", path.display());
    assert!(
        output.status.success() && text.starts_with(&want),
        "{command:?}\nwanted {want}\n{text}"
    );
}

/// One line that names each part, and a second try that says the same.
fn fails(command: &mut Command, parts: &[&str]) {
    let output = command.output().unwrap();
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{command:?}\n{text}");
    let line = text.lines().next().unwrap();
    for part in [
        &[
            "DllNotFoundException: libwxpay cannot be loaded from ",
            " into this X64 process: ",
        ],
        parts,
    ]
    .concat()
    {
        assert!(line.contains(part), "{part:?} is not in: {text}");
    }
    assert_eq!(text.lines().nth(1), Some("again the same"), "{text}");
}

fn c_library(out: &Path, source: &str) {
    let file = out.with_extension("c");
    std::fs::write(&file, source).unwrap();
    let mut gcc = clean_command("gcc", None);
    gcc.args(["-shared", "-fPIC", "-o"]).arg(out).arg(&file);
    assert!(gcc.status().unwrap().success());
    std::fs::set_permissions(out, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn the_file_beside_the_package_is_the_only_one_tried() {
    for runtime in RUNTIMES {
        for (lib, native) in [
            ("app", "app"),
            ("app", "app/runtimes/linux-x64/native"),
            ("lib/netstandard2.0", "runtimes/linux-x64/native"),
        ] {
            let (dir, app) = laid_out(lib);
            let native = dir.join(native);
            std::fs::create_dir_all(&native).unwrap();
            let native = native.join("libwxpay.so.0");
            owned_library(&native);
            let other = dir.join("other.so");
            owned_library(&other);
            loads(
                probe(runtime, &app).env("WXPAY_LIBRARY", &other),
                &native,
                "place",
            );
            // Also when it is spoilt: nothing else is tried.
            std::fs::write(&native, "no library").unwrap();
            fails(
                probe(runtime, &app).env("WXPAY_LIBRARY", &other),
                &[
                    native.to_str().unwrap(),
                    "Install the libwxpay that was built for this",
                ],
            );
        }
    }
}

#[test]
fn the_variable_takes_an_absolute_path_that_only_its_owner_may_write() {
    let (dir, app) = laid_out("app");
    let good = dir.join("elsewhere.so");
    owned_library(&good);
    for runtime in RUNTIMES {
        loads(
            probe(runtime, &app).env("WXPAY_LIBRARY", &good),
            &good,
            "environment",
        );
        let relative = probe(runtime, &app)
            .current_dir(&dir)
            .env("WXPAY_LIBRARY", "elsewhere.so")
            .output()
            .unwrap();
        assert!(text(&relative).contains("WXPAY_LIBRARY is not an absolute path"));
        fails(
            probe(runtime, &app)
                .current_dir(&dir)
                .env("WXPAY_LIBRARY", "./elsewhere.so"),
            &[
                "./elsewhere.so",
                "is not an absolute path",
                "Name the library by its absolute path",
            ],
        );
        fails(
            probe(runtime, &app).env("WXPAY_LIBRARY", dir.join("absent.so")),
            &["absent.so", "there is no such file"],
        );
        fails(
            probe(runtime, &app).env("WXPAY_LIBRARY", &dir),
            &["there is no such file"],
        );
        fails(
            probe(runtime, &app).env("WXPAY_LIBRARY", "/dev/null"),
            &["/dev/null", "it is not a regular file"],
        );
        for mode in [0o775, 0o757] {
            let open = dir.join(format!("open-{mode:o}.so"));
            owned_library(&open);
            std::fs::set_permissions(&open, std::fs::Permissions::from_mode(mode)).unwrap();
            fails(
                probe(runtime, &app).env("WXPAY_LIBRARY", &open),
                &[
                    open.to_str().unwrap(),
                    "its group or others may write to it",
                    "chmod go-w",
                ],
            );
        }
    }
}

#[test]
fn a_set_user_id_process_ignores_the_variable() {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let (dir, app) = laid_out("app");
    let good = dir.join("elsewhere.so");
    owned_library(&good);
    let place = std::env::temp_dir().join(format!("wxpay-csharp-{}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let runtimeconfig = folder().join("tests/runtimeconfig.json");
    for runtime in RUNTIMES {
        let (program, first): (PathBuf, Vec<PathBuf>) = if runtime == Runtime::Mono {
            (PathBuf::from("/usr/bin/mono-sgen"), Vec::new())
        } else {
            let real = dotnet();
            for part in ["host", "shared"] {
                std::os::unix::fs::symlink(real.parent().unwrap().join(part), place.join(part))
                    .unwrap();
            }
            (
                real,
                vec![
                    "exec".into(),
                    "--runtimeconfig".into(),
                    runtimeconfig.clone(),
                ],
            )
        };
        let copy = place.join(program.file_name().unwrap());
        std::fs::copy(&program, &copy).unwrap();
        for (mode, want) in [
            (0o755, "by environment, version "),
            (0o4755, "WXPAY_LIBRARY is ignored in a set-user-id process"),
        ] {
            std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(mode)).unwrap();
            if copy.metadata().unwrap().uid() != 0 {
                eprintln!("skipped: only root can make a set-user-id program of another user");
                return;
            }
            let mut command = clean_command(&copy, None);
            command
                .args(&first)
                .arg(app.join("tests.exe"))
                .args(["--probe", "once"])
                .env("MONO_PATH", "/usr/lib/mono/4.5")
                .env("MONO_CFG_DIR", "/etc")
                .env("HOME", &place)
                .env("DOTNET_EnableDiagnostics", "0")
                .env("WXPAY_LIBRARY", &good)
                .uid(NOBODY);
            let said = text(&command.output().unwrap());
            assert!(said.contains(want), "{runtime:?} {mode:o}: {said}");
        }
    }
    std::fs::remove_dir_all(&place).unwrap();
}

/// A constructor runs as soon as a library is loaded, so its mark shows that it was.
#[test]
fn decoys_are_never_loaded() {
    let (dir, app) = laid_out("app");
    let good = dir.join("elsewhere.so");
    owned_library(&good);
    let decoys = dir.join("decoys");
    std::fs::create_dir(&decoys).unwrap();
    let mark = dir.join("loaded");
    let names = [
        "libwxpay.so.0",
        "libwxpay.so",
        "wxpay.so",
        "wxpay",
        "libwxpay",
        "libwxpay.so.0.so",
        "liblibwxpay.so.0",
        "__Internal",
        "__Internal.so",
        "lib__Internal",
        "lib__Internal.so",
        "wxpay.dll",
    ];
    let first = decoys.join(names[0]);
    c_library(
        &first,
        &format!(
            "#include <stdio.h>\n__attribute__((constructor)) static void on_load(void) {{ FILE *f = fopen(\"{}\", \"a\"); if (f) fclose(f); }}\n\
             unsigned wxpay_abi_version(void) {{ return 1; }}\n",
            mark.display()
        ),
    );
    for name in &names[1..] {
        std::fs::copy(&first, decoys.join(name)).unwrap();
    }
    let libc = dir.join("libc");
    std::fs::create_dir(&libc).unwrap();
    for name in ["libc.so.6", "libc.so.6.so", "libc.so", "libc"] {
        std::fs::copy(&first, libc.join(name)).unwrap();
    }
    // The bait works: a bare name finds it, and it leaves its mark.
    let mut bare = clean_command("python3", None);
    bare.args(["-c", "import ctypes; ctypes.CDLL('libwxpay.so.0')"])
        .env("LD_LIBRARY_PATH", &decoys);
    assert!(bare.status().unwrap().success() && mark.exists());
    std::fs::remove_file(&mark).unwrap();

    let path = format!("{}:{}", decoys.display(), std::env::var("PATH").unwrap());
    for runtime in RUNTIMES {
        let mut command = probe(runtime, &app);
        command
            .current_dir(&decoys)
            .env("LD_LIBRARY_PATH", &decoys)
            .env("PATH", &path);
        // Nothing to be found: a clear error, twice, and no decoy.
        if !Path::new("/usr/local/lib/libwxpay.so.0").exists() {
            fails(
                &mut command,
                &[
                    "it is not there, WXPAY_LIBRARY is not set",
                    "set WXPAY_LIBRARY to the absolute path",
                ],
            );
        }
        assert!(!mark.exists(), "{runtime:?} loaded a decoy");
        loads(command.env("WXPAY_LIBRARY", &good), &good, "environment");
        assert!(
            !mark.exists(),
            "{runtime:?} loaded a decoy beside the right one"
        );
        // The names of the C library, which the loader itself calls: only from the working directory,
        // because no program starts with another C library in LD_LIBRARY_PATH.
        loads(
            probe(runtime, &app)
                .current_dir(&libc)
                .env("WXPAY_LIBRARY", &good),
            &good,
            "environment",
        );
        assert!(
            !mark.exists(),
            "{runtime:?} loaded a decoy of the C library"
        );
    }
}

#[test]
fn a_library_that_does_not_fit_is_named_with_its_cure() {
    let (dir, app) = laid_out("app");
    // The header of ELF says for which machine: 183 is aarch64.
    let foreign = dir.join("foreign.so");
    let mut bytes = std::fs::read(library()).unwrap();
    bytes[18..20].copy_from_slice(&183_u16.to_le_bytes());
    std::fs::write(&foreign, &bytes).unwrap();
    std::fs::set_permissions(&foreign, std::fs::Permissions::from_mode(0o755)).unwrap();
    let old = dir.join("old.so");
    c_library(
        &old,
        "unsigned wxpay_abi_version(void) { return 99u << 16; }\n",
    );
    let another = dir.join("another.so");
    c_library(&another, "int something(void) { return 1; }\n");
    for runtime in RUNTIMES {
        let cases: [(&Path, &[&str]); 3] = [
            (
                &foreign,
                &[
                    "cannot open shared object file",
                    "built for this architecture",
                ],
            ),
            (
                &old,
                &[
                    "its ABI is 99.0, this package needs 0.1",
                    "in the same version",
                ],
            ),
            (&another, &["not libwxpay"]),
        ];
        for (path, parts) in cases {
            let path_text = path.to_str().unwrap();
            fails(
                probe(runtime, &app).env("WXPAY_LIBRARY", path),
                &[&[path_text], parts].concat(),
            );
        }
    }
}
