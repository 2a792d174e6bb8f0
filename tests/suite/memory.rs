//! What is larger than the memory there is (docs/limits.md): `tests/c/memory.c` under a limit of
//! address space, against a server that promises and sends without end; and the walk with every
//! allocation over 1 MiB refused.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;

use crate::c_place::{C99, Place};
use crate::fork_keys::keys;

/// As in docs/limits.md. In the second there is no room for two
/// copies of a body of 10 MB beside the library.
const ADDRESS_SPACE: u64 = 64 << 20;
const TOO_LITTLE: u64 = 40 << 20;
const CHECKS: u64 = 90;
/// As many answers as the program asks for; the server ends with it.
static PIECE: [u8; 65536] = [0; 65536];

/// Answers by the path; ends its connection where the client goes away.
fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        std::io::copy(
            &mut std::io::Read::take(&mut reader, length),
            &mut std::io::sink(),
        )?;
        if first.contains("small") {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
        } else if first.contains("huge") {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 1_u64 << 62);
            stream.write_all(head.as_bytes())?;
            return endless(&mut stream, &PIECE);
        } else if first.contains("endless") {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            return endless(&mut stream, &[b"10000\r\n", &PIECE[..], b"\r\n"].concat());
        } else if first.contains("header") {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX-Long: ")?;
            return endless(&mut stream, &[b'a'; 65536]);
        } else if first.contains("bomb") {
            let gzip = bomb();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                gzip.len()
            )?;
            stream.write_all(&gzip)?;
        } else {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                1 << 30
            )?;
            for _ in 0..(1 << 30) / PIECE.len() {
                stream.write_all(&PIECE)?;
            }
        }
    }
}

/// Until the client closes, which it must.
fn endless(stream: &mut TcpStream, piece: &[u8]) -> std::io::Result<()> {
    loop {
        stream.write_all(piece)?;
    }
}

/// 1 GiB of zeros by the gzip command.
fn bomb() -> Vec<u8> {
    let made = Command::new("sh")
        .args(["-c", "head -c 1073741824 /dev/zero | gzip -1"])
        .output()
        .unwrap();
    assert!(made.status.success() && made.stdout.len() < 8 << 20);
    made.stdout
}

fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away is an error here, and what is tested there.
            std::thread::spawn(move || serve(stream));
        }
    });
    url
}

fn config(place: &Place) -> PathBuf {
    let key = |name: &str| std::fs::read_to_string(keys().join(name)).unwrap();
    let config = json!({
        "mchid": "1900000001",
        "merchant_serial": "0A4A",
        "private_key": key("rsa2048.pem"),
        "api_v3_key": "0123456789abcdef0123456789ABCDEF",
        "public_key_id": "PUB_KEY_ID_1",
        "public_key": key("public3072.pem"),
        "base_url": server(),
    });
    place.write("config.json", &config.to_string())
}

fn run(place: &Place, program: &Path, config: &Path, address_space: u64) -> Output {
    let mut limited = Command::new("prlimit");
    limited
        .arg(format!("--as={address_space}"))
        .arg(program)
        .arg(config);
    place.run(&mut limited)
}

#[test]
fn what_is_larger_than_memory_is_refused_and_the_next_call_works() {
    let place = Place::new();
    let program = place.compile(&root().join("tests/c/memory.c"), C99, &["-g"]);
    let config = config(&place);
    let output = run(&place, &program, &config, ADDRESS_SPACE);
    let said = said(&output);
    assert!(output.status.success(), "{}\n{said}", output.status);
    let checks: u64 = said
        .lines()
        .find_map(|line| {
            line.strip_prefix("memory: ")?
                .strip_suffix(" checks, 0 failed")?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    assert!(checks >= CHECKS, "{said}");
    // The limit is really on, and beyond it there is a status: the program ends by itself.
    let output = run(&place, &program, &config, TOO_LITTLE);
    let said = self::said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("There is no memory for"), "{said}");
}

/// In 10 MB of every text, whatever its form, and with messages that large.
#[test]
fn no_function_aborts_when_large_allocations_are_refused() {
    let place = Place::with_simulator();
    let walk = root().join("tests/c/generated_walk.c");
    let program = place.compile(&walk, C99, &["-g", "-DWALK_MEMORY"]);
    let output = place.run(Command::new(program).arg(place.merchant()).arg("memory"));
    let said = said(&output);
    assert!(output.status.success(), "{}\n{said}", output.status);
    let refused: u64 = said
        .lines()
        .find_map(|line| {
            line.strip_prefix("memory: ")?
                .split(' ')
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    assert!(refused >= 100, "hardly anything was refused:\n{said}");
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr]
        .map(String::from_utf8_lossy)
        .concat()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
