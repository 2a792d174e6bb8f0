//! The simulator from outside: what curl and openssl say about it.

#[path = "simulate/authorization.rs"]
mod authorization;
#[path = "simulate/bills.rs"]
mod bills;
#[path = "simulate/faults.rs"]
mod faults;
#[path = "simulate/harness.rs"]
mod harness;
#[path = "simulate/http.rs"]
mod http;
#[path = "simulate/identity.rs"]
mod identity;
#[path = "simulate/keys.rs"]
mod keys;
#[path = "simulate/life.rs"]
mod life;
#[path = "simulate/log.rs"]
mod log;
#[path = "simulate/notifications.rs"]
mod notifications;
#[path = "simulate/orders.rs"]
mod orders;
#[path = "simulate/refunds.rs"]
mod refunds;
#[path = "simulate/signatures.rs"]
mod signatures;
#[path = "simulate/tools.rs"]
mod tools;
#[path = "simulate/transfers.rs"]
mod transfers;
#[path = "simulate/uploads.rs"]
mod uploads;
#[path = "simulate/v2.rs"]
mod v2;
#[path = "simulate/wire.rs"]
mod wire;
