//! How a function is folded into a method, and that each language has all of them.

use crate::lang;
use crate::method::{Kind, Slot, Value, methods};
use crate::model::{self, Api};

use super::{LOAD, NAME, api};

const REAL: &str = include_str!("../../../../include/wxpay.h");

fn real_with(more: &str) -> Api {
    let at = REAL.rfind("#ifdef __cplusplus").unwrap();
    let text = format!("{}{more}\n{}", &REAL[..at], &REAL[at..]);
    model::api(&text).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

/// What a new function needs to be in every language: nothing.
const PING: &str = "
/**
 * Says a word.
 * @param client  a client
 * @param word  any text
 * @param times  how often
 * @param now  Unix seconds, 0 = the system clock
 * @param[out] out  owned; release with wxpay_message_free
 * @param[out] err  owned; NULL to ignore
 * @since 0.1  @threads any  @io none  @errors 100
 */
WXPAY_API
wxpay_status wxpay_client_ping(const wxpay_client *client,
                               const char *word,
                               size_t word_len,
                               uint32_t times,
                               int64_t now,
                               wxpay_message **out,
                               wxpay_error **err);
";

#[test]
fn lengths_now_outputs_and_the_error_are_folded_away() {
    let api = real_with(PING);
    let methods = methods(&api).unwrap();
    let ping = methods.iter().find(|m| m.name == "ping").unwrap();
    assert_eq!(ping.class, "client");
    assert_eq!(
        ping.call,
        [
            Slot::Receiver,
            Slot::Text("word"),
            Slot::Number("times", crate::method::Number::Uint32),
            Slot::Now,
            Slot::Out(0),
            Slot::Error
        ]
    );
    let out = Value {
        name: "out",
        kind: Kind::Handle("message"),
    };
    assert_eq!(ping.gives, [out]);
}

#[test]
fn what_a_buffer_holds_must_be_said() {
    let more = PING.replace("wxpay_message **out", "wxpay_buf **out");
    let refusals = methods(&real_with(&more)).err().unwrap_or_default();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert!(
        refusals[0].starts_with("wxpay_client_ping: ") && refusals[0].contains("ROWS"),
        "{refusals:?}"
    );
}

#[test]
fn getters_give_what_they_return() {
    let api = api(&format!("{LOAD}{NAME}"));
    let methods = methods(&api).unwrap();
    let places: Vec<_> = methods.iter().map(|m| (m.class, m.name)).collect();
    assert_eq!(places, [("key", "load"), ("key", "name")]);
    assert_eq!(methods[1].gives[0].kind, Kind::Text);
    assert_eq!(
        methods[0].call[0],
        Slot::Text("pem"),
        "{:?}",
        methods[0].call
    );
}

#[test]
fn a_function_that_is_new_is_in_every_language() {
    let api = real_with(PING);
    let methods = methods(&api).unwrap();
    let files = lang::files(&api, &methods);
    for language in ["cpp", "php", "python", "csharp"] {
        let folder = format!("bindings/{language}/");
        let own: Vec<_> = files
            .iter()
            .filter(|f| f.path().starts_with(&folder))
            .collect();
        let text: String = own.iter().map(|file| file.content()).collect();
        let method = if language == "csharp" { "Ping" } else { "ping" };
        // C++ has its declarations from wxpay.h.
        assert!(text.contains("wxpay_client_ping"), "{language}: no call");
        let method = [" ", "\n", "_"]
            .iter()
            .any(|before| text.contains(&format!("{before}{method}(")));
        assert!(method, "{language}: no method");
        for function in methods.iter().filter(|method| method.class != "error") {
            assert!(
                text.contains(&function.function.name),
                "{language}: {}",
                function.function.name
            );
        }
    }
}

/// NULL is not something that a caller could pass by mistake.
#[test]
fn a_check_that_takes_no_request_is_a_method_of_its_own() {
    let api = real_with("");
    let methods = methods(&api).unwrap();
    let of = |function: &str| -> Vec<_> {
        let own = methods.iter().filter(|m| m.function.name == function);
        own.map(|m| (m.class, m.name, m.call[1])).collect()
    };
    assert_eq!(
        of("wxpay_v2_check"),
        [
            ("client", "v2_notification", Slot::Nobody("message")),
            ("client", "v2_check", Slot::Handle("request", "message")),
        ]
    );
    assert_eq!(of("wxpay_client_check").len(), 1);
    assert_eq!(of("wxpay_trust_report").len(), 2);
}

/// safety.md S25: whoever calls it has read the word.
#[test]
fn a_refund_that_nobody_signed_is_called_so_in_every_language() {
    let api = real_with("");
    let methods = methods(&api).unwrap();
    let open = methods
        .iter()
        .find(|m| m.function.name == "wxpay_v2_refund_open")
        .unwrap();
    for (language, spelled) in lang::spelled(open) {
        let spelled = spelled.replace('_', "").to_lowercase();
        assert!(
            spelled.contains("refundunauthenticated("),
            "{language}: {spelled}"
        );
    }
}

/// The sentinel of an amount that is none never comes out as an amount.
#[test]
fn an_amount_that_may_be_absent_is_optional() {
    let api = real_with("");
    let methods = methods(&api).unwrap();
    for function in ["wxpay_bill_fen", "wxpay_bill_total_fen"] {
        let method = methods
            .iter()
            .find(|m| m.function.name == function)
            .unwrap();
        assert_eq!(method.gives[0].kind, Kind::OptionalNumber, "{function}");
    }
    let files = lang::files(&api, &methods);
    let text = |path: &str| {
        files
            .iter()
            .find(|f| f.path().ends_with(path))
            .unwrap()
            .content()
    };
    assert!(text("wxpay/generated.hpp").contains("std::optional<std::int64_t> total_fen("));
    assert!(text("_methods.py").contains("def total_fen(self, name: Text) -> Optional[int]:"));
    assert!(text("src/Methods.g.cs").contains("public long? TotalFen("));
    // Where NULL counts as 0 in arithmetic it is an exception, by hand.
    assert!(!text("Generated/BillMethods.php").contains("totalFen"));
}
