//! Bills and statements: asked for with a date, downloaded with a token that lives five minutes (protocol.md §1.9, §1.11).
//! Unlike WeChat Pay's they are ready at once and of today, because nothing here outlives the run.

mod csv;

pub use csv::{Kind, trade_bill};

use super::answer::{self, Answer, Signing, number};
use super::{Sim, fields, random, seal};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a `download_url` works; `--time-scale` divides it.
const TOKEN_SECONDS: f64 = 300.0;

pub fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/v3/bill/tradebill", get(trade))
        .route("/v3/bill/fundflowbill", get(fund_flow))
        .route("/v3/bill/sub-merchant-fundflowbill", get(sub_merchant))
        .route("/v3/billdownload/file", get(file))
        .route("/v3/global/statements", get(statements))
        .route("/v3/statements", get(statements))
        .route("/hk/v3/statements", get(statements))
}

struct File {
    bytes: Vec<u8>,
    kind: &'static str,
    until: Instant,
}

/// Files by token.
#[derive(Default)]
pub struct Downloads(Mutex<HashMap<String, File>>);

impl Downloads {
    fn add(&self, bytes: Vec<u8>, kind: &'static str, life: Duration) -> String {
        let token = format!("{}_{}-", random::alphanumeric(40), random::alphanumeric(20));
        let now = Instant::now();
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, file| file.until > now);
        let until = now + life;
        files.insert(token.clone(), File { bytes, kind, until });
        token
    }

    fn find(&self, token: &str) -> Option<(Vec<u8>, &'static str)> {
        let files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file = files
            .get(token)
            .filter(|file| file.until > Instant::now())?;
        Some((file.bytes.clone(), file.kind))
    }
}

pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|error| format!("cannot compress: {error}"))
}

type Parameters = HashMap<String, String>;

fn parameters(uri: &Uri) -> Parameters {
    Query::try_from_uri(uri)
        .map(|query| query.0)
        .unwrap_or_default()
}

fn refuse(field: &str, value: Option<&String>, issue: &str) -> Answer {
    Answer::parameter(field, &json!(value), issue, "query")
}

/// `bill_date` without its hyphens.
fn date(parameters: &Parameters) -> Result<String, Answer> {
    let date = parameters.get("bill_date");
    date.filter(|date| {
        let bytes = date.as_bytes();
        bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| {
                if matches!(at, 4 | 7) {
                    *byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            })
    })
    .map(|date| date.replace('-', ""))
    .ok_or_else(|| refuse("bill_date", date, "must be YYYY-MM-DD"))
}

fn is_gzip(parameters: &Parameters) -> Result<bool, Answer> {
    match parameters.get("tar_type").map(String::as_str) {
        None => Ok(false),
        Some("GZIP") => Ok(true),
        _ => Err(refuse(
            "tar_type",
            parameters.get("tar_type"),
            "must be GZIP",
        )),
    }
}

fn no_statement() -> Answer {
    Answer::error(
        StatusCode::BAD_REQUEST,
        "NO_STATEMENT_EXIST",
        "Nothing was paid or refunded on that day.",
    )
    .number(number::PARAMETER)
}

fn account(parameters: &Parameters) -> Result<(), Answer> {
    match parameters.get("account_type").map(String::as_str) {
        None | Some("BASIC") => Ok(()),
        // Their accounts are empty.
        Some("OPERATION" | "FEES") => Err(no_statement()),
        _ => Err(refuse(
            "account_type",
            parameters.get("account_type"),
            "must be BASIC, OPERATION or FEES",
        )),
    }
}

