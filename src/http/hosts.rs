//! The closed table of WeChat Pay's hosts (protocol.md §4.1; safety.md S4): exact names only.

const HOSTS: &[&str] = &[
    "api.mch.weixin.qq.com",
    "api2.mch.weixin.qq.com",
    "api.wechatpay.cn",
    "api2.wechatpay.cn",
    "apihk.mch.weixin.qq.com",
    "apius.mch.weixin.qq.com",
    "fraud.mch.weixin.qq.com",
    "payapp.weixin.qq.com",
];

/// `host` in lower case.
pub fn is_wechat_pay_host(host: &str) -> bool {
    HOSTS.contains(&host)
}
