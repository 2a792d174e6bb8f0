//! What an error that somebody pastes means: the texts of eight languages, of curl, wget, OpenSSL,
//! Windows, of WeChat Pay's answers about signatures and of this library, to the same causes. Owns how a text is read; the tables are in
//! `rules`, `alerts` and `runtimes`. A text is a witness, not a proof: where a runtime prints the
//! same words for several reasons, all are given, the most likely first (trust.md §4.1).

mod alerts;
mod cures;
mod own;
mod plain;
mod rules;
mod runtimes;
mod signing;
#[cfg(test)]
mod tests;

use serde_json::json;

use crate::error::{Cause, Diagnosis, Result, Status};
use crate::memory;
use plain::Plain;

/// What of a longer text is read: logs name the cause at their beginning or at their end.
const MOST: usize = 64 * 1024;

/// `{"schema":1,"status":310,"language":"python"|…|null,"diagnosis":[{"id","severity","text","cure"}],"sign":null}`:
/// the status that this library would give, 0 with `UNKNOWN_TEXT` when nothing is known. `text` may
/// be anything; linear in its length.
pub fn explain_text(text: &str) -> String {
    explain(text, None)
}

/// The same for bytes: logs are in any encoding, and what is looked for is ASCII. No more of a long
/// one is copied than is looked at.
pub fn explain_bytes(pasted: &[u8]) -> Result<String> {
    // As JSON it may have an element in every second byte.
    memory::foresee(pasted.len().min(2 * MOST) * 64)?;
    Ok(
        match (
            pasted.get(..MOST),
            pasted.get(pasted.len().saturating_sub(MOST)..),
        ) {
            (Some(head), Some(tail)) if pasted.len() > 2 * MOST => {
                explain_text(&String::from_utf8_lossy(&[head, tail].concat()))
            }
            _ => explain_text(&String::from_utf8_lossy(pasted)),
        },
    )
}

/// The same for an answer with `sign_information`, beside the string that a program signed.
pub fn explain_signed(text: &str, signed: &[u8]) -> String {
    explain(text, Some(signed))
}

fn explain(text: &str, signed: Option<&[u8]>) -> String {
    let text = ends(text);
    let mut plain = Plain::new(&text);
    let runtime = runtimes::RUNTIMES
        .iter()
        .find(|runtime| runtime.marks.iter().any(|mark| plain.has(mark)));
    let own = own::read(&text);
    // A text of this library that names a cause says more than WeChat Pay's words in it; with the
    // signed string at hand, the comparison says most.
    let named = own.as_ref().is_some_and(own::Own::names_a_cause);
    let signing = (!named || signed.is_some())
        .then(|| signing::read(&text, &plain, signed))
        .flatten();
    if let Some(found) = signing {
        return json!({
            "schema": 1,
            "status": Status::ApiError.code(),
            "language": runtime.map(|runtime| runtime.name),
            "diagnosis": found.diagnosis,
            "sign": found.sign,
        })
        .to_string();
    }
    if let Some(own) = own {
        return json!({
            "schema": 1,
            "status": own.status.code(),
            "language": null,
            "diagnosis": own.findings,
            "sign": null,
        })
        .to_string();
    }
    let known = cures::Known::new(&plain, runtime);
    let causes = causes(&mut plain, &known);
    let status = causes
        .first()
        .map_or(Status::Ok, |cause| status_of(*cause, &causes));
    let mut diagnosis: Vec<Diagnosis> = causes
        .iter()
        .map(|cause| Diagnosis::new(*cause, known.text(*cause)).cure(known.cure(*cause)))
        .collect();
    if diagnosis.is_empty() {
        let row = Cause::UnknownText.row();
        diagnosis.push(Diagnosis::new(Cause::UnknownText, row.en));
    }
    json!({
        "schema": 1,
        "status": status.code(),
        "language": runtime.map(|runtime| runtime.name),
        "diagnosis": diagnosis,
        "sign": null,
    })
    .to_string()
}

/// Beginning and end of a long text.
fn ends(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= MOST {
        return text.into();
    }
    let mut head = MOST / 2;
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    let mut tail = text.len() - MOST / 2;
    while !text.is_char_boundary(tail) {
        tail += 1;
    }
    format!("{}\n{}", &text[..head], &text[tail..]).into()
}

