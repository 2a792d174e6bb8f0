//! What is XML of API v2 and what is not: one row a trick, each with its own sentence.

use super::super::xml::{Rules, read, write};
use super::fields;
use crate::error::Status;

/// Read back by Python's expat too: `python3 -c` below.
#[test]
fn what_is_written_says_the_same_to_another_parser() {
    let values = [
        ("plain", "支付 test 1"),
        ("markup", "<a href=\"x\">&amp;</a>"),
        ("cdata", "]]>"),
        ("more", "a]]>b]]>]]>"),
        ("open", "<![CDATA[x]]>"),
        ("bracket", "]]"),
        ("quote", "'\""),
        ("space", "  x  "),
        ("emoji", "😀"),
    ];
    let body = write(&fields(&values)).unwrap();
    let back = read("xml", body.as_bytes(), Rules::Signed).unwrap();
    assert!(back.iter().eq(values), "{body}");
    let script = "import sys,xml.etree.ElementTree as t\nfor e in t.fromstring(sys.stdin.buffer.read()): sys.stdout.buffer.write((e.tag+'='+(e.text or '')+'\\n').encode())";
    let mut child = std::process::Command::new("python3")
        .args(["-c", script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), body.as_bytes()).unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let want: String = values
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"))
        .collect();
    assert_eq!(said, want);
    for name in ["coupon_id_$n", "0a"] {
        let error = write(&fields(&[(name, "1")])).unwrap_err();
        assert_eq!(error.status(), Status::InvalidArgument, "{name}");
    }
}

#[test]
fn fields_are_read_as_they_stand() {
    for (body, want) in [
        ("<xml><a>1</a></xml>", "{\"a\":\"1\"}"),
        ("<xml></xml>", "{}"),
        ("<xml/>", "{}"),
        (
            "<?xml version=\"1.0\"?><xml><a>1</a></xml>",
            "{\"a\":\"1\"}",
        ),
        (
            "<?xml version='1.0' encoding='utf-8'?>\r\n<xml>\n <a>1</a>\t</xml>\n",
            "{\"a\":\"1\"}",
        ),
        (
            "<xml><b>2</b><a/><c></c></xml>",
            "{\"b\":\"2\",\"a\":\"\",\"c\":\"\"}",
        ),
        ("<xml ><a >1</a ></xml >", "{\"a\":\"1\"}"),
        (
            "<xml><a><![CDATA[<&>]]>&lt;&gt;&amp;&quot;&apos;&#65;&#x652F;</a></xml>",
            "{\"a\":\"<&><>&\\\"'A支\"}",
        ),
        ("<xml><a> x </a></xml>", "{\"a\":\" x \"}"),
        (
            "<xml><a><![CDATA[x]]]]><![CDATA[>y]]></a></xml>",
            "{\"a\":\"x]]>y\"}",
        ),
        ("<xml><a>1 > 0</a></xml>", "{\"a\":\"1 > 0\"}"),
        (
            "<xml><A>1</A><a>2</a><coupon_id_$n>3</coupon_id_$n></xml>",
            "{\"A\":\"1\",\"a\":\"2\",\"coupon_id_$n\":\"3\"}",
        ),
    ] {
        let read = read("xml", body.as_bytes(), Rules::Signed);
        assert_eq!(
            read.map(|fields| fields.to_json().to_string()).unwrap(),
            want,
            "{body}"
        );
    }
}

fn said(body: &[u8]) -> String {
    let case = String::from_utf8_lossy(body.get(..120).unwrap_or(body)).into_owned();
    let error = read("xml", body, Rules::Signed).expect_err(&case);
    assert_eq!(error.status(), Status::MalformedXml, "{case}");
    assert!(error.fields().message.len() < 300, "{case}: {error}");
    error.fields().message.clone()
}

