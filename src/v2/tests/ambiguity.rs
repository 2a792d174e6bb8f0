//! S8: a signature that two messages share is worth nothing. Which messages are taken must not
//! have two readings of one signed string.

use std::collections::HashMap;

use super::super::fields::Fields;
use super::super::names::{is_ambiguous, refuse_ambiguous};
use super::super::sign::base;
use super::fields;
use crate::error::Status;

/// Bits that repeat from run to run: a failure can be looked at again (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Names that API v2 documents, sorted as the signature sorts them: boundaries fall everywhere.
const NAMES: &[&str] = &[
    "attach",
    "body",
    "coupon_fee_0",
    "key",
    "out_trade_no",
    "total_fee",
];

const PIECES: &[&str] = &[
    "x",
    "1",
    "&",
    "=",
    "&b=",
    "&body=",
    "&body",
    "body=",
    "&total_fee=1",
    "&key=",
    "&out_trade_no=A",
    "&coupon_fee_0=",
    "&coupon_fee_1=",
];

fn random(random: &mut Random) -> Fields {
    let mut made = Vec::new();
    for name in NAMES {
        if random.below(2) == 0 {
            continue;
        }
        let value: String = (0..=random.below(4))
            .map(|_| PIECES[random.below(PIECES.len())])
            .collect();
        made.push((*name, value));
    }
    let made: Vec<(&str, &str)> = made
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    fields(&made)
}

#[test]
fn no_two_messages_that_are_taken_have_the_same_signed_string() {
    let mut source = Random(20_260_101);
    let mut taken: HashMap<Vec<u8>, Fields> = HashMap::new();
    let (mut refused, mut met) = (0, 0);
    for _ in 0..60_000 {
        let fields = random(&mut source);
        if is_ambiguous(&fields).is_some() {
            refused += 1;
            continue;
        }
        match taken.get(&base(&fields)) {
            Some(other) if *other != fields => {
                panic!("{:?} and {:?}", other.to_json(), fields.to_json())
            }
            Some(_) => met += 1,
            None => {
                taken.insert(base(&fields), fields);
            }
        }
    }
    // The test would prove nothing if nearly all were refused, or none.
    assert!(
        refused > 20_000 && taken.len() > 1_000 && met > 100,
        "{refused} {} {met}",
        taken.len()
    );
}

/// The same from the other side: every way to cut a signed string at its `&name=` gives at most one
/// message that is taken.
#[test]
fn every_other_way_to_cut_a_signed_string_is_refused() {
    let mut source = Random(7);
    let mut cuts = 0;
    for _ in 0..1_500 {
        let whole = random(&mut source);
        let text = String::from_utf8(base(&whole)).unwrap();
        let text = text
            .strip_suffix("&key=")
            .or(text.strip_suffix("key="))
            .unwrap();
        if text.is_empty() {
            continue;
        }
        let mut taken = Vec::new();
        let parts: Vec<&str> = text.split('&').collect();
        for mask in 0..1_u32 << (parts.len() - 1).min(10) {
            let mut cut: Vec<String> = vec![parts[0].to_owned()];
            for (index, part) in parts[1..].iter().enumerate() {
                if index < 10 && mask & (1 << index) != 0 {
                    cut.push((*part).to_owned());
                } else {
                    let last = cut.last_mut().unwrap();
                    last.push('&');
                    last.push_str(part);
                }
            }
            let pairs: Option<Vec<(&str, &str)>> =
                cut.iter().map(|one| one.split_once('=')).collect();
            let Some(pairs) = pairs else { continue };
            let known = pairs
                .iter()
                .all(|(name, value)| NAMES.contains(name) && !value.is_empty());
            // In order, and so without a name twice.
            if !known || !pairs.is_sorted_by(|a, b| a.0 < b.0) {
                continue;
            }
            cuts += 1;
            let message = fields(&pairs);
            if is_ambiguous(&message).is_none() {
                taken.push(message.to_json());
            }
        }
        assert!(taken.len() <= 1, "{text}: {taken:?}");
    }
    assert!(cuts > 1_500, "{cuts}");
}

#[test]
fn a_value_may_hold_an_ampersand_that_begins_no_field() {
    for value in [
        "a=1&b=2",
        "a&b",
        "&",
        "&&total_fee",
        "total_fee=1",
        "&total fee=1",
        "&=",
        "R&D=x",
    ] {
        let fields = fields(&[("attach", value), ("total_fee", "1")]);
        assert!(is_ambiguous(&fields).is_none(), "{value}");
        refuse_ambiguous(&fields).unwrap();
    }
    for value in [
        "&total_fee=",
        "x&attach=",
        "a&&sign=1",
        "&key=1",
        "&coupon_fee_0=1",
        "&Total_Fee=1",
        "&change_type=DELETE",
        "&other=1",
    ] {
        let fields = fields(&[("attach", value), ("other", "1")]);
        assert_eq!(
            is_ambiguous(&fields).unwrap().status(),
            Status::SignatureInvalid,
            "{value}"
        );
        let refused = refuse_ambiguous(&fields).unwrap_err();
        assert_eq!(refused.status(), Status::InvalidArgument, "{value}");
    }
    // The address that WeChat Pay itself sends (H5 payments).
    let mweb =
        "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2016&package=1037687096";
    let answer = fields(&[
        ("mweb_url", mweb),
        ("prepay_id", "wx2016"),
        ("trade_type", "MWEB"),
    ]);
    assert!(is_ambiguous(&answer).is_none());
    // A name of any length is looked at once.
    let long = format!("&{}=1", "_0".repeat(400_000));
    assert!(is_ambiguous(&fields(&[("a", &long)])).is_none());
}
