//! A namespace of mounts and network, with a loopback of its own, in which /etc and the local CAs
//! of the machine are copies: a test may change the system's store, the hosts file and the
//! resolver. The machine itself is not touched.

use std::process::Command;

use super::row::HOST;
use super::stage::{alone, in_child};
use crate::simulator::fresh_dir;

/// The addresses of `HOST` in there.
pub const ADDRESSES: [&str; 2] = ["127.0.0.11", "127.0.0.12"];

/// The only resolver in there.
pub const RESOLVER: &str = "127.0.0.13";

const ENTER: &str = "ip link set lo up && mount --make-rprivate / && mount --bind \"$0/etc\" /etc && mount --bind \"$0/local\" /usr/local/share/ca-certificates && exec \"$@\"";

/// Arguments of `unshare` up to the program: a copy of /etc with a hosts file of our own, no root
/// in the store, no CA of the machine.
pub fn wrapper() -> Vec<String> {
    if in_child() {
        return Vec::new();
    }
    let dir = fresh_dir("namespace");
    let prepare = format!(
        "mkdir local && cp -a /etc etc && rm -rf etc/*shadow* etc/ssl/private etc/ssl/certs etc/pki etc/security/certificates etc/ssl/cert.pem etc/ssl/ca-bundle.pem
mkdir -p etc/ssl/certs && : >etc/ca-certificates.conf
printf '127.0.0.1 localhost\\n{} {HOST}\\n{} {HOST}\\n' >etc/hosts
rm etc/resolv.conf && echo 'nameserver {RESOLVER}' >etc/resolv.conf && echo 'hosts: files dns' >etc/nsswitch.conf",
        ADDRESSES[0], ADDRESSES[1]
    );
    let made = Command::new("sh")
        .args(["-ec", &prepare])
        .current_dir(&dir)
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let can = Command::new("unshare").args(["-m", "-n", "true"]).status();
    // To return here would count as a test that passed.
    assert!(
        can.is_ok_and(|status| status.success()),
        "only root can make namespaces: run as root, or leave it out with --skip adversarial"
    );
    [
        "unshare",
        "-m",
        "-n",
        "sh",
        "-c",
        ENTER,
        dir.to_str().unwrap(),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// `stage::alone` in a namespace.
pub fn apart(name: &str) -> bool {
    let wrapper = wrapper();
    let wrapper: Vec<&str> = wrapper.iter().map(String::as_str).collect();
    alone(name, &wrapper)
}
