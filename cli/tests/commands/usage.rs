//! Options and limits of the commands. 3 says that nothing was done.

use crate::place::{Place, wxpay};

#[test]
fn wrong_usage_of_the_commands_exits_with_3() {
    for wrong in [
        &["request"][..],
        &["request", "GET", "/v3/x"],
        &[
            "request",
            "GET",
            "/v3/x",
            "--config",
            "/nowhere/merchant.json",
        ],
        &[
            "request", "GET", "/v3/x", "--config", "a", "--env", "WXPAY_",
        ],
        &["request", "GET", "/v3/x", "--timeout-ms", "soon"],
        &["sign", "GET"],
        &["sign", "GET", "/v3/x"],
        &["verify"],
        &["verify", "a", "--headers", "b", "--body", "c"],
        &["verify", "--headers", "b"],
        &["verify", "-"],
        &["decrypt"],
        &["decrypt", "a", "--field", "--unverified"],
        &["certs"],
        &["certs", "show"],
        &["certs", "download"],
        &["certs", "show", "--env", "HTTP_"],
    ] {
        let run = wxpay(wrong, &[], b"");
        assert_eq!(
            (run.status, run.text().as_str()),
            (3, ""),
            "{wrong:?} {}",
            run.err
        );
        assert!(!run.err.is_empty(), "{wrong:?}");
    }
}

/// S33: what an option would hold, everybody on the machine can read in the list of processes.
#[test]
fn no_option_takes_a_secret_and_every_command_explains_itself() {
    for command in [
        &["request"][..],
        &["sign"],
        &["verify"],
        &["decrypt"],
        &["certs", "download"],
        &["certs", "show"],
    ] {
        let mut all = command.to_vec();
        all.push("--help");
        let run = wxpay(&all, &[], b"");
        assert_eq!(run.status, 0, "{command:?}");
        let help = run.text().to_lowercase();
        assert!(
            help.contains("exit status: 0"),
            "{command:?} says what its exit status means"
        );
        for option in help
            .split_whitespace()
            .filter(|word| word.starts_with("--"))
        {
            for secret in ["key", "pass", "secret", "token"] {
                assert!(!option.contains(secret), "{command:?} {option}");
            }
        }
    }
}

#[test]
fn what_is_read_has_a_limit() {
    let place = Place::new(&[]);
    let long = vec![b'x'; (10 << 20) + 1];
    for command in [
        &["sign", "POST", "/v3/x", "--body", "-"][..],
        &["request", "POST", "/v3/x", "--body", "-"],
        &["verify", "-"],
        &["decrypt", "-"],
    ] {
        let run = place.wxpay(command, &long);
        assert_eq!((run.status, run.text().as_str()), (3, ""), "{command:?}");
        assert!(
            run.err.contains("more than 10 MiB"),
            "{command:?} {}",
            run.err
        );
    }
    let run = place.wxpay(&["verify", "/dev/zero"], b"");
    assert_eq!(run.status, 3);
    assert!(run.err.contains("more than 10 MiB"), "{}", run.err);
}

#[test]
fn the_configuration_may_come_from_variables() {
    let place = Place::new(&[]);
    let variables: Vec<(String, String)> = place
        .sim
        .merchant
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| !name.starts_with('_'))
        .map(|(name, value)| {
            let value = value.as_str().unwrap().to_owned();
            (format!("SHOP_WXPAY_{}", name.to_uppercase()), value)
        })
        .chain([(
            "SHOP_WXPAY_EXTRA_CA_FILE".to_owned(),
            place.sim.path("ca.pem"),
        )])
        .collect();
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let command = ["request", "GET", "/v3/certificates", "--env", "SHOP_WXPAY_"];
    let run = wxpay(&command, &variables, b"");
    place.holds_no_secret(&run, &command);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.json()["data"].is_array());
}
