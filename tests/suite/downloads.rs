//! Downloads as a program lives through them: slowly, from several threads, cancelled, across a
//! fork, larger than memory; and the bills that are read from them. Most of it through the C ABI.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use wxpay::bill::Bill;
use wxpay::client::{Client, Download};
use wxpay::error::Status;
use wxpay::ffi::bill::*;
use wxpay::ffi::buf::*;
use wxpay::ffi::client::*;
use wxpay::ffi::config::*;
use wxpay::ffi::download::*;

use crate::process::{alone, in_child};
use crate::safety::child::runs_here;
use crate::safety::downloads::{
    BILL, answer, bill, drained, gzip, piped, seal, sealed_answer, serving,
};
use crate::safety::raw::Raw;
use crate::safety::wechat::{self, config, http, refused, with};

fn opened(server: &Raw, source: &str) -> Download {
    let client = Client::new(&config(&server.url)).unwrap();
    // The client goes first.
    client.download_open(source).unwrap()
}

/// `timeout_ms` is each read's, not the whole download's.
#[test]
fn a_slow_download_goes_on_while_each_read_brings_something_in_time() {
    let body = vec![b'x'; 8];
    let whole = http(200, &body, &[]);
    let head = whole.len() - body.len();
    let server = Raw::start(move |peer| {
        if peer.request().is_some() {
            peer.send(&whole[..head]);
            for byte in &whole[head..head + 6] {
                std::thread::sleep(Duration::from_millis(250));
                peer.send(std::slice::from_ref(byte));
            }
            std::thread::sleep(Duration::from_secs(5));
        }
    });
    let client = Client::new(&with(&server.url, &[("timeout_ms", "1000")])).unwrap();
    let source = answer(&server, &body).to_string();
    let begun = Instant::now();
    let download = client.download_open(&source).unwrap();
    let (given, end) = drained(&download, 100);
    assert_eq!(given, b"xxxxxx");
    assert!(begun.elapsed() > Duration::from_millis(1500));
    let error = refused("stalled", end);
    assert_eq!(error.status(), Status::Timeout, "{error}");
    assert!(error.fields().hint.contains("download anew"), "{error}");
    assert_eq!((download.received(), download.total()), (6, 8));
}

/// One more than the second piece comes when `go` says so.
fn held_back(go: Arc<AtomicBool>) -> Raw {
    Raw::start(move |peer| {
        if peer.request().is_some() {
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
            while !go.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
            peer.send(b"56789");
        }
    })
}

#[test]
fn another_thread_sees_how_far_it_is_but_may_not_read_at_the_same_time() {
    let go = Arc::new(AtomicBool::new(false));
    let server = held_back(Arc::clone(&go));
    let download = opened(&server, &answer(&server, b"0123456789").to_string());
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| drained(&download, 100));
        while download.received() < 5 {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(50));
        let begun = Instant::now();
        let error = refused("second reader", download.read(&mut [0; 10]));
        assert_eq!(error.status(), Status::InvalidState, "{error}");
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "no lock is waited for"
        );
        assert_eq!(
            (download.received(), download.total(), download.verified()),
            (5, 10, 0)
        );
        go.store(true, Ordering::SeqCst);
        let (all, end) = reader.join().unwrap();
        end.unwrap();
        assert_eq!(all, b"0123456789");
    });
    assert_eq!((download.received(), download.verified()), (10, 1));
}

#[test]
fn a_cancel_from_another_thread_ends_the_read_at_work_and_every_later_one() {
    let server = held_back(Arc::default());
    let download = opened(&server, &answer(&server, b"0123456789").to_string());
    let begun = Instant::now();
    let (given, end) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| drained(&download, 100));
        while download.received() < 5 {
            std::thread::sleep(Duration::from_millis(5));
        }
        download.cancel();
        reader.join().unwrap()
    });
    assert!(begun.elapsed() < Duration::from_secs(3));
    assert_eq!(given, b"01234");
    assert_eq!(refused("at work", end).status(), Status::Cancelled);
    assert_eq!(
        refused("later", download.read(&mut [0])).status(),
        Status::Cancelled
    );
    // Also before the first read, and for who reads it all at once.
    let download = opened(&server, &answer(&server, b"").to_string());
    download.cancel();
    let error = refused("bill", Bill::open_download(&download));
    assert_eq!(error.status(), Status::Cancelled);
}

