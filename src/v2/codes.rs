//! The one list of err_code values that prove that the request did nothing (safety.md S2), and
//! what a person does about the commonest. Everything that is not in the list is open: a code that
//! the request may have acted, or that an earlier one with the same number did, is left out on
//! purpose (SYSTEMERROR, BANKERROR, USERPAYING, ORDERPAID, ORDERCLOSED, OUT_TRADE_NO_USED,
//! INVALID_REQUEST for a number used with other values, TRADE_ERROR, PROCESSING, SEND_FAILED,
//! FATAL_ERROR, FAIL, ERROR). So are CA_ERROR, after which the document of payments to employees
//! wants a query before a repetition, and AUTH_CODE_ERROR, which a payment code also gives that an
//! earlier request has used.

/// Refused before anything was done, by the documents of every path that has the code. Sorted.
const NOTHING_HAPPENED: &[&str] = &[
    "AMOUNT_LIMIT",
    "APPID_MCHID_NOT_MATCH",
    "APPID_NOT_EXIST",
    "AUTHCODEEXPIRE",
    "AUTH_CODE_INVALID",
    "FREQUENCY_LIMITED",
    "FREQ_LIMIT",
    "INVALID_REQ_TOO_MUCH",
    "INVALID_TRANSACTIONID",
    "LACK_PARAMS",
    "MCHID_NOT_EXIST",
    "MONEY_LIMIT",
    "NAME_MISMATCH",
    "NOAUTH",
    "NOTENOUGH",
    "NOTSUPORTCARD",
    "NOT_UTF8",
    "NO_AUTH",
    "OPENID_ERROR",
    "ORDERNOTEXIST",
    "PARAM_ERROR",
    "POST_DATA_EMPTY",
    "REFUNDNOTEXIST",
    "REQUIRE_POST_METHOD",
    "SENDNUM_LIMIT",
    "SIGNERROR",
    "SIGN_ERROR",
    "V2_ACCOUNT_SIMPLE_BAN",
    "XML_ERROR",
    "XML_FORMAT_ERROR",
];

/// Exactly as WeChat Pay writes it: a code in another case is one that nobody knows.
pub(super) fn nothing_happened(err_code: &str) -> bool {
    NOTHING_HAPPENED.binary_search(&err_code).is_ok()
}

pub(super) fn hint(err_code: &str) -> &'static str {
    match err_code {
        "SIGNERROR" | "SIGN_ERROR" => {
            "Check api_v2_key (not the APIv3 key) and sign_type: red packets and transfers take MD5 only."
        }
        "APPID_MCHID_NOT_MATCH" | "APPID_NOT_EXIST" => {
            "The appid must be bound to this merchant on the merchant platform."
        }
        "NOAUTH" | "NO_AUTH" => {
            "Apply for this product on the merchant platform, and check its settings there."
        }
        "NOTENOUGH" => "Top up the account, then send the same request with the same numbers.",
        "CA_ERROR" => {
            "Query the payment first. Then set client_p12_file, or client_certificate and client_key, of this merchant, and send the same request with the same numbers."
        }
        "AUTH_CODE_ERROR" => {
            "Query the order: an earlier request may have used this payment code, and each pays once. If nothing was paid, let the buyer show a new code."
        }
        "AUTHCODEEXPIRE" | "AUTH_CODE_INVALID" => {
            "Let the buyer show a new payment code. If an earlier request for this order is undecided, query the order first."
        }
        "NOT_FOUND" => {
            "Check the number and mchid, and query again after a minute. If it stays unknown, send the same request with the same numbers; never with a new number."
        }
        "FREQUENCY_LIMITED" | "FREQ_LIMIT" | "INVALID_REQ_TOO_MUCH" => {
            "Wait, then send the same request with the same numbers."
        }
        "ORDERNOTEXIST" | "REFUNDNOTEXIST" => {
            "Check the number and mchid. A payment under way may appear later: query again before you give it up."
        }
        "USERPAYING" => {
            "The buyer is paying: query the order every few seconds, and reverse it when he gives up."
        }
        code if nothing_happened(code) => {
            "Correct the request as the message says, and keep its numbers: a payout goes on under the same number only."
        }
        _ => {
            "Query the order by its number before anything is sent again; never with a new number."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_holds_no_code_that_leaves_it_open() {
        assert!(NOTHING_HAPPENED.is_sorted(), "binary_search needs it");
        for open in [
            "SYSTEMERROR",
            "BANKERROR",
            "USERPAYING",
            "ORDERPAID",
            "ORDERCLOSED",
            "CA_ERROR",
            "AUTH_CODE_ERROR",
            "NOT_FOUND",
            "INVALID_REQUEST",
            "OUT_TRADE_NO_USED",
            "PROCESSING",
            "TRADE_ERROR",
            "SEND_FAILED",
            "FATAL_ERROR",
            "FAIL",
            "ERROR",
            "",
            "noauth",
            "NOAUTH ",
            "ACCEPT",
        ] {
            assert!(!nothing_happened(open), "{open}");
            assert!(hint(open).contains("uery"), "{open}");
        }
    }
}
