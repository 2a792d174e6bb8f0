//! `include/wxpay.h` is what cbindgen makes of `src/ffi`, byte for byte. `WXPAY_BLESS=1 cargo test
//! --features header --test header` rewrites it.

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/wxpay.h"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/include/wxpay.h");
    if std::env::var_os("WXPAY_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == generated,
        "include/wxpay.h is not what src/ffi says; run: WXPAY_BLESS=1 cargo test --features header --test header"
    );
}
