//! HTTP as data: messages, header fields, URLs, and the hosts that may be signed for. No sockets.

pub mod headers;
mod hosts;
mod message;
mod url;

pub use headers::Headers;
pub use hosts::is_wechat_pay_host;
pub use message::{
    Body, Cancel, Kind, Message, Options, Pending, Signed, V2, V2SignType, Verified,
};
pub use url::{Origin, Url, target};
