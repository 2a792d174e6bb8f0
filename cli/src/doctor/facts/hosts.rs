//! Lines of the hosts file that name a host of WeChat Pay: left behind after the test that its guideline describes.

use std::path::Path;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub path: String,
    pub line: usize,
    pub address: String,
    /// Those of the line's names that are WeChat Pay's.
    pub hosts: Vec<String>,
}

pub fn bindings(base_host: Option<&str>) -> Vec<Binding> {
    let path = if cfg!(windows) {
        "C:\\Windows\\System32\\drivers\\etc\\hosts"
    } else {
        "/etc/hosts"
    };
    let bytes = super::store::read(Path::new(path)).unwrap_or_default();
    parse(path, &String::from_utf8_lossy(&bytes), base_host)
}

fn parse(path: &str, text: &str, base_host: Option<&str>) -> Vec<Binding> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let mut words = line.split('#').next().unwrap_or("").split_whitespace();
            let address = words.next()?.to_owned();
            let hosts: Vec<String> = words
                .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
                .filter(|name| {
                    is_wechat_pay(name)
                        || Some(name.as_str()) == base_host.filter(|host| *host != "localhost")
                })
                .collect();
            (!hosts.is_empty()).then(|| Binding {
                path: path.to_owned(),
                line: index + 1,
                address,
                hosts,
            })
        })
        .collect()
}

pub fn is_wechat_pay(name: &str) -> bool {
    name.ends_with(".mch.weixin.qq.com")
        || name == "mch.weixin.qq.com"
        || name.contains("wechatpay")
        || name.contains("tenpay")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_are_in_force_and_name_wechat_pay_count() {
        let text = "127.0.0.1 localhost\n# 1.2.3.4 api.mch.weixin.qq.com\n43.142.224.50\tapihk.mch.weixin.qq.com API.mch.weixin.qq.com. other # test\n\
            1.2.3.4 mch.weixin.qq.com.evil.example\n::1 payapp.wechatpay.cn\n9.9.9.9 gateway.example\n10.0.0.1 x # api.mch.weixin.qq.com\n";
        let found = parse("/etc/hosts", text, Some("gateway.example"));
        let got: Vec<(usize, &str, String)> = found
            .iter()
            .map(|one| (one.line, one.address.as_str(), one.hosts.join(" ")))
            .collect();
        let want = [
            (
                3,
                "43.142.224.50",
                "apihk.mch.weixin.qq.com api.mch.weixin.qq.com",
            ),
            (5, "::1", "payapp.wechatpay.cn"),
            (6, "9.9.9.9", "gateway.example"),
        ];
        assert_eq!(
            got,
            want.map(|(line, address, hosts)| (line, address, hosts.to_owned()))
        );
    }
}
