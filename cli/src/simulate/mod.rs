//! The local WeChat Pay: an HTTPS server that behaves to one merchant as the real one does. This module owns its start,
//! its life and what all requests share; nothing in it is the library's (the two must be able to disagree).

mod answer;
mod args;
mod authorization;
mod bills;
mod book;
mod call;
mod certificates;
mod client_certificate;
mod clock;
mod connection;
mod control;
mod deliver;
mod faults;
mod fields;
mod files;
mod gate;
mod hosts;
mod identity;
mod kind;
mod log;
mod media;
mod mistakes;
mod multipart;
mod notify;
mod orders;
mod pkcs12;
mod pki;
mod random;
mod refunds;
mod refusal;
mod router;
mod seal;
mod sensitive;
mod signer;
mod spoilt;
mod stats;
mod transfers;
mod upload;
mod v2;
mod wire;

pub use args::Args;

use clock::Clock;
use identity::Identity;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::process::parent_id;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What all requests share.
pub struct Sim {
    identity: Identity,
    signer: signer::Signer,
    clock: Clock,
    hosts: hosts::Hosts,
    time_scale: f64,
    expose: bool,
    log: log::Log,
    merchant_certificate: refusal::Certificate,
    book: Mutex<book::Book>,
    notifications: notify::Log,
    faults: faults::Faults,
    stats: stats::Stats,
    base_url: String,
    images: media::Images,
    downloads: bills::Downloads,
    transfers: transfers::Transfers,
    red_packets: v2::RedPackets,
}

impl Sim {
    fn book(&self) -> MutexGuard<'_, book::Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs until a signal, `--max-seconds` or the parent's end.
pub fn run(args: Args) -> Result<(), String> {
    args.check()?;
    // Taken before anything slow, so that a parent that dies meanwhile is noticed.
    let parent = parent_id();
    let (log, end_of_log) = log::Log::start(args.quiet, args.verbose);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let result = runtime.block_on(async {
        // Before the base URL is printed: whoever reads it may send a signal at once.
        let signals = (
            listen_for(SignalKind::interrupt())?,
            listen_for(SignalKind::terminate())?,
        );
        tokio::select! {
            result = serve(&args, log) => result,
            result = end(&args, parent, signals) => result,
        }
    });
    // Deliveries that still wait for a reply need not be waited for.
    runtime.shutdown_background();
    end_of_log.wait();
    result
}

async fn serve(args: &Args, log: log::Log) -> Result<(), String> {
    let identity = Identity::load_or_make(&args.dir)?;
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", args.listen))?;
    let listen = listener.local_addr().map_err(|error| error.to_string())?;

    // TLS lives in this machine's time: --now-offset is about WeChat Pay's clock in messages.
    let now = OffsetDateTime::now_utc();
    let authority = pki::Authority::new(now)?;
    let acceptor = tokio_rustls::TlsAcceptor::from(authority.server_config(listen.ip(), now)?);
    files::write(&args.dir.join("ca.pem"), files::PUBLIC, &authority.pem)?;
    let base_url = base_url(listen);
    identity.write_configurations(&args.dir, &base_url)?;

    let sim = Arc::new(Sim {
        signer: signer::Signer::new(&identity),
        identity,
        clock: Clock::new(args.now_offset),
        hosts: hosts::Hosts::new(listen, args.expose),
        time_scale: args.time_scale,
        expose: args.expose,
        log,
        merchant_certificate: refusal::Certificate::default(),
        book: Mutex::default(),
        notifications: notify::Log::default(),
        faults: faults::Faults::default(),
        stats: stats::Stats::default(),
        base_url: base_url.clone(),
        images: media::Images::default(),
        downloads: bills::Downloads::default(),
        transfers: transfers::Transfers::default(),
        red_packets: v2::RedPackets::default(),
    });
    let router = router::router(sim.clone());
    let mut out = std::io::stdout();
    writeln!(out, "{base_url}")
        .and_then(|()| out.flush())
        .map_err(|error| format!("cannot print the base URL: {error}"))?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection::serve(
                    sim.clone(),
                    acceptor.clone(),
                    router.clone(),
                    stream,
                ));
            }
            // Out of descriptors, most likely: the next one may work.
            Err(error) => {
                sim.log.detail(|| format!("accept: {error}"));
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// `https://IP:PORT`; behind 0.0.0.0 the address that the certificate names.
fn base_url(listen: SocketAddr) -> String {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("https://{}", SocketAddr::new(ip, listen.port()))
}

fn listen_for(kind: SignalKind) -> Result<Signal, String> {
    signal(kind).map_err(|error| format!("cannot handle signals: {error}"))
}

async fn end(
    args: &Args,
    parent: u32,
    (mut interrupt, mut terminate): (Signal, Signal),
) -> Result<(), String> {
    let limit = async {
        match args.max_seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    let orphaned = async {
        if !args.exit_with_parent {
            std::future::pending::<()>().await;
        }
        while parent_id() == parent {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        () = limit => {}
        () = orphaned => {}
    }
    Ok(())
}
