//! Every kind of upload is taken by a server that takes it apart itself, verifies the signature
//! over `meta` and computes the digest again; what it would not take is refused.

use serde_json::Value;
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Error, Outcome, Status};
use wxpay::http::{Message, Verified};
use wxpay::v3::upload::{self, Upload};

use super::openssl;
use crate::simulator::Simulator;

fn made(url: &str, meta_json: &str, filename: &str, file: &[u8]) -> Message {
    upload::message(&Upload {
        url,
        meta_json,
        filename,
        content_type: "",
        file,
    })
    .unwrap()
}

fn sent(client: &Client, message: &Message) -> Result<Value, Error> {
    let answer = client.send(message)?;
    assert_eq!(answer.verified, Verified::Signature);
    Ok(serde_json::from_slice(&answer.body).unwrap())
}

#[test]
fn every_kind_of_upload_is_taken() {
    let simulator = Simulator::start();
    let client = simulator.client();
    // Bytes that look like a boundary, a part and an end.
    let file = b"\x89PNG\r\n\r\n--boundary\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{}\r\n--boundary--\r\n\0";
    for (url, filename, member) in [
        ("/v3/merchant/media/upload", "营业执照.jpg", "media_id"),
        (
            "/v3/merchant/media/upload",
            "a \"b\" \\ c;d.PNG",
            "media_id",
        ),
        ("/v3/merchant/media/video_upload", "门店.mp4", "media_id"),
        (
            "/v3/marketing/favor/media/image-upload",
            "x.bmp",
            "media_url",
        ),
        ("/v3/merchant-service/images/upload", "x.png", "media_id"),
        (
            "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
            "发票.pdf",
            "fapiao_media_id",
        ),
        (
            "/v3/marketing/partner/product-coupon/media/upload-image",
            "x.jpeg",
            "image_url",
        ),
    ] {
        let answer = sent(&client, &made(url, "", filename, file));
        let answer = answer.unwrap_or_else(|error| panic!("{url} {filename}: {error:?}"));
        assert!(
            answer[member].as_str().is_some_and(|id| id.len() > 10),
            "{url}: {answer}"
        );
    }
    let largest = vec![b'x'; 2 * 1024 * 1024];
    sent(
        &client,
        &made("/v3/merchant/media/upload", "", "x.jpg", &largest),
    )
    .unwrap();
    assert_eq!(simulator.stats()["sign_errors"], 0);
}

#[test]
fn a_brand_uploads_in_its_own_name() {
    let simulator = Simulator::start();
    let mut config = Config::default();
    let brand = std::fs::read_to_string(simulator.file("brand.json")).unwrap();
    config.load_json(&brand).unwrap();
    let ca = simulator.file("ca.pem");
    config.set("extra_ca_file", ca.to_str().unwrap()).unwrap();
    let client = Client::new(&config).unwrap();
    let url = "/brand/marketing/product-coupon/media/upload-image";
    let answer = sent(&client, &made(url, "", "券.png", b"a picture")).unwrap();
    assert!(answer["image_url"].as_str().unwrap().ends_with(".png"));
}

#[test]
fn a_meta_of_the_caller_is_signed_and_sent_as_it_stands() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let file = b"the bytes of a picture";
    let sha256 = openssl(&["dgst", "-sha256", "-r"], file);
    let sha256 = String::from_utf8_lossy(&sha256[..64]).into_owned();
    let meta =
        format!("{{ \"sha256\" : \"{sha256}\",\n \"filename\":\"\\u0061.jpg\", \"more\":1.0 }}");
    sent(
        &client,
        &made("/v3/merchant/media/upload", &meta, "a.jpg", file),
    )
    .unwrap();
}

#[test]
fn an_image_of_a_complaint_comes_back_byte_for_byte_and_unsigned() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let file: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let message = made("/v3/merchant-service/images/upload", "", "x.png", &file);
    let id = sent(&client, &message).unwrap();
    let path = format!(
        "/v3/merchant-service/images/{}",
        id["media_id"].as_str().unwrap()
    );
    let answer = client.call("GET", &path, b"").unwrap();
    assert_eq!(answer.verified, Verified::NotSignedByDesign);
    assert_eq!(answer.body[..], file[..]);
    let source = format!("{{\"download_url\":\"{}{path}\"}}", simulator.url);
    let download = client.download_open(&source).unwrap();
    assert_eq!(
        wxpay::bill::Bill::open_download(&download)
            .err()
            .unwrap()
            .status(),
        Status::MalformedBill
    );
    assert_eq!(download.verified(), 2);
    assert_eq!(client.download(&source).unwrap()[..], file[..]);

    let error = client
        .call("GET", "/v3/merchant-service/images/SIMnone", b"")
        .unwrap_err();
    assert_eq!(
        (error.status(), error.fields().outcome),
        (Status::ApiError, Outcome::Rejected)
    );
}
