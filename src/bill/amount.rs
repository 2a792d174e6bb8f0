//! Yuan as bills write them, in fen as the API counts them. Whole numbers only, never a float.

/// `12.34`, `-0.5`, `3`; digits beyond the second must be 0 (older bills write a fee as
/// `0.00000`). None for everything else and for what an i64 does not hold.
pub(super) fn fen(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (yuan, rest) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some((yuan, rest)) => (yuan, rest),
        None => (digits, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || !all_digits(yuan) || !all_digits(rest) {
        return None;
    }
    if rest.bytes().skip(2).any(|digit| digit != b'0') {
        return None;
    }
    let digit = |index: usize| {
        rest.as_bytes()
            .get(index)
            .map_or(0, |digit| i64::from(digit - b'0'))
    };
    let amount = yuan
        .parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(digit(0) * 10 + digit(1))?;
    Some(if negative { -amount } else { amount })
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn yuan_are_fen_exactly_or_not_at_all() {
        for (text, want) in [
            ("0.00", Some(0)),
            ("0", Some(0)),
            ("-0.00", Some(0)),
            ("0.1", Some(10)),
            ("0.01", Some(1)),
            ("12.34", Some(1234)),
            ("-1.50", Some(-150)),
            ("1.1", Some(110)),
            ("8.2", Some(820)),
            ("0.00000", Some(0)),
            ("0.06000", Some(6)),
            ("45.0", Some(4500)),
            ("92233720368547758.07", Some(9_223_372_036_854_775_807)),
            ("-92233720368547758.07", Some(-9_223_372_036_854_775_807)),
            ("92233720368547758.08", None),
            ("-92233720368547758.08", None),
            ("99999999999999999999", None),
            ("0.001", None),
            ("0.12345", None),
            ("", None),
            ("-", None),
            ("1.", None),
            (".5", None),
            ("+1.00", None),
            ("--1", None),
            ("1,000.00", None),
            ("1e2", None),
            (" 1.00", None),
            ("1.00 ", None),
            ("0x10", None),
            ("1.0.0", None),
            ("0.60%", None),
            ("１.00", None),
            ("¥1.00", None),
        ] {
            assert_eq!(fen(text), want, "{text:?}");
        }
    }
}
