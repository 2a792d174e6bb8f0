//! What people paste, and what servers print.

use crate::world::check_report;

pub fn text(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let json = wxpay::diag::explain_text(&text);
    let report = check_report(&json);
    assert_eq!(report["schema"], 1);
    assert!(
        report["diagnosis"]
            .as_array()
            .is_some_and(|all| !all.is_empty()),
        "it says nothing: {json}"
    );
    assert!(json.len() < 200_000, "{} bytes of report", json.len());
    for one in report["diagnosis"].as_array().into_iter().flatten() {
        for member in ["id", "severity", "text", "cure"] {
            assert!(
                one[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member} of {one}"
            );
        }
    }
    assert_eq!(
        json,
        wxpay::diag::explain_text(&text),
        "the same text means the same"
    );
}
