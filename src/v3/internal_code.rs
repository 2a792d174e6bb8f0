//! WeChat Pay's own error number: the digits behind the last `-` of Request-ID. It is there also
//! when the answer's text says nothing (protocol.md §4.4).

/// Number, English, Chinese.
const NUMBERS: &[(u32, &str, &str)] = &[
    (268_512_771, "no such order", "订单不存在"),
    (268_447_840, "asked too often", "请求频率超限"),
    (268_435_461, "a parameter is not valid", "参数非法"),
    (268_449_538, "the order is paid already", "订单已支付"),
    (268_498_689, "the order is paid already", "订单已支付"),
    (
        270_924_358,
        "a parameter that is not allowed here",
        "非法的额外参数",
    ),
    (
        268_443_715,
        "the merchant's state does not allow it, or the merchant is closed",
        "商户号状态不可用或已注销",
    ),
    (
        268_447_843,
        "the merchant is not that of the order",
        "商户号和订单不匹配",
    ),
    (
        268_443_705,
        "the sub-merchant is the merchant itself",
        "子商户不能与自身相同",
    ),
    (268_447_914, "the order is no longer valid", "订单已失效"),
    (
        268_443_704,
        "sub_mch_id is missing",
        "受理机构必须传 sub_mch_id",
    ),
    (
        268_449_641,
        "the order cannot be closed, only reversed",
        "不允许普通关单，只能撤销",
    ),
    (
        268_447_845,
        "the sub-merchant is not that of the order",
        "子商户号与订单不匹配",
    ),
    (268_443_699, "the signature is wrong", "签名错误"),
    (268_501_013, "JSAPI needs openid", "JSAPI 必须传 openid"),
    (
        268_443_701,
        "the service provider does not act for this merchant",
        "受理关系不存在",
    ),
    (
        268_498_688,
        "the same number again with other parameters",
        "重入参数不一致",
    ),
    (
        268_445_527,
        "appid and mch_id do not belong together",
        "appid 与 mch_id 不匹配",
    ),
    (
        268_435_464,
        "a parameter is out of its range",
        "参数超取值范围",
    ),
    (
        268_448_010,
        "the merchant's collection is limited",
        "收款功能被限制",
    ),
];

/// The number, if Request-ID ends with one.
pub fn number(request_id: &str) -> Option<u32> {
    let (_, digits) = request_id.rsplit_once('-')?;
    let form = (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    form.then(|| digits.parse().ok()).flatten()
}

/// English and Chinese, for the numbers that are known.
pub fn meaning(number: u32) -> Option<(&'static str, &'static str)> {
    NUMBERS
        .iter()
        .find(|(known, ..)| *known == number)
        .map(|(_, english, chinese)| (*english, *chinese))
}
