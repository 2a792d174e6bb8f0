//! A row of the matrix: a server, a store, a host, and what must come of it.

use wxpay::error::{Outcome, Status};

/// The host of most rows: WeChat Pay's own, bound to the test's server as the guideline wants a
/// new certificate tried.
pub const HOST: &str = "api.mch.weixin.qq.com";

/// What is started; equal ones within a table are one server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Serve {
    /// Options of `openssl s_server`.
    Openssl(&'static str),
    /// Arguments of server.py.
    Python(&'static str),
    /// Chain, and directives of its server block.
    Nginx(&'static str, &'static str),
    /// Arguments of server.py at the first and the second address of a name that has two.
    Pair(&'static str, &'static str),
    /// A port that nobody listens on.
    Nobody,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// Arguments of proxy.py.
    Python(&'static str),
    Tinyproxy(&'static str),
    /// Access rules, and the CA with which it opens TLS.
    Squid(&'static str, Option<&'static str>),
    Nobody,
}

#[derive(Clone, Debug)]
pub enum Expect {
    /// A verified answer.
    Passes,
    /// Status, outcome, and the id of the first diagnosis; "" where trust.md has none.
    Fails(Status, Outcome, &'static str),
    /// `Client::new` refuses the configuration.
    Refused(Status),
}

/// Another client with the same server and store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    Passes,
    Fails,
    /// It has no way to do this.
    Cannot,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub serve: Serve,
    /// Certificates of SSL_CERT_FILE, as words.
    pub store: &'static str,
    pub host: &'static str,
    pub via: Option<(Via, &'static str)>,
    pub method: &'static str,
    pub path: &'static str,
    /// What the machine's clock says, for faketime.
    pub clock: Option<&'static str>,
    /// Configuration keys; `@FILE` is a file of the stage.
    pub settings: Vec<(&'static str, &'static str)>,
    pub expect: Expect,
    /// Parts of the message or the diagnosis.
    pub says: Vec<&'static str>,
    /// Milliseconds in which it must be over, when it is not the configured deadline.
    pub deadline_ms: Option<u64>,
    /// The probe must say the same.
    pub probed: bool,
    pub curl: Other,
    pub python: Other,
    /// Why curl or Python differ.
    pub because: &'static str,
}

pub fn row(name: &'static str, serve: Serve, store: &'static str, expect: Expect) -> Row {
    let others = match expect {
        Expect::Passes => Other::Passes,
        _ => Other::Fails,
    };
    Row {
        name,
        serve,
        store,
        host: HOST,
        via: None,
        method: "GET",
        path: "/v3/answer",
        clock: None,
        settings: Vec::new(),
        expect,
        says: Vec::new(),
        deadline_ms: None,
        probed: true,
        curl: others,
        python: others,
        because: "",
    }
}

/// Refused before a byte of the request was sent.
pub fn unsent(status: Status, diagnosis: &'static str) -> Expect {
    Expect::Fails(status, Outcome::NotSent, diagnosis)
}

/// Failed after it was.
pub fn unknown(status: Status, diagnosis: &'static str) -> Expect {
    Expect::Fails(status, Outcome::Unknown, diagnosis)
}

impl Row {
    pub fn host(mut self, host: &'static str) -> Row {
        self.host = host;
        self
    }

    /// Not a GET: nothing may repeat it.
    pub fn post(mut self) -> Row {
        self.method = "POST";
        self
    }

    pub fn path(mut self, path: &'static str) -> Row {
        self.path = path;
        self
    }

    pub fn set(mut self, name: &'static str, value: &'static str) -> Row {
        self.settings.push((name, value));
        self
    }

    pub fn says(mut self, part: &'static str) -> Row {
        self.says.push(part);
        self
    }

    /// `start` is the proxy's URL up to its host.
    pub fn via(mut self, proxy: Via, start: &'static str) -> Row {
        self.via = Some((proxy, start));
        self.host("localhost")
    }

    /// Both timeouts short, for what waits until one of them ends it: `connect` for all that
    /// comes before the request.
    pub fn waits(self, connect: bool) -> Row {
        let mut row = self
            .set("connect_timeout_ms", if connect { "1000" } else { "1500" })
            .set("timeout_ms", if connect { "4000" } else { "1500" });
        row.deadline_ms = Some(if connect { 1000 } else { 1500 });
        row
    }

    pub fn not_probed(mut self) -> Row {
        self.probed = false;
        self
    }

    pub fn curl(mut self, what: Other) -> Row {
        self.curl = what;
        self
    }

    pub fn python(mut self, what: Other) -> Row {
        self.python = what;
        self
    }

    pub fn others(self, what: Other) -> Row {
        self.curl(what).python(what)
    }

    pub fn because(mut self, why: &'static str) -> Row {
        self.because = why;
        self
    }

    pub fn at(mut self, clock: &'static str) -> Row {
        self.clock = Some(clock);
        self
    }

    /// A name of WeChat Pay leads to the test's server by bind_host, unless the machine's own
    /// hosts file does it.
    pub fn is_bound(&self) -> bool {
        self.host == HOST && !matches!(self.serve, Serve::Pair(..))
    }

    /// curl or Python accept what the library refuses, or the other way.
    pub fn differs(&self) -> bool {
        let ours = match self.expect {
            Expect::Passes => Other::Passes,
            _ => Other::Fails,
        };
        [self.curl, self.python]
            .iter()
            .any(|other| *other != ours && *other != Other::Cannot)
    }
}
