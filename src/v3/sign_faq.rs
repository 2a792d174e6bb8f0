//! WeChat Pay's texts about signatures, in both its languages, to their causes. Owns the table of
//! its signing FAQ; what to do stands with the causes (error/diagnosis.rs).
//!
//! The English texts are those of the FAQ's English page. The Chinese ones are those of its
//! Chinese page and of answers that merchants have shown in public; `Accept或User-Agent` alone is
//! our translation: nobody has shown that answer in Chinese.

use crate::error::Cause;

pub struct Row {
    pub cause: Cause,
    /// Parts of the text; case and white space do not count.
    pub texts: &'static [&'static str],
}

const fn row(cause: Cause, texts: &'static [&'static str]) -> Row {
    Row { cause, texts }
}

/// One row of the FAQ each, the more exact text first.
pub const ROWS: &[Row] = &[
    row(
        Cause::ApiV3KeyNotSet,
        &["has not set an APIv3 key", "商户未设置APIv3密钥"],
    ),
    row(
        Cause::MerchantCertificateNotApplied,
        &[
            "has not applied for a certificate",
            "商户未申请过证书",
            "商户未申请证书",
        ],
    ),
    row(
        Cause::MerchantCertificateSerialWrong,
        &[
            "merchant certificate serial number is incorrect",
            "商户证书序列号有误",
        ],
    ),
    row(
        Cause::MerchantCertificateExpired,
        &["merchant certificate has expired", "商户证书已过期"],
    ),
    row(
        Cause::MerchantCertificateInvalidated,
        &[
            "merchant certificate has been invalidated",
            "商户证书已作废",
        ],
    ),
    row(
        Cause::MerchantCertificateReplaced,
        &[
            "certificate has been replaced",
            "已更换证书，请使用新证书",
            "已更换证书,请使用新证书",
        ],
    ),
    row(
        Cause::TimestampTooFar,
        &[
            "timestamp in the Http header Authorization",
            "Http头Authorization中的timestamp",
        ],
    ),
    row(
        Cause::AuthorizationScheme,
        &[
            "Authorization authentication type is incorrect",
            "Authorization认证类型不正确",
        ],
    ),
    row(
        Cause::AuthorizationFormat,
        &[
            "Authorization value format error",
            "Authorization值格式错误",
            "Authorization不合法",
            // What some paths answer without any Authorization.
            "签名信息错误，验签失败",
        ],
    ),
    row(
        Cause::WechatpaySerialRefused,
        &[
            "HTTP header缺少微信支付平台证书序列号",
            "平台证书序列号Wechatpay-Serial错误",
        ],
    ),
    row(
        Cause::BasicRules,
        &[
            "wrongly set basic rules",
            "Both Accept and User-Agent need to be set",
            "Accept或User-Agent",
        ],
    ),
    row(
        Cause::SignatureWrong,
        &[
            "failed due to wrong signature",
            "错误的签名，验签失败",
            "错误的签名，导致验签失败",
            "错误的签名, 导致验签失败",
            "签名错误，请检查后再试",
        ],
    ),
];

/// The row that an error's message belongs to.
pub fn cause_of(code: &str, message: &str) -> Option<Cause> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|one| !one.is_whitespace())
            .map(|one| one.to_ascii_lowercase())
            .collect()
    };
    let message = plain(message);
    ROWS.iter()
        .find(|row| row.texts.iter().any(|text| message.contains(&plain(text))))
        .map(|row| row.cause)
        // "签名错误" and nothing more is a text of its own, too short to be looked for elsewhere.
        .or_else(|| {
            (code == "SIGN_ERROR" && message.contains("签名错误")).then_some(Cause::SignatureWrong)
        })
}
