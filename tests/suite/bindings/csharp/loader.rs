//! Which file is loaded (S17): by absolute path and by nothing else, on both runtimes.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{RUNTIMES, Runtime, compiled, dotnet, folder, owned_library, script, text};
use crate::bindings::clean_command;
use crate::simulator::fresh_dir;

/// A directory with the package's assembly in `lib`, and the test program beside it.
pub fn laid_out(lib: &str) -> (PathBuf, PathBuf) {
    let dir = fresh_dir("csharp-loader");
    let app = dir.join(lib);
    std::fs::create_dir_all(&app).unwrap();
    for name in ["LibWxPay.dll", "tests.exe"] {
        std::fs::copy(compiled().join(name), app.join(name)).unwrap();
    }
    (dir, app)
}

pub fn probe(runtime: Runtime, app: &Path) -> Command {
    let mut command = script(runtime, "tests/run.sh", None);
    command
        .arg(app.join("tests.exe"))
        .args(["--probe", "once"])
        .current_dir(fresh_dir("csharp-elsewhere"));
    command
}

pub fn loads(command: &mut Command, path: &Path, by: &str) {
    let output = command.output().unwrap();
    let text = text(&output);
    let want = format!("loaded {} by {by}, version ", path.display());
    assert!(
        output.status.success() && text.starts_with(&want),
        "{command:?}\nwanted {want}\n{text}"
    );
}

/// One line that names each part, and a second try that says the same.
pub fn fails(command: &mut Command, parts: &[&str]) {
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

/// Two folders up is the package's own only in the layout of the package: else whoever may write
/// there would choose what is loaded.
#[test]
fn folders_above_an_assembly_count_in_the_layout_of_the_package_only() {
    for lib in ["a/b", "netstandard2.0/lib", "notlib/netstandard2.0"] {
        let (dir, app) = laid_out(lib);
        let planted = dir.join("runtimes/linux-x64/native");
        std::fs::create_dir_all(&planted).unwrap();
        owned_library(&planted.join("libwxpay.so.0"));
        let other = dir.join("other.so");
        owned_library(&other);
        for runtime in RUNTIMES {
            loads(
                probe(runtime, &app).env("WXPAY_LIBRARY", &other),
                &other,
                "environment",
            );
        }
    }
}

#[test]
fn a_file_of_the_package_that_others_may_write_is_refused() {
    // NuGet lets the group write to what it unpacks where the umask does.
    let cases = [
        ("app", "app", 0o775, None),
        ("app", "app", 0o757, Some("may write to it")),
        (
            "app",
            "app/runtimes/linux-x64/native",
            0o757,
            Some("may write to it"),
        ),
        (
            "lib/netstandard2.0",
            "runtimes/linux-x64/native",
            0o757,
            Some("may write to it"),
        ),
        (
            "lib/netstandard2.0",
            "runtimes/linux-x64/native",
            0o775,
            Some("may write to it"),
        ),
    ];
    for (lib, native, mode, refused) in cases {
        let (dir, app) = laid_out(lib);
        std::fs::create_dir_all(dir.join(native)).unwrap();
        let native = dir.join(native).join("libwxpay.so.0");
        owned_library(&native);
        std::fs::set_permissions(&native, std::fs::Permissions::from_mode(mode)).unwrap();
        for runtime in RUNTIMES {
            let mut command = probe(runtime, &app);
            match refused {
                None => loads(&mut command, &native, "place"),
                Some(why) => fails(&mut command, &[native.to_str().unwrap(), why, "chmod go-w"]),
            }
        }
    }
}

#[test]
fn a_file_of_another_user_is_refused() {
    let (dir, app) = laid_out("lib/netstandard2.0");
    let named = dir.join("named.so");
    owned_library(&named);
    if std::os::unix::fs::chown(&named, Some(65534), None).is_err() {
        panic!(
            "only root can give a file to another user: run as root, or leave it out with --skip of_another_user"
        );
    }
    let cache = dir.join("runtimes/linux-x64/native");
    for runtime in RUNTIMES {
        fails(
            probe(runtime, &app).env("WXPAY_LIBRARY", &named),
            &[named.to_str().unwrap(), "it belongs to another user"],
        );
    }
    std::fs::create_dir_all(&cache).unwrap();
    let cached = cache.join("libwxpay.so.0");
    owned_library(&cached);
    std::os::unix::fs::chown(&cached, Some(65534), None).unwrap();
    for runtime in RUNTIMES {
        fails(
            &mut probe(runtime, &app),
            &[cached.to_str().unwrap(), "it belongs to another user"],
        );
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
                "Name it by its absolute path",
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
                // To return here would count as a test that passed.
                panic!(
                    "only root can make a set-user-id program of another user: run as root, or leave it out with --skip set_user_id"
                );
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
