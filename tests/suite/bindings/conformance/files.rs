//! Uploads, fields by pointer and bills: bytes of which a part is made anew each time.

use wxpay::ffi::bill::*;
use wxpay::ffi::buf::wxpay_buf;
use wxpay::ffi::key::wxpay_key;
use wxpay::ffi::message::wxpay_message;
use wxpay::ffi::sans_io::{wxpay_client_check, wxpay_client_prepare};
use wxpay::ffi::sensitive::{wxpay_client_decrypt_fields, wxpay_client_encrypt_fields};
use wxpay::ffi::upload::wxpay_message_new_upload;

use super::abi::{Owned, Stop, call, made, raw, text, wrong};
use super::calls;
use super::case::{Case, Found};
use super::messages::{body_of, header_of, prepared};

type Done = Result<(), Stop>;

// SAFETY of every call below: live handles, pointers with their lengths, out parameters of `made`
// and `call`.

pub fn replaced(text: &[u8], mark: &str, by: &str) -> Vec<u8> {
    split(text, mark.as_bytes()).join(by.as_bytes())
}

fn split<'a>(text: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(mark.len()).position(|window| window == mark) {
        pieces.push(&rest[..at]);
        rest = &rest[at + mark.len()..];
    }
    pieces.push(rest);
    pieces
}

pub fn upload(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let inputs = ["url", "meta", "filename", "content_type", "file"].map(|name| case.bytes(name));
    let [url, meta, filename, content_type, file] = inputs;
    let (url, meta, filename) = (url?, meta?, filename?);
    let (content_type, file) = (content_type?, file?);
    let (u, m, n) = (raw(&url), raw(&meta), raw(&filename));
    let (t, f) = (raw(&content_type), raw(&file));
    let upload: Owned<wxpay_message> = made(|out, err| unsafe {
        wxpay_message_new_upload(u.0, u.1, m.0, m.1, n.0, n.1, t.0, t.1, f.0, f.1, out, err)
    })?;
    let out = made(|out, err| unsafe {
        wxpay_client_prepare(client.get(), upload.get(), case.now, out, err)
    })?;
    let kind = String::from_utf8(header_of(&out, "Content-Type").unwrap_or_default()).unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=");
    let Some(boundary) = boundary.filter(|boundary| (32..=70).contains(&boundary.len())) else {
        return wrong(format!("Content-Type is {kind:?}"));
    };
    prepared(case, &out, None)?;
    case.found.remove("body");
    if let Some(want) = case.want.get("body") {
        let want = replaced(&case.set.value(want)?, "{boundary}", boundary);
        if want != body_of(&out) {
            return wrong(format!(
                "body is {:?}",
                String::from_utf8_lossy(&body_of(&out))
            ));
        }
    }
    Ok(())
}

pub fn encrypt_fields(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let (url, body, pointers) = (
        case.bytes("url")?,
        case.bytes("body")?,
        case.bytes("pointers")?,
    );
    let private = calls::key(&case.bytes("private_key")?, b"")?;
    let request = calls::new_request(b"POST", &url, &body)?;
    let p = raw(&pointers);
    call(|err| unsafe { wxpay_client_encrypt_fields(client.get(), request.get(), p.0, p.1, err) })?;
    let out =
        made(|out, err| unsafe { wxpay_client_prepare(client.get(), request.get(), 0, out, err) })?;
    let serial = header_of(&out, "Wechatpay-Serial");
    case.found.insert("serial", serial.into());
    sealed(case, &body_of(&out), &private)
}

