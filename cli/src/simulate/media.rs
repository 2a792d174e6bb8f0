//! Uploads and the images of complaints (protocol.md §1.11). The gate has verified the signature over `meta`; here the file
//! is held against it.

use super::answer::{self, Answer, Signing};
use super::multipart::{self, Part};
use super::{Sim, random};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

const MIB: usize = 1024 * 1024;
/// The images that are kept, the newest: a run is not to grow without end.
const KEPT: usize = 32;

/// What one path takes and answers.
struct Rule {
    path: &'static str,
    /// Ends of file names with the content type of each
    types: &'static [(&'static str, &'static str)],
    max_bytes: usize,
    digest: Digest,
    answer: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Digest {
    /// `{"filename", "sha256"}`
    Sha256,
    /// `{"file_type", "digest_alogrithm", "digest"}`: the misspelling is the service's
    Sm3,
}

const IMAGES: &[(&str, &str)] = &[
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("bmp", "image/bmp"),
];

const COMPLAINT: &str = "/v3/merchant-service/images/upload";

const RULES: &[Rule] = &[
    Rule {
        path: "/v3/merchant/media/upload",
        types: IMAGES,
        max_bytes: 2 * MIB,
        digest: Digest::Sha256,
        answer: "media_id",
    },
    Rule {
        path: "/v3/merchant/media/video_upload",
        types: &[
            ("avi", "video/x-msvideo"),
            ("wmv", "video/x-ms-wmv"),
            ("mpeg", "video/mpeg"),
            ("mp4", "video/mp4"),
            ("mov", "video/quicktime"),
            ("mkv", "video/x-matroska"),
            ("flv", "video/x-flv"),
            ("f4v", "video/x-f4v"),
            ("m4v", "video/x-m4v"),
            ("rmvb", "application/vnd.rn-realmedia-vbr"),
        ],
        max_bytes: 5 * MIB,
        digest: Digest::Sha256,
        answer: "media_id",
    },
    Rule {
        path: "/v3/marketing/favor/media/image-upload",
        types: IMAGES,
        max_bytes: 2 * MIB,
        digest: Digest::Sha256,
        answer: "media_url",
    },
    Rule {
        path: COMPLAINT,
        types: IMAGES,
        max_bytes: 2 * MIB,
        digest: Digest::Sha256,
        answer: "media_id",
    },
    Rule {
        path: "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
        types: &[("pdf", "application/pdf"), ("ofd", "application/ofd")],
        max_bytes: 2 * MIB,
        digest: Digest::Sm3,
        answer: "fapiao_media_id",
    },
    Rule {
        path: "/v3/marketing/partner/product-coupon/media/upload-image",
        types: IMAGES,
        max_bytes: 2 * MIB,
        digest: Digest::Sha256,
        answer: "image_url",
    },
    Rule {
        path: "/brand/marketing/product-coupon/media/upload-image",
        types: IMAGES,
        max_bytes: 2 * MIB,
        digest: Digest::Sha256,
        answer: "image_url",
    },
];

pub fn routes() -> Router<Arc<Sim>> {
    let mut router = Router::new().route("/v3/merchant-service/images/{media_id}", get(image));
    for rule in RULES {
        let upload = async move |State(sim): State<Arc<Sim>>, headers: HeaderMap, body: Bytes| {
            take(&sim, rule, &headers, &body).unwrap_or_else(|answer| answer)
        };
        router = router.route(rule.path, post(upload));
    }
    router
}

fn refuse(field: &str, issue: &str) -> Answer {
    Answer::parameter(field, &Value::Null, issue, "body")
}

fn take(sim: &Sim, rule: &Rule, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Answer> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or("");
    let parts = multipart::parts(kind, body)
        .ok_or_else(|| refuse("body", "must be multipart/form-data"))?;
    let [meta, file] = &parts[..] else {
        return Err(refuse("body", "must have the parts meta and file"));
    };
    if (meta.name.as_str(), file.name.as_str()) != ("meta", "file") || meta.filename.is_some() {
        return Err(refuse("body", "must have the parts meta and file"));
    }
    if meta.content_type.split(';').next() != Some("application/json") {
        return Err(refuse("meta", "its Content-Type must be application/json"));
    }
    let meta: Value = serde_json::from_slice(meta.content)
        .map_err(|_| refuse("meta", "must be one JSON object"))?;
    let ending = check(rule, &meta, file)?;
    let id = format!("SIM{}", random::alphanumeric(61));
    if rule.path == COMPLAINT {
        let kind = rule
            .types
            .iter()
            .find(|(known, _)| *known == ending)
            .map_or("application/octet-stream", |(_, kind)| kind);
        sim.images.add(id.clone(), kind, file.content.to_vec());
    }
    let told = if rule.answer.ends_with("_url") {
        format!("https://wx.gtimg.com/sim/{id}.{ending}")
    } else {
        id
    };
    Ok(Answer::ok(json!({ rule.answer: told })))
}

/// The end of the file's name, when file and meta agree and are what the path takes.
fn check(rule: &Rule, meta: &Value, file: &Part<'_>) -> Result<String, Answer> {
    let filename = file
        .filename
        .as_deref()
        .ok_or_else(|| refuse("file", "has no filename"))?;
    let (field, wanted, found) = match rule.digest {
        Digest::Sha256 => {
            if meta["filename"].as_str() != Some(filename) {
                return Err(refuse(
                    "/filename",
                    "differs from the name of the file part",
                ));
            }
            (
                "/sha256",
                &meta["sha256"],
                hex(&Sha256::digest(file.content)),
            )
        }
        Digest::Sm3 => {
            if meta["digest_alogrithm"] != "SM3" {
                return Err(refuse("/digest_alogrithm", "must be SM3"));
            }
            ("/digest", &meta["digest"], hex(&Sm3::digest(file.content)))
        }
    };
    if wanted.as_str().map(str::to_ascii_lowercase).as_deref() != Some(&found) {
        return Err(refuse(field, "is not the digest of the file"));
    }
    let ending = filename
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_ascii_lowercase();
    let Some((_, kind)) = rule.types.iter().find(|(known, _)| *known == ending) else {
        return Err(refuse("/filename", "this path does not take such files"));
    };
    // The service looks at the name; a type of another family is a mistake all the same.
    let family = |kind: &str| kind.split('/').next().unwrap_or("").to_owned();
    if family(&file.content_type) != family(kind) {
        return Err(refuse("file", "its Content-Type does not fit its name"));
    }
    if rule.digest == Digest::Sm3
        && meta["file_type"]
            .as_str()
            .map(str::to_ascii_lowercase)
            .as_deref()
            != Some(&ending)
    {
        return Err(refuse("/file_type", "is not the type of the file"));
    }
    if file.content.is_empty() || file.content.len() > rule.max_bytes {
        let issue = format!("must be 1 to {} bytes", rule.max_bytes);
        return Err(refuse("file", &issue));
    }
    Ok(ending)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Image {
    id: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

/// The images of complaints, for their download.
#[derive(Default)]
pub struct Images(Mutex<VecDeque<Image>>);

impl Images {
    fn add(&self, id: String, kind: &'static str, bytes: Vec<u8>) {
        let mut images = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if images.len() == KEPT {
            images.pop_front();
        }
        images.push_back(Image { id, kind, bytes });
    }

    fn find(&self, id: &str) -> Option<Response> {
        let images = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let image = images.iter().find(|image| image.id == id)?;
        Some(answer::other(
            image.kind,
            image.bytes.clone(),
            Signing::None,
        ))
    }
}

/// `GET /v3/merchant-service/images/{media_id}`: the image, unsigned
async fn image(State(sim): State<Arc<Sim>>, Path(media_id): Path<String>) -> Response {
    sim.images.find(&media_id).unwrap_or_else(|| {
        let message = "The image does not exist.";
        Answer::error(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", message).into_response()
    })
}
