use super::find::find;
use super::pointers::Pointers;
use crate::error::Status;
use crate::v3::json_scan::Scanner;

/// The texts that pointers lead to, with their places; or the status and what the error says.
fn found(pointers: &str, body: &str) -> Result<Vec<(String, String)>, (Status, String)> {
    let told = |error: crate::error::Error| (error.status(), error.to_string());
    let pointers = Pointers::parse(pointers).map_err(told)?;
    let mut scanner = Scanner::new("It", body.as_bytes()).map_err(told)?;
    let found = find(&mut scanner, &pointers).map_err(told)?;
    Ok(found
        .iter()
        .map(|field| (field.place(), body[field.span.clone()].to_owned()))
        .collect())
}

fn places(pointers: &str, body: &str) -> Vec<(String, String)> {
    found(pointers, body).unwrap_or_else(|error| panic!("{pointers:?} in {body}: {error:?}"))
}

fn pair(place: &str, text: &str) -> (String, String) {
    (place.to_owned(), text.to_owned())
}

#[test]
fn pointers_lead_where_rfc_6901_says() {
    // The strings of RFC 6901 §5 whose names are not shown escaped, with values of ours.
    let body = r#"{"foo":["bar","baz"],"":"empty","a/b":"1","c%d":"2","e^f":"3","g|h":"4"," ":"7","m~n":"8","~1":"9"}"#;
    for (pointer, text) in [
        ("/foo/0", "\"bar\""),
        ("/foo/1", "\"baz\""),
        ("/", "\"empty\""),
        ("/a~1b", "\"1\""),
        ("/c%d", "\"2\""),
        ("/e^f", "\"3\""),
        ("/g|h", "\"4\""),
        ("/ ", "\"7\""),
        ("/m~0n", "\"8\""),
        ("/~01", "\"9\""),
    ] {
        assert_eq!(places(pointer, body), [pair(pointer, text)], "{pointer}");
    }
}

