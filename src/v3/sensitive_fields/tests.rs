use serde_json::Value;

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

/// Knuth's MMIX generator: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn value(&mut self, depth: usize) -> Value {
        const NAMES: &[&str] = &["a", "b~/", "", "0", "中", "\"", "~1", "x y"];
        match self.below(if depth == 0 { 3 } else { 6 }) {
            0 => Value::from(self.below(9)),
            1 | 2 => Value::from(["x", "]\"}", "\\", "中😀", "\u{1}"][self.below(5)]),
            3 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let members = (0..1 + self.below(4)).map(|_| {
                    (
                        NAMES[self.below(NAMES.len())].to_owned(),
                        self.value(depth - 1),
                    )
                });
                Value::Object(members.collect())
            }
        }
    }
}

fn strings(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::String(_) if !at.is_empty() => out.push(at.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                strings(item, &format!("{at}/{index}"), out);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                let token = name.replace('~', "~0").replace('/', "~1");
                strings(item, &format!("{at}/{token}"), out);
            }
        }
        _ => {}
    }
}

/// serde_json has pointers, too, over a tree.
#[test]
fn every_string_of_a_body_is_found_where_serde_finds_it() {
    let mut random = Random(3);
    let mut total = 0;
    for round in 0..1000 {
        let value = random.value(5);
        let body = match round % 2 {
            0 => value.to_string(),
            _ => serde_json::to_string_pretty(&value).unwrap(),
        };
        let mut pointers = Vec::new();
        strings(&value, "", &mut pointers);
        for some in pointers.chunks(256) {
            let parsed = Pointers::parse(&some.join("\n")).unwrap();
            let mut scanner = Scanner::new("It", body.as_bytes()).unwrap();
            let found = find(&mut scanner, &parsed).unwrap();
            // The order of both is that of the text.
            assert_eq!(found.len(), some.len(), "{body}");
            for (field, pointer) in found.iter().zip(some) {
                assert_eq!(
                    Some(&*scanner.unescaped(&field.span).unwrap()),
                    value.pointer(pointer).and_then(Value::as_str),
                    "{pointer} in {body}"
                );
                total += 1;
            }
        }
    }
    assert!(total > 1000, "{total}");
}

/// Bytes flipped, cut and doubled: refused or found, never a panic, never a place outside.
#[test]
fn a_damaged_body_or_list_is_refused_in_order() {
    let mut random = Random(11);
    let mut accepted = 0;
    for _ in 0..3000 {
        let mut body = format!(
            r#"{{"a":["x","\u00e4"],"n":{},"b~1":"y","0":{{"x y":["z"]}}}}"#,
            random.value(3)
        )
        .into_bytes();
        let mut list = b"/a/*\n/b~01?\r\n/0/x y/1?\n/0/x y/0?".to_vec();
        for text in [&mut body, &mut list] {
            for _ in 0..random.below(4) {
                let at = random.below(text.len());
                match random.below(3) {
                    0 => text[at] = b"\"\\{}[],:*?-/~0u \n\xe4"[random.below(18)],
                    1 => text.truncate(at + 1),
                    _ => text.insert(at, text[at]),
                }
            }
        }
        let Ok(pointers) = Pointers::parse(&String::from_utf8_lossy(&list)) else {
            continue;
        };
        let Ok(mut scanner) = Scanner::new("It", &body) else {
            continue;
        };
        if let Ok(found) = find(&mut scanner, &pointers) {
            for field in found {
                let span = scanner.text().get(field.span).unwrap();
                assert!(serde_json::from_str::<Value>(span).is_ok_and(|text| text.is_string()));
            }
            accepted += 1;
        }
    }
    assert!((300..2500).contains(&accepted), "{accepted}");
}
