//! The shapes that all answers share: links, pages and times.

use dreiklang_store::CredentialId;
use dreiklang_wire::id::Identity;
use serde_json::{Value, json};

use super::desk::{Desk, Page};

/// `_links` of an answer, in this order. Programs exist for either name of the kind, so both are
/// there (interop.md, row 14).
pub fn links(desk: &Desk, links: &[(&str, String)]) -> Value {
    let base = desk.app.config.public_url(None);
    let base = base.trim_end_matches('/');
    links
        .iter()
        .map(|(name, path)| {
            let link = format!("{base}/api/v1{path}");
            json!({ "ref": name, "rel": name, "link": link })
        })
        .collect()
}

/// The path of a credential.
pub fn of_credential(id: CredentialId) -> String {
    format!("/credentials/{id}")
}

/// The path of a member.
pub fn of_user(identity: Identity) -> String {
    format!("/users/{identity}")
}

/// `paging` of a list.
pub fn paging(desk: &Desk, path: &str, page: Page, count: usize, total: u64) -> Value {
    let at = |number: u64| format!("{path}?page={number}&pageSize={}", page.size);
    let mut around = Vec::new();
    if page.number > 0 {
        around.push(("prev", at(page.number - 1)));
    }
    let seen = page.number.saturating_add(1).saturating_mul(page.size);
    if seen < total {
        around.push(("next", at(page.number.saturating_add(1))));
    }
    json!({
        "count": count,
        "total": total,
        "page": page.number,
        "_links": links(desk, &around),
    })
}

/// A time as programs read it; nothing for zero.
pub fn time(at: i64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    Value::String(calendar::text(at))
}

/// A text; nothing for an empty one.
pub fn some(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::from(text)
    }
}

mod calendar {
    //! Dates from milliseconds of the epoch, in the notation `2026-01-02T03:04:05+0000`.

    /// The notation of the vendor's interface, which its clients parse.
    pub(super) fn text(at: i64) -> String {
        let seconds = at.div_euclid(1000);
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (year, month, day) = date(day);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+0000")
    }

    /// The civil date of a day since 1970, counted in eras of 400 years that begin in March.
    fn date(day: i64) -> (i64, i64, i64) {
        let shifted = day + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year + era * 400 + i64::from(month <= 2), month, day)
    }

    #[cfg(test)]
    mod tests {
        use super::text;

        #[test]
        fn known_moments_are_written() {
            assert_eq!(text(0), "1970-01-01T00:00:00+0000");
            assert_eq!(text(1_767_323_045_000), "2026-01-02T03:04:05+0000");
            assert_eq!(text(951_782_400_000), "2000-02-29T00:00:00+0000");
            assert_eq!(text(-1), "1969-12-31T23:59:59+0000");
            assert_eq!(text(4_107_542_399_999), "2100-02-28T23:59:59+0000");
        }
    }
}