#[test]
fn a_child_finds_its_parents_download_forked_and_leaves_it_alone() {
    alone(
        "downloads::a_child_finds_its_parents_download_forked_and_leaves_it_alone",
        || {
            let content = bill();
            let server = serving(content.clone());
            let download = opened(&server, &answer(&server, &content).to_string());
            let mut first = [0; 10];
            let taken = download.read(&mut first).unwrap();
            let mut ours = Some(download);
            // A bill's file is read without a position that both would move.
            let large = large_bill(70_000);
            let other = serving(large.clone());
            let source = answer(&other, &large).to_string();
            let mut shared = Bill::open_download(&opened(&other, &source)).unwrap();
            shared.next().unwrap();
            let child = in_child(|| {
                let theirs = ours.take().unwrap();
                for result in [
                    theirs.read(&mut [0; 10]).map(drop),
                    Bill::open_download(&theirs).map(drop),
                ] {
                    match result {
                        Err(error) if error.status() == Status::Forked => {}
                        other => return Err(format!("{other:?}")),
                    }
                }
                drop(theirs);
                goes_on(&mut shared)
            });
            assert_eq!(child.verdict(), Ok(()));
            goes_on(&mut shared).unwrap();
            let (rest, end) = drained(ours.as_ref().unwrap(), 100);
            end.unwrap();
            assert_eq!([&first[..taken], &rest].concat(), content);
        },
    );
}

/// From its second row to its end.
fn goes_on(bill: &mut Bill) -> Result<(), String> {
    for row in 2..=bill.row_count() {
        bill.next().map_err(|error| error.to_string())?;
        if bill.row() != row || bill.fen(2) != Some(-((row - 1) % 100)) {
            return Err(format!("row {row}: {:?}", bill.fen(2)));
        }
    }
    Ok(())
}

/// Rows enough for a file, which a bill in memory does not need.
fn large_bill(rows: usize) -> Vec<u8> {
    let mut text = String::from("记账时间,资金流水单号,收支金额(元)\n");
    for row in 0..rows {
        text.push_str(&format!(
            "`2026-11-25 10:00:00,`{row:032},`-0.{:02}\n",
            row % 100
        ));
    }
    text.push_str(&format!("资金流水总笔数,支出金额\n`{rows},`1.00\n"));
    text.into_bytes()
}

#[test]
fn a_bill_is_read_from_a_download_of_any_form_and_size() {
    for rows in [3, 70_000] {
        let content = large_bill(rows);
        for (form, body) in [
            ("plain", content.clone()),
            ("gzip", gzip(&content)),
            ("encrypted", seal(&content)),
        ] {
            let server = serving(body);
            let source = if form == "encrypted" {
                sealed_answer(&server, &content)
            } else {
                answer(&server, &content)
            };
            let download = opened(&server, &source.to_string());
            let mut bill = Bill::open_download(&download).unwrap();
            assert_eq!(download.verified(), 1, "{form}");
            assert_eq!(bill.row_count(), i64::try_from(rows).unwrap(), "{form}");
            let mut sum = 0;
            for row in 1..=rows {
                bill.next().unwrap();
                assert_eq!(bill.row(), i64::try_from(row).unwrap());
                sum -= bill.fen(2).unwrap();
            }
            let want: i64 = (0..rows).map(|row| i64::try_from(row % 100).unwrap()).sum();
            assert_eq!(sum, want, "{form}");
            bill.next().unwrap();
            assert_eq!(bill.row(), 0);
            // It was taken to its end: neither again, nor after a read.
            let error = refused(form, Bill::open_download(&download));
            assert_eq!(error.status(), Status::InvalidState, "{form}");
            // Nor does it pass for an empty file.
            let error = refused(form, download.read(&mut [0]));
            assert_eq!(error.status(), Status::InvalidState, "{form}");
            let download = opened(&server, &source.to_string());
            download.read(&mut [0]).unwrap();
            let error = refused(form, Bill::open_download(&download));
            assert_eq!(error.status(), Status::InvalidState, "{form}");
        }
    }
}

