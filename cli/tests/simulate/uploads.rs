//! Uploads that the library would never send, made by hand and signed with openssl.

use crate::harness::*;
use serde_json::json;

const PATH: &str = "/v3/merchant/media/upload";

struct Upload<'a> {
    path: &'a str,
    meta: String,
    filename: &'a str,
    content_type: &'a str,
    file: &'a [u8],
    /// Signed in the place of meta
    signed: Option<&'a [u8]>,
}

fn digest(name: &str, file: &[u8]) -> String {
    let printed = openssl(&["dgst", name, "-r"], file);
    String::from_utf8_lossy(&printed[..64]).into_owned()
}

fn good(file: &[u8]) -> Upload<'_> {
    Upload {
        path: PATH,
        meta: json!({"filename": "a.png", "sha256": digest("-sha256", file)}).to_string(),
        filename: "a.png",
        content_type: "image/png",
        file,
        signed: None,
    }
}

fn send(sim: &Sim, upload: &Upload<'_>) -> Reply {
    let Upload {
        meta,
        filename,
        content_type,
        file,
        ..
    } = upload;
    let body = [
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{meta}\r\n\
             --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
             Content-Type: {content_type}\r\n\r\n"
        )
        .as_bytes(),
        file,
        b"\r\n--B--\r\n",
    ]
    .concat();
    let mut call = Call::new("POST", upload.path, &body);
    call.headers = vec![
        "Content-Type: multipart/form-data; boundary=B".into(),
        "Accept: application/json".into(),
    ];
    call.signed_body = Some(upload.signed.unwrap_or(meta.as_bytes()));
    sim.send(&call)
}

#[test]
fn only_meta_is_signed_and_the_file_must_be_the_one_it_names() {
    let sim = Sim::start(&[]);
    let file = b"a picture\r\n--C\r\n";
    let reply = send(&sim, &good(file));
    assert_eq!(
        reply.status,
        200,
        "{}",
        String::from_utf8_lossy(&reply.body)
    );
    assert!(reply.json()["media_id"].is_string());
    assert!(sim.verifies(&reply.headers, &reply.body));

    let whole = Upload {
        signed: Some(b"the whole body"),
        ..good(file)
    };
    assert_eq!(send(&sim, &whole).status, 401);
    let meta = |name: &str, sha256: &str| json!({"filename": name, "sha256": sha256}).to_string();
    let right = digest("-sha256", file);
    for (case, field, upload) in [
        (
            "another digest",
            "/sha256",
            Upload {
                meta: meta("a.png", &digest("-sha256", b"x")),
                ..good(file)
            },
        ),
        (
            "another file",
            "/sha256",
            Upload {
                file: b"another picture",
                ..good(file)
            },
        ),
        (
            "another name",
            "/filename",
            Upload {
                meta: meta("b.png", &right),
                ..good(file)
            },
        ),
        (
            "no name",
            "/filename",
            Upload {
                meta: json!({"sha256": right}).to_string(),
                ..good(file)
            },
        ),
        (
            "not an image",
            "/filename",
            Upload {
                meta: meta("a.txt", &right),
                filename: "a.txt",
                ..good(file)
            },
        ),
        (
            "another type",
            "file",
            Upload {
                content_type: "video/mp4",
                ..good(file)
            },
        ),
        (
            "no JSON",
            "meta",
            Upload {
                meta: "{".into(),
                ..good(file)
            },
        ),
        ("empty", "file", good(b"")),
    ] {
        let reply = send(&sim, &upload);
        assert_eq!(
            (reply.status, &reply.json()["detail"]["field"]),
            (400, &json!(field)),
            "{case}"
        );
    }
    let large = vec![b'x'; 2 * 1024 * 1024 + 1];
    assert_eq!(send(&sim, &good(&large)).status, 400);
    assert_eq!(send(&sim, &good(&large[1..])).status, 200);
}

#[test]
fn a_fapiao_is_known_by_its_sm3() {
    let sim = Sim::start(&[]);
    let file = b"%PDF-1.7";
    let upload = |digest: &str| Upload {
        path: "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
        meta: json!({"file_type": "PDF", "digest_alogrithm": "SM3", "digest": digest}).to_string(),
        filename: "f.pdf",
        content_type: "application/pdf",
        file,
        signed: None,
    };
    let reply = send(&sim, &upload(&digest("-sm3", file)));
    assert!(reply.json()["fapiao_media_id"].is_string());
    assert_eq!(send(&sim, &upload(&digest("-sha256", file))).status, 400);
}

#[test]
fn the_image_of_a_complaint_comes_back_without_a_signature() {
    let sim = Sim::start(&[]);
    let file: Vec<u8> = (0..=255).collect();
    let upload = Upload {
        path: "/v3/merchant-service/images/upload",
        ..good(&file)
    };
    let id = send(&sim, &upload).json()["media_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let reply = sim.query(&format!("/v3/merchant-service/images/{id}"));
    assert_eq!(
        (reply.status, reply.header("Content-Type")),
        (200, "image/png")
    );
    assert_eq!(reply.body, file);
    assert_eq!(reply.header("Wechatpay-Signature"), "");
    let missing = sim.query("/v3/merchant-service/images/none");
    assert_eq!(missing.status, 404);
    let mut unsigned = Call::new("GET", "/v3/merchant-service/images/none", b"");
    unsigned.authorization = Some(String::new());
    assert_eq!(
        sim.send(&unsigned).status,
        401,
        "the request is signed all the same"
    );
}
