//! Servers and proxies that people run, each with a configuration of its own and as a process of
//! ours.

use std::net::TcpListener;

use super::servers::{Server, command, watched};
use super::stage::Stage;

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
