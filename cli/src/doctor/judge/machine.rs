//! Findings about the way from this machine to WeChat Pay: hosts file, proxies, names, clock, switches.

use std::net::{IpAddr, Ipv4Addr};

use serde_json::Value;
use wxpay::error::{Cause, Diagnosis, Severity};
use wxpay::time::rfc3339;
use wxpay::trust::refusal::EARLIEST;

use super::Case;
use crate::doctor::facts::{Binding, Effect, is_wechat_pay};
use crate::output::escape::readable;

pub fn findings(case: &Case<'_>) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    clock(case, &mut found);
    switches(case, &mut found);
    for binding in &case.facts.hosts {
        found.push(hosts(case, binding));
    }
    names(case, &mut found);
    proxies(case, &mut found);
    for setting in case.facts.ffi.iter().filter(|setting| !setting.cli_only) {
        found.push(Diagnosis::new(
            Cause::FfiEnabled,
            format!(
                "{} has ffi.enable=true ({}): every script of it can read any memory, the merchant's keys included.",
                readable(&setting.name),
                readable(&setting.place)
            ),
        ));
    }
    found
}

fn clock(case: &Case<'_>, found: &mut Vec<Diagnosis>) {
    if case.now < EARLIEST {
        found.push(Diagnosis::new(
            Cause::ClockWrong,
            format!(
                "This machine's clock says {}, before this program was written.",
                rfc3339(case.now)
            ),
        ));
    }
}

fn switches(case: &Case<'_>, found: &mut Vec<Diagnosis>) {
    for variable in &case.facts.variables {
        if variable.effect == Effect::SwitchesOff {
            found.push(
                Diagnosis::new(
                    Cause::VerifyDisabled,
                    format!(
                        "{}={} is set: {} accepts every certificate, a forged one too.",
                        variable.name,
                        readable(&variable.value),
                        variable.readers
                    ),
                )
                .cure(format!(
                    "Unset {}; if connections fail then, `wxpay explain` says what to repair.",
                    variable.name
                )),
            );
        }
    }
}

/// Harmless until the address is shut down; an error as soon as the bound host cannot be reached.
fn hosts(case: &Case<'_>, binding: &Binding) -> Diagnosis {
    let names = readable(&binding.hosts.join(", "));
    let one = Diagnosis::new(
        Cause::HostsBinding,
        format!(
            "{}:{} binds {names} to {}.",
            binding.path,
            binding.line,
            readable(&binding.address)
        ),
    )
    .cure(format!(
        "Remove line {} of {}: WeChat Pay shuts such addresses down without notice. For a test of a new certificate use `wxpay probe HOST --ip ADDRESS` or bind_host, which ends by itself.",
        binding.line, binding.path
    ));
    let fails = case.probe.is_some_and(|probe| {
        probe["status"] != 0
            && binding
                .hosts
                .iter()
                .any(|host| probe["host"] == host.as_str())
    });
    if fails {
        one.severity(Severity::Error)
    } else {
        one
    }
}

fn names(case: &Case<'_>, found: &mut Vec<Diagnosis>) {
    let resolver = &case.facts.resolver;
    let failed = case
        .probe
        .is_some_and(|probe| !probe["dns"]["error"].is_null());
    if cfg!(unix) && resolver.nameservers.is_empty() {
        let what = if resolver.exists {
            "names no name server"
        } else {
            "does not exist"
        };
        let one = Diagnosis::new(Cause::NoResolver, format!("{} {what}.", resolver.path));
        found.push(if failed {
            one.severity(Severity::Error)
        } else {
            one
        });
    }
    let Some(probe) = case.probe else { return };
    let host = probe["host"].as_str().unwrap_or_default();
    let is_bound = !probe["bind_address"].is_null()
        || case
            .facts
            .hosts
            .iter()
            .any(|binding| binding.hosts.iter().any(|name| name == host));
    if is_bound || !is_wechat_pay(host) {
        return;
    }
    let odd = addresses(probe).find_map(|address| Some((address, kind(address)?)));
    if let Some((address, kind)) = odd {
        found.push(Diagnosis::new(
            Cause::PrivateAddress,
            format!("DNS gives {address} for {host}, {kind}: it is not WeChat Pay's own address."),
        ));
    }
}

fn addresses(probe: &Value) -> impl Iterator<Item = IpAddr> {
    probe["dns"]["addresses"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|address| address.as_str()?.parse().ok())
}

/// What an address is that no public server has (RFC 6890).
fn kind(address: IpAddr) -> Option<&'static str> {
    let v4 = match address {
        IpAddr::V4(v4) => v4,
        IpAddr::V6(v6) if v6.is_loopback() => return Some("this machine"),
        IpAddr::V6(v6) if v6.is_unspecified() => return Some("no address at all"),
        IpAddr::V6(v6) if v6.segments()[0] & 0xfe00 == 0xfc00 => {
            return Some("an address of a private network");
        }
        IpAddr::V6(v6) => v6.to_ipv4_mapped()?,
    };
    let within = |network: Ipv4Addr, bits: u32| {
        u32::from(v4) >> (32 - bits) == u32::from(network) >> (32 - bits)
    };
    if v4.is_loopback() {
        Some("this machine")
    } else if v4.is_unspecified() {
        Some("no address at all")
    } else if v4.is_private() || v4.is_link_local() || within(Ipv4Addr::new(100, 64, 0, 0), 10) {
        Some("an address of a private network")
    } else if within(Ipv4Addr::new(198, 18, 0, 0), 15) {
        Some("the made-up address of a proxy program (fake-ip)")
    } else {
        None
    }
}

fn proxies(case: &Case<'_>, found: &mut Vec<Diagnosis>) {
    let proxies = &case.facts.proxies;
    let in_use = case.probe.and_then(|probe| probe["proxy"].as_str());
    if let Some(proxy) = in_use {
        found.push(Diagnosis::new(
            Cause::ProxySet,
            format!("Requests go through the proxy {}.", readable(proxy)),
        ));
    }
    if let Some((name, value)) = proxies.named.first()
        && !case.proxy_from_env
        && in_use.is_none()
    {
        let one = Diagnosis::new(
            Cause::ProxyNotUsed,
            format!(
                "{name} names {}, and the library does not use it.",
                readable(value)
            ),
        );
        // No connection at all, and everything else on this machine has a proxy.
        let cut_off = case
            .probe
            .is_some_and(|probe| probe["status"] != 0 && probe["tls"].is_null());
        found.push(if cut_off {
            one.severity(Severity::Warning)
        } else {
            one
        });
    }
    if let (Some((name, _)), true) = (proxies.ignored.first(), proxies.named.is_empty()) {
        found.push(Diagnosis::new(
            Cause::HttpProxyIgnored,
            format!("{name} is set and https_proxy is not: {name} is never used for https."),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::kind;

    /// Expected: the registries of RFC 6890.
    #[test]
    fn addresses_that_no_public_server_has() {
        for odd in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.1.1",
            "100.64.0.1",
            "198.18.0.5",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(kind(odd.parse().unwrap()).is_some(), "{odd}");
        }
        for public in [
            "43.142.224.50",
            "172.32.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "2402:4e00::1",
            "::ffff:8.8.8.8",
        ] {
            assert!(kind(public.parse().unwrap()).is_none(), "{public}");
        }
    }
}
