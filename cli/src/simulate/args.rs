//! The options of `wxpay simulate`, and which of them are refused before anything is started.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Farther off, times would leave the years that certificates can name.
pub const TEN_YEARS: i64 = 315_360_000;

/// Slower, the delays would leave the range of a timer; nobody waits that long.
const SLOWEST: f64 = 0.001;

/// Run a local WeChat Pay.
///
/// Writes to DIR what a merchant gets from WeChat Pay, prints its base URL on standard output when it is ready, and
/// runs until SIGINT or SIGTERM. Everything under `/_sim/` is the simulator's own.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,

    /// Directory for keys, certificates and merchant.json; made when it does not exist; one simulator at a time
    #[arg(long, value_name = "DIR")]
    pub dir: PathBuf,

    /// Seconds by which the simulator's clock differs from this machine's
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0, allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(-TEN_YEARS..=TEN_YEARS))]
    pub now_offset: i64,

    /// Divides the delays between two deliveries of a notification
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub time_scale: f64,

    /// Allow an address other than loopback, here and in notify_url
    #[arg(long)]
    pub expose: bool,

    /// Stop after this many seconds
    #[arg(long, value_name = "N")]
    pub max_seconds: Option<u64>,

    /// Stop when the process that started this one has ended
    #[arg(long)]
    pub exit_with_parent: bool,

    /// Log connections and TLS failures too; every request and delivery is logged to standard error anyway
    #[arg(long, overrides_with = "quiet")]
    pub verbose: bool,

    /// Log nothing
    #[arg(long, overrides_with = "verbose")]
    pub quiet: bool,
}

impl Args {
    /// Says what cannot work, before a key is made or a socket opened.
    pub fn check(&self) -> Result<(), String> {
        if !self.listen.ip().is_loopback() && !self.expose {
            return Err(format!(
                "{} is not a loopback address. The simulator answers anyone who can reach it; add --expose if you mean that.",
                self.listen.ip()
            ));
        }
        if !(self.time_scale.is_finite() && self.time_scale >= SLOWEST) {
            return Err(format!(
                "--time-scale must be a number of at least {SLOWEST}, got {}.",
                self.time_scale
            ));
        }
        Ok(())
    }
}
