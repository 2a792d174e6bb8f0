//! `--config FILE` and `--env PREFIX`: where a report takes the merchant's configuration from. Reads it by the library's
//! rules for key files (safety.md S33); never shows a value of it.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Error, Severity};
use wxpay::http::Origin;

#[derive(clap::Args, Clone, Debug)]
#[group(id = "merchant")]
pub struct Args {
    /// The merchant's configuration, a JSON file as wxpay_config_load_json takes it
    #[arg(long, value_name = "FILE", conflicts_with = "env")]
    pub config: Option<PathBuf>,

    /// The merchant's configuration from the environment variables that begin with PREFIX, such as WXPAY_
    #[arg(long, value_name = "PREFIX")]
    pub env: Option<String>,
}

/// A configuration and what could be made of it.
pub struct Merchant {
    /// As people know it: the file's path or the variables.
    pub source: Option<String>,
    pub config: Config,
    /// What is wrong with the text itself; the library's report finds the rest.
    pub problem: Option<Value>,
}

impl Merchant {
    /// An error is a mistake of the command line: no such file, no such prefix.
    pub fn load(args: &Args) -> Result<Merchant, String> {
        let mut config = Config::default();
        let (source, loaded) = if let Some(path) = &args.config {
            let path = path
                .to_str()
                .ok_or_else(|| format!("--config: {} is not UTF-8", path.display()))?;
            let bytes = wxpay::key::read_file("--config", path).map_err(|error| message(&error))?;
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| format!("--config: {path} is not UTF-8 text, so it is no JSON"))?;
            (Some(path.to_owned()), config.load_json(text))
        } else if let Some(prefix) = &args.env {
            wxpay::config::check_prefix(prefix)
                .map_err(|error| format!("--env: {}", message(&error)))?;
            (
                Some(format!("environment variables {prefix}…")),
                config.load_env(prefix),
            )
        } else {
            (None, Ok(()))
        };
        Ok(Merchant {
            source,
            problem: loaded.err().map(|error| finding(&error)),
            config,
        })
    }

    /// For a command that can do nothing without a client.
    pub fn needed(&self) -> Result<Arc<Client>, String> {
        if self.source.is_none() {
            return Err(
                "which merchant? Give --config FILE, or --env WXPAY_ for the environment variables WXPAY_…"
                    .to_owned(),
            );
        }
        if let Some(problem) = &self.problem {
            let text = |name: &str| problem[name].as_str().unwrap_or_default();
            return Err(format!("{} {}", text("text"), text("cure")));
        }
        Client::new(&self.config).map_err(|error| message(&error))
    }

    /// None without a configuration, or with one that makes no client: the library's report says why.
    pub fn client(&self) -> Option<Arc<Client>> {
        self.source.as_ref()?;
        Client::new(&self.config).ok()
    }

    /// Where this merchant's requests go.
    pub fn origin(&self) -> Option<Origin> {
        Origin::parse(
            self.config
                .get("base_url")
                .unwrap_or("https://api.mch.weixin.qq.com"),
        )
        .ok()
    }
}

/// The status's name is the id, as in the library's report on a configuration.
pub fn finding(error: &Error) -> Value {
    let fields = error.fields();
    json!({
        "id": fields.status.row().name,
        "severity": Severity::Error.name(),
        "text": fields.message,
        "cure": fields.hint,
    })
}

/// What is wrong and what to do, for standard error.
pub fn message(error: &Error) -> String {
    let fields = error.fields();
    format!("{} {}", fields.message, fields.hint)
        .trim()
        .to_owned()
}
