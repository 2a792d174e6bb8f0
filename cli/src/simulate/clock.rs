//! The simulator's clock, shifted by `--now-offset` or `POST /_sim/clock`, and the forms in which WeChat Pay writes a time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};
use time::{OffsetDateTime, UtcOffset};

/// WeChat Pay writes every time in the merchant's zone, UTC+8.
const BEIJING: UtcOffset = offset!(+8);

#[derive(Debug)]
pub struct Clock {
    offset: AtomicI64,
}

impl Clock {
    pub fn new(offset: i64) -> Self {
        Self {
            offset: AtomicI64::new(offset),
        }
    }

    /// Seconds by which this clock is ahead of the machine's, from now on.
    pub fn set(&self, offset: i64) {
        self.offset.store(offset, Ordering::Relaxed);
    }

    /// Unix seconds.
    pub fn now(&self) -> i64 {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |d| d.as_secs());
        i64::try_from(now)
            .unwrap_or(i64::MAX)
            .saturating_add(self.offset.load(Ordering::Relaxed))
    }
}

fn beijing(timestamp: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(timestamp)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .to_offset(BEIJING)
}

/// `2018-06-08T10:34:56+08:00`
pub fn rfc3339(timestamp: i64) -> String {
    beijing(timestamp).format(&Rfc3339).unwrap_or_default()
}

/// `20180608103456`, as in a prepay_id.
pub fn compact(timestamp: i64) -> String {
    beijing(timestamp)
        .format(format_description!(
            "[year][month][day][hour][minute][second]"
        ))
        .unwrap_or_default()
}

/// `2018-06-08 10:34:56`, as in bills and API v2.
pub fn plain(timestamp: i64) -> String {
    beijing(timestamp)
        .format(format_description!(
            "[year]-[month]-[day] [hour]:[minute]:[second]"
        ))
        .unwrap_or_default()
}

/// `20180608`, as in a transaction id.
pub fn date(timestamp: i64) -> String {
    beijing(timestamp)
        .format(format_description!("[year][month][day]"))
        .unwrap_or_default()
}

/// `Fri, 08 Jun 2018 02:34:56 GMT`, for the `Date` header.
pub fn http_date(timestamp: i64) -> String {
    // The formatter knows the years 1970 to 9999 only.
    let seconds = u64::try_from(timestamp).unwrap_or(0).min(253_402_300_799);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: `TZ=Asia/Shanghai date -d @1528425296 +%FT%T%:z` and `date -u -R`.
    #[test]
    fn times_are_written_in_beijing_time_and_gmt() {
        assert_eq!(rfc3339(1_528_425_296), "2018-06-08T10:34:56+08:00");
        assert_eq!(compact(1_528_425_296), "20180608103456");
        assert_eq!(plain(1_528_425_296), "2018-06-08 10:34:56");
        assert_eq!(date(1_528_425_296), "20180608");
        assert_eq!(http_date(1_528_425_296), "Fri, 08 Jun 2018 02:34:56 GMT");
        assert_eq!(http_date(-1), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
