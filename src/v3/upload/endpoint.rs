//! What each upload takes: a closed table by path. Another path has only a general limit, so that
//! an interface that is newer than this table works.

use crate::error::{Result, Status, fail};
use crate::http::headers::shown;

/// Which digest of the file stands in `meta`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    Sha256,
    /// Of invoices.
    Sm3,
}

pub struct Rules {
    pub digest: Digest,
    most_bytes: usize,
    /// Empty: any.
    endings: &'static [&'static str],
}

const MIB: usize = 1024 * 1024;

/// `JPG、BMP、PNG格式`; `.jpeg` is the same format.
const IMAGES: &[&str] = &["jpg", "jpeg", "bmp", "png"];

const VIDEOS: &[&str] = &[
    "avi", "wmv", "mpeg", "mp4", "mov", "mkv", "flv", "f4v", "m4v", "rmvb",
];

const IMAGE: Rules = Rules {
    digest: Digest::Sha256,
    most_bytes: 2 * MIB,
    endings: IMAGES,
};

const VIDEO: Rules = Rules {
    digest: Digest::Sha256,
    most_bytes: 5 * MIB,
    endings: VIDEOS,
};

const INVOICE: Rules = Rules {
    digest: Digest::Sm3,
    most_bytes: 2 * MIB,
    endings: &["pdf"],
};

/// More than any documented upload takes.
const OTHER: Rules = Rules {
    digest: Digest::Sha256,
    most_bytes: 20 * MIB,
    endings: &[],
};

/// Formats and sizes as WeChat Pay's documents give them (pages 图片上传, 视频上传, 商户上传反馈图片,
/// 图片上传(营销专用), 上传电子发票文件 4015792580, 商品券 4015736285 and 4015781275).
pub fn rules(path: &str) -> Rules {
    match path {
        "/v3/merchant/media/upload"
        | "/v3/marketing/favor/media/image-upload"
        | "/v3/merchant-service/images/upload"
        | "/v3/marketing/partner/product-coupon/media/upload-image"
        | "/brand/marketing/product-coupon/media/upload-image" => IMAGE,
        "/v3/merchant/media/video_upload" => VIDEO,
        "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file" => INVOICE,
        _ => OTHER,
    }
}

impl Rules {
    pub fn check(&self, path: &str, filename: &str, file: &[u8]) -> Result<()> {
        if file.is_empty() {
            return fail(
                Status::InvalidArgument,
                format!("The file \"{}\" has no bytes.", shown(filename)),
            )
            .map_err(|error| error.hint("Pass the content of the file, not its path."));
        }
        if file.len() > self.most_bytes {
            return fail(
                Status::LimitExceeded,
                format!(
                    "The file has {} bytes; {} takes at most {}.",
                    file.len(),
                    shown(path),
                    self.most_bytes
                ),
            )
            .map_err(|error| {
                error.hint("Make the file smaller; WeChat Pay documents this limit.")
            });
        }
        let ending = ending(filename);
        if self.endings.is_empty() || self.endings.contains(&ending.as_str()) {
            return Ok(());
        }
        fail(
            Status::InvalidArgument,
            format!(
                "The file name \"{}\" does not end as {} wants it: {}.",
                shown(filename),
                shown(path),
                self.endings.join(", ")
            ),
        )
        .map_err(|error| error.hint("Convert the file to one of these formats and name it so."))
    }
}

/// In lower case, without the dot; empty for none.
fn ending(filename: &str) -> String {
    filename
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase())
        .unwrap_or_default()
}

/// For the documented formats only: a guess would be another file than it says.
pub fn content_type(filename: &str) -> Result<&'static str> {
    Ok(match ending(filename).as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "bmp" => "image/bmp",
        "avi" => "video/x-msvideo",
        "wmv" => "video/x-ms-wmv",
        "mpeg" => "video/mpeg",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "mkv" => "video/x-matroska",
        "flv" => "video/x-flv",
        "f4v" => "video/x-f4v",
        "m4v" => "video/x-m4v",
        "rmvb" => "application/vnd.rn-realmedia-vbr",
        "pdf" => "application/pdf",
        _ => {
            return fail(
                Status::InvalidArgument,
                format!(
                    "The end of the file name \"{}\" tells no content type.",
                    shown(filename)
                ),
            )
            .map_err(|error| error.hint("Pass content_type, such as image/gif."));
        }
    })
}