/// What an exchange knows about itself lies in the thread while it is at work: nothing of one may
/// reach another, and a connection in the middle of a body goes to nobody.
#[test]
fn downloads_and_calls_that_take_turns_on_one_thread_keep_apart() {
    let (one, two) = (large_bill(400), bill());
    let bodies = [one.clone(), two.clone()];
    let server = Raw::answering(move |seen| {
        let which = usize::from(seen.line().contains("token=two"));
        http(200, &bodies[which], &[])
    });
    let client = Client::new(&config(&server.url)).unwrap();
    let source = |token: &str, content: &[u8]| {
        let mut source = answer(&server, content);
        source["download_url"] = format!("{}{BILL}?token={token}", server.url).into();
        source.to_string()
    };
    let mut turns = [(&one, "one"), (&two, "two"), (&one, "one")].map(|(content, token)| {
        (
            client.download_open(&source(token, content)).unwrap(),
            vec![],
        )
    });
    let mut into = [0; 700];
    let mut at_work = true;
    while at_work {
        at_work = false;
        for (which, (download, got)) in turns.iter_mut().enumerate() {
            let taken = download
                .read(&mut into[..if which == 0 { 1 } else { 700 }])
                .unwrap();
            got.extend_from_slice(&into[..taken]);
            at_work |= which != 0 && taken > 0;
        }
        let whole = client.download(&source("two", &two)).unwrap();
        assert_eq!(*whole, two);
    }
    let [(first, mut got), (_, all_two), (_, all_one)] = turns;
    assert_eq!((all_two, &all_one), (two.clone(), &one));
    assert!(got.len() < one.len() && first.verified() == 0);
    // Three at work, and one for the calls between.
    assert_eq!(server.connections(), 4);
    let (rest, end) = drained(&first, 4096);
    end.unwrap();
    got.extend(rest);
    assert_eq!(got, one);
    // One that is given up in the middle is not used again.
    let broken = client.download_open(&source("one", &one)).unwrap();
    broken.read(&mut into).unwrap();
    drop(broken);
    assert_eq!(*client.download(&source("two", &two)).unwrap(), two);
}

/// The names of the descriptors of this process.
fn descriptors() -> Vec<String> {
    std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .map(|path| path.display().to_string())
        .collect()
}

#[test]
fn a_large_bill_lies_in_a_file_without_a_name_where_tmpdir_says() {
    let directory = crate::simulator::fresh_dir("spool");
    let place = directory.to_str().unwrap();
    let name = "downloads::a_large_bill_lies_in_a_file_without_a_name_where_tmpdir_says";
    if !runs_here(name, &[("TMPDIR", place)], &[]) {
        return;
    }
    let place = std::env::var("TMPDIR").unwrap();
    let content = large_bill(70_000);
    let server = serving(content.clone());
    let source = answer(&server, &content).to_string();
    let bill = Bill::open_download(&opened(&server, &source)).unwrap();
    let files = || {
        descriptors()
            .iter()
            .filter(|name| name.starts_with(&place))
            .count()
    };
    assert_eq!(files(), 1, "{:?}", descriptors());
    assert!(
        descriptors()
            .iter()
            .any(|name| name.starts_with(&place) && name.ends_with("(deleted)"))
    );
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 0, "no name");
    drop(bill);
    assert_eq!(files(), 0);
    std::fs::remove_dir(&place).unwrap();
    let download = opened(&server, &source);
    let error = refused("no directory", Bill::open_download(&download));
    assert_eq!(error.status(), Status::FileUnreadable, "{error}");
    assert!(error.fields().message.contains(&place), "{error}");
    // What is left of it does not pass for the whole file.
    let again = refused("the rest", download.read(&mut [0; 4096]));
    assert_eq!(again.status(), Status::FileUnreadable, "{again}");
    assert_eq!(download.verified(), 0);
    // What is given out in pieces needs no file.
    drained(&opened(&server, &source), 1 << 16).1.unwrap();
}