#[test]
fn every_element_is_reached_and_a_name_matches_with_its_escapes_undone() {
    let body = r#" {"l" : [ {"\u006eame":"a\"]"} , {"name":"b","x":[{"name":"no"}]} ],"n":"c"}"#;
    assert_eq!(
        places("\r\n/n\r\n\n/l/*/name\n", body),
        [
            pair("/l/0/name", "\"a\\\"]\""),
            pair("/l/1/name", "\"b\""),
            pair("/n", "\"c\"")
        ]
    );
    assert_eq!(
        places("/*/*", r#"[["a"],["b","c"]]"#),
        [
            pair("/0/0", "\"a\""),
            pair("/1/0", "\"b\""),
            pair("/1/1", "\"c\"")
        ]
    );
}

#[test]
fn an_optional_value_may_be_absent_null_or_empty_and_is_then_left() {
    for body in [
        "{}",
        r#"{"a":null}"#,
        r#"{"a":{}}"#,
        r#"{"a":{"b":null}}"#,
        r#"{"a":{"b":""}}"#,
    ] {
        assert_eq!(places("/a/b?", body), [], "{body}");
        let (status, text) = found("/a/b", body).unwrap_err();
        assert_eq!(status, Status::InvalidArgument, "{body}");
        assert!(text.contains("\"/a/b\""), "{text}");
    }
    assert_eq!(places("/a/*/b?", r#"{"a":[]}"#), []);
    assert_eq!(places("/a/5?", r#"{"a":["x"]}"#), []);
    // One may be absent, the other not.
    assert_eq!(
        places("/a/x?\n/a/y", r#"{"a":{"y":"1"}}"#),
        [pair("/a/y", "\"1\"")]
    );
    assert!(found("/a/x?\n/a/y", r#"{"a":{"x":"1"}}"#).is_err());
    assert!(found("/a/x?\n/a/y", r#"{"a":null}"#).is_err());
}

#[test]
fn what_leads_to_no_string_is_refused_even_when_optional() {
    for (pointers, body) in [
        ("/a?", r#"{"a":1}"#),
        ("/a?", r#"{"a":false}"#),
        ("/a?", r#"{"a":{"b":"x"}}"#),
        ("/a?", r#"{"a":["x"]}"#),
        ("/a/b?", r#"{"a":"x"}"#),
        ("/a/b?", r#"{"a":3}"#),
        // A forgotten * would leave plaintext.
        ("/a/b?", r#"{"a":[{"b":"x"}]}"#),
        ("/a/*?", r#"{"a":{"b":"x"}}"#),
        ("/a/00?", r#"{"a":["x"]}"#),
        ("/a/+0?", r#"{"a":["x"]}"#),
        ("/a?", r#"[{"a":"x"}]"#),
        ("/a?", r#""a""#),
        ("/a", r#"{"a":""}"#),
        ("/a", r#"{"b":"a"}"#),
        ("/a/1", r#"{"a":["x"]}"#),
        ("/a/*", r#"{"a":[]}"#),
        ("/a/*", r#"{"a":["x",null]}"#),
        ("/a/*/b", r#"{"a":[{"b":"x"},{}]}"#),
    ] {
        let (status, text) = found(pointers, body).unwrap_err();
        assert_eq!(status, Status::InvalidArgument, "{pointers} in {body}");
        assert!(!text.contains("\"x\""), "{text}");
    }
    let (_, text) = found("/a/*/b", r#"{"a":[{"b":"x"},{}]}"#).unwrap_err();
    assert!(text.contains("\"/a/1/b\""), "{text}");
}

#[test]
fn pointers_that_could_meet_or_say_nothing_are_refused() {
    for pointers in [
        "",
        "\r\n\n",
        "?",
        "a",
        "a/b",
        "#/a",
        "/a\n/a",
        "/a\n/a?",
        "/a\n/a/b",
        "/a/b\n/a",
        "/a/*\n/a/0",
        "/a/0/x\n/a/*/y",
        "/a/*\n/a/*/b",
        "/a~1b\n/a~1b",
        "/-",
        "/a/-",
        "/a/-/b",
        "/a/-?",
        "/~",
        "/~2",
        "/a~",
    ] {
        let (status, text) = found(pointers, "{}").unwrap_err();
        assert_eq!(status, Status::InvalidArgument, "{pointers:?}: {text}");
    }
    assert_eq!(places("/a-?\n/-a?\n/*a?\n/ab?", "{}"), []);
}

#[test]
fn members_of_one_name_on_a_path_are_refused() {
    for body in [
        r#"{"a":1.10,"a":2,"n":{"s":"x"}}"#,
        r#"{"n":{"s":"x"},"n":{"s":"y"}}"#,
        r#"{"n":{"s":"x","s":"y"}}"#,
        r#"{"n":{"s":"x","\u0073":"y"}}"#,
        r#"{"n":{"z":1,"s":"x","z":1}}"#,
    ] {
        let (status, text) = found("/n/s", body).unwrap_err();
        assert_eq!(status, Status::InvalidArgument, "{body}");
        assert!(text.contains("twice"), "{text}");
    }
    // Off the path they are bytes that stay.
    let body = r#"{"o":{"a":1.10,"a":2},"n":{"s":"x"}}"#;
    assert_eq!(places("/n/s", body), [pair("/n/s", "\"x\"")]);
}

#[test]
fn at_most_256_pointers_64_deep_are_taken() {
    let many = |count: usize| (0..count).map(|i| format!("/a{i}?\n")).collect::<String>();
    assert_eq!(places(&many(256), "{}"), []);
    assert_eq!(
        found(&many(257), "{}").unwrap_err().0,
        Status::LimitExceeded
    );
    let deep = |depth: usize| {
        let body = format!("{}\"x\"{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        found(&"/a".repeat(depth), &body).map(|found| found.len())
    };
    assert_eq!(deep(64), Ok(1));
    assert_eq!(deep(65).unwrap_err().0, Status::LimitExceeded);
    // The text beside the pointers may be deeper than any stack.
    let body = format!(
        r#"{{"x":{}{},"a":"y"}}"#,
        "[".repeat(500_000),
        "]".repeat(500_000)
    );
    assert_eq!(places("/a", &body), [pair("/a", "\"y\"")]);
}

#[test]
fn half_a_surrogate_pair_is_no_name_on_a_path() {
    assert_eq!(
        found("/a", r#"{"\ud800":1,"a":"x"}"#).unwrap_err().0,
        Status::MalformedJson
    );
}