fn sha1(bytes: &[u8]) -> String {
    Sha1::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn url(sim: &Sim, bytes: Vec<u8>, kind: &'static str) -> String {
    let life = Duration::from_secs_f64((TOKEN_SECONDS / sim.time_scale).min(1e6));
    let token = sim.downloads.add(bytes, kind, life);
    format!("{}/v3/billdownload/file?token={token}", sim.base_url)
}

/// `{"hash_type", "hash_value", "download_url"}`; the digest is that of the text, compressed or not.
fn offer(sim: &Sim, csv: &str, gzipped: bool) -> Result<Answer, Answer> {
    let (bytes, kind) = if gzipped {
        let bytes = gzip(csv.as_bytes()).map_err(|message| Answer::system_error(&message))?;
        (bytes, "application/x-gzip")
    } else {
        (csv.as_bytes().to_vec(), "text/plain")
    };
    Ok(Answer::ok(json!({
        "hash_type": "SHA1",
        "hash_value": sha1(csv.as_bytes()),
        "download_url": url(sim, bytes, kind),
    })))
}

/// `GET /v3/bill/tradebill?bill_date=&bill_type=&tar_type=`
async fn trade(State(sim): State<Arc<Sim>>, uri: Uri) -> Answer {
    let offered = || {
        let parameters = parameters(&uri);
        let kind = match parameters.get("bill_type").map(String::as_str) {
            None | Some("ALL") => Kind::All,
            Some("SUCCESS") => Kind::Success,
            Some("REFUND") => Kind::Refund,
            _ => {
                let value = parameters.get("bill_type");
                return Err(refuse("bill_type", value, "must be ALL, SUCCESS or REFUND"));
            }
        };
        let csv = trade_bill(&sim, &date(&parameters)?, kind).ok_or_else(no_statement)?;
        offer(&sim, &csv, is_gzip(&parameters)?)
    };
    offered().unwrap_or_else(|answer| answer)
}

/// `GET /v3/bill/fundflowbill?bill_date=&account_type=&tar_type=`
async fn fund_flow(State(sim): State<Arc<Sim>>, uri: Uri) -> Answer {
    let offered = || {
        let parameters = parameters(&uri);
        account(&parameters)?;
        let csv = csv::fund_flow_bill(&sim, &date(&parameters)?).ok_or_else(no_statement)?;
        offer(&sim, &csv, is_gzip(&parameters)?)
    };
    offered().unwrap_or_else(|answer| answer)
}

/// `GET /v3/bill/sub-merchant-fundflowbill?sub_mchid=&bill_date=&account_type=&algorithm=&tar_type=`: the fund flow bill,
/// encrypted under a key of its own, which is encrypted for the merchant.
async fn sub_merchant(State(sim): State<Arc<Sim>>, uri: Uri) -> Answer {
    let offered = || {
        let parameters = parameters(&uri);
        let sub_mchid = parameters.get("sub_mchid");
        if sub_mchid.is_none_or(|id| id.is_empty() || id.len() > 32) {
            return Err(refuse("sub_mchid", sub_mchid, "must be 1 to 32 characters"));
        }
        if parameters.get("algorithm").map(String::as_str) != Some("AEAD_AES_256_GCM") {
            let value = parameters.get("algorithm");
            return Err(refuse("algorithm", value, "must be AEAD_AES_256_GCM"));
        }
        account(&parameters)?;
        let csv = csv::fund_flow_bill(&sim, &date(&parameters)?).ok_or_else(no_statement)?;
        let bytes = if is_gzip(&parameters)? {
            gzip(csv.as_bytes())
        } else {
            Ok(csv.as_bytes().to_vec())
        };
        let failed = |message: String| Answer::system_error(&message);
        let (key, nonce) = (random::alphanumeric(32), random::alphanumeric(12));
        let encrypted = seal::encrypt_bytes(
            &fixed(&key).map_err(failed)?,
            &fixed(&nonce).map_err(failed)?,
            b"",
            &bytes.map_err(failed)?,
        );
        let encrypt_key = seal::oaep_encrypt(&sim.identity.merchant_key, key.as_bytes());
        Ok(Answer::ok(json!({
            "download_bill_count": 1,
            "download_bill_list": [{
                "bill_sequence": 1,
                "hash_type": "SHA1",
                "hash_value": sha1(csv.as_bytes()),
                "download_url": url(&sim, encrypted.map_err(failed)?, "application/octet-stream"),
                "encrypt_key": encrypt_key.map_err(failed)?,
                "nonce": nonce,
            }],
        })))
    };
    offered().unwrap_or_else(|answer| answer)
}

fn fixed<const N: usize>(text: &str) -> Result<[u8; N], String> {
    let bytes = text.as_bytes().try_into();
    bytes.map_err(|_| format!("{N} bytes are needed"))
}

/// `GET /v3/billdownload/file?token=`: the file, unsigned
async fn file(State(sim): State<Arc<Sim>>, uri: Uri) -> Response {
    let token = parameters(&uri).remove("token").unwrap_or_default();
    match sim.downloads.find(&token) {
        Some((bytes, kind)) => answer::other(kind, bytes, Signing::None),
        None => {
            Answer::parameter("token", &Value::Null, "unknown or expired", "query").into_response()
        }
    }
}

/// `GET /v3/global/statements?mchid=&date=`: the overseas statement itself; what is signed in the place of its body is
/// `{"sha1":"…"}` with the digest that `Wechatpay-Statement-Sha1` names.
async fn statements(State(sim): State<Arc<Sim>>, uri: Uri) -> Response {
    let asked = || {
        let parameters = parameters(&uri);
        fields::same_mchid(&sim, &json!(parameters.get("mchid")), "mchid", "query")?;
        let date = parameters
            .get("date")
            .filter(|date| date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()))
            .ok_or_else(|| refuse("date", parameters.get("date"), "must be YYYYMMDD"))?;
        trade_bill(&sim, date, Kind::All).ok_or_else(no_statement)
    };
    let csv = match asked() {
        Ok(csv) => csv,
        Err(answer) => return answer.into_response(),
    };
    let digest = sha1(csv.as_bytes());
    let signed = format!("{{\"sha1\":\"{digest}\"}}").into_bytes();
    let mut response = answer::other("text/plain", csv.into_bytes(), Signing::Over(signed));
    if let Ok(digest) = HeaderValue::from_str(&digest) {
        response
            .headers_mut()
            .insert("wechatpay-statement-sha1", digest);
    }
    response
}