/// kB of a line of /proc/self/status.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find(|one| one.starts_with(line)).unwrap();
    found.split_whitespace().nth(1).unwrap().parse().unwrap()
}

const LINE: &str = "`2026-11-25 10:00:00,`4200000001202611250000000001,`0.01\n";

/// Alone: other tests' memory would count. SHA-1 by openssl.
#[test]
fn a_gigabyte_streams_in_less_than_20_mb() {
    const SIZE: usize = 1_000_000_000;
    if !runs_here("downloads::a_gigabyte_streams_in_less_than_20_mb", &[], &[]) {
        return;
    }
    let shell = format!(
        "yes '{}' | head -c {SIZE} | openssl dgst -sha1 -binary",
        LINE.trim_end()
    );
    let sha1: String = piped("sh", &["-c", &shell], b"")
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let piece = LINE.repeat(1000);
        write!(socket, "HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n").unwrap();
        let mut left = SIZE;
        while left > 0 {
            let now = left.min(piece.len());
            socket.write_all(&piece.as_bytes()[..now]).unwrap();
            left -= now;
        }
        // Until the other side has gone.
        let _ = std::io::Read::read(&mut socket, &mut [0; 4096]);
        std::thread::sleep(Duration::from_secs(1));
    });
    let client = Client::new(&config(&url)).unwrap();
    let source = json!({
        "hash_type": "SHA1", "hash_value": sha1, "download_url": format!("{url}{BILL}"),
    });
    let before = memory("VmRSS");
    let download = client.download_open(&source.to_string()).unwrap();
    let mut into = vec![0; 64 * 1024];
    let mut given = 0;
    loop {
        match download.read(&mut into).unwrap() {
            0 => break,
            taken => given += taken,
        }
    }
    assert_eq!((given, download.verified()), (SIZE, 1));
    let grown = memory("VmHWM") - before;
    assert!(grown < 20 * 1024, "{grown} kB");
}

