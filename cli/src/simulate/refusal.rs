//! The published table of signature errors (the signing FAQ, English and Chinese), and the state of the merchant's
//! certificate that some of its rows are about.

use super::answer::{Answer, number};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    NoApiV3Key,
    NoCertificate,
    Serial,
    Expired,
    Invalidated,
    Replaced,
    Signature,
    Format,
    Scheme,
    Timestamp,
}

impl Row {
    /// English, Chinese.
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::NoApiV3Key => (
                "The merchant has not set an APIv3 key.",
                "商户未设置APIv3密钥。",
            ),
            Self::NoCertificate => (
                "The merchant has not applied for a certificate.",
                "商户未申请过证书。",
            ),
            Self::Serial => (
                "The merchant certificate serial number is incorrect.",
                "商户证书序列号有误。",
            ),
            Self::Expired => ("The merchant certificate has expired.", "商户证书已过期。"),
            Self::Invalidated => (
                "The merchant certificate has been invalidated.",
                "商户证书已作废。",
            ),
            Self::Replaced => (
                "The certificate has been replaced. Please use the new certificate.",
                "已更换证书，请使用新证书",
            ),
            Self::Signature => (
                "Verification failed due to wrong signature",
                "错误的签名，验签失败",
            ),
            Self::Format => (
                "Http header Authorization value format error",
                "Http头Authorization值格式错误",
            ),
            Self::Scheme => (
                "Http header Authorization authentication type is incorrect.",
                "Http头Authorization认证类型不正确",
            ),
            Self::Timestamp => (
                "The timestamp in the Http header Authorization and the time for initiating the request must not exceed 5 minutes",
                "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟",
            ),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    /// English, unless `Accept-Language` begins with Chinese.
    pub fn of(accept_language: &str) -> Self {
        if accept_language.to_ascii_lowercase().starts_with("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }
}

/// Why a request is not let in: in the words of the table, and what the log says beside them.
#[derive(Debug)]
pub struct Refusal {
    pub row: Row,
    pub detail: Value,
    pub log: Vec<String>,
}

impl Refusal {
    pub fn new(row: Row, field: &str, value: &Value, issue: &str) -> Self {
        Self {
            row,
            detail: json!({"field": field, "value": value, "issue": issue, "location": "authorization"}),
            log: vec![format!("{field}: {issue}")],
        }
    }

    pub fn english(&self) -> &'static str {
        self.row.texts().0
    }

    pub fn answer(&self, language: Language) -> Answer {
        let (english, chinese) = self.row.texts();
        let text = match language {
            Language::English => english,
            Language::Chinese => chinese,
        };
        Answer::error(StatusCode::UNAUTHORIZED, "SIGN_ERROR", text)
            .number(number::SIGNATURE)
            .detail(self.detail.clone())
    }
}

/// What the merchant platform says of the merchant's certificate; every request hears it until it is set back.
#[derive(Default)]
pub struct Certificate(Mutex<Option<Row>>);

impl Certificate {
    pub fn set(&self, state: &str) -> Result<(), String> {
        let row = match state {
            "valid" => None,
            "expired" => Some(Row::Expired),
            "invalidated" => Some(Row::Invalidated),
            "replaced" => Some(Row::Replaced),
            "not_applied" => Some(Row::NoCertificate),
            "no_api_v3_key" => Some(Row::NoApiV3Key),
            _ => {
                return Err(format!(
                    "unknown state {state:?}; known are valid, expired, invalidated, replaced, not_applied, no_api_v3_key"
                ));
            }
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = row;
        Ok(())
    }

    pub fn refusal(&self) -> Option<Refusal> {
        let row = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        Some(Refusal::new(
            row,
            "serial_no",
            &Value::Null,
            "set by POST /_sim/merchant-certificate",
        ))
    }
}
