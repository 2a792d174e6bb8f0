//! Notifications of API v2: a payment's is signed, a refund's is encrypted and has no sign (protocol.md §2.4).

use super::{Fields, SignType, fields, orders, sign, xml};
use crate::simulate::book::Order;
use crate::simulate::identity::Identity;
use crate::simulate::notify::Kind;
use crate::simulate::refunds::Refund;
use crate::simulate::signer::Spoil;
use crate::simulate::{Sim, clock, random};
use aes::Aes256;
use aes::cipher::{BlockEncrypt as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};

pub enum Told {
    Payment {
        fields: Fields,
        sign_type: SignType,
    },
    /// What `req_info` holds
    Refund(Fields),
}

impl Told {
    pub fn payment(sim: &Sim, out_trade_no: &str, order: &Order, sign_type: SignType) -> Self {
        let mut fields = orders::payment(out_trade_no, order);
        fields.extend(self::fields([
            ("return_code", "SUCCESS"),
            ("result_code", "SUCCESS"),
            ("appid", &sim.identity.appid),
            ("mch_id", &sim.identity.mchid),
        ]));
        if sign_type == SignType::HmacSha256 {
            fields.insert("sign_type".to_owned(), sign_type.name().to_owned());
        }
        Self::Payment { fields, sign_type }
    }

    pub fn refund(refund: &Refund) -> Self {
        let text = |name: &str| refund.answer[name].as_str().unwrap_or("");
        let (total, fen) = (
            refund.answer["amount"]["total"].to_string(),
            refund.fen.to_string(),
        );
        Self::Refund(fields([
            ("transaction_id", text("transaction_id")),
            ("out_trade_no", text("out_trade_no")),
            ("refund_id", text("refund_id")),
            ("out_refund_no", text("out_refund_no")),
            ("total_fee", &total),
            ("settlement_total_fee", &total),
            ("refund_fee", &fen),
            ("settlement_refund_fee", &fen),
            ("refund_status", "SUCCESS"),
            ("success_time", &clock::plain(refund.time)),
            ("refund_recv_accout", "支付用户零钱"),
            ("refund_account", "REFUND_SOURCE_RECHARGE_FUNDS"),
            ("refund_request_source", "API"),
        ]))
    }

    /// The body of one delivery, each with a nonce of its own. Of the kinds of a spoilt notification those that have a
    /// meaning here do: a sign that is wrong, missing or made with another key.
    pub fn body(&self, identity: &Identity, kind: Option<Kind>) -> Result<Vec<u8>, String> {
        let other_key = random::alphanumeric(32);
        let key = match kind {
            Some(Kind::WrongApiKey) => &other_key,
            _ => &identity.api_v2_key,
        };
        let nonce = random::alphanumeric(32);
        let (mut told, sign_type) = match self {
            Self::Payment { fields, sign_type } => (fields.clone(), *sign_type),
            Self::Refund(root) => {
                let req_info = req_info(key, &xml::write("root", root))?;
                let outer = fields([
                    ("return_code", "SUCCESS"),
                    ("appid", &identity.appid),
                    ("mch_id", &identity.mchid),
                    ("nonce_str", &nonce),
                    ("req_info", &req_info),
                ]);
                return Ok(xml::write("xml", &outer));
            }
        };
        told.insert("nonce_str".to_owned(), nonce);
        let mut sign = sign::sign(&told, sign_type, key);
        if kind == Some(Kind::Spoilt(Spoil::Signature)) {
            let other = if sign.starts_with('0') { "1" } else { "0" };
            sign.replace_range(..1, other);
        }
        if kind != Some(Kind::Spoilt(Spoil::Headers)) {
            told.insert("sign".to_owned(), sign);
        }
        Ok(xml::write("xml", &told))
    }
}

/// AES-256-ECB with PKCS#7 under the lower-case hexadecimal MD5 of the APIv2 key, in base64.
fn req_info(api_v2_key: &str, plaintext: &[u8]) -> Result<String, String> {
    let key: String = Md5::digest(api_v2_key.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let cipher = Aes256::new_from_slice(key.as_bytes()).map_err(|error| error.to_string())?;
    let padding = 16 - plaintext.len() % 16;
    let mut bytes = plaintext.to_vec();
    bytes.resize(
        plaintext.len() + padding,
        u8::try_from(padding).unwrap_or(16),
    );
    for block in bytes.chunks_exact_mut(16) {
        cipher.encrypt_block(block.into());
    }
    Ok(STANDARD.encode(bytes))
}

/// Whether a merchant's reply says SUCCESS.
pub fn is_accepted(reply: &[u8]) -> bool {
    xml::read(reply)
        .is_ok_and(|fields| fields.get("return_code").map(String::as_str) == Some("SUCCESS"))
}