/// As C calls it: NULL and nonsense are named, outputs are cleared, handles are told apart.
#[test]
fn the_functions_of_c_give_what_the_header_says() {
    let content = bill();
    let server = serving(content.clone());
    let source = answer(&server, &content).to_string();
    // SAFETY: every pointer is NULL or live, as each line shows.
    unsafe {
        let mut settings: *mut wxpay_config = std::ptr::null_mut();
        let mut client: *mut wxpay_client = std::ptr::null_mut();
        let err = std::ptr::null_mut();
        let json = json!({
            "mchid": wechat::MCHID,
            "merchant_serial": wechat::MERCHANT_SERIAL,
            "private_key": wechat::merchant().pem,
            "public_key_id": wechat::PUBLIC_KEY_ID,
            "public_key": wechat::wechat().public_pem,
            "base_url": server.url,
        })
        .to_string();
        assert_eq!(wxpay_config_new(&mut settings, err), 0);
        let text = json.as_ptr().cast();
        assert_eq!(wxpay_config_load_json(settings, text, json.len(), err), 0);
        assert_eq!(wxpay_client_new(settings, &mut client, err), 0);
        wxpay_config_free(settings);
        let mut download: *mut wxpay_download = std::ptr::null_mut();
        let text = source.as_ptr().cast();
        assert_eq!(
            wxpay_download_open(client, text, 3, &mut download, err),
            420
        );
        assert!(download.is_null());
        let mut whole: *mut wxpay_buf = std::ptr::null_mut();
        assert_eq!(
            wxpay_client_download(client, text, source.len(), &mut whole, err),
            0
        );
        let bytes = std::slice::from_raw_parts(wxpay_buf_data(whole), wxpay_buf_len(whole));
        assert_eq!(bytes, content);
        wxpay_buf_free(whole);
        assert_eq!(
            wxpay_download_open(client, text, source.len(), &mut download, err),
            0
        );
        wxpay_client_free(client);
        let mut n = 7;
        let mut into = [0_u8; 64];
        assert_eq!(
            wxpay_download_read(download, std::ptr::null_mut(), 1, &mut n, err),
            101
        );
        assert_eq!(
            wxpay_download_read(download, into.as_mut_ptr(), 1, std::ptr::null_mut(), err),
            101
        );
        assert_eq!(
            wxpay_download_read(download, into.as_mut_ptr(), 0, &mut n, err),
            100
        );
        assert_eq!(
            wxpay_download_read(download, into.as_mut_ptr(), usize::MAX, &mut n, err),
            100
        );
        assert_eq!(
            wxpay_download_read(std::ptr::null_mut(), into.as_mut_ptr(), 1, &mut n, err),
            101
        );
        assert_eq!(n, 0);
        assert_eq!(
            wxpay_download_read(download, into.as_mut_ptr(), 64, &mut n, err),
            0
        );
        assert!(n > 0 && content.starts_with(&into[..n]));
        assert_eq!(
            wxpay_download_total(download),
            i64::try_from(content.len()).unwrap()
        );
        assert!(wxpay_download_received(download) >= i64::try_from(n).unwrap());
        assert_eq!(wxpay_download_verified(download), 0);
        let mut out: *mut wxpay_bill = std::ptr::dangling_mut();
        assert_eq!(wxpay_bill_open_download(download, &mut out, err), 103);
        assert!(out.is_null());
        // A live handle of another type.
        assert_eq!(wxpay_bill_next(download.cast(), err), 100);
        assert_eq!(wxpay_bill_row_count(download.cast()), 0);
        wxpay_download_free(download);
        assert_eq!(wxpay_download_received(std::ptr::null()), 0);
        assert_eq!(wxpay_download_total(std::ptr::null()), 0);
        wxpay_download_cancel(std::ptr::null());
        wxpay_download_free(std::ptr::null_mut());

        let mut out: *mut wxpay_bill = std::ptr::null_mut();
        let csv = content.as_ptr().cast();
        assert_eq!(wxpay_bill_open(csv, content.len(), &mut out, err), 0);
        let name = "应结订单金额";
        let column = wxpay_bill_column(out, name.as_ptr().cast(), name.len());
        assert_eq!(
            (
                column,
                wxpay_bill_column_count(out),
                wxpay_bill_row_count(out)
            ),
            (3, 5, 300)
        );
        assert!(wxpay_bill_field(out, 0).is_null() && wxpay_bill_column_name(out, 5).is_null());
        assert_eq!(wxpay_bill_fen(out, 3), i64::MIN);
        let mut sum = 0;
        loop {
            assert_eq!(wxpay_bill_next(out, err), 0);
            if wxpay_bill_row(out) == 0 {
                break;
            }
            assert_eq!(wxpay_bill_is_text(out, 4), 1);
            let cell = std::ffi::CStr::from_ptr(wxpay_bill_field(out, 4));
            assert_eq!(cell.to_str().unwrap(), "茶, \"绿\"");
            sum += wxpay_bill_fen(out, 3);
        }
        let name = "应结订单总金额";
        assert_eq!(
            wxpay_bill_total_fen(out, name.as_ptr().cast(), name.len()),
            sum
        );
        assert_eq!(sum, (0..300).map(|row| row * 100 + row % 100).sum::<i64>());
        assert!(wxpay_bill_total(out, name.as_ptr().cast(), 1).is_null());
        wxpay_bill_free(out);
    }
}
