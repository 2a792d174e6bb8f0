//! Runs a table: servers first, then the clients, each under its own SSL_CERT_FILE, then the rows,
//! those of different servers side by side. All rows that are wrong are named at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use wxpay::client::Client;
use wxpay::error::Error;

use super::others;
use super::row::{Expect, Row, Serve, Via};
use super::servers::{self, Server};
use super::stage::{Stage, alone, text};
use crate::safety::{child, wechat};

/// The bound over the configured deadline.
pub const SLACK: Duration = Duration::from_millis(200);

/// Rows at a time; most of them wait for a process.
const WORKERS: usize = 4;

/// A row with its server running and its client made.
pub struct Ready<'a> {
    pub row: &'a Row,
    pub port: u16,
    pub proxy: Option<String>,
    pub store: std::path::PathBuf,
    client: wxpay::error::Result<Arc<Client>>,
}

impl Ready<'_> {
    pub fn url(&self) -> String {
        if self.bound() {
            format!("https://{}{}", self.row.host, self.row.path)
        } else {
            format!("https://{}:{}{}", self.row.host, self.port, self.row.path)
        }
    }

    /// A name of WeChat Pay leads to the test's server by a binding only.
    pub fn bound(&self) -> bool {
        self.row.host.ends_with(".qq.com")
    }
}

/// The test called `name` drives these rows.
pub fn drive(name: &str, rows: &[Row]) {
    if !alone(name, &[]) {
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
            child::set("SSL_CERT_FILE", store.to_str());
            let mut ready = Ready {
                row,
                port,
                proxy,
                store,
                client: Err(Error::new(wxpay::error::Status::Internal, "not made")),
            };
            ready.client = client(&stage, &ready);
            ready
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
            .map_or_else(servers::free_port, |server| server.port)
    }
}

fn serve(stage: &Stage, serve: &Serve) -> Option<Server> {
    Some(match serve {
        Serve::Openssl(options) => Server::openssl(stage, options),
        Serve::Python(arguments) => Server::python(stage, "server.py", arguments),
        Serve::Nginx(chain, directives) => servers::nginx(stage, chain, directives),
        Serve::Nobody => return None,
    })
}

fn relay(stage: &Stage, via: &Via) -> Option<Server> {
    Some(match via {
        Via::Python(arguments) => Server::python(stage, "proxy.py", arguments),
        Via::Tinyproxy(directives) => servers::tinyproxy(stage, directives),
        Via::Squid(rules, bump) => servers::squid(stage, rules, *bump),
        Via::Nobody => return None,
    })
}

fn client(stage: &Stage, ready: &Ready) -> wxpay::error::Result<Arc<Client>> {
    let row = ready.row;
    let mut config = wechat::config(&if ready.bound() {
        format!("https://{}", row.host)
    } else {
        format!("https://{}:{}", row.host, ready.port)
    });
    if ready.bound() {
        config.set(
            &format!("bind_host.{}", row.host),
            &format!("127.0.0.1:{}", ready.port),
        )?;
    }
    if let Some(proxy) = &ready.proxy {
        config.set("proxy", proxy)?;
    }
    // s_server serves nobody else until its client is gone.
    config.set("max_idle_connections", "0")?;
    for (name, value) in &row.settings {
        match value.strip_prefix('@') {
            Some(file) => config.set(name, &text(&stage.file(file)))?,
            None => config.set(name, value)?,
        }
    }
    Client::new(&config)
}

/// What is wrong with the library's answer.
fn judge(ready: &Ready) -> Vec<String> {
    let row = ready.row;
    let client = match (&ready.client, &row.expect) {
        (Ok(client), _) => client,
        (Err(error), Expect::Refused(status)) if error.status() == *status => return Vec::new(),
        (Err(error), _) => return vec![format!("no client: {error}")],
    };
    let body: &[u8] = if row.method == "POST" { b"{}" } else { b"" };
    let started = Instant::now();
    let result = client.call(row.method, row.path, body);
    let took = started.elapsed();
    let mut wrong = verdict(&row.expect, &row.says, result.map(drop));
    let deadline = Duration::from_millis(row.deadline_ms.unwrap_or(10_000));
    if took > deadline + SLACK {
        wrong.push(format!("took {took:?}, the deadline is {deadline:?}"));
    }
    wrong
}

/// What is wrong with a result.
pub fn verdict(expect: &Expect, says: &[&str], result: wxpay::error::Result<()>) -> Vec<String> {
    let error = match (result, expect) {
        (Ok(()), Expect::Passes) => return Vec::new(),
        (Ok(()), _) => return vec!["passes".to_owned()],
        (Err(error), _) => error,
    };
    let Expect::Fails(status, outcome, diagnosis) = expect else {
        return vec![format!("fails: {error} {}", listed(&error))];
    };
    let mut wrong = Vec::new();
    if error.status() != *status {
        wrong.push(format!(
            "status {}, expected {}",
            error.status().row().name,
            status.row().name
        ));
    }
    if error.fields().outcome != *outcome {
        wrong.push(format!(
            "outcome {:?}, expected {outcome:?}",
            error.fields().outcome
        ));
    }
    let first = error
        .fields()
        .diagnosis
        .first()
        .map_or("", |one| one.cause.name());
    if first != *diagnosis {
        wrong.push(format!("diagnosis {first:?}, expected {diagnosis:?}"));
    }
    let said = format!("{error} {}", listed(&error));
    for part in says.iter().filter(|part| !said.contains(**part)) {
        wrong.push(format!("does not say {part:?}"));
    }
    // Some texts of rustls are dumps of every algorithm's DER.
    if error.fields().message.len() > 1000 {
        wrong.push(format!(
            "a message of {} bytes",
            error.fields().message.len()
        ));
    }
    if !wrong.is_empty() {
        wrong.push(format!("    {said}"));
    }
    wrong
}

pub fn listed(error: &Error) -> String {
    let all = error.fields().diagnosis.iter();
    all.map(|one| format!("[{}: {} | {}]", one.cause.name(), one.text, one.cure))
        .collect()
}
