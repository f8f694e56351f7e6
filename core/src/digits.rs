//! Numbers as text, and back. The standard library's own ways serve every radix, width and sign, and are downloaded.

/// The digits of a number.
pub(crate) fn decimal(number: i64) -> String {
    let mut digits = Vec::new();
    let mut rest = number.unsigned_abs();
    loop {
        digits.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push(b'-');
    }
    digits.iter().rev().copied().map(char::from).collect()
}

/// The number of such digits, where there are no more than anything here counts to.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut number = 0;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(byte - b'0');
    }
    Some(if digits.len() < text.len() { -number } else { number })
}

/// Two hexadecimal digits; `ten` is the first letter, small or large.
pub(crate) fn push_hex(byte: u8, ten: u8, out: &mut String) {
    for nibble in [byte >> 4, byte & 15] {
        out.push(char::from(if nibble < 10 { b'0' + nibble } else { ten + nibble - 10 }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_and_read_as_the_standard_library_does() {
        for number in [0, 7, 10, -1, -407, 1_800_000_000_000, 999_999_999_999_999_999] {
            assert_eq!(decimal(number), number.to_string());
            assert_eq!(parse(&decimal(number)), Some(number));
        }
        assert_eq!(decimal(i64::MIN), i64::MIN.to_string());
    }

    #[test]
    fn what_is_no_number_is_not_read() {
        for text in ["", "-", "1.5", "1e3", "+1", "--1", " 1", "1234567890123456789"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
