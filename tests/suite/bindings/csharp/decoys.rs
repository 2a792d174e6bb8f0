//! Libraries that must not be loaded: decoys where a search by name would look, and files that do not fit.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::loader::{fails, laid_out, loads, probe};
use super::{RUNTIMES, owned_library};
use crate::bindings::{clean_command, library};

fn c_library(out: &Path, source: &str) {
    let file = out.with_extension("c");
    std::fs::write(&file, source).unwrap();
    let mut gcc = clean_command("gcc", None);
    gcc.args(["-shared", "-fPIC", "-o"]).arg(out).arg(&file);
    assert!(gcc.status().unwrap().success());
    std::fs::set_permissions(out, std::fs::Permissions::from_mode(0o755)).unwrap();
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
        // Beside the assembly, where both runtimes look for a name.
        let (_, baited) = laid_out("app");
        for name in [
            "libc.so.6",
            "libc.so",
            "libc",
            "__Internal",
            "__Internal.so",
            "lib__Internal.so",
        ] {
            std::fs::copy(&first, baited.join(name)).unwrap();
        }
        loads(
            probe(runtime, &baited).env("WXPAY_LIBRARY", &good),
            &good,
            "environment",
        );
        assert!(
            !mark.exists(),
            "{runtime:?} loaded a decoy beside the assembly"
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
    // And it lacks what came later; nothing is called before the version is known.
    let older = dir.join("older.so");
    c_library(&older, "unsigned wxpay_abi_version(void) { return 0; }\n");
    let another = dir.join("another.so");
    c_library(&another, "int something(void) { return 1; }\n");
    for runtime in RUNTIMES {
        let cases: [(&Path, &[&str]); 4] = [
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
            (&older, &["its ABI is 0.0, this package needs 0.1"]),
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
