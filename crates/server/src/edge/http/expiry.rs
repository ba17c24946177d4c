//! Reads from a certificate until when it is valid and which key it holds, and nothing else
//! (RFC 5280 4.1).

use dreiklang_crypto::kdf;

/// Seconds since 1970 after which a certificate is no longer valid; `None` if it is no certificate.
pub fn not_after(der: &[u8]) -> Option<i64> {
    let validity = element(from_validity(der)?, SEQUENCE)?.0;
    let (_, end) = any(validity)?;
    let ((tag, text), _) = any(end)?;
    time(tag, std::str::from_utf8(text).ok()?)
}

/// The SHA-256 hash of a certificate's public key with its algorithm, as pins have it (RFC 7469
/// 2.4).
pub fn pin(der: &[u8]) -> Option<[u8; 32]> {
    let mut rest = from_validity(der)?;
    // The validity and the subject stand before the key.
    for _ in 0..2 {
        rest = element(rest, SEQUENCE)?.1;
    }
    let (_, after) = element(rest, SEQUENCE)?;
    let key = rest.get(..rest.len() - after.len())?;
    Some(kdf::sha256(key))
}

/// What follows the issuer.
fn from_validity(der: &[u8]) -> Option<&[u8]> {
    let certificate = element(der, SEQUENCE)?.0;
    let mut rest = element(certificate, SEQUENCE)?.0;
    // The version is optional.
    if let Some((_, after)) = element(rest, VERSION) {
        rest = after;
    }
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        rest = element(rest, tag)?.1;
    }
    Some(rest)
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`.
fn time(tag: u8, text: &str) -> Option<i64> {
    let digits = text.strip_suffix('Z')?;
    if !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i64>().ok();
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let year = number(0..2)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, 2)
        }
        (GENERALIZED_TIME, 14) => (number(0..4)?, 4),
        _ => return None,
    };
    let field = |index: usize| number(rest + index * 2..rest + index * 2 + 2);
    let days = days_before(year, field(0)?, field(1)?);
    Some(((days * 24 + field(2)?) * 60 + field(3)?) * 60 + field(4)?)
}

/// Days from 1970 to a date, counting years from March, so that the leap day is the last.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

/// The content of the first element if it has this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let ((found, content), rest) = any(der)?;
    (found == tag).then_some((content, rest))
}

fn any(der: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (tag, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (
                bytes
                    .iter()
                    .fold(0, |length, byte| length << 8 | usize::from(*byte)),
                rest,
            )
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some(((*tag, content), rest))
}

/// A tag and its content.
type Element<'a> = (u8, &'a [u8]);

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_found() {
        for (year, month, day, expected) in [
            (2031, 2, 3, 1_927_843_200),
            (2052, 2, 29, 2_592_777_600),
            (2100, 12, 31, 4_133_894_400),
        ] {
            let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
            params.not_after = rcgen::date_time_ymd(year, month, day);
            let key = rcgen::KeyPair::generate().unwrap();
            let certificate = params.self_signed(&key).unwrap();
            assert_eq!(
                not_after(certificate.der()),
                Some(expected),
                "{year}-{month}-{day}"
            );
            for length in 0..40 {
                assert_eq!(not_after(&certificate.der()[..length]), None);
                assert_eq!(pin(&certificate.der()[..length]), None);
            }
            let own = rcgen::PublicKeyData::subject_public_key_info(&key);
            assert_eq!(pin(certificate.der()), Some(kdf::sha256(&own)));
        }
    }
}
