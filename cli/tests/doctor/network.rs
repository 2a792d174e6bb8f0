//! The way from the machine to WeChat Pay: hosts file, proxies, DNS.

use serde_json::json;

use crate::machine::Machine;

#[test]
fn a_binding_left_in_the_hosts_file_is_a_warning_and_an_error_once_it_fails_namespace() {
    let machine = Machine::healthy();
    // Port 443 of this address is closed or answers with another certificate: either way the probe fails.
    machine.write(
        "etc/hosts",
        "127.0.0.1 localhost\n# the new certificate\n127.0.0.1 api.mch.weixin.qq.com\n",
    );
    let run = machine.wxpay(&["doctor", "--offline", "--json"]);
    assert_eq!((run.status, run.ids()[0].as_str()), (1, "HOSTS_BINDING"));
    assert_eq!(
        run.json()["hosts"],
        json!([{"path": "/etc/hosts", "line": 3, "address": "127.0.0.1", "hosts": ["api.mch.weixin.qq.com"]}])
    );
    let finding = run.finding("HOSTS_BINDING");
    assert!(
        finding["cure"]
            .as_str()
            .unwrap()
            .contains("line 3 of /etc/hosts"),
        "{finding}"
    );

    let run = machine.wxpay(&["doctor", "--json"]);
    assert_eq!(run.finding("HOSTS_BINDING")["severity"], "error");
    assert_eq!(run.status, 2);
    assert_eq!(
        run.json()["probe"]["host"],
        "api.mch.weixin.qq.com",
        "without a configuration it is the public host"
    );
}

#[test]
fn a_machine_without_a_name_server_is_told_so_namespace() {
    let machine = Machine::healthy();
    machine.write("etc/resolv.conf", "# nothing\noptions ndots:5\n");
    let run = machine.wxpay(&["doctor", "--json"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.finding("NO_RESOLVER")["severity"],
        "error",
        "the name could not be resolved either"
    );
    assert!(
        run.ids().contains(&"DNS_FAILED".to_owned()),
        "{:?}",
        run.ids()
    );
    assert!(run.took.as_secs() < 20, "{:?}", run.took);
}

#[test]
fn proxies_of_the_environment_are_shown_without_passwords_namespace() {
    let machine = Machine::healthy()
        .set("https_proxy", "http://shop:hunter2@127.0.0.1:1")
        .set("ALL_PROXY", "socks5://shop:hunter2@127.0.0.1:2")
        .set("HTTP_PROXY", "http://shop:hunter2@127.0.0.1:3")
        .set("no_proxy", "localhost,.example");
    for arguments in [&["doctor", "--json"][..], &["doctor"]] {
        let run = machine.wxpay(arguments);
        assert!(!run.out.contains("hunter2"), "{}", run.out);
        assert!(run.out.contains("http://127.0.0.1:1"), "{}", run.out);
    }
    let run = machine.wxpay(&["doctor", "--json"]);
    // There was no connection, and the rest of this machine goes through a proxy.
    let finding = run.finding("PROXY_NOT_USED");
    assert_eq!(finding["severity"], "warning");
    assert!(
        finding["cure"].as_str().unwrap().contains("proxy_from_env"),
        "{finding}"
    );
    let proxies = &run.json()["proxies"];
    assert_eq!(proxies["ignored"][0]["name"], "HTTP_PROXY");
    assert_eq!(proxies["no_proxy"]["value"], "localhost,.example");
    let offline = machine.wxpay(&["doctor", "--json", "--offline"]);
    assert_eq!(
        (
            offline.status,
            offline.finding("PROXY_NOT_USED")["severity"].clone()
        ),
        (0, json!("info"))
    );
}

#[test]
fn http_proxy_alone_is_said_to_be_ignored_namespace() {
    let machine = Machine::healthy().set("HTTP_PROXY", "http://127.0.0.1:3");
    let run = machine.wxpay(&["doctor", "--json", "--offline"]);
    assert_eq!(
        (
            run.status,
            run.finding("HTTP_PROXY_IGNORED")["severity"].clone()
        ),
        (0, json!("info"))
    );
}
