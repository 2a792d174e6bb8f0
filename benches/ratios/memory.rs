//! What a thousand clients hold in memory, each process measured from inside.

use std::process::{Command, ExitCode};
use std::sync::Arc;

use wxpay::client::Client;
use wxpay::http::{Body, Message};
use wxpay::time::clock;
use wxpay::v3::prepare::prepare;

use super::files::{Files, ORDER, TARGET};
use super::table::{Outcome, Row};

const CLIENTS: usize = 1000;
const MOST: f64 = 20.0;

/// Builds that many clients, lets each sign once if asked to, and prints the resident bytes.
pub fn hold(files: &Files, clients: &str, use_them: &str) -> ExitCode {
    let mut config = files.config();
    let request = Message::request("POST", TARGET, Body::new(ORDER.into()));
    let held: Vec<Arc<Client>> = (0..clients.parse::<usize>().expect("a number"))
        .map(|number| {
            config
                .set("mchid", &(1_900_000_000 + number).to_string())
                .expect("an id");
            let client = Client::new(&config).expect("the configuration is complete");
            if use_them == "used" {
                prepare(&client.merchant, &request, clock()).expect("it signs");
            }
            client
        })
        .collect();
    println!("{}", resident());
    drop(held);
    ExitCode::SUCCESS
}

/// From /proc/self/statm; 0 where there is none.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: usize = statm
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .unwrap_or(0);
    // SAFETY: has no preconditions.
    pages * usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096)
}

fn of_process(files: &Files, clients: usize, use_them: &str) -> f64 {
    let output = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["hold", &clients.to_string(), use_them])
        .arg(files.directory())
        .output()
        .expect("it starts");
    let bytes: f64 = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .expect("it prints its memory");
    bytes / (1024.0 * 1024.0)
}

pub fn memory(files: &Files) -> Vec<Row> {
    let row = |name, use_them, note: &str| {
        let rounds: Vec<(f64, f64)> = (0..3)
            .map(|_| {
                (
                    of_process(files, CLIENTS, use_them),
                    of_process(files, 0, use_them),
                )
            })
            .collect();
        let (with, without) = rounds[0];
        Row {
            name,
            outcome: if without == 0.0 {
                Outcome::Skipped("no /proc/self/statm".to_owned())
            } else {
                Outcome::Measured {
                    ours: format!("{with:.1} MiB"),
                    reference: format!("{without:.1} MiB"),
                    ratios: rounds
                        .iter()
                        .map(|(with, without)| (with - without) / MOST)
                        .collect(),
                    target: Some(1.0),
                }
            },
            note: note.to_owned(),
        }
    };
    vec![
        row(
            "memory of 1,000 clients",
            "new",
            "resident memory of a process with 1,000 clients of different mchid, each with keys of its own parsing, against one with none; the ratio is the difference over 20 MiB.",
        ),
        row(
            "memory of 1,000 clients used",
            "used",
            "the same after each has signed a request.",
        ),
    ]
}