/// The body is the expected one with a ciphertext in each place, and each opens.
fn sealed(case: &mut Case<'_>, body: &[u8], private: &Owned<wxpay_key>) -> Done {
    let Some(want) = case.want.get("body") else {
        return Ok(());
    };
    let want = case.set.value(want)?;
    let mut plaintexts = Vec::new();
    let mut rest = body;
    for (number, piece) in split(&want, b"<ciphertext>").into_iter().enumerate() {
        if number > 0 {
            let end = rest.iter().position(|byte| *byte == b'"');
            let (ciphertext, behind) = rest.split_at(end.unwrap_or(rest.len()));
            plaintexts.push(calls::oaep_decrypt(private, ciphertext)?.bytes());
            rest = behind;
        }
        rest = match rest.strip_prefix(piece) {
            Some(rest) => rest,
            None => return wrong(format!("body is {:?}", String::from_utf8_lossy(body))),
        };
    }
    if !rest.is_empty() {
        return wrong("the body is longer");
    }
    let plaintexts = plaintexts.join(&b"\n"[..]);
    case.found.insert("plaintexts", Found::Bytes(plaintexts));
    Ok(())
}

pub fn decrypt_fields(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let request = calls::request(case)?;
    let response = calls::response(case, None)?;
    call(|err| unsafe {
        wxpay_client_check(client.get(), request.get(), response.get(), case.now, err)
    })?;
    let pointers = case.bytes("pointers")?;
    let p = raw(&pointers);
    let json: Owned<wxpay_buf> = made(|out, err| unsafe {
        wxpay_client_decrypt_fields(client.get(), response.get(), p.0, p.1, out, err)
    })?;
    case.found.insert("json", Found::Bytes(json.bytes()));
    Ok(())
}

pub fn bill(case: &mut Case<'_>) -> Done {
    let (csv, totals) = (case.bytes("csv")?, case.bytes("totals")?);
    let c = raw(&csv);
    let bill = made(|out, err| unsafe { wxpay_bill_open(c.0, c.1, out, err) })?;
    let count = unsafe { wxpay_bill_column_count(bill.get()) };
    let row = |cell: &dyn Fn(usize) -> Vec<u8>| {
        let cells: Vec<Vec<u8>> = (0..count).map(cell).collect();
        [cells.join(&b"\t"[..]), b"\n".to_vec()].concat()
    };
    let amount = |fen: i64| match fen {
        i64::MIN => b"-".to_vec(),
        fen => fen.to_string().into_bytes(),
    };
    let (mut rows, mut fen, mut marks, mut sums) = (vec![], vec![], vec![], vec![]);
    for number in 1.. {
        call(|err| unsafe { wxpay_bill_next(bill.get(), err) })?;
        match unsafe { wxpay_bill_row(bill.get()) } {
            0 => break,
            found if found != number => return wrong(format!("row {number} is {found}")),
            _ => {}
        }
        rows.extend(row(&|at| {
            text(unsafe { wxpay_bill_field(bill.get(), at) }).unwrap_or_default()
        }));
        fen.extend(row(&|at| amount(unsafe { wxpay_bill_fen(bill.get(), at) })));
        for at in 0..count {
            let is_text = unsafe { wxpay_bill_is_text(bill.get(), at) };
            marks.extend(is_text.to_string().into_bytes());
        }
        marks.push(b'\n');
    }
    for name in totals.split(|byte| *byte == b'\n') {
        let n = raw(name);
        let total = text(unsafe { wxpay_bill_total(bill.get(), n.0, n.1) });
        let total_fen = amount(unsafe { wxpay_bill_total_fen(bill.get(), n.0, n.1) });
        let total = total.unwrap_or_else(|| b"~".to_vec());
        sums.extend([name, b"\t", &total, b"\t", &total_fen, b"\n"].concat());
    }
    let columns =
        row(&|at| text(unsafe { wxpay_bill_column_name(bill.get(), at) }).unwrap_or_default());
    for (name, found) in [
        ("columns", columns),
        ("rows", rows),
        ("fen", fen),
        ("marks", marks),
        ("totals", sums),
    ] {
        case.found.insert(name, Found::Bytes(found));
    }
    let count = unsafe { wxpay_bill_row_count(bill.get()) };
    case.found.insert("row_count", Found::Number(count));
    Ok(())
}
