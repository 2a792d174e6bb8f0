//! What opens the page of PayScore: parameters of v2's kind, signed with the APIv2 key
//! (protocol.md §1.13).

use super::fields::Fields;
use super::{first_key, mchid, sign};
use crate::error::Result;
use crate::http::V2SignType;
use crate::nonce::nonce;
use crate::time::Now;
use crate::v3::merchant::Merchant;
use crate::v3::pay_params::check_part;

/// The complete JSON object. `package` as PayScore's answer gave it (S9).
pub fn pay_score(merchant: &Merchant, package: &str, now: Now) -> Result<String> {
    let key = first_key(merchant)?;
    let mchid = mchid(merchant)?;
    check_part("package", package)?;
    // By the documents, whatever api_v2_sign_type says.
    let sign_type = V2SignType::HmacSha256;
    let mut fields = Fields::default();
    for (name, value) in [
        ("mch_id", mchid),
        ("package", package),
        ("timestamp", &now.seconds.to_string()),
        ("nonce_str", &nonce()?),
        ("sign_type", sign_type.name()),
    ] {
        fields.push(name, value);
    }
    let sign = sign::sign(sign_type, key, &fields)?;
    fields.push("sign", &sign);
    Ok(fields.to_json().to_string())
}
