//! The roots that matter to a merchant, by fingerprint. Data for reports only, never anchors.
//!
//! Fingerprints, serials and dates: Debian's ca-certificates 20230311, read with openssl. Dates of
//! distrust: DigiCert, "root and intermediate CA certificate updates 2023"; Mozilla,
//! CA/Root_CA_Lifecycles (key material of 2012 to 2014-04-14 ends on 2029-04-15, later material
//! after 15 years).

/// One root; dates are Unix seconds.
#[derive(Debug, PartialEq, Eq)]
pub struct KnownRoot {
    /// Stable, for reports.
    pub id: &'static str,
    /// The common name of its subject.
    pub name: &'static str,
    /// SHA-256 of the DER, lower-case hex.
    pub sha256: &'static str,
    /// Subject key identifier, lower-case hex.
    pub key_id: &'static str,
    pub not_before: i64,
    pub not_after: i64,
    /// From this day on Mozilla does not trust it for TLS, and stores that follow Mozilla drop it.
    pub mozilla_distrust: i64,
}

pub const BALTIMORE: &str = "BALTIMORE_CYBERTRUST_ROOT";
pub const G1: &str = "DIGICERT_GLOBAL_ROOT_CA";
pub const G2: &str = "DIGICERT_GLOBAL_ROOT_G2";
/// Expected to follow G2.
pub const G5: [&str; 2] = [
    "DIGICERT_TLS_RSA4096_ROOT_G5",
    "DIGICERT_TLS_ECC_P384_ROOT_G5",
];

/// When reports begin to say that G2 ends: half a year before.
pub const G2_ENDS_SOON: i64 = 1_855_180_800; // 2028-10-15

pub const ROOTS: &[KnownRoot] = &[
    KnownRoot {
        id: BALTIMORE,
        name: "Baltimore CyberTrust Root",
        sha256: "16af57a9f676b0ab126095aa5ebadef22ab31119d644ac95cd4b93dbf3f26aeb",
        key_id: "e59d5930824758ccacfa085436867b3ab5044df0",
        not_before: 958_157_160,
        not_after: 1_747_094_340,
        mozilla_distrust: 1_744_675_200, // 2025-04-15
    },
    KnownRoot {
        id: G1,
        name: "DigiCert Global Root CA",
        sha256: "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161",
        key_id: "03de503556d14cbb66f0a3e21b1bc397b23dd155",
        not_before: 1_163_116_800,
        not_after: 1_952_035_200,
        mozilla_distrust: 1_776_211_200, // 2026-04-15
    },
    KnownRoot {
        id: G2,
        name: "DigiCert Global Root G2",
        sha256: "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
        key_id: "4e2254201895e6e36ee60ffafab912ed06178f39",
        not_before: 1_375_358_400,
        not_after: 2_147_169_600,
        mozilla_distrust: 1_870_905_600, // 2029-04-15
    },
    KnownRoot {
        id: "DIGICERT_GLOBAL_ROOT_G3",
        name: "DigiCert Global Root G3",
        sha256: "31ad6648f8104138c738f39ea4320133393e3a18cc02296ef97c2ac9ef6731d0",
        key_id: "b3db48a4f9a1c5d8ae3641cc1163696229bc4bc6",
        not_before: 1_375_358_400,
        not_after: 2_147_169_600,
        mozilla_distrust: 1_870_905_600, // 2029-04-15
    },
    KnownRoot {
        id: "DIGICERT_HIGH_ASSURANCE_EV_ROOT_CA",
        name: "DigiCert High Assurance EV Root CA",
        sha256: "7431e5f4c3c1ce4690774f0b61e05440883ba9a01ed00ba6abd7806ed3b118cf",
        key_id: "b13ec36903f8bf4701d498261a0802ef63642bc3",
        not_before: 1_163_116_800,
        not_after: 1_952_035_200,
        mozilla_distrust: 1_776_211_200, // 2026-04-15
    },
    KnownRoot {
        id: G5[0],
        name: "DigiCert TLS RSA4096 Root G5",
        sha256: "371a00dc0533b3721a7eeb40e8419e70799d2b0a0f2c1d80693165f7cec4ad75",
        key_id: "51331ced3640af17d325cd6968f2af4e233eb341",
        not_before: 1_610_668_800,
        not_after: 2_399_587_199,
        mozilla_distrust: 2_083_968_000, // 2036-01-15
    },
    KnownRoot {
        id: G5[1],
        name: "DigiCert TLS ECC P384 Root G5",
        sha256: "018e13f0772532cf809bd1b17281867283fc48c6e13be9c69812854a490c1b05",
        key_id: "c151455059ab3ee72c5afa2022120780887c116a",
        not_before: 1_610_668_800,
        not_after: 2_399_587_199,
        mozilla_distrust: 2_083_968_000, // 2036-01-15
    },
];

/// By fingerprint.
pub fn by_sha256(sha256: &str) -> Option<&'static KnownRoot> {
    ROOTS.iter().find(|root| root.sha256 == sha256)
}

/// By the common name, which anybody can give a certificate: says what a chain asks for, never
/// what a certificate is.
pub fn by_name(name: &str) -> Option<&'static KnownRoot> {
    ROOTS.iter().find(|root| root.name == name)
}

pub fn by_id(id: &str) -> Option<&'static KnownRoot> {
    ROOTS.iter().find(|root| root.id == id)
}
