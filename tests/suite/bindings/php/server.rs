//! php-fpm behind nginx with an installed package, in a directory that the pool's user can read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{home, run, unpacked};
use crate::bindings::clean_command;
use crate::simulator::Simulator;

const FPM: &str = "/usr/sbin/php-fpm8.2";

pub struct Settings {
    pub workers: u32,
    /// Lines of php.ini; `@DIR` is the server's directory, `@PACKAGE` the package's.
    pub ini: Ini,
    /// Started by the pool's user, so that the preload script runs in the master itself.
    pub as_user: bool,
    /// For php-fpm and, with `clear_env = no`, its scripts.
    pub environment: BTreeMap<String, String>,
}

pub enum Ini {
    /// What wxpay-install prints.
    Installed,
    Lines(&'static [&'static str]),
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            workers: 2,
            ini: Ini::Installed,
            as_user: false,
            environment: BTreeMap::new(),
        }
    }
}

pub struct Server {
    children: Vec<Child>,
    pub dir: PathBuf,
    pub package: PathBuf,
    pub port: u16,
}

pub fn is_root() -> bool {
    run(Command::new("id").arg("-u")).trim() == "0"
}

impl Server {
    pub fn start(simulator: &Simulator, settings: Settings) -> Server {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("wxpay-fpm-{}-{count}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(dir.join("www")).unwrap();
        let package = unpacked(&dir);
        for page in fs::read_dir(home().join("tests/fpm")).unwrap() {
            let page = page.unwrap();
            fs::copy(page.path(), dir.join("www").join(page.file_name())).unwrap();
        }
        fs::copy(simulator.file("ca.pem"), dir.join("ca.pem")).unwrap();
        fs::write(dir.join("merchant.json"), merchant(simulator, &dir)).unwrap();
        fs::write(dir.join("php.ini"), ini(&settings.ini, &dir, &package)).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        fs::write(dir.join("fpm.conf"), pool(&dir, settings.workers)).unwrap();
        fs::write(dir.join("nginx.conf"), nginx(&dir, &package, port)).unwrap();
        if is_root() {
            run(Command::new("chown")
                .args(["-R", "www-data:www-data"])
                .arg(&dir));
        }
        let mut server = Server {
            children: Vec::new(),
            dir,
            package,
            port,
        };
        server.run_fpm(&settings);
        server.run_nginx();
        server
    }

    fn run_fpm(&mut self, settings: &Settings) {
        let mut command = clean_command("timeout", None);
        command.args(["--signal=TERM", "280"]);
        if settings.as_user && is_root() {
            command.args([
                "setpriv",
                "--reuid=www-data",
                "--regid=www-data",
                "--clear-groups",
            ]);
        }
        command
            .args([FPM, "--nodaemonize", "-c"])
            .arg(self.dir.join("php.ini"))
            .arg("-y")
            .arg(self.dir.join("fpm.conf"))
            .env("FPM_TEST_DIR", &self.dir)
            .env("PACKAGE_DIR", &self.package)
            .envs(&settings.environment);
        self.spawn(command, "fpm.out");
    }

    fn run_nginx(&mut self) {
        let mut command = clean_command("timeout", None);
        command
            .args(["--signal=TERM", "280", "nginx", "-c"])
            .arg(self.dir.join("nginx.conf"));
        self.spawn(command, "nginx.out");
        let start = Instant::now();
        while self
            .try_get("/ready.php")
            .is_none_or(|(status, _)| status != 200)
        {
            assert!(
                start.elapsed() < Duration::from_secs(15),
                "php-fpm is not ready: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn spawn(&mut self, mut command: Command, output: &str) {
        let output = fs::File::create(self.dir.join(output)).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        self.children.push(child);
    }

    pub fn log(&self) -> String {
        ["fpm.out", "fpm.log", "nginx.out", "nginx.log"]
            .map(|name| fs::read_to_string(self.dir.join(name)).unwrap_or_default())
            .concat()
    }

    /// HTTP/1.0, a connection each: no chunks, the end is the end.
    pub fn try_get(&self, target: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        write!(stream, "GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n").ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.get(9..12)?.parse().ok()?;
        let body = answer.split_once("\r\n\r\n")?.1.to_owned();
        Some((status, body))
    }

    pub fn get(&self, target: &str) -> Value {
        let (status, body) = self
            .try_get(target)
            .unwrap_or_else(|| panic!("{target}: no answer; {}", self.log()));
        assert_eq!(status, 200, "{target}: {body} {}", self.log());
        serde_json::from_str(&body).unwrap_or_else(|_| panic!("{target}: {body} {}", self.log()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for child in &mut self.children {
            // `timeout` hands SIGTERM on.
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

/// merchant.json with the keys themselves: the pool's user cannot read the simulator's files.
fn merchant(simulator: &Simulator, dir: &Path) -> String {
    let mut merchant = simulator.merchant();
    let members = merchant.as_object_mut().unwrap();
    let files: Vec<String> = members
        .keys()
        .filter(|key| key.ends_with("_file") && !key.starts_with('_'))
        .cloned()
        .collect();
    for key in files {
        let path = members.remove(&key).unwrap();
        let text = fs::read_to_string(simulator.dir.join(path.as_str().unwrap())).unwrap();
        members.insert(key.strip_suffix("_file").unwrap().to_owned(), text.into());
    }
    let ca = dir.join("ca.pem");
    members.insert("extra_ca_file".into(), ca.to_str().unwrap().into());
    merchant.to_string()
}

fn ini(ini: &Ini, dir: &Path, package: &Path) -> String {
    let lines = match ini {
        Ini::Lines(lines) => lines.join("\n"),
        Ini::Installed => {
            let printed = run(clean_command("php", None)
                .arg(package.join("bin/wxpay-install"))
                .arg(dir.join("wxpay.preload.h")));
            printed
                .split_once("php.ini of php-fpm:")
                .unwrap()
                .1
                .to_owned()
        }
    };
    let user = match is_root() {
        true => "",
        // Only for a php-fpm that root starts.
        false => ";",
    };
    lines
        .replace(
            "opcache.preload_user",
            &format!("{user}opcache.preload_user"),
        )
        .replace("@DIR", dir.to_str().unwrap())
        .replace("@PACKAGE", package.to_str().unwrap())
        + "\nlog_errors=On\ndisplay_errors=Off\n"
}

fn pool(dir: &Path, workers: u32) -> String {
    let user = match is_root() {
        true => "user = www-data\ngroup = www-data\nlisten.owner = www-data\n",
        false => "",
    };
    format!(
        "[global]\nerror_log = {dir}/fpm.log\n[www]\n{user}listen = {dir}/fpm.sock\npm = static\n\
         pm.max_children = {workers}\ncatch_workers_output = yes\nclear_env = no\n",
        dir = dir.display()
    )
}

fn nginx(dir: &Path, package: &Path, port: u16) -> String {
    let user = if is_root() { "user www-data;\n" } else { "" };
    let places: String = ["client_body", "fastcgi", "proxy", "uwsgi", "scgi"]
        .iter()
        .map(|name| format!("{name}_temp_path {}/{name};\n", dir.display()))
        .collect();
    format!(
        "{user}daemon off;\npid {dir}/nginx.pid;\nerror_log {dir}/nginx.log;\nevents {{}}\nhttp {{\naccess_log off;\n{places}\
         server {{\nlisten 127.0.0.1:{port};\nlocation = /notify.php {{\ninclude /etc/nginx/fastcgi_params;\n\
         fastcgi_param SCRIPT_FILENAME {example};\nfastcgi_pass unix:{dir}/fpm.sock;\n}}\nlocation / {{\ninclude /etc/nginx/fastcgi_params;\n\
         fastcgi_param SCRIPT_FILENAME {dir}/www$fastcgi_script_name;\nfastcgi_pass unix:{dir}/fpm.sock;\n}}\n}}\n}}\n",
        dir = dir.display(),
        example = package.join("examples/public/notify.php").display(),
    )
}
