//! What a header may not say.

use super::{LOAD, NAME, header};
use crate::model;

/// The one refusal of these exports.
fn refusal(exports: &str) -> String {
    let mut refusals = model::api(&header(exports)).err().unwrap_or_default();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    refusals.remove(0)
}

/// The refusal of `LOAD` with something else in one place.
fn refused(place: &str, instead: &str) -> String {
    assert_eq!(LOAD.matches(place).count(), 1, "{place}");
    refusal(&LOAD.replace(place, instead))
}

#[test]
fn an_export_without_a_tag_is_refused_by_name() {
    for tag in ["@since", "@threads", "@io", "@errors"] {
        let lines = "@since 0.2  @threads any  @io none  @errors 100 101";
        let left: Vec<&str> = lines
            .split("  ")
            .filter(|part| !part.starts_with(tag))
            .collect();
        assert_eq!(
            refused(lines, &left.join("  ")),
            format!("wxpay_key_load: {tag} is missing")
        );
    }
    let bare = "WXPAY_API uint32_t wxpay_bare(void);\n";
    let refusals = model::api(&header(bare)).err().unwrap_or_default();
    assert_eq!(refusals.len(), 5, "four tags and a sentence: {refusals:?}");
    assert!(refusals.iter().all(|why| why.starts_with("wxpay_bare: ")));
}

#[test]
fn a_parameter_without_its_tag_is_refused_by_name() {
    assert_eq!(
        refused("@param pem,passphrase ", "@param pem "),
        "wxpay_key_load: parameter passphrase has no @param"
    );
    assert_eq!(
        refused(" * @param[out] err  owned; NULL to ignore\n", ""),
        "wxpay_key_load: parameter err has no @param"
    );
    assert_eq!(
        refused("@param[out] out", "@param out"),
        "wxpay_key_load: parameter out must be documented with @param[out]"
    );
    let unknown = refused(
        "@param[out] out  owned",
        "@param[out] out  owned\n * @param nobody  x",
    );
    assert_eq!(
        unknown,
        "wxpay_key_load: @param nobody is not a parameter that is documented"
    );
}

#[test]
fn only_the_length_of_the_text_before_it_is_excused() {
    let other = LOAD.replace("size_t passphrase_len", "size_t length");
    assert_eq!(
        model::api(&header(&other)).err().unwrap_or_default(),
        [
            "wxpay_key_load: parameter length has no @param",
            "wxpay_key_load: parameter passphrase has no size after it",
        ]
    );
    let without = LOAD.replace("\n                            size_t passphrase_len,", "");
    assert_eq!(
        refusal(&without),
        "wxpay_key_load: parameter passphrase has no size after it"
    );
}

#[test]
fn statuses_must_be_those_of_the_header() {
    assert_eq!(
        refused("@errors 100 101", "@errors 100 107"),
        "wxpay_key_load: @errors 107 is not a WXPAY_STATUS_ of an error"
    );
    assert_eq!(
        refused("@errors 100 101", "@errors 0 100"),
        "wxpay_key_load: @errors 0 is not a WXPAY_STATUS_ of an error"
    );
    assert!(refused("@errors 100 101", "@errors some").contains("numbers"));
    assert!(refused("@since 0.2", "@since 0.3").contains("later than the header's 0.2"));
    assert!(refused("@since 0.2", "@since soon").contains("not MAJOR.MINOR"));
    assert_eq!(
        refused("@io none", "@io none @io network"),
        "wxpay_key_load: @io is there twice"
    );
    assert_eq!(
        refused("@io none", "@io none @note x"),
        "wxpay_key_load: @note is not a tag"
    );
}

#[test]
fn types_outside_the_abi_are_refused() {
    for ty in [
        "bool",
        "long",
        "int",
        "char *",
        "void *",
        "wxpay_key",
        "const wxpay_secret *",
        "FILE *",
        "const char **",
        "double",
    ] {
        let why = refused("size_t pem_len", &format!("{ty} pem_len"));
        assert!(
            why.starts_with("wxpay_key_load: pem_len is "),
            "{ty}: {why}"
        );
        let returned = NAME.replace(
            "const char *wxpay_key_name",
            &format!("{ty} wxpay_key_name"),
        );
        let why = refusal(&returned);
        assert!(why.starts_with("wxpay_key_name: returns "), "{ty}: {why}");
    }
    let layout = header("typedef struct { int32_t a; } wxpay_pair;");
    assert!(model::api(&layout).is_err_and(|why| why[0].contains("not opaque")));
    let variable = header("extern int32_t wxpay_errno;");
    assert!(model::api(&variable).is_err_and(|why| why[0].contains("not a WXPAY_API")));
}

#[test]
fn a_function_that_can_fail_ends_in_err() {
    let last = ",\n                            wxpay_error **err";
    let undocumented = LOAD
        .replace(last, "")
        .replace(" * @param[out] err  owned; NULL to ignore\n", "");
    assert!(refusal(&undocumented).contains("its last parameter must be wxpay_error **err"));
    let early = LOAD
        .replace(last, "")
        .replace("(const char *pem", "(wxpay_error **err, const char *pem");
    let refusals = model::api(&header(&early))
        .err()
        .unwrap_or_default()
        .join("\n");
    assert!(
        refusals.contains("its last parameter must be wxpay_error **err"),
        "{refusals}"
    );
    assert!(
        refused("wxpay_status wxpay_key_load", "int32_t wxpay_key_load")
            .contains("does not return wxpay_status")
    );
    assert!(NAME.contains(" (gives"));
    assert_eq!(
        refusal(&NAME.replace(" (gives \"\")", "")),
        "wxpay_key_name: @param key must say what NULL gives: (gives 0)"
    );
}

#[test]
fn what_is_given_must_have_its_free() {
    let text = header(LOAD).replace("wxpay_key_free", "wxpay_key_drop");
    let refusals = model::api(&text).err().unwrap_or_default();
    assert!(
        refusals
            .iter()
            .any(|why| why.contains("gives a wxpay_key, which no wxpay_key_free releases")),
        "{refusals:?}"
    );
}
