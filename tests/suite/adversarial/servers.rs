//! Servers of independent make as processes on free ports of loopback. Each ends with its owner;
//! should the owner be killed, `timeout` ends it.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::stage::{HERE, Stage};

const MOST_SECONDS: &str = "150";

pub struct Server {
    child: Child,
    pub port: u16,
    said: Arc<Mutex<Vec<String>>>,
}

/// Without what a shell presets about stores and proxies, and with the system's programs first.
pub fn command(program: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin")
        .env("LC_ALL", "C")
        .current_dir(dir);
    command
}

fn watched(dir: &Path, program: &str) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = command("timeout", dir);
    command
        .args(["-k", "1", MOST_SECONDS, program])
        // Ended as a group, so that nothing it starts is left.
        .process_group(0)
        .stdin(Stdio::piped())
        .stderr(Stdio::null());
    command
}

impl Server {
    /// `openssl s_server` that answers GET with files. `@NAME` stands for the options that
    /// present the chain NAME.
    pub fn openssl(stage: &Stage, options: &str) -> Server {
        let mut command = watched(&stage.dir, "openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-HTTP"]);
        for option in options.split_whitespace() {
            match option.strip_prefix('@') {
                Some(name) => command.args(stage.presents(name).split(' ')),
                None => command.arg(option),
            };
        }
        Server::announced(command)
    }

    /// A script of this folder; see its first lines.
    pub fn python(stage: &Stage, script: &str, arguments: &str) -> Server {
        Server::python_with(stage, script, arguments, &[])
    }

    pub fn python_with(
        stage: &Stage,
        script: &str,
        arguments: &str,
        variables: &[(&str, &str)],
    ) -> Server {
        let mut command = watched(&stage.dir, "python3");
        command
            .arg(format!("{HERE}/{script}"))
            .envs(variables.iter().copied());
        for argument in arguments.split_whitespace() {
            match argument.strip_prefix('@') {
                Some(name) => command.arg(format!("{name}.chain:{name}.key")),
                None => command.arg(argument),
            };
        }
        Server::announced(command)
    }

    /// One that says its port as `ACCEPT 127.0.0.1:PORT`.
    fn announced(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.strip_prefix("ACCEPT ")?
                .rsplit(':')
                .next()?
                .parse()
                .ok()
        });
        let said = Arc::new(Mutex::new(Vec::new()));
        let server = Server {
            child,
            port: port.unwrap_or(0),
            said: Arc::clone(&said),
        };
        assert!(port.is_some(), "{command:?} does not start");
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                said.lock().unwrap().push(line);
            }
        });
        server
    }

    /// One that is told its port: up when it accepts.
    pub fn told(mut command: Command, port: u16) -> Server {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let server = Server {
            child,
            port,
            said: Arc::default(),
        };
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "{command:?} does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// Lines it has said that begin so. A server says a request before it answers; the line may
    /// still be on its way.
    pub fn said(&self, start: &str) -> usize {
        std::thread::sleep(Duration::from_millis(100));
        let said = self.said.lock().unwrap();
        said.iter().filter(|line| line.starts_with(start)).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = i32::try_from(self.child.id()).unwrap();
        // SAFETY: our own child's process group, which exists until the child is waited for.
        unsafe { libc::kill(-group, libc::SIGKILL) };
        let _ = self.child.wait();
    }
}

/// Free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// nginx with one TLS server that answers `/v3/` with the stage's files as they are.
pub fn nginx(stage: &Stage, name: &str, directives: &str) -> Server {
    let port = free_port();
    let dir = stage.dir.join(format!("nginx-{port}"));
    std::fs::create_dir(&dir).unwrap();
    let stage_dir = stage.dir.display();
    // nginx writes its own heads, so the signature goes into it as directives.
    let answer = std::fs::read_to_string(stage.file("v3/answer")).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let headers: String = head
        .lines()
        .filter(|line| line.starts_with("Wechatpay-"))
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            format!("add_header {name} \"{value}\";\n")
        })
        .collect();
    let config = format!(
        "daemon off; master_process off; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0}; uwsgi_temp_path {0}; scgi_temp_path {0};
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {stage_dir}/{name}.chain;
    ssl_certificate_key {stage_dir}/{name}.key;
    {directives}
    location /v3/ {{ default_type application/json; {headers} return 200 '{body}'; }}
  }}
}}
",
        dir.display()
    )
    .replace("STAGE", &stage_dir.to_string());
    std::fs::write(dir.join("nginx.conf"), config).unwrap();
    let mut command = watched(&stage.dir, "nginx");
    command
        .arg("-c")
        .arg(dir.join("nginx.conf"))
        .arg("-p")
        .arg(&dir);
    Server::told(command, port)
}

/// tinyproxy; `directives` follow the least that it needs.
pub fn tinyproxy(stage: &Stage, directives: &str) -> Server {
    let port = free_port();
    let path = stage.dir.join(format!("tinyproxy-{port}.conf"));
    let config = format!(
        "Port {port}\nListen 127.0.0.1\nTimeout 20\nMaxClients 20\nLogLevel Error\nLogFile \"{}.log\"\n{directives}\n",
        path.display()
    );
    std::fs::write(&path, config).unwrap();
    let mut command = watched(&stage.dir, "tinyproxy");
    command.args(["-d", "-c"]).arg(&path);
    Server::told(command, port)
}

/// squid; with `bump` it opens TLS with certificates of that CA, made while it runs.
pub fn squid(stage: &Stage, rules: &str, bump: Option<&str>) -> Server {
    let port = free_port();
    let dir = stage.dir.join(format!("squid-{port}"));
    std::fs::create_dir(&dir).unwrap();
    let certgen = "/usr/lib/squid/security_file_certgen";
    let (mut on_port, mut more) = (String::new(), String::new());
    if let Some(name) = bump {
        let pem = [
            std::fs::read(stage.file(&format!("{name}.crt"))).unwrap(),
            std::fs::read(stage.file(&format!("{name}.key"))).unwrap(),
        ]
        .concat();
        std::fs::write(dir.join("ca.pem"), pem).unwrap();
        let db = dir.join("db");
        let made = command(certgen, &dir)
            .args(["-c", "-s"])
            .arg(&db)
            .args(["-M", "4MB"])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        on_port = format!(
            " ssl-bump tls-cert={}/ca.pem generate-host-certificates=on dynamic_cert_mem_cache_size=1MB",
            dir.display()
        );
        more = format!(
            "sslcrtd_program {certgen} -s {} -M 4MB\nsslcrtd_children 1\nssl_bump bump all\nsslproxy_cert_error allow all\ntls_outgoing_options flags=DONT_VERIFY_PEER\n",
            db.display()
        );
    }
    let config = format!(
        "http_port 127.0.0.1:{port}{on_port}\n{more}{rules}\ncache deny all\naccess_log none\ncache_log {0}/cache.log\npid_filename none\ncoredump_dir {0}\nvisible_hostname test\nshutdown_lifetime 0 seconds\nnetdb_filename none\n",
        dir.display()
    );
    std::fs::write(dir.join("squid.conf"), config).unwrap();
    // Started as root it becomes `proxy`, who must get at its directory.
    if is_root() {
        let owned = command("chown", &dir).args(["-R", "proxy", "."]).status();
        assert!(owned.unwrap().success());
    }
    let mut command = watched(&dir, "squid");
    command.args(["-N", "-f"]).arg(dir.join("squid.conf"));
    Server::told(command, port)
}

fn is_root() -> bool {
    // SAFETY: takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}
