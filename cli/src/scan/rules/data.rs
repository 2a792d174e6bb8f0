//! The rules about certificates themselves, in files and in the strings of programs.

pub const G1_ONLY: &str = "data.old-root-only";
pub const STATIC: &str = "data.static-bundle";
pub const CLOSED: &str = "data.closed-store";

const FIX: &str = "Delete the file and the option that names it (guideline, solution 1); or replace it by the current \
bundle of curl's site (solution 2), and again before 2029-04-15.";

/// Id, kind, meaning, fix: what the table of docs/scan.md shows.
pub const TABLE: &[(&str, &str, &str, &str)] = &[
    (
        G1_ONLY,
        "pinned root",
        "The bundle holds DigiCert Global Root CA (G1) or Baltimore CyberTrust Root but not DigiCert Global Root G2: \
         exactly the case of the guideline.",
        FIX,
    ),
    (
        STATIC,
        "pinned root",
        "A static bundle with DigiCert Global Root G2. It works today; the next break is 2029-04-15, when Mozilla \
         stops trusting G2.",
        FIX,
    ),
    (
        CLOSED,
        "hint",
        "A PKCS#12 trust store: its certificates are encrypted, so it can't be looked into.",
        "List it with keytool -list -keystore FILE and look for DigiCert Global Root G2; or delete it and use the \
         runtime's own store.",
    ),
];
