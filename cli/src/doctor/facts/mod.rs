//! What is on this machine. Collects and judges nothing; changes nothing and asks no network.

mod environment;
mod hosts;
mod java;
mod jks;
mod machine;
mod node;
mod php;
mod php_ini;
mod pkcs12;
mod proxies;
mod python;
mod resolver;
mod store;
mod tool;

use std::thread;

pub use environment::{Effect, Variable};
pub use hosts::{Binding, is_wechat_pay};
pub use machine::Machine;
pub use php::FfiSetting;
pub use proxies::{Proxies, redact};
pub use resolver::Resolver;
pub use store::{Format, Store};

/// Where a program of some language finds its roots.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// `java`, `python`, `node` or `php`.
    pub runtime: &'static str,
    /// `Python 3.11.7`, `PHP 8.2 fpm`.
    pub name: String,
    /// Which programs read this store: `requests, httpx, aiohttp (certifi)`.
    pub used_by: &'static str,
    /// The setting that names the store, with its place; None for the runtime's own.
    pub pinned_by: Option<String>,
    pub store: Store,
}

/// Everything that was found.
#[derive(Debug)]
pub struct Facts {
    pub machine: Machine,
    pub runtimes: Vec<Runtime>,
    pub hosts: Vec<Binding>,
    pub proxies: Proxies,
    pub variables: Vec<Variable>,
    pub ffi: Vec<FfiSetting>,
    pub resolver: Resolver,
}

/// `base_host` is looked for in the hosts file too.
pub fn collect(base_host: Option<&str>) -> Facts {
    // Each of these waits for programs of other people.
    let (runtimes, ffi) = thread::scope(|scope| {
        let java = scope.spawn(java::stores);
        let python = scope.spawn(python::stores);
        let node = scope.spawn(node::stores);
        let (php, ffi) = php::settings();
        let mut runtimes = Vec::new();
        for found in [java, python, node] {
            runtimes.extend(found.join().unwrap_or_default());
        }
        runtimes.extend(php);
        (runtimes, ffi)
    });
    Facts {
        machine: machine::look(),
        runtimes,
        hosts: hosts::bindings(base_host),
        proxies: proxies::look(),
        variables: environment::variables(),
        ffi,
        resolver: resolver::look(),
    }
}
