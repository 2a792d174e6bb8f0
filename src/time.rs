//! Unix seconds in and out, and dates a person can read. The clock is read in one place, so that
//! every function that takes `now` treats 0 and nonsense the same way (safety.md S12).

use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Result, Status, fail};

/// Where a function's time came from; errors say so when it was the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub seconds: i64,
    pub from_caller: bool,
}

impl Now {
    /// As reports say it.
    pub fn clock(self) -> &'static str {
        if self.from_caller { "caller" } else { "system" }
    }
}

/// `now` as it crosses the ABI: 0 is the system clock; negative values and values of 10^11 and
/// more (milliseconds) are refused, because they would disable the replay window.
pub fn now(given: i64) -> Result<Now> {
    match given {
        0 => Ok(clock()),
        1..=99_999_999_999 => Ok(Now {
            seconds: given,
            from_caller: true,
        }),
        _ => fail(
            Status::InvalidArgument,
            format!(
                "now must be Unix seconds, 0 for the system clock; got {given}, which looks like {}.",
                if given < 0 {
                    "an error value"
                } else {
                    "milliseconds"
                }
            ),
        ),
    }
}

/// The system clock.
pub fn clock() -> Now {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        });
    Now {
        seconds,
        from_caller: false,
    }
}

/// RFC 3339 in UTC, as in `2029-04-15T00:00:00Z`.
pub fn rfc3339(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400);
    let rest = seconds.rem_euclid(86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Proleptic Gregorian date of a day count since 1970-01-01, by eras of 400 years that start in
/// March so that the leap day is the last day of a year.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: `date -u -d @N +%FT%TZ`.
    #[test]
    fn dates_are_those_of_the_date_command() {
        for (seconds, want) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_708_214_399, "2024-02-17T23:59:59Z"),
            (1_870_905_600, "2029-04-15T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds), want);
        }
    }

    #[test]
    fn now_is_seconds_or_the_system_clock() {
        assert!(!now(0).unwrap().from_caller);
        assert_eq!(
            now(1_700_000_000).unwrap(),
            Now {
                seconds: 1_700_000_000,
                from_caller: true
            }
        );
        for wrong in [-1, i64::MIN, 100_000_000_000, 1_700_000_000_000, i64::MAX] {
            assert_eq!(
                now(wrong).unwrap_err().status(),
                Status::InvalidArgument,
                "{wrong}"
            );
        }
    }
}