#[test]
fn each_trick_is_refused_with_its_own_sentence() {
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><a>&b;</a></xml>"#;
    let deep = format!(
        "<xml>{}{}</xml>",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    let many: String = (0..513)
        .map(|index| format!("<a{index}>1</a{index}>"))
        .collect();
    let many = format!("<xml>{many}</xml>");
    let long = format!("<xml><{0}>1</{0}></xml>", "a".repeat(65));
    for (body, says) in [
        (laughs, "DOCTYPE"),
        (
            r#"<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><a>&x;</a></xml>"#,
            "DOCTYPE",
        ),
        (
            r#"<!DOCTYPE xml [<!ENTITY % p SYSTEM "http://127.0.0.1/e.dtd"> %p;]><xml/>"#,
            "DOCTYPE",
        ),
        (
            r#"<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml><a>1</a></xml>"#,
            "DOCTYPE",
        ),
        (r#"<!doctype html><html></html>"#, "DOCTYPE"),
        ("<xml><a>&x;</a></xml>", "entity &x;"),
        ("<xml><a>&nbsp;</a></xml>", "entity &nbsp;"),
        ("<xml>&lt;</xml>", "reference outside"),
        ("<xml><a>&#0;</a></xml>", "no character"),
        ("<xml><a>&#xD800;</a></xml>", "no character"),
        ("<xml><a>&#x;</a></xml>", "no character"),
        ("<xml><a>&#10;</a></xml>", "U+000A in the value of a"),
        ("<xml><a>1\n2</a></xml>", "U+000A in the value of a"),
        (
            "<xml><a><![CDATA[1\r\n]]></a></xml>",
            "U+000D in the value of a",
        ),
        ("<xml><a>\t</a></xml>", "U+0009 in the value of a"),
        ("<xml><a>\u{1}</a></xml>", "control character U+0001"),
        ("<xml><a>\0</a></xml>", "control character U+0000"),
        ("<xml><a>\u{85}</a></xml>", "control character U+0085"),
        ("<xml><a>\u{ffff}</a></xml>", "control character U+FFFF"),
        ("<xml><a>1</a><a>2</a></xml>", "field a twice"),
        ("<xml><a>1</a><a>1</a></xml>", "field a twice"),
        ("<xml><a>1</a><a/></xml>", "field a twice"),
        ("<xml><a><b>1</b></a></xml>", "element b inside a field"),
        ("<xml><a>1<b/></a></xml>", "element b inside a field"),
        (&deep, "inside a field"),
        ("<xml><a b=\"1\">1</a></xml>", "attributes at a"),
        ("<xml xmlns=\"urn:x\"><a>1</a></xml>", "attributes at xml"),
        ("<xml><p:a>1</p:a></xml>", "name p:a"),
        ("<xml><a-b>1</a-b></xml>", "name a-b"),
        ("<xml><支付>1</支付></xml>", "name"),
        (&long, "1 to 64"),
        ("<XML><a>1</a></XML>", "root XML, not xml"),
        ("<root><a>1</a></root>", "root root, not xml"),
        (
            "<html><body>Bad gateway</body></html>",
            "proxy or captive portal",
        ),
        (
            "<xml><a>1</a></xml><xml><a>2</a></xml>",
            "goes on after its root",
        ),
        ("<xml><a>1</a></xml>x", "text outside"),
        ("x<xml><a>1</a></xml>", "text outside"),
        ("<xml>x<a>1</a></xml>", "text outside"),
        ("<xml><![CDATA[x]]><a>1</a></xml>", "CDATA outside"),
        ("<xml><!-- x --><a>1</a></xml>", "comment"),
        ("<xml><a>1<!-- x -->2</a></xml>", "comment"),
        (
            "<xml><?php echo 1 ?><a>1</a></xml>",
            "processing instruction php",
        ),
        (
            "<?xml-stylesheet href='x'?><xml><a>1</a></xml>",
            "processing instruction xml-stylesheet",
        ),
        (
            " <?xml version=\"1.0\"?><xml><a>1</a></xml>",
            "declaration after the beginning",
        ),
        (
            "<xml><?xml version=\"1.0\"?><a>1</a></xml>",
            "declaration after the beginning",
        ),
        ("<?xml version=\"1.1\"?><xml><a>1</a></xml>", "version 1.0"),
        (
            "<?xml version=\"1.0\" encoding=\"GBK\"?><xml><a>1</a></xml>",
            "encoding",
        ),
        (
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?><xml><a>1</a></xml>",
            "encoding",
        ),
        ("\u{feff}<xml><a>1</a></xml>", "byte order mark"),
        ("", "is empty"),
        (" ", "no root"),
        ("{\"a\":1}", "text outside"),
        ("<xml><a>1</a>", "before its root is closed"),
        ("<xml><a>1", "before its root is closed"),
        ("<xml><a>1</b></xml>", "not well-formed"),
        ("<xml><a>1</a></xml></xml>", "not well-formed"),
        ("<xml><a><![CDATA[1</a></xml>", "not well-formed"),
        ("<xml><a>1</a", "not well-formed"),
        ("<xml><a>1 & 2</a></xml>", "not well-formed"),
        ("<xml><a>&lt</a></xml>", "not well-formed"),
        ("<xml><a>]]></a></xml>", "]]> outside of CDATA"),
        (&many, "more than 512"),
    ] {
        let said = said(body.as_bytes());
        assert!(
            said.contains(says),
            "{}: {said}",
            body.get(..80).unwrap_or(body)
        );
    }
    assert!(said(b"<xml><a>\xff</a></xml>").contains("not UTF-8 from byte 8"));
    assert!(said(b"<xml><a>\xc0\xaf</a></xml>").contains("not UTF-8"));
    assert!(
        said(
            "<xml><a>1</a></xml>"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>()
                .as_slice()
        )
        .contains("control character")
    );
}

/// A parser that gave up only in the end would have read it: the byte that is wrong is the first.
#[test]
fn ten_megabytes_are_refused_by_their_size_and_one_is_read() {
    let mut body = vec![b'<'; 10 * 1024 * 1024];
    assert!(said(&body).contains("10485760 bytes"));
    body.clear();
    body.extend_from_slice(b"<xml><a>");
    body.resize(1024 * 1024 - 10, b'x');
    body.extend_from_slice(b"</a></xml>");
    let fields = read("xml", &body, Rules::Signed).unwrap();
    assert_eq!(fields.get("a").map(str::len), Some(1024 * 1024 - 18));
    body.push(b'\n');
    assert!(said(&body).contains("1048577 bytes"));
}

#[test]
fn lists_of_unsigned_answers_are_given_as_they_stand() {
    let body = "<xml><a>1</a><hblist><hbinfo><openid>o1</openid><amount>100</amount></hbinfo>\n<hbinfo/></hblist><b>&amp;</b></xml>";
    let fields = read("xml", body.as_bytes(), Rules::Unsigned).unwrap();
    let want = [
        ("a", "1"),
        (
            "hblist",
            "<hbinfo><openid>o1</openid><amount>100</amount></hbinfo>\n<hbinfo/>",
        ),
        ("b", "&"),
    ];
    assert!(fields.iter().eq(want), "{:?}", fields.to_json());
    let pem = "<xml><pub_key><![CDATA[-----BEGIN\nx\n]]></pub_key></xml>";
    let fields = read("xml", pem.as_bytes(), Rules::Unsigned).unwrap();
    assert_eq!(fields.get("pub_key"), Some("-----BEGIN\nx\n"));
    let deep = format!("<xml>{}1{}</xml>", "<a>".repeat(5), "</a>".repeat(5));
    let error = read("xml", deep.as_bytes(), Rules::Unsigned).unwrap_err();
    assert!(
        error.fields().message.contains("more than 5 levels"),
        "{error}"
    );
}
