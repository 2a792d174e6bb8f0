//! What single paths of API v2 do otherwise than all others (protocol.md §2.2, §2.6). Paths are
//! compared as they stand, like the table of v3.

/// Answers that WeChat Pay does not sign.
const SIGNLESS: &[&str] = &[
    "/appauth/getaccesstoken",
    "/mchrisk/querymchrisk",
    "/mchrisk/setmchriskcallback",
    "/mchrisk/syncmchriskresult",
    "/mmpaymkttransfers/gethbinfo",
    "/mmpaymkttransfers/gettransferinfo",
    "/mmpaymkttransfers/pay_bank",
    "/mmpaymkttransfers/promotion/paywwsptrans2pocket",
    "/mmpaymkttransfers/promotion/querywwsptrans2pocket",
    "/mmpaymkttransfers/promotion/transfers",
    "/mmpaymkttransfers/query_bank",
    "/mmpaymkttransfers/sendgroupredpack",
    "/mmpaymkttransfers/sendminiprogramhb",
    "/mmpaymkttransfers/sendredpack",
    "/mmpaysptrans/pay_bank",
    "/mmpaysptrans/query_bank",
    "/papay/entrustweb",
    "/papay/h5entrustweb",
    "/papay/partner/entrustweb",
    "/papay/partner/h5entrustweb",
    "/pay/downloadbill",
    "/pay/downloadfundflow",
    "/payitil/report",
    RISK_KEY,
    "/risk/getviolation",
    "/secapi/mch/submchmanage",
    "/xdc/apiv2getsignkey/sign/getsignkey",
];

/// Requests that take no nonce_str.
const NONCELESS: &[&str] = &[
    "/cgi-bin/mch/customs/customdeclareorder",
    "/cgi-bin/mch/customs/customdeclarequery",
    "/cgi-bin/mch/newcustoms/customdeclareredeclare",
    "/papay/deletecontract",
    "/papay/h5entrustweb",
    "/papay/partner/h5entrustweb",
    "/papay/partner/preentrustweb",
    "/papay/partner/querycontract",
    "/papay/preentrustweb",
    "/papay/querycontract",
    "/pay/queryexchagerate",
    "/secapi/mch/addInstitutionsub",
    "/secapi/mch/addsubdevconfig",
    "/secapi/mch/channelsetting",
    "/secapi/mch/modifyInstitutionsub",
    "/secapi/mch/modifymchinfo",
    "/secapi/mch/queryInstitutionsub",
    "/secapi/mch/querysubdevconfig",
];

/// Pages and tokens: parameters go into the query.
const GET: &[&str] = &[
    "/appauth/getaccesstoken",
    "/papay/entrustweb",
    "/papay/h5entrustweb",
    "/papay/partner/entrustweb",
    "/papay/partner/h5entrustweb",
];

/// The answer is a file (CSV, perhaps in gzip); only an error is XML.
const FILES: &[&str] = &[
    "/billcommentsp/batchquerycomment",
    "/pay/downloadbill",
    "/pay/downloadfundflow",
];

/// The public key for the names and card numbers of /mmpaysptrans/pay_bank.
pub(super) const RISK_KEY: &str = "/risk/getpublickey";

/// Where RISK_KEY is, when the base URL is WeChat Pay's own.
pub(super) const RISK_HOST: &str = "https://fraud.mch.weixin.qq.com";

/// Where money goes out or comes in. By the documents, every answer has a result_code.
pub(super) fn moves_money(path: &str) -> bool {
    const PREFIXES: &[&str] = &["/mmpaymkttransfers/", "/mmpaysptrans/", "/secapi/pay/"];
    PREFIXES.iter().any(|prefix| path.starts_with(prefix))
        || matches!(path, "/pay/micropay" | "/pay/pappayapply")
}

pub(super) fn is_signless(path: &str) -> bool {
    SIGNLESS.contains(&path)
}

pub(super) fn is_nonceless(path: &str) -> bool {
    NONCELESS.contains(&path)
}

pub(super) fn is_get(path: &str) -> bool {
    GET.contains(&path)
}

pub(super) fn is_file(path: &str) -> bool {
    FILES.contains(&path)
}

pub(super) fn answers_in_json(path: &str) -> bool {
    path == "/appauth/getaccesstoken"
}

/// What the path calls the merchant number.
pub(super) fn mchid_name(path: &str) -> &'static str {
    match path {
        "/mmpaymkttransfers/promotion/transfers" => "mchid",
        "/pay/combinedorder" => "combine_mch_id",
        _ => "mch_id",
    }
}

/// All that a merchant number may be called; of a sub-merchant it is `sub_mch_id`.
pub(super) const MCHID_NAMES: &[&str] = &["mch_id", "mchid", "combine_mch_id"];

/// All that the account of a request and of its answer may be called.
pub(super) const APPID_NAMES: &[&str] = &["appid", "mch_appid", "wxappid", "combine_appid"];
