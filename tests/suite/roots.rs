//! The guideline's case through a client: the server changes its root, the store is updated in
//! place, and the running process goes on.

use serde_json::Value;
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Outcome, Status};

use crate::c_program::Program;
use crate::simulator::{Simulator, fresh_dir, in_child};

#[test]
fn a_root_added_to_the_store_in_place_cures_a_running_client() {
    let dir = fresh_dir("roots");
    let store = dir.join("store.pem");
    let name = "roots::a_root_added_to_the_store_in_place_cures_a_running_client";
    if !in_child(name, &[("SSL_CERT_FILE", store.as_os_str())]) {
        return;
    }
    let store = std::path::PathBuf::from(std::env::var_os("SSL_CERT_FILE").unwrap());
    let old = Simulator::start();
    let (dir, url) = (old.dir.clone(), old.url.clone());
    std::fs::copy(old.file("ca.pem"), &store).unwrap();
    let mut config = Config::default();
    config.load_json(&old.merchant().to_string()).unwrap();
    let client = Client::new(&config).unwrap();
    let query = |client: &Client| {
        client
            .call("GET", "/v3/pay/transactions/id/none?mchid=SIM", b"")
            .unwrap_err()
    };
    // An error of the API is an answer over TLS: the chain was trusted.
    assert_eq!(query(&client).status(), Status::ApiError);

    // Same keys, same address, a new root, and the store does not have it yet.
    drop(old);
    let new = Simulator::start_on(url.strip_prefix("https://").unwrap(), &dir, &[]);
    let error = query(&client);
    assert_eq!(
        (error.status(), error.fields().outcome),
        (Status::TlsUnknownIssuer, Outcome::NotSent),
        "{error}"
    );
    assert!(error.fields().retryable);

    let both = std::fs::read_to_string(&store).unwrap()
        + &std::fs::read_to_string(new.file("ca.pem")).unwrap();
    let next = store.with_extension("new");
    std::fs::write(&next, both).unwrap();
    std::fs::rename(&next, &store).unwrap();
    assert_eq!(
        query(&client).status(),
        Status::ApiError,
        "the store was updated in place"
    );

    let info: Value = serde_json::from_str(&client.info()).unwrap();
    assert_eq!(info["store"]["reloads"], 1, "{info}");
    assert_eq!(info["store"]["roots"], 2, "{info}");
    assert_eq!(info["requests"], 3, "{info}");
    assert!(
        info["retries"].as_u64() >= Some(1) && info["connections"].as_u64() >= Some(3),
        "{info}"
    );
}

/// S6: in a set-user-id program the environment is the caller's, not the program's. The same
/// program without the bit trusts the store it names (`journey`).
#[test]
fn a_set_user_id_process_ignores_the_store_that_its_environment_names() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let simulator = Simulator::start();
    let program = Program::compile("journey.c", &["gcc", "-std=c99"]);
    let path = std::env::temp_dir().join(format!("wxpay-setuid-{}", std::process::id()));
    std::fs::copy(&program.path, &path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o4755)).unwrap();
    if path.metadata().unwrap().uid() != 0 {
        std::fs::remove_file(&path).unwrap();
        // To return here would count as a test that passed.
        panic!(
            "only root can make a set-user-id program of another user: run as root, or leave it out with --skip set_user_id"
        );
    }
    let mut command = std::process::Command::new(&path);
    command
        .arg(&simulator.dir)
        .uid(NOBODY)
        .env_remove("SSL_CERT_DIR");
    let output = command
        .env("SSL_CERT_FILE", simulator.file("ca.pem"))
        .output();
    std::fs::remove_file(&path).unwrap();
    let output = output.unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains("TLS_UNKNOWN_ISSUER (310)"),
        "{} {text}",
        output.status
    );
}
