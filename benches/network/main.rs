//! What of the network comparison is written in Rust: the server, the bare floor, and how cost grows. Each is a
//! role of this program in a process of its own; benches/network/*.py starts them and makes rows of what they print.

mod bare;
mod bodies;
mod clients;
mod clock;
mod keys;
mod server;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", keys] => server::serve(Path::new(keys)),
        ["bare", merchant, order] => bare::bare(Path::new(merchant), Path::new(order)),
        ["bodies", merchant, keys] => bodies::bodies(merchant, Path::new(keys)),
        ["clients", merchant, how, count] => clients::clients(merchant, how, count),
        ["ring", merchant, keys, count] => clients::ring(merchant, Path::new(keys), count),
        ["store", merchant] => clients::store(merchant),
        // `cargo bench` starts it with `--bench`: where it lies is what scripts/bench/net.sh asks for.
        _ => {
            let path = std::env::current_exe().expect("this program has a path");
            println!("{}", path.display());
            ExitCode::SUCCESS
        }
    }
}
