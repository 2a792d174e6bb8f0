//! What the linker must know about the library, and, with feature `header`, the C header in
//! $OUT_DIR. Users build without the feature and so without cbindgen.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let env = |name: &str| std::env::var(name).unwrap_or_default();
    // A panic must be caught at the C boundary; with panic=abort it would take the host down.
    assert_eq!(
        env("CARGO_CFG_PANIC"),
        "unwind",
        "libwxpay must be built with panic = \"unwind\""
    );
    if env("CARGO_CFG_TARGET_OS") == "linux" {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libwxpay.so.0");
        // PHP closes the library after each request; it must stay, with its store and connections.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    println!("cargo:rustc-env=AWS_LC_PREFIX={}", aws_lc_prefix());
    #[cfg(feature = "header")]
    header::write();
}

/// What the symbols of the AWS-LC that aws-lc-rs uses begin with, such as "aws_lc_0_47_0_": its
/// name as a library without the "crypto" at the end.
fn aws_lc_prefix() -> String {
    std::env::vars()
        .find(|(name, _)| name.starts_with("DEP_AWS_LC_RS_") && name.ends_with("_LIBCRYPTO"))
        .and_then(|(_, library)| Some(library.strip_suffix("crypto")?.to_owned()))
        .expect("aws-lc-rs names the AWS-LC it uses")
}

#[cfg(feature = "header")]
#[path = "src/error/status.rs"]
#[allow(dead_code)]
mod status;

#[cfg(feature = "header")]
mod header {
    use std::fmt::Write as _;
    use std::path::Path;

    /// The header's chapters, in the order a reader wants them.
    const NOUNS: [&str; 17] = [
        "library",
        "error",
        "buf",
        "message",
        "upload",
        "config",
        "client",
        "sans_io",
        "notify",
        "sensitive",
        "download",
        "bill",
        "pay",
        "v2",
        "key",
        "primitives",
        "diag",
    ];

    pub fn write() {
        let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
        let out = std::env::var("OUT_DIR").expect("cargo sets it");
        println!("cargo:rerun-if-changed=cbindgen.toml");
        println!("cargo:rerun-if-changed=src/ffi");
        println!("cargo:rerun-if-changed=src/error/status.rs");
        let mut config = cbindgen::Config::from_file(Path::new(&root).join("cbindgen.toml"))
            .expect("cbindgen.toml");
        config.after_includes = Some(macros());
        let mut builder = cbindgen::Builder::new().with_config(config);
        for noun in NOUNS {
            builder = builder.with_src(Path::new(&root).join(format!("src/ffi/{noun}.rs")));
        }
        let bindings = builder.generate().expect("the header");
        bindings.write_to_file(Path::new(&out).join("wxpay.h"));
    }

    const PREAMBLE: &str = "
#if defined(_WIN32)
#define WXPAY_API __declspec(dllimport)
#else
#define WXPAY_API
#endif

/** 0 is OK, the others are WXPAY_STATUS_..., grouped by hundred. */
typedef int32_t wxpay_status;

/* wxpay_error_outcome */
/** query the order before anything is sent again */
#define WXPAY_OUTCOME_UNKNOWN 0
/** no byte of the request left this process */
#define WXPAY_OUTCOME_NOT_SENT 1
/** WeChat Pay refused the request */
#define WXPAY_OUTCOME_REJECTED 2
/** an answer came, its signature did not verify: query, do not deliver */
#define WXPAY_OUTCOME_DONE_UNVERIFIED 3

/* wxpay_message_verified */
#define WXPAY_VERIFIED_NOT_CHECKED 0
/** signed by WeChat Pay */
#define WXPAY_VERIFIED_SIGNATURE 1
/** one of the answers that WeChat Pay never signs */
#define WXPAY_VERIFIED_NOT_SIGNED_BY_DESIGN 2
/** an error answer, not authenticated */
#define WXPAY_VERIFIED_ERROR_ANSWER 3

#define WXPAY_LANG_EN 0
#define WXPAY_LANG_ZH 1
";

    /// Versions, statuses and other numbers, from where they are defined.
    fn macros() -> String {
        let mut out = String::from(PREAMBLE);
        let part = |name: &str| std::env::var(name).expect("cargo sets it");
        let _ = writeln!(
            out,
            "\n#define WXPAY_VERSION \"{}\"",
            part("CARGO_PKG_VERSION")
        );
        for name in ["MAJOR", "MINOR", "PATCH"] {
            let _ = writeln!(
                out,
                "#define WXPAY_VERSION_{name} {}",
                part(&format!("CARGO_PKG_VERSION_{name}"))
            );
        }
        let _ = writeln!(
            out,
            "\n/* Statuses: 0 is OK; grouped by hundred; numbers are only added. */"
        );
        for row in super::status::TABLE {
            let _ = writeln!(
                out,
                "/** {} */\n#define WXPAY_STATUS_{} {}",
                row.en,
                row.name,
                row.status.code()
            );
        }
        out
    }
}
