use super::*;
use crate::error::Error;

const JPG: Upload<'static> = Upload {
    url: "/v3/merchant/media/upload",
    meta_json: "",
    filename: "a.jpg",
    content_type: "",
    file: b"abc",
};

/// `printf abc | openssl dgst -sha256` and `-sm3`.
const SHA256_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const SM3_ABC: &str = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
const INVOICE: &str = "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file";

fn meta_of(upload: &Upload<'_>) -> String {
    let message = message(upload).unwrap();
    String::from_utf8(message.signed_part.unwrap().to_vec()).unwrap()
}

fn refusal(case: &str, upload: &Upload<'_>) -> Error {
    match message(upload) {
        Ok(_) => panic!("{case} was accepted"),
        Err(error) => error,
    }
}

#[test]
fn an_upload_is_these_bytes() {
    let message = message(&JPG).unwrap();
    let content_type = message.headers.get("Content-Type").unwrap().to_string();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    assert_eq!(boundary.len(), 32);
    assert!(boundary.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let meta = format!("{{\"filename\":\"a.jpg\",\"sha256\":\"{SHA256_ABC}\"}}");
    let want = format!(
        "--{boundary}\r\n\
         Content-Disposition: form-data; name=\"meta\"\r\n\
         Content-Type: application/json\r\n\
         \r\n\
         {meta}\r\n\
         --{boundary}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\
         \r\n\
         abc\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8(message.body.to_vec()).unwrap(), want);
    assert_eq!(&message.signed_part.as_ref().unwrap()[..], meta.as_bytes());
    assert_eq!((message.method(), message.url()), ("POST", JPG.url));
}

#[test]
fn a_boundary_is_fresh_and_drawn_again_when_it_stands_in_a_part() {
    let draws = ["in-the-file", "in-the-meta", "nowhere"];
    let mut next = draws.iter();
    let boundary = unused_boundary(
        || Ok((*next.next().unwrap()).to_owned()),
        b"{\"a\":\"in-the-meta\"}",
        b"\r\n--in-the-file--\r\n",
    );
    assert_eq!(boundary.unwrap(), "nowhere");
    let type_of = || {
        let message = message(&JPG).unwrap();
        message.headers.get("Content-Type").unwrap().to_string()
    };
    assert_ne!(type_of(), type_of());
}

#[test]
fn an_invoice_has_its_own_meta_with_the_misspelling_of_the_wire() {
    let upload = Upload {
        url: INVOICE,
        filename: "f.PDF",
        ..JPG
    };
    assert_eq!(
        meta_of(&upload),
        format!("{{\"file_type\":\"PDF\",\"digest_alogrithm\":\"SM3\",\"digest\":\"{SM3_ABC}\"}}")
    );
}

#[test]
fn a_given_meta_goes_out_byte_for_byte() {
    let spaced = format!(
        "{{ \"sub_mchid\" : \"1\", \"x\":{{\"sha256\":1}},\r\n\"\\u0073ha256\": \"{}\" ,\"n\":1.10}}",
        SHA256_ABC.to_uppercase()
    );
    let digest = format!("{{\"filename\":\"a.jpg\",\"digest\":\"{SHA256_ABC}\"}}");
    for meta_json in [&spaced, &digest] {
        assert_eq!(&meta_of(&Upload { meta_json, ..JPG }), meta_json);
    }
    let invoice = format!(
        "{{\"sub_mchid\":\"1\",\"file_type\":\"PDF\",\"digest_alogrithm\":\"SM3\",\"digest\":\"{SM3_ABC}\"}}"
    );
    let upload = Upload {
        url: INVOICE,
        filename: "f.pdf",
        meta_json: &invoice,
        ..JPG
    };
    assert_eq!(meta_of(&upload), invoice);
}

#[test]
fn a_meta_that_does_not_describe_the_file_is_refused() {
    let other = SHA256_ABC.replace('b', "c");
    let right = format!("\"sha256\":\"{SHA256_ABC}\"");
    let sm3 = format!("\"digest\":\"{SM3_ABC}\"");
    let cases: Vec<(&str, String, Status)> = vec![
        (
            JPG.url,
            format!("{{\"sha256\":\"{other}\"}}"),
            Status::DigestMismatch,
        ),
        (
            JPG.url,
            format!("{{{right},\"digest\":\"{other}\"}}"),
            Status::DigestMismatch,
        ),
        (
            JPG.url,
            format!("{{\"sha256\":\"{}\"}}", &SHA256_ABC[1..]),
            Status::DigestMismatch,
        ),
        (
            JPG.url,
            "{\"filename\":\"a.jpg\"}".into(),
            Status::InvalidArgument,
        ),
        (JPG.url, "{}".into(), Status::InvalidArgument),
        (JPG.url, "{\"sha256\":1}".into(), Status::InvalidArgument),
        (JPG.url, "{\"sha256\":null}".into(), Status::InvalidArgument),
        (
            JPG.url,
            format!("{{\"filename\":\"b.jpg\",{right}}}"),
            Status::InvalidArgument,
        ),
        (
            JPG.url,
            format!("{{{right},{right}}}"),
            Status::InvalidArgument,
        ),
        (
            JPG.url,
            format!("{{{right},\"s\\u0068a256\":\"{other}\"}}"),
            Status::InvalidArgument,
        ),
        (
            JPG.url,
            format!("{{{right},\"a\":1,\"a\":2}}"),
            Status::InvalidArgument,
        ),
        (
            JPG.url,
            format!("{{{sm3},\"digest_alogrithm\":\"MD5\"}}"),
            Status::InvalidArgument,
        ),
        (JPG.url, format!("[{{{right}}}]"), Status::MalformedJson),
        (JPG.url, format!("{{{right}"), Status::MalformedJson),
        (
            JPG.url,
            format!("{{{right},\"filename\":\"a\r\n\r\n.jpg\"}}"),
            Status::MalformedJson,
        ),
        (
            JPG.url,
            format!("{{{right},\"x\":\"{}\"}}", "y".repeat(65_536)),
            Status::LimitExceeded,
        ),
        (INVOICE, format!("{{{right}}}"), Status::InvalidArgument),
        (INVOICE, format!("{{{sm3}}}"), Status::InvalidArgument),
        (
            INVOICE,
            format!("{{{sm3},\"digest_algorithm\":\"SM3\"}}"),
            Status::InvalidArgument,
        ),
        (
            INVOICE,
            format!("{{\"digest\":\"{other}\",\"digest_alogrithm\":\"SM3\"}}"),
            Status::DigestMismatch,
        ),
    ];
    for (url, meta_json, status) in &cases {
        let filename = if *url == INVOICE { "f.pdf" } else { "a.jpg" };
        let error = refusal(
            meta_json,
            &Upload {
                url,
                meta_json,
                filename,
                ..JPG
            },
        );
        assert_eq!(error.status(), *status, "{url} {meta_json}: {error}");
    }
}

#[test]
fn quotes_in_a_name_are_encoded_and_other_characters_stay() {
    for (filename, disposition) in [
        (
            "a\"; name=\"meta.jpg",
            "filename=\"a%22; name=%22meta.jpg\"\r\n",
        ),
        ("a\\\".jpg", "filename=\"a%5C%22.jpg\"\r\n"),
        ("营业执照 😀.jpg", "filename=\"营业执照 😀.jpg\"\r\n"),
    ] {
        let message = message(&Upload { filename, ..JPG }).unwrap();
        let body = String::from_utf8(message.body.to_vec()).unwrap();
        assert!(body.contains(disposition), "{filename}: {body}");
        assert_eq!(body.matches("name=\"meta\"").count(), 1, "{filename}");
        let meta: serde_json::Value =
            serde_json::from_slice(message.signed_part.as_ref().unwrap()).unwrap();
        assert_eq!(meta["filename"], filename);
    }
}

#[test]
fn no_control_character_gets_into_a_name_or_type() {
    let long = "a".repeat(257);
    for filename in [
        "",
        "a\r\nX: y.jpg",
        "a\n.jpg",
        "a\0.jpg",
        "a\u{7f}.jpg",
        "a\u{85}.jpg",
        &long,
    ] {
        let status = refusal(filename, &Upload { filename, ..JPG }).status();
        let want = if filename.len() > 256 {
            Status::LimitExceeded
        } else {
            Status::InvalidArgument
        };
        assert_eq!(status, want, "{filename:?}");
    }
    for content_type in [
        "image",
        "image/",
        "/png",
        "image/png; charset=utf-8",
        "image/png\r\nX: y",
        "image/ png",
        "image/png\n",
        "图/png",
        "a/b/c",
        "image/\"png\"",
    ] {
        let error = refusal(
            content_type,
            &Upload {
                content_type,
                ..JPG
            },
        );
        assert_eq!(error.status(), Status::InvalidArgument, "{content_type}");
    }
}

#[test]
fn size_and_format_are_those_of_the_path() {
    let mib = 1024 * 1024;
    let image = ["jpg", "jpeg", "bmp", "png"];
    let video = [
        "avi", "wmv", "mpeg", "mp4", "mov", "mkv", "flv", "f4v", "m4v", "rmvb",
    ];
    let table: [(&str, usize, &[&str]); 8] = [
        ("/v3/merchant/media/upload", 2 * mib, &image),
        (
            "/v3/marketing/favor/media/image-upload?x=1",
            2 * mib,
            &image,
        ),
        ("/v3/merchant-service/images/upload", 2 * mib, &image),
        (
            "/v3/marketing/partner/product-coupon/media/upload-image",
            2 * mib,
            &image,
        ),
        (
            "/brand/marketing/product-coupon/media/upload-image",
            2 * mib,
            &image,
        ),
        ("/v3/merchant/media/video_upload", 5 * mib, &video),
        (INVOICE, 2 * mib, &["pdf"]),
        ("/v3/new/upload", 20 * mib, &["jpg", "mp4", "pdf"]),
    ];
    for (url, most, endings) in table {
        for ending in [&image[..], &video, &["pdf", "gif", ""]].concat() {
            let name = format!("x.{}", ending.to_uppercase());
            let upload = Upload {
                url,
                filename: &name,
                content_type: "application/octet-stream",
                ..JPG
            };
            let allowed = url.contains("/new/") || endings.contains(&ending);
            assert_eq!(message(&upload).is_ok(), allowed, "{url} {name}");
        }
        let file = vec![b'x'; most + 1];
        let name = format!("x.{}", endings[0]);
        let upload = |file| Upload {
            url,
            filename: &name,
            file,
            ..JPG
        };
        assert!(message(&upload(&file[1..])).is_ok(), "{url}");
        let error = refusal(url, &upload(&file));
        assert_eq!(error.status(), Status::LimitExceeded, "{error}");
        assert!(error.to_string().contains(&most.to_string()), "{error}");
        assert_eq!(refusal(url, &upload(b"")).status(), Status::InvalidArgument);
    }
}

#[test]
fn a_type_that_the_name_does_not_tell_must_be_given() {
    let upload = |filename, content_type| Upload {
        url: "/v3/new/upload",
        filename,
        content_type,
        ..JPG
    };
    for name in ["x", "x.gif", "x.", "x.exe", ".."] {
        let error = refusal(name, &upload(name, ""));
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(message(&upload(name, "image/gif")).is_ok(), "{name}");
    }
}
