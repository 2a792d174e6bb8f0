//! `wxpay_config`: options by name, until a client is made of them.

use std::ffi::c_char;

use super::buf::wxpay_buf;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{free, get, get_mut, handle};
use super::input::text;
use super::output::Out;
use super::wxpay_status;
use crate::config::{Config, report};
use crate::time;

/// Configuration by name; docs/configuration.md lists the keys.
#[allow(non_camel_case_types)]
pub struct wxpay_config {
    _opaque: [u8; 0],
}
handle!(wxpay_config, Config, b"wxpaycfg");

/// Makes an empty configuration.
/// @param[out] out  owned; release with wxpay_config_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 101
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_config_new(
    out: *mut *mut wxpay_config,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put(Config::default());
            Ok(())
        })
    }
}

/// Zeroises and releases a configuration. Clients made of it live on.
/// @param config  a configuration, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_config_free(config: *mut wxpay_config) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(config) };
}

/// Sets one key. Replaces an earlier value; empty unsets; the order of keys never matters. The
/// form is checked here, files and the whole in wxpay_client_new.
/// @param config  the configuration to change
/// @param key  name of the key; an unknown one is CONFIG_UNKNOWN_KEY naming the nearest
/// @param value  its value, UTF-8
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per configuration  @io none  @errors 100 101 102 104 105 106 114 115 117
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_config_set(
    config: *mut wxpay_config,
    key: *const c_char,
    key_len: usize,
    value: *const c_char,
    value_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let config = get_mut(config, "config")?;
            config.set(text(key, key_len, "key")?, text(value, value_len, "value")?)
        })
    }
}

/// Fills keys that are unset from environment variables PREFIX + KEY in upper case; "." is written
/// "__". Reads nothing in a set-user-id process.
/// @param config  the configuration to change
/// @param prefix  such as "WXPAY_": upper case, ends with _, not HTTP_
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per configuration  @io environment  @errors 100 101 102 104 105 106 114 115 117
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_config_load_env(
    config: *mut wxpay_config,
    prefix: *const c_char,
    prefix_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            get_mut(config, "config")?.load_env(text(prefix, prefix_len, "prefix")?)
        })
    }
}

/// Sets keys from a JSON object {"key": "value" | ["line", …]}. Members that begin with "_" are
/// ignored. On an error nothing is changed.
/// @param config  the configuration to change
/// @param json  the object
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per configuration  @io none  @errors 100 101 102 104 105 106 114 115 117 420
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_config_load_json(
    config: *mut wxpay_config,
    json: *const c_char,
    json_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            get_mut(config, "config")?.load_json(text(json, json_len, "json")?)
        })
    }
}

/// An offline report, JSON: roles, lengths, mismatches, expiry, serials, file permissions. OK
/// whenever the report could be made; the verdict is its member "status".
/// @param config  a configuration
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io reads the files that are named  @errors 100 101
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_config_check(
    config: *const wxpay_config,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let json = report(get(config, "config")?, time::now(now)?);
            out.put_bytes(json.as_bytes())
        })
    }
}
