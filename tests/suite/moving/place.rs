//! Where a program runs: a mount namespace in which the host is one of the two servers, and the
//! system's, certifi's and Java's stores are copies that hold the old root, or both.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::pki::{Server, made};
use super::{HOST, languages::certifi};
use crate::bindings::clean_command;
use crate::simulator::fresh_dir;

/// What decides in the namespace besides the program.
#[derive(Clone, Copy)]
pub struct World {
    /// The server's generation: `old` or `new`.
    pub server: &'static str,
    /// What the stores were given: `old` or `both`.
    pub store: &'static str,
}

/// Both servers on addresses of their own, so that tests may run at once.
pub struct Place {
    dir: PathBuf,
    addresses: [String; 2],
    _servers: [Server; 2],
}

impl Place {
    pub fn new(dir: PathBuf) -> Place {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let pid = std::process::id();
        let net = format!("127.{}.{}", 40 + pid / 200 % 200, 1 + pid % 200);
        let addresses = [0, 1].map(|at| format!("{net}.{}", 2 + 2 * count + at));
        let servers =
            [("old", 0), ("new", 1)].map(|(name, at)| Server::start(name, &addresses[at]));
        std::fs::copy(made().join("old-root.pem"), dir.join("rootca.pem")).unwrap();
        Place {
            dir,
            addresses,
            _servers: servers,
        }
    }

    /// Runs the program in the place's directory.
    pub fn run(&self, world: World, program: &[&str]) -> Output {
        let address = &self.addresses[usize::from(world.server == "new")];
        let hosts = self.dir.join(format!("hosts-{}", world.server));
        std::fs::write(&hosts, format!("127.0.0.1 localhost\n{address} {HOST}\n")).unwrap();
        let mut command = clean_command("unshare", None);
        command
            .args(["-m", "sh", "-euc"])
            .arg(format!("{ENTER}\nexec timeout 60 \"$@\""))
            .arg("sh")
            .args(program)
            .env("stores", stores(world.store))
            .env("hosts", hosts)
            .env("java_store", java_store())
            .env("certifi", certifi())
            .current_dir(&self.dir);
        for proxy in [
            "https_proxy",
            "HTTPS_PROXY",
            "all_proxy",
            "ALL_PROXY",
            "http_proxy",
        ] {
            command.env_remove(proxy);
        }
        command.output().unwrap()
    }
}

/// Mounts are the namespace's own.
const ENTER: &str = r#"
mount --make-rprivate /
mount --bind "$stores/certs" /etc/ssl/certs
mount --bind "$stores/local" /usr/local/share/ca-certificates
mount --bind "$stores/certifi.pem" "$certifi"
mount --bind "$stores/cacerts" "$java_store"
mount --bind "$hosts" /etc/hosts
"#;

/// The copies. `update-ca-certificates` works on the system's, as after an installation; its hooks
/// would write elsewhere.
const MAKE: &str = r#"
mount --make-rprivate /
cp -a /etc/ssl/certs certs
mkdir local
mount --bind certs /etc/ssl/certs
mount --bind local /usr/local/share/ca-certificates
cp "$certifi" certifi.pem
cp "$java_store" cacerts
chmod u+w cacerts
for root in $roots; do
    cp "$pki/$root-root.pem" local/test-$root.crt
    cat "$pki/$root-root.pem" >> certifi.pem
    keytool -importcert -noprompt -keystore cacerts -storepass changeit -alias test-$root -file "$pki/$root-root.pem"
done
mkdir hooks
update-ca-certificates --hooksdir "$PWD/hooks"
"#;

fn stores(which: &str) -> &'static Path {
    static OLD: OnceLock<PathBuf> = OnceLock::new();
    static BOTH: OnceLock<PathBuf> = OnceLock::new();
    let (place, roots) = match which {
        "old" => (&OLD, "old"),
        _ => (&BOTH, "old new"),
    };
    place.get_or_init(|| {
        let dir = fresh_dir("moving-stores");
        let output = clean_command("unshare", None)
            .args(["-m", "sh", "-euc", MAKE])
            .env("roots", roots)
            .env("pki", made())
            .env("java_store", java_store())
            .env("certifi", certifi())
            .current_dir(&dir)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "only root can make the namespace: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        dir
    })
}

/// `lib/security/cacerts` of the Java that runs; Debian links it elsewhere.
fn java_store() -> PathBuf {
    let output = clean_command("java", None)
        .args(["-XshowSettings:properties", "-version"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let home = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("java.home = "))
        .unwrap_or_else(|| panic!("{said}"));
    std::fs::canonicalize(Path::new(home).join("lib/security/cacerts")).unwrap()
}
