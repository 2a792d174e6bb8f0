//! The closed table of answers that WeChat Pay does not sign (protocol.md §1.5; safety.md S10).
//! Exact: GET, status 200, path bytes as sent, never decoded or normalised, query ignored.
//! `/v3/certificates` is not here: only the functions that load certificates accept it.

const UNSIGNED: &[&str] = &[
    "/v3/billdownload/file",
    "/v3/new-tax-control-fapiao/download",
    "/v3/transferdownload/elecvoucherfile",
    "/v3/transferdownload/signfile",
];

/// One more segment follows: the media id of a complaint image.
const UNSIGNED_BELOW: &str = "/v3/merchant-service/images/";

/// `target` is path and query exactly as sent.
pub fn is_unsigned_by_design(method: &str, target: &str, status: u16) -> bool {
    if method != "GET" || status != 200 {
        return false;
    }
    let path = target.split('?').next().unwrap_or("");
    UNSIGNED.contains(&path) || path.strip_prefix(UNSIGNED_BELOW).is_some_and(is_media_id)
}

/// `[A-Za-z0-9._~=-]`, `%3D` or `%2B`, at least one; not `upload`, `.` or `..`.
fn is_media_id(segment: &str) -> bool {
    if matches!(segment, "" | "upload" | ".") || segment.contains("..") {
        return false;
    }
    let plain = segment.replace("%3D", "=").replace("%2B", "=");
    plain.bytes().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'=' | b'-')
    })
}
