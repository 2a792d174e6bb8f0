//! Servers of independent make as processes on free ports of loopback. Each ends with its owner;
//! should the owner be killed, `timeout` ends it.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::stage::{HERE, Stage};

const MOST_SECONDS: &str = "150";

pub struct Server {
    child: Child,
    pub port: u16,
    /// Ends with this one.
    pub beside: Option<Box<Server>>,
    said: Arc<Mutex<Vec<String>>>,
}

/// Without what a shell presets about stores and proxies, and with the system's programs first.
pub fn command(program: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin")
        .env("LC_ALL", "C")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(dir);
    command
}

/// Ends after a while, whatever becomes of us.
pub fn watched(dir: &Path, program: &str) -> Command {
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

    /// A script of this folder; see its first lines. `@NAME` stands for chain and key.
    pub fn python(stage: &Stage, script: &str, arguments: &str) -> Server {
        let mut command = watched(&stage.dir, "python3");
        command.arg(format!("{HERE}/{script}"));
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
            beside: None,
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
            beside: None,
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
    /// still be on its way, on a busy machine for a while: until nothing more has come for 400 ms.
    pub fn said(&self, start: &str) -> usize {
        let count = || {
            let said = self.said.lock().unwrap();
            said.iter().filter(|line| line.starts_with(start)).count()
        };
        let (mut last, mut quiet) = (count(), 0);
        while quiet < 4 {
            std::thread::sleep(Duration::from_millis(100));
            let now = count();
            quiet = if now == last { quiet + 1 } else { 0 };
            last = now;
        }
        last
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
