//! `wxpay request`, `sign`, `verify`, `decrypt` and `certs` from outside, against the simulator; openssl and curl are the
//! witnesses of what is signed and sealed.

#[path = "commands/certificates.rs"]
mod certificates;
#[path = "commands/foreign.rs"]
mod foreign;
#[path = "simulate/harness.rs"]
#[allow(dead_code)]
mod harness;
#[path = "simulate/http.rs"]
#[allow(dead_code)]
mod http;
#[path = "commands/messages.rs"]
mod messages;
#[path = "commands/place.rs"]
mod place;
#[path = "commands/requests.rs"]
mod requests;
#[path = "simulate/tools.rs"]
#[allow(dead_code)]
mod tools;
#[path = "commands/usage.rs"]
mod usage;
