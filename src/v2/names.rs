//! The string that v2 signs does not say where a value ends: `a=1&b=2` is one field or two. So a
//! value in which another field could begin is refused, sent or received (safety.md S8).

use super::fields::{Fields, is_name_byte};
use crate::error::{Error, Result, Status};

/// Names that API v2 gives to fields of requests, answers and notifications, without an index
/// (`coupon_id` stands for `coupon_id_0` and `coupon_id_0_1`). Sorted. Not here: `package` and
/// `redirect_url`, which are parameters in URLs that WeChat Pay itself sends (`mweb_url`), and plain
/// words that decide nothing and that merchants have in an `attach` of their own (`name`, `desc`,
/// `status`); those count only where the message has the field.
const NAMES: &[&str] = &[
    "account_type",
    "act_name",
    "amount",
    "amt_type",
    "appid",
    "attach",
    "auth_code",
    "authinfo",
    "bank_code",
    "bank_note",
    "bank_type",
    "bill_date",
    "bill_type",
    "body",
    "cash_fee",
    "cash_fee_type",
    "cash_refund_fee",
    "cash_refund_fee_type",
    "cert_id",
    "cert_type",
    "change_type",
    "check_name",
    "client_ip",
    "code_url",
    "combine_appid",
    "combine_mch_id",
    "consume_mch_id",
    "contract_appid",
    "contract_code",
    "contract_display_account",
    "contract_expired_time",
    "contract_id",
    "contract_mchid",
    "contract_notify_url",
    "contract_result_code",
    "contract_signed_time",
    "contract_state",
    "contract_terminated_time",
    "contract_termination_mode",
    "contract_termination_remark",
    "coupon_batch_id",
    "coupon_count",
    "coupon_fee",
    "coupon_id",
    "coupon_refund_count",
    "coupon_refund_fee",
    "coupon_refund_id",
    "coupon_stock_id",
    "coupon_type",
    "coupon_value",
    "detail",
    "detail_id",
    "device_id",
    "device_info",
    "device_ip",
    "enc_bank_no",
    "enc_true_name",
    "end_time",
    "err_code",
    "err_code_des",
    "error_code",
    "error_message",
    "fail_reason",
    "fee_type",
    "final_amount",
    "goods_detail",
    "goods_tag",
    "hb_type",
    "id_card",
    "interface_url",
    "is_subscribe",
    "key",
    "limit_pay",
    "long_url",
    "mch_appid",
    "mch_billno",
    "mch_customs_no",
    "mch_id",
    "mchid",
    "min_amount",
    "mweb_url",
    "nonce_str",
    "notify_url",
    "op_user_id",
    "open_id",
    "openid",
    "openid_count",
    "operate_time",
    "operate_type",
    "order_fee",
    "order_id",
    "out_order_no",
    "out_refund_no",
    "out_request_no",
    "out_trade_no",
    "out_trade_no_contract",
    "partner_id",
    "partner_trade_no",
    "partnerid",
    "pay_time",
    "payment_no",
    "payment_time",
    "plan_id",
    "pre_entrustweb_id",
    "prepay_id",
    "product_fee",
    "product_id",
    "profit_sharing",
    "promotion_detail",
    "promotion_id",
    "promotion_type",
    "pub_key",
    "re_openid",
    "re_user_name",
    "recall",
    "refund_account",
    "refund_account_type",
    "refund_amount",
    "refund_channel",
    "refund_count",
    "refund_desc",
    "refund_fee",
    "refund_fee_type",
    "refund_id",
    "refund_recv_accout",
    "refund_request_source",
    "refund_status",
    "refund_success_time",
    "req_info",
    "request_serial",
    "result_code",
    "return_account",
    "return_account_type",
    "return_amount",
    "return_code",
    "return_msg",
    "return_no",
    "return_url",
    "risk_info",
    "scene_id",
    "scene_info",
    "send_listid",
    "send_name",
    "send_time",
    "send_type",
    "serial_number",
    "settlement_refund_fee",
    "settlement_total_fee",
    "short_url",
    "sign",
    "sign_type",
    "spbill_create_ip",
    "start_time",
    "sub_appid",
    "sub_is_subscribe",
    "sub_mch_id",
    "sub_openid",
    "sub_order_fee",
    "sub_order_id",
    "sub_order_no",
    "success_time",
    "tar_type",
    "time_end",
    "time_expire",
    "time_stamp",
    "time_start",
    "timestamp",
    "total_amount",
    "total_fee",
    "total_num",
    "total_refund_count",
    "trade_scene",
    "trade_state",
    "trade_state_desc",
    "trade_type",
    "transaction_id",
    "transfer_time",
    "transport_fee",
    "unsplit_amount",
    "user_time",
    "want_amount",
    "wishing",
    "wxappid",
];

/// In a request to be sent or parameters to be signed.
pub(super) fn refuse_ambiguous(fields: &Fields) -> Result<()> {
    match hidden(fields) {
        None => Ok(()),
        Some((field, name)) => Err(Error::new(
            Status::InvalidArgument,
            format!(
                "The value of {field} contains \"&{name}=\", which a signature of API v2 cannot tell from the field {name}."
            ),
        )
        .hint("Keep & out of this value; encode what a buyer wrote, for instance in base64.")),
    }
}

/// In a message that came.
pub(super) fn is_ambiguous(fields: &Fields) -> Option<Error> {
    hidden(fields).map(|(field, name)| {
        Error::new(
            Status::SignatureInvalid,
            format!(
                "The value of {field} contains \"&{name}=\": its signature would also be that of other fields."
            ),
        )
        .hint("ambiguous v2 message: query the order, and act on that answer alone. If that answer has the same value and is refused too, look the order up on the merchant platform.")
    })
}

/// A field, and the name of another that could begin in its value: one of the message itself, or
/// one of API v2.
fn hidden(fields: &Fields) -> Option<(&str, &str)> {
    let present: std::collections::HashSet<&str> = fields.iter().map(|(name, _)| name).collect();
    for (field, value) in fields.iter() {
        for (at, _) in value.match_indices('&') {
            let rest = value.get(at + 1..).unwrap_or("");
            let len = rest
                .bytes()
                .position(|byte| !is_name_byte(byte))
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(len);
            if after.starts_with('=') && (present.contains(name) || is_documented(name)) {
                return Some((field, name));
            }
        }
    }
    None
}

/// In any case: many who read the JSON do not tell `Total_fee` from `total_fee`.
/// `coupon_fee`, `coupon_fee_0` and `coupon_refund_fee_0_1` are; an index is a number, or `$n` as
/// the documents write it.
fn is_documented(name: &str) -> bool {
    if name.len() > 64 {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    let mut name = lower.as_str();
    loop {
        if NAMES.binary_search(&name).is_ok() {
            return true;
        }
        let is_index = |index: &str| {
            index == "$n"
                || index == "$m"
                || (!index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()))
        };
        match name.rsplit_once('_') {
            Some((before, index)) if is_index(index) => name = before,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_names_is_sorted_and_indices_are_understood() {
        assert!(NAMES.is_sorted(), "binary_search needs it");
        for name in [
            "total_fee",
            "coupon_fee_0",
            "coupon_refund_fee_0_12",
            "coupon_id_$n",
            "Total_Fee",
        ] {
            assert!(is_documented(name), "{name}");
        }
        for name in ["b", "total_fee_", "total_feex", "_0", "package", ""] {
            assert!(!is_documented(name), "{name}");
        }
    }
}
