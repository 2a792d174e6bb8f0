//! Runs a table: servers first, then the clients, each under its own SSL_CERT_FILE, then the rows,
//! those of different servers side by side. All rows that are wrong are named at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::Result;

use super::judge::judge;
use super::row::{Row, Serve, Via};
use super::servers::Server;
use super::stage::{Stage, alone, text};
use super::{daemons, namespace, others, probe};
use crate::safety::{child, wechat};

/// Rows at a time; most of them wait for a process.
const WORKERS: usize = 4;

/// A row with its server running and its client made.
pub struct Ready<'a> {
    pub row: &'a Row,
    pub port: u16,
    pub proxy: Option<String>,
    pub store: PathBuf,
    pub client: Result<Arc<Client>>,
}

impl Ready<'_> {
    pub fn url(&self) -> String {
        if self.row.is_bound() {
            format!("https://{}{}", self.row.host, self.row.path)
        } else {
            format!("https://{}:{}{}", self.row.host, self.port, self.row.path)
        }
    }
}

/// Where a client of a test goes.
pub struct Target {
    host: String,
    port: u16,
    /// By bind_host, on port 443 of the name; else by the resolver, on the port itself.
    pub bound: bool,
    settings: Vec<(String, String)>,
}

impl Target {
    pub fn new(host: &str, port: u16) -> Target {
        Target {
            host: host.to_owned(),
            port,
            bound: true,
            settings: Vec::new(),
        }
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.settings.push((name.to_owned(), value.to_owned()));
    }

    pub fn config(&self) -> Result<Config> {
        let (host, port) = (&self.host, self.port);
        let mut config = if self.bound {
            let mut config = wechat::config(&format!("https://{host}"));
            config.set(&format!("bind_host.{host}"), &format!("127.0.0.1:{port}"))?;
            config
        } else {
            wechat::config(&format!("https://{host}:{port}"))
        };
        for (name, value) in &self.settings {
            config.set(name, value)?;
        }
        Ok(config)
    }

    /// Only in a child of `alone` that has no other threads yet: the store is named by the
    /// environment. None is the system's.
    pub fn client(&self, store: Option<&Path>) -> Result<Arc<Client>> {
        child::set("SSL_CERT_FILE", store.and_then(Path::to_str));
        Client::new(&self.config()?)
    }
}

/// The test called `name` drives these rows.
pub fn drive(name: &str, rows: &[Row]) {
    drive_under(name, rows, &[]);
}

/// The same under `wrapper`, with what it does to clock, files or names.
pub fn drive_under(name: &str, rows: &[Row], wrapper: &[&str]) {
    if !alone(name, wrapper) {
        return;
    }
    let stage = Stage::new();
    let mut peers = Started::default();
    let mut proxies = Started::default();
    for row in rows {
        peers.start(&row.serve, || serve(&stage, &row.serve));
        if let Some((via, _)) = &row.via {
            proxies.start(via, || relay(&stage, via));
        }
    }
    let ready: Vec<Ready> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let port = peers.port(&row.serve);
            let proxy = row
                .via
                .as_ref()
                .map(|(via, start)| format!("{start}127.0.0.1:{}", proxies.port(via)));
            let store = stage.bundle(&format!("store-{index}.pem"), row.store);
            let mut target = Target::new(row.host, port);
            target.bound = row.is_bound();
            // s_server serves nobody else until its client is gone.
            target.set("max_idle_connections", "0");
            if let Some(proxy) = &proxy {
                target.set("proxy", proxy);
            }
            for (name, value) in &row.settings {
                match value.strip_prefix('@') {
                    Some(file) => target.set(name, &text(&stage.file(file))),
                    None => target.set(name, value),
                }
            }
            Ready {
                row,
                port,
                proxy,
                client: target.client(Some(&store)),
                store,
            }
        })
        .collect();
    // One server's rows follow each other: s_server serves one connection at a time.
    let mut groups: HashMap<(&Serve, Option<&Via>), Vec<&Ready>> = HashMap::new();
    for one in &ready {
        let via = one.row.via.as_ref().map(|(via, _)| via);
        groups.entry((&one.row.serve, via)).or_default().push(one);
    }
    let queue = Mutex::new(groups.into_values().collect::<Vec<_>>());
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let Some(group) = queue.lock().unwrap().pop() else {
                        return;
                    };
                    for one in group {
                        let mut found = judge(one);
                        found.extend(others::judge(&stage, one));
                        if one.row.probed {
                            found.extend(probe::judge(one));
                        }
                        let found = found
                            .into_iter()
                            .map(|what| format!("{}: {what}", one.row.name));
                        wrong.lock().unwrap().extend(found);
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    println!("{} rows", rows.len());
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

struct Started<'a, K>(HashMap<&'a K, Option<Server>>);

impl<K> Default for Started<'_, K> {
    fn default() -> Self {
        Started(HashMap::new())
    }
}

impl<'a, K: Eq + Hash> Started<'a, K> {
    fn start(&mut self, key: &'a K, make: impl FnOnce() -> Option<Server>) {
        self.0.entry(key).or_insert_with(make);
    }

    fn port(&self, key: &K) -> u16 {
        self.0[key]
            .as_ref()
            .map_or_else(daemons::free_port, |server| server.port)
    }
}

fn serve(stage: &Stage, serve: &Serve) -> Option<Server> {
    Some(match serve {
        Serve::Openssl(options) => Server::openssl(stage, options),
        Serve::Python(arguments) => Server::python(stage, "server.py", arguments),
        Serve::Nginx(chain, directives) => daemons::nginx(stage, chain, directives),
        Serve::Pair(first, second) => pair(stage, [first, second]),
        Serve::Nobody => return None,
    })
}

/// On one port of the two addresses that `namespace` gives the name; "" is nobody.
fn pair(stage: &Stage, what: [&str; 2]) -> Server {
    let at = |which: usize, port: u16| {
        let listen = format!(
            "--listen {}:{port} {}",
            namespace::ADDRESSES[which],
            what[which]
        );
        Server::python(stage, "server.py", &listen)
    };
    let leader = usize::from(what[0].is_empty());
    let mut server = at(leader, 0);
    if leader == 0 && !what[1].is_empty() {
        server.beside = Some(Box::new(at(1, server.port)));
    }
    server
}

fn relay(stage: &Stage, via: &Via) -> Option<Server> {
    Some(match via {
        Via::Python(arguments) => Server::python(stage, "proxy.py", arguments),
        Via::Tinyproxy(directives) => daemons::tinyproxy(stage, directives),
        Via::Squid(rules, bump) => daemons::squid(stage, rules, *bump),
        Via::Nobody => return None,
    })
}
