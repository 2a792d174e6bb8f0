//! What a command reads besides its configuration: a file, or standard input for `-`. Everything has a limit, because a
//! pipe or a device need not end.

use std::fs::File;
use std::io::Read;

/// A body as the library sends it at most, or a saved answer.
pub const MOST_BODY: u64 = 10 << 20;

/// `what` is the option, for errors.
pub fn read(what: &str, from: &str, most: u64) -> Result<Vec<u8>, String> {
    let (name, bytes) = if from == "-" {
        (
            "standard input".to_owned(),
            limited(std::io::stdin().lock(), most),
        )
    } else {
        (
            from.to_owned(),
            File::open(from).and_then(|file| limited(file, most)),
        )
    };
    let bytes = bytes.map_err(|error| format!("{what}: cannot read {name}: {error}"))?;
    if bytes.len() as u64 > most {
        return Err(format!(
            "{what}: {name} has more than {} MiB",
            most / (1 << 20)
        ));
    }
    Ok(bytes)
}

fn limited(from: impl Read, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A request's body: none without the option.
pub fn body(from: Option<&str>) -> Result<Vec<u8>, String> {
    from.map_or(Ok(Vec::new()), |from| read("--body", from, MOST_BODY))
}
