//! The rest of API v2 that differs in form: parameters in the query, and the key for bank card numbers.

use super::{Call, Fields, certified, coded, fail, fields, respond};
use crate::simulate::answer::{self, Signing};
use crate::simulate::connection::Connection;
use crate::simulate::{Sim, random};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use rsa::pkcs1::{EncodeRsaPublicKey as _, LineEnding};
use std::sync::Arc;

/// `POST /risk/getpublickey`, with the client certificate; unsigned. The key is WeChat Pay's public key, here in PKCS#1.
pub async fn getpublickey(
    State(sim): State<Arc<Sim>>,
    Extension(connection): Extension<Arc<Connection>>,
    body: Bytes,
) -> Response {
    let call = certified(&sim, &connection).and_then(|()| Call::read(&sim, &body));
    if let Err(answer) = call {
        return answer;
    }
    let key = sim.identity.wechatpay_key.to_public_key();
    match key.to_pkcs1_pem(LineEnding::LF) {
        Ok(pem) => respond(&coded(Ok(fields([
            ("mch_id", &sim.identity.mchid),
            ("pub_key", &pem),
        ])))),
        Err(error) => fail(&format!("SYSTEMERROR: {error}")),
    }
}

/// The fields of a query whose sign is right; these requests have no `nonce_str`.
fn in_query(sim: &Sim, uri: &Uri) -> Result<Call, Response> {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| fail("the query cannot be read"))?
        .0;
    let count = pairs.len();
    let fields = pairs.into_iter().collect::<Fields>();
    if fields.len() != count {
        return Err(fail("a parameter comes twice"));
    }
    let call = Call::check(sim, fields, false)?;
    for name in [
        "appid",
        "plan_id",
        "contract_code",
        "notify_url",
        "timestamp",
    ] {
        if call.optional(name).is_none() {
            return Err(fail(&format!("{name} is missing")));
        }
    }
    Ok(call)
}

/// `GET /papay/entrustweb`: a page for the payer's browser.
pub async fn entrustweb(State(sim): State<Arc<Sim>>, uri: Uri) -> Response {
    match in_query(&sim, &uri) {
        Ok(_) => {
            let page = "<!DOCTYPE html><html><head><title>Contract</title></head><body>The payer would sign the contract here.</body></html>";
            answer::other("text/html; charset=utf-8", page.into(), Signing::None)
        }
        Err(answer) => answer,
    }
}

/// `GET /papay/h5entrustweb`: the address of that page; unsigned.
pub async fn h5entrustweb(State(sim): State<Arc<Sim>>, uri: Uri) -> Response {
    match in_query(&sim, &uri) {
        Ok(_) => {
            let url = format!(
                "https://payapp.weixin.qq.com/sim/{}",
                random::alphanumeric(16)
            );
            respond(&coded(Ok(fields([("redirect_url", &url)]))))
        }
        Err(answer) => answer,
    }
}
