//! What to type on this system. Knows distributions by the id in /etc/os-release; reads nothing
//! itself.

/// What a cure depends on.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// `ID` of /etc/os-release; empty when there is none.
    pub distribution: String,
    /// `ID_LIKE`, the families it belongs to.
    pub like: String,
    /// The variable and its value when the environment names the store: `SSL_CERT_FILE=/x.pem`.
    pub named_by: Option<String>,
}

/// One family of systems: ids, how to install a store, how to bring it up to date, how to add a CA.
struct System {
    ids: &'static [&'static str],
    install: &'static str,
    update: &'static str,
    add: &'static str,
}

const SYSTEMS: &[System] = &[
    System {
        ids: &["debian", "ubuntu"],
        install: "apt-get install ca-certificates",
        update: "apt-get update && apt-get install --only-upgrade ca-certificates",
        add: "copy it to /usr/local/share/ca-certificates/NAME.crt, then run update-ca-certificates",
    },
    System {
        ids: &["alpine"],
        install: "apk add ca-certificates",
        update: "apk upgrade ca-certificates",
        add: "copy it to /usr/local/share/ca-certificates/NAME.crt, then run update-ca-certificates",
    },
    System {
        ids: &[
            "rhel",
            "centos",
            "fedora",
            "rocky",
            "almalinux",
            "tencentos",
            "opencloudos",
            "anolis",
            "openeuler",
            "amzn",
            "ol",
        ],
        install: "yum install ca-certificates && update-ca-trust",
        update: "yum update ca-certificates && update-ca-trust",
        add: "copy it to /etc/pki/ca-trust/source/anchors/, then run update-ca-trust",
    },
    System {
        ids: &[
            "suse",
            "sles",
            "opensuse",
            "opensuse-leap",
            "opensuse-tumbleweed",
        ],
        install: "zypper install ca-certificates-mozilla",
        update: "zypper update ca-certificates-mozilla",
        add: "copy it to /etc/pki/trust/anchors/, then run update-ca-certificates",
    },
    System {
        ids: &["arch"],
        install: "pacman -S ca-certificates",
        update: "pacman -Syu",
        add: "run trust anchor NAME.crt",
    },
    System {
        ids: &["freebsd"],
        install: "pkg install ca_root_nss",
        update: "pkg upgrade ca_root_nss",
        add: "copy it to /usr/local/etc/ssl/certs/, then run certctl rehash",
    },
];

/// trust.md §2.3: every system's, where this one is not known.
const INSTALL_ANYWHERE: &str = "Debian/Ubuntu `apt-get install ca-certificates`; Alpine `apk add ca-certificates`; RHEL/CentOS/TencentOS `yum install ca-certificates` (then `update-ca-trust`); SUSE `zypper install ca-certificates-mozilla`; FreeBSD `pkg install ca_root_nss`; scratch and distroless images: copy /etc/ssl/certs/ca-certificates.crt from a build stage";

/// trust.md §2.4: Windows has a root only once something asked for it.
const WINDOWS: &str = "Windows fetches roots only when they are asked for: run `certutil -generateSSTFromWU roots.sst`, then `Import-Certificate -FilePath roots.sst -CertStoreLocation Cert:\\LocalMachine\\Root`, or open https://api.mch.weixin.qq.com once with PowerShell's Invoke-WebRequest";

impl Advice {
    /// The fields of /etc/os-release (freedesktop.org, os-release(5)).
    pub fn from_os_release(text: &str, named_by: Option<String>) -> Advice {
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.trim().strip_prefix(name)?.strip_prefix('='))
                .map(|value| value.trim_matches(['"', '\'']).to_ascii_lowercase())
                .unwrap_or_default()
        };
        Advice {
            distribution: field("ID"),
            like: field("ID_LIKE"),
            named_by,
        }
    }

    fn system(&self) -> Option<&'static System> {
        std::iter::once(self.distribution.as_str())
            .chain(self.like.split_ascii_whitespace())
            .find_map(|id| SYSTEMS.iter().find(|system| system.ids.contains(&id)))
    }

    /// How to get a store where there is none.
    pub fn install(&self) -> String {
        match self.system() {
            Some(system) => format!(
                "Install the package ca-certificates: `{}`. In scratch and distroless images copy /etc/ssl/certs/ca-certificates.crt from a build stage.",
                system.install
            ),
            None => format!("Install the package ca-certificates: {INSTALL_ANYWHERE}."),
        }
    }

    fn update(&self) -> String {
        if cfg!(windows) {
            return format!("{WINDOWS}.");
        }
        match self.system() {
            Some(system) => format!("Update the system's store: `{}`.", system.update),
            None => "Update the system's package ca-certificates.".to_owned(),
        }
    }

    /// A public root is not in the store: what named the store goes first.
    pub fn root_missing(&self) -> String {
        match &self.named_by {
            Some(named) => format!(
                "{named} names a private bundle that replaces the system's store: unset it, so that the store that is updated with the system decides. {}",
                self.update()
            ),
            None => self.update(),
        }
    }

    /// A private CA is not in the store.
    pub fn private_ca(&self) -> String {
        let add = self
            .system()
            .map_or("put it into the system's store", |system| system.add);
        let named = self.named_by.as_ref().map_or_else(String::new, |named| {
            format!(" {named} names the store that is used now.")
        });
        format!(
            "If the proxy is yours, ask its owner for the CA certificate and {add}; for this library alone set extra_ca_file. Else connect without it.{named}"
        )
    }
}
