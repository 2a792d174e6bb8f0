//! Headers in small: what is read from them, and what is refused.

mod methods;
mod refusals;

use serde_json::Value;

use crate::model::{self, Api, Ownership, Role};
use crate::{abi_json, files, symbols, walk};

const FRAME: &str = "#ifndef WXPAY_H
#define WXPAY_H
#include <stdint.h>
#if defined(_WIN32)
#define WXPAY_API __declspec(dllimport)
#else
#define WXPAY_API
#endif
/** 0 is OK. */
typedef int32_t wxpay_status;
#define WXPAY_VERSION \"0.2.0\"
#define WXPAY_VERSION_MAJOR 0
#define WXPAY_VERSION_MINOR 2
/** success */
#define WXPAY_STATUS_OK 0
/** an argument has a value that is not allowed */
#define WXPAY_STATUS_INVALID_ARGUMENT 100
#define WXPAY_STATUS_NULL_ARGUMENT 101
/**
 * Why.
 */
typedef struct wxpay_error wxpay_error;
/** A key. */
typedef struct wxpay_key wxpay_key;
#ifdef __cplusplus
extern \"C\" {
#endif // __cplusplus
EXPORTS
#ifdef __cplusplus
}  // extern \"C\"
#endif  // __cplusplus
#endif
";

const FREES: &str = "
/** Releases. @param error  or NULL @since 0.1 @threads any @io none @errors none */
WXPAY_API void wxpay_error_free(wxpay_error *error);
/** Releases. @param key  or NULL @since 0.1 @threads any @io none @errors none */
WXPAY_API void wxpay_key_free(wxpay_key *key);
";

const LOAD: &str = "
/**
 * Reads a key: user@host is text, not a tag.
 * @param pem,passphrase  of the key; a line
 *   that goes on
 * @param[out] out  owned
 * @param[out] err  owned; NULL to ignore
 * @since 0.2  @threads any  @io none  @errors 100 101
 */
WXPAY_API
wxpay_status wxpay_key_load(const char *pem,
                            size_t pem_len,
                            const char *passphrase,
                            size_t passphrase_len,
                            wxpay_key **out,
                            wxpay_error **err);
";

const NAME: &str = "
/**
 * Name of a key.
 * @param key  a key, or NULL (gives \"\")
 * @param index  from 0
 * @since 0.1  @threads one at a time per key  @io none  @errors none
 */
WXPAY_API const char *wxpay_key_name(const wxpay_key *key, size_t index);
";

fn header(exports: &str) -> String {
    FRAME.replace("EXPORTS", &format!("{FREES}{exports}"))
}

fn api(exports: &str) -> Api {
    model::api(&header(exports)).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

#[test]
fn every_parameter_has_its_role() {
    let api = api(LOAD);
    let load = &api.functions[2];
    let roles: Vec<Role> = load.params.iter().map(|param| param.role).collect();
    assert_eq!(
        roles,
        [
            Role::InText,
            Role::Length,
            Role::InText,
            Role::Length,
            Role::OutHandle,
            Role::Error
        ]
    );
    assert_eq!(load.text, "Reads a key: user@host is text, not a tag.");
    assert_eq!(load.params[2].text, "of the key; a line that goes on");
    assert_eq!(load.errors, [100, 101]);
    assert_eq!((load.since.as_str(), load.io.as_str()), ("0.2", "none"));
    assert!(!load.params[4].is_nullable() && load.params[5].is_nullable());
    assert_eq!(api.functions[1].params[0].role, Role::ReleasedHandle);
}

#[test]
fn a_getter_lends_what_belongs_to_its_handle() {
    let api = api(NAME);
    let name = &api.functions[2];
    assert_eq!(name.ownership(), Ownership::Borrowed);
    assert_eq!(name.params[0].gives(), Some("\"\""));
    assert_eq!(name.params[1].role, Role::Number);
    assert_eq!(name.threads, "one at a time per key");
    assert_eq!(
        name.declaration(),
        "const char *wxpay_key_name(const wxpay_key *key, size_t index)"
    );
    let free = &api.functions[0];
    assert_eq!(free.ownership(), Ownership::Value);
}

#[test]
fn the_json_says_what_a_binding_needs() {
    let file = abi_json::file(&api(&format!("{LOAD}{NAME}")));
    let json: Value = serde_json::from_str(file.content()).unwrap();
    assert_eq!(json["abi"]["minor"], 2);
    assert_eq!(json["statuses"]["NULL_ARGUMENT"], 101);
    assert_eq!(json["opaque"][1]["free"], "wxpay_key_free");
    let load = &json["functions"][2];
    assert_eq!(load["errors"], serde_json::json!([100, 101]));
    assert_eq!(
        load["params"][1],
        serde_json::json!({"name": "pem_len", "type": "size_t", "role": "length", "of": "pem"})
    );
    assert_eq!(load["params"][4]["handle"], "wxpay_key");
    assert_eq!(json["functions"][3]["params"][0]["null_gives"], "\"\"");
    assert_eq!(
        json["functions"][3]["returns"]["ownership"],
        "borrowed from the first parameter"
    );
}

#[test]
fn symbols_are_sorted_and_history_is_kept() {
    let root = std::env::temp_dir().join(format!("wxpay-gen-{}", std::process::id()));
    let first = api(&format!("{LOAD}{NAME}"));
    assert_eq!(
        symbols::file(&first).content(),
        "wxpay_error_free\nwxpay_key_free\nwxpay_key_load\nwxpay_key_name\n"
    );
    let history = symbols::history(&first, &root).unwrap();
    let paths: Vec<&str> = history.iter().map(files::File::path).collect();
    assert_eq!(
        paths,
        [
            "bindings/abi/history/0.1.txt",
            "bindings/abi/history/0.2.txt"
        ]
    );
    assert!(
        history[1]
            .content()
            .starts_with("wxpay_status wxpay_key_load(const char *pem, size_t pem_len,")
    );
    files::write(&root, &history).unwrap();
    assert!(files::compare(&root, &history).is_ok());
    // 0.1 is before the header's 0.2: what came in it stays as it is.
    let changed = api(&NAME.replace("size_t index", "uint32_t index"));
    let refused = symbols::history(&changed, &root).err().unwrap_or_default();
    assert!(refused.contains("0.1.txt would change"), "{refused}");
    let edited = files::File::new("bindings/abi/history/0.2.txt", "else\n".to_owned());
    let why = files::compare(&root, &[edited]).unwrap_err();
    assert!(
        why.contains("0.2.txt differs")
            && why.contains("line 1")
            && why.contains("cargo run -p wxpay-gen"),
        "{why}"
    );
    std::fs::remove_dir_all(&root).unwrap();
}

#[test]
fn the_walk_calls_each_function_and_frees_what_it_gave() {
    let file = walk::file(&api(&format!("{LOAD}{NAME}")));
    let c = file.content();
    for name in [
        "wxpay_error_free",
        "wxpay_key_free",
        "wxpay_key_load",
        "wxpay_key_name",
    ] {
        assert_eq!(
            c.matches(&format!("{{ \"{name}\", call_{name},")).count(),
            1,
            "{name}"
        );
    }
    assert!(
        c.contains("if (given(a, status, a->outs >= 1, out))\n        wxpay_key_free(out);"),
        "{c}"
    );
    assert!(
        c.contains("errors_wxpay_key_load[] = { 100, 101, 0 };"),
        "{c}"
    );
    assert!(c.contains("gave_text(a, wxpay_key_name((const wxpay_key *)a->handle[0], (size_t)a->number[0]), \"\");"), "{c}");
}
