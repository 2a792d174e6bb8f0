//! README, "Moving off a pinned root": each before and after is run. Before works with the server
//! on the old root and fails with the one on the new root; after works with both. The stores are
//! the runtimes' own, in a mount namespace: the machine's are not touched.

mod languages;
mod library;
mod pki;
mod place;
mod readme;

/// The name whose servers change their root.
const HOST: &str = "api.mch.weixin.qq.com";
