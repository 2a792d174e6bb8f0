//! The verdict by the calendar, and the cures by the system.

use super::advice::Advice;
use super::known::{BALTIMORE, G1, G2, G5};
use super::verdict::of_roots;

/// By `date -u -d DAY +%s`.
const IN_2024: i64 = 1_726_790_400; // 2024-09-20, the guideline's day
const IN_2026: i64 = 1_795_651_200; // 2026-11-26
const IN_2028: i64 = 1_861_920_000; // 2029-01-01, inside the last half year of G2
const IN_2030: i64 = 1_893_456_000; // 2030-01-01

/// Ids with their severity, in order.
fn found(has: &[&str], now: i64) -> Vec<String> {
    of_roots(|id| has.contains(&id), now, &Advice::default())
        .iter()
        .map(|one| format!("{} {}", one.cause.name(), one.severity.name()))
        .collect()
}

/// trust.md §3: G2 counts until 2029-04-15, G1 until 2026-04-15, then their successors.
#[test]
fn the_verdict_follows_the_calendar() {
    let all = &[BALTIMORE, G1, G2, G5[0], G5[1]][..];
    let rows: &[(&[&str], i64, &[&str])] = &[
        (all, IN_2024, &[]),
        (all, IN_2026, &[]),
        (all, IN_2028, &["ROOT_LEAVES_MOZILLA warning"]),
        (all, IN_2030, &[]),
        (&[G1, G5[0]], IN_2024, &["ONLY_OLD_ROOT error"]),
        (&[G1, G5[0]], IN_2026, &["ONLY_OLD_ROOT error"]),
        (&[G1, G5[0]], IN_2030, &[]),
        (&[G2, G5[1]], IN_2024, &["OLD_ROOT_MISSING warning"]),
        (&[G2, G5[1]], IN_2026, &["OLD_ROOT_MISSING info"]),
        (&[G1, G2], IN_2026, &["SUCCESSOR_ROOT_MISSING info"]),
        (
            &[G1, G2],
            IN_2028,
            &[
                "ROOT_LEAVES_MOZILLA warning",
                "SUCCESSOR_ROOT_MISSING warning",
            ],
        ),
        (&[G1, G2], IN_2030, &["ROOT_NOT_IN_STORE error"]),
        (
            &[],
            IN_2026,
            &[
                "ROOT_NOT_IN_STORE error",
                "SUCCESSOR_ROOT_MISSING info",
                "OLD_ROOT_MISSING info",
            ],
        ),
        (
            &[BALTIMORE, G5[0]],
            IN_2026,
            &["ROOT_NOT_IN_STORE error", "OLD_ROOT_MISSING info"],
        ),
    ];
    for (has, now, want) in rows {
        assert_eq!(found(has, *now), *want, "{has:?} at {now}");
    }
}

#[test]
fn the_missing_root_is_named_with_what_to_do_on_this_system() {
    let advice = |release: &str, named: Option<&str>| {
        Advice::from_os_release(release, named.map(str::to_owned))
    };
    let rows = [
        (
            "ID=debian\n",
            "apt-get update && apt-get install --only-upgrade ca-certificates",
        ),
        ("ID=ubuntu\nID_LIKE=debian\n", "apt-get"),
        (
            "NAME=\"Alpine Linux\"\nID=alpine\n",
            "apk upgrade ca-certificates",
        ),
        (
            "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n",
            "yum update ca-certificates && update-ca-trust",
        ),
        ("ID=tencentos\nID_LIKE=\"rhel fedora\"\n", "yum update"),
        (
            "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n",
            "zypper update ca-certificates-mozilla",
        ),
        // Not in the table itself, but of a family that is.
        ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", "apt-get"),
        ("", "package ca-certificates"),
    ];
    for (release, command) in rows {
        let one = &of_roots(|id| id == G1, IN_2026, &advice(release, None))[0];
        assert!(one.cure.contains(command), "{release}: {}", one.cure);
        assert!(
            one.text
                .contains("DigiCert Global Root G2 is not in this store"),
            "{}",
            one.text
        );
        let install = advice(release, None).install();
        assert!(install.contains("ca-certificates"), "{release}: {install}");
    }
    let named = advice("ID=debian", Some("SSL_CERT_FILE=/etc/old.pem"));
    let cure = &of_roots(|_| false, IN_2026, &named)[0].cure;
    assert!(
        cure.starts_with("SSL_CERT_FILE=/etc/old.pem names a private bundle"),
        "{cure}"
    );
}
