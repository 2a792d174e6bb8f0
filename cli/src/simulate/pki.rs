//! The certificates the simulator makes: the TLS authority of one run, the merchant's, and the platform's.
//! The authority's private key never leaves memory, and its name constraints keep it from vouching for any host but this
//! machine (safety.md S13).

use super::{client_certificate, random};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, PKCS_RSA_SHA256, SanType, SerialNumber,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// Every name of the simulator says what it is.
const ORGANIZATION: &str = "libwxpay simulator";

fn text(error: impl std::fmt::Display) -> String {
    format!("cannot make a certificate: {error}")
}

/// The authority that this run's HTTPS is trusted through.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(now: OffsetDateTime) -> Result<Self, String> {
        let mut params = CertificateParams::default();
        // A name of its own: beside a store that still holds another run's authority, "unknown
        // issuer" is what went wrong, not "a forged root of the same name".
        let run = random::hex(8);
        params.distinguished_name = name(&format!("libwxpay simulator TLS CA {run}"));
        params.not_before = now - Duration::hours(1);
        params.not_after = params.not_before + Duration::days(30);
        params.serial_number = Some(serial().0);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![
                GeneralSubtree::DnsName("localhost".to_owned()),
                GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix([127, 0, 0, 0], 8)),
                GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(
                    Ipv6Addr::LOCALHOST.octets(),
                    128,
                )),
            ],
            excluded_subtrees: vec![],
        });
        let key = KeyPair::generate().map_err(text)?;
        let pem = params.self_signed(&key).map_err(text)?.pem();
        Ok(Self {
            pem,
            issuer: Issuer::new(params, key),
        })
    }

    /// A server certificate for `names`. Asking for a foreign name makes one that no verifier accepts.
    pub fn issue(
        &self,
        names: &[SanType],
        now: OffsetDateTime,
    ) -> Result<(rcgen::Certificate, KeyPair), String> {
        let mut params = CertificateParams::default();
        params.distinguished_name = name("libwxpay simulator");
        params.not_before = now - Duration::hours(1);
        params.not_after = params.not_before + Duration::days(30);
        params.serial_number = Some(serial().0);
        params.subject_alt_names = names.to_vec();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().map_err(text)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(text)?;
        Ok((certificate, key))
    }

    /// What the listener serves: TLS 1.2 and 1.3, HTTP/1.1 only, as the real servers.
    pub fn server_config(
        &self,
        listen: IpAddr,
        now: OffsetDateTime,
    ) -> Result<Arc<ServerConfig>, String> {
        let mut names = vec![
            SanType::DnsName("localhost".try_into().map_err(text)?),
            SanType::IpAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            SanType::IpAddress(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        ];
        // Another 127.x.y.z is loopback too.
        if listen.is_loopback() && !names.contains(&SanType::IpAddress(listen)) {
            names.push(SanType::IpAddress(listen));
        }
        let (certificate, key) = self.issue(&names, now)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(text)?
            .with_client_cert_verifier(Arc::new(client_certificate::Asked))
            .with_single_cert(vec![certificate.der().clone()], key)
            .map_err(text)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// A certificate for signing messages, with the key it was made for.
pub struct Made {
    pub key_pem: String,
    pub public_key_pem: String,
    pub certificate_pem: String,
    /// 40 upper-case hexadecimal digits.
    pub serial: String,
}

/// An RSA-2048 key and its certificate, issued by an authority whose key is thrown away at once.
pub fn make(subject: &str, issuer: &str, not_before: OffsetDateTime) -> Result<Made, String> {
    let mut authority = CertificateParams::default();
    authority.distinguished_name = name(issuer);
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let issuer = Issuer::new(authority, KeyPair::generate().map_err(text)?);

    let (serial_number, serial) = serial();
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).map_err(text)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = name(subject);
    params.not_before = not_before;
    params.not_after = not_before + Duration::days(5 * 365);
    params.serial_number = Some(serial_number);
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
    ];
    let certificate = params.signed_by(&key, &issuer).map_err(text)?;
    Ok(Made {
        key_pem: key.serialize_pem(),
        public_key_pem: key.public_key_pem(),
        certificate_pem: certificate.pem(),
        serial,
    })
}

/// An RSA-2048 key pair in PEM, private and public half.
pub fn rsa_key() -> Result<(String, String), String> {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).map_err(text)?;
    Ok((key.serialize_pem(), key.public_key_pem()))
}

fn name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, ORGANIZATION);
    name.push(DnType::CommonName, common_name);
    name
}

/// 20 bytes that begin with a zero nibble: the real ones sometimes do, and programs that drop it are found here.
fn serial() -> (SerialNumber, String) {
    let mut bytes = random::bytes::<20>();
    bytes[0] = bytes[0] % 15 + 1;
    let hex = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    (SerialNumber::from_slice(&bytes), hex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// What openssl says of a chain of a leaf for `name` under a fresh authority.
    fn verdict(name: SanType) -> String {
        let dir = std::env::temp_dir().join(format!(
            "wxpay-pki-{}-{}",
            std::process::id(),
            random::hex(8)
        ));
        std::fs::create_dir(&dir).expect("a directory");
        let now = OffsetDateTime::now_utc();
        let authority = Authority::new(now).expect("an authority");
        let (leaf, _) = authority.issue(&[name], now).expect("a leaf");
        std::fs::write(dir.join("ca.pem"), &authority.pem).expect("ca.pem");
        std::fs::write(dir.join("leaf.pem"), leaf.pem()).expect("leaf.pem");
        let output = Command::new("openssl")
            .args([
                "verify",
                "-x509_strict",
                "-no-CApath",
                "-no-CAstore",
                "-CAfile",
            ])
            .args([dir.join("ca.pem"), dir.join("leaf.pem")])
            .output()
            .expect("openssl");
        std::fs::remove_dir_all(&dir).expect("the directory");
        format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    }

    #[test]
    fn the_authority_can_vouch_for_this_machine_only() {
        let dns = |name: &str| SanType::DnsName(name.try_into().expect("a name"));
        for name in [
            dns("localhost"),
            SanType::IpAddress([127, 0, 0, 1].into()),
            SanType::IpAddress(Ipv6Addr::LOCALHOST.into()),
        ] {
            let said = verdict(name.clone());
            assert!(said.ends_with("leaf.pem: OK\n"), "{name:?}: {said}");
        }
        for name in [
            dns("api.mch.weixin.qq.com"),
            dns("*.weixin.qq.com"),
            dns("localhost.example"),
            SanType::IpAddress([126, 0, 0, 1].into()),
            SanType::IpAddress([10, 0, 0, 1].into()),
        ] {
            let said = verdict(name.clone());
            assert!(
                said.contains("permitted subtree violation"),
                "{name:?}: {said}"
            );
        }
    }
}
