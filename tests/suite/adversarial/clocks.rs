//! Machines whose clock is wrong by years; the servers have the real time.

use wxpay::error::Status::{TlsExpired, TlsNotYetValid};

use super::drive::drive_under;
use super::row::Serve::Openssl;
use super::row::{Row, row, unsent};

const LATE: &str = "@2050-01-01 00:00:00";
const EARLY: &str = "@2015-01-01 00:00:00";

fn drive_at(name: &str, clock: &str) {
    let rows: Vec<Row> = rows()
        .into_iter()
        .filter(|row| row.clock == Some(clock))
        .collect();
    let variable = "FAKETIME_DONT_FAKE_MONOTONIC=1";
    drive_under(name, &rows, &["env", variable, "faketime", "-f", clock]);
}

#[test]
fn a_clock_in_2050_is_named_as_the_cause() {
    drive_at(
        "adversarial::clocks::a_clock_in_2050_is_named_as_the_cause",
        LATE,
    );
}

#[test]
fn a_clock_in_2015_is_named_as_the_cause() {
    drive_at(
        "adversarial::clocks::a_clock_in_2015_is_named_as_the_cause",
        EARLY,
    );
}

pub fn rows() -> Vec<Row> {
    let expired = || unsent(TlsExpired, "CLOCK_WRONG");
    let early = || unsent(TlsNotYetValid, "CLOCK_WRONG");
    vec![
        row(
            "this machine's clock says 2050",
            Openssl("@leaf1"),
            "g1",
            expired(),
        )
        .at(LATE)
        .says("2050"),
        row(
            "this machine's clock says 2050, certificate of another server",
            Openssl("@other"),
            "g1",
            expired(),
        )
        .at(LATE),
        row(
            "this machine's clock says 2015",
            Openssl("@leaf1"),
            "g1",
            early(),
        )
        .at(EARLY)
        .post()
        .says("2015"),
        row(
            "this machine's clock says 2015, private CA",
            Openssl("@inspected"),
            "g1",
            early(),
        )
        .at(EARLY),
    ]
}