/// In the order of the table, those of the most exact level that is found.
fn causes(plain: &mut Plain, known: &cures::Known) -> Vec<Cause> {
    let mut found: Vec<(u8, &'static [Cause])> = Vec::new();
    let proxy = |rule: &rules::Rule| rule.level < alerts::LEVEL;
    let mut read = |plain: &mut Plain, rule: &rules::Rule| {
        let hits = rule
            .needles
            .iter()
            .filter(|needle| plain.take(needle))
            .count();
        if hits > 0 {
            found.push((rule.level, rule.causes));
        }
    };
    for rule in rules::RULES.iter().filter(|rule| proxy(rule)) {
        read(plain, rule);
    }
    // Before the certificates' rows: an alert uses their words for the client's certificate.
    read(plain, &alerts::DECRYPT);
    let mut alerted: Vec<(u8, &'static [Cause])> = Vec::new();
    for alert in alerts::ALERTS {
        let needles = alert.needles();
        let hits = needles.iter().filter(|needle| plain.take(needle)).count();
        if hits > 0 {
            alerted.push((alerts::LEVEL, alert.causes));
        }
    }
    for rule in rules::RULES.iter().filter(|rule| !proxy(rule)) {
        read(plain, rule);
    }
    found.extend(alerted);
    let best = found.iter().map(|(level, _)| *level).min();
    let mut out: Vec<Cause> = Vec::new();
    for (_, list) in found.iter().filter(|(level, _)| Some(*level) == best) {
        for cause in *list {
            if !out.contains(cause) {
                out.push(*cause);
            }
        }
    }
    known.reorder(&mut out);
    out
}

/// What a request of this library fails with for that cause.
fn status_of(cause: Cause, all: &[Cause]) -> Status {
    match cause {
        Cause::RootNotInStore
        | Cause::OnlyOldRoot
        | Cause::PrivateBundle
        | Cause::MissingIntermediate
        | Cause::TlsInspection
        | Cause::SelfSigned
        | Cause::PinMismatch
        | Cause::CallbackRefused => Status::TlsUnknownIssuer,
        Cause::ClockWrong if all.contains(&Cause::ServerCertNotYetValid) => Status::TlsNotYetValid,
        Cause::ServerCertExpired | Cause::ClockWrong => Status::TlsExpired,
        Cause::ServerCertNotYetValid => Status::TlsNotYetValid,
        Cause::WrongServer | Cause::HostIpMismatch | Cause::UrlByIp | Cause::NoNameInCert => {
            Status::TlsNameMismatch
        }
        Cause::NoTrustRoots => Status::NoTrustRoots,
        Cause::CaAsServer
        | Cause::FakeRoot
        | Cause::BadChainSignature
        | Cause::WeakKey
        | Cause::BadServerChain
        | Cause::RevocationUnchecked
        | Cause::ServerCertRevoked => Status::TlsBadChain,
        Cause::ClientCertificateMissing | Cause::ClientCertificateRefused => {
            Status::TlsClientCertificate
        }
        Cause::OldTls
        | Cause::NoCommonTls
        | Cause::PlaintextOnTlsPort
        | Cause::HandshakeCut
        | Cause::TlsRefused => Status::TlsHandshake,
        Cause::HandshakeTimeout | Cause::AnswerTimeout => Status::Timeout,
        Cause::ConnectFailed if all.contains(&Cause::HandshakeTimeout) => Status::Timeout,
        Cause::ConnectFailed => Status::Connect,
        Cause::DnsFailed => Status::Dns,
        Cause::ConnectionCut => Status::Io,
        Cause::ProxyAuth => Status::ProxyAuth,
        Cause::ProxyRefused => Status::Proxy,
        Cause::BindWithProxy => Status::BindWithProxy,
        Cause::BundleUnreadable => Status::FileUnreadable,
        Cause::ClientCertificateUnreadable => Status::KeyFormat,
        Cause::ApiV3KeyNotSet
        | Cause::MerchantCertificateNotApplied
        | Cause::MerchantCertificateSerialWrong
        | Cause::MerchantCertificateExpired
        | Cause::MerchantCertificateInvalidated
        | Cause::MerchantCertificateReplaced
        | Cause::SignatureWrong
        | Cause::AuthorizationFormat
        | Cause::AuthorizationScheme
        | Cause::TimestampTooFar
        | Cause::BasicRules
        | Cause::WechatpaySerialRefused
        | Cause::SignMethodDiffers
        | Cause::SignUrlDiffers
        | Cause::SignTimestampDiffers
        | Cause::SignNonceDiffers
        | Cause::SignBodyDiffers
        | Cause::SignLastNewlineMissing
        | Cause::SignOrder
        | Cause::SignEncoding
        | Cause::SignWrongKey
        | Cause::SignKeyCertMismatch => Status::ApiError,
        Cause::SignatureHeadersLost => Status::SignatureHeadersMissing,
        Cause::SerialIsMerchants | Cause::SerialNotConfigured => Status::SerialUnknown,
        Cause::KeyIdMismatch | Cause::SignedByMerchant => Status::SignatureInvalid,
        Cause::MessageTime => Status::TimestampExpired,
        Cause::ApiV3KeyWrong => Status::DecryptFailed,
        Cause::MchMismatch => Status::MalformedNotify,
        _ => Status::Ok,
    }
}
