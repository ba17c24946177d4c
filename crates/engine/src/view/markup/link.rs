//! Addresses in a text, and what is odd about them: a link shall lead where it seems to lead.

use unicode_security::{RestrictionLevel, RestrictionLevelDetection, confusable_detection};

/// Why a link may lead elsewhere than it seems to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkWarning {
    /// What looks like the host is a user name: `https://bank.example@elsewhere.example`.
    UserName,
    /// The host has letters that look like others, or of scripts that nobody mixes.
    Lookalike,
    /// The host is written in the code for letters beyond ASCII, so nobody sees what it says.
    Punycode,
}

/// An address in a text.
pub(super) struct Address {
    /// How long it is; other marks do not count inside.
    pub(super) bytes: usize,
    /// How much of it is a link to open; 0 if it is none.
    pub(super) link_bytes: usize,
    pub(super) warning: Option<LinkWarning>,
}

const SCHEMES: [&str; 2] = ["http", "https"];
const SCHEME_ENDS: &str = "://";

/// Longer words before the colon are no scheme; without a limit a text of letters would be read
/// once for every letter.
const SCHEME_BYTES_MAX: usize = 32;

impl Address {
    /// The address that begins here; nothing if the text here is none. `before` is the character
    /// that stands before it.
    pub(super) fn at_start(text: &str, before: Option<char>) -> Option<Self> {
        if before.is_some_and(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let scheme_bytes = text
            .bytes()
            .take(SCHEME_BYTES_MAX)
            .take_while(u8::is_ascii_alphabetic)
            .count();
        let (scheme, rest) = text.split_at_checked(scheme_bytes)?;
        let rest = rest
            .strip_prefix(SCHEME_ENDS)
            .filter(|_| scheme_bytes > 0)?;
        let inside = rest
            .find(|c| !is_inside(c))
            .and_then(|end| rest.get(..end))
            .unwrap_or(rest);
        let start = scheme_bytes.saturating_add(SCHEME_ENDS.len());
        let is_link = SCHEMES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme));
        let shown = without_punctuation(inside);
        let host = Host::of(shown);
        let link_bytes = if is_link && !host.name.is_empty() {
            start.saturating_add(shown.len())
        } else {
            0
        };
        Some(Self {
            bytes: start.saturating_add(inside.len()),
            link_bytes,
            warning: host.warning(),
        })
    }
}

/// RFC 3986, and letters beyond ASCII, as people write them. Never a space, a direction mark or
/// anything else that cannot be seen.
fn is_inside(c: char) -> bool {
    match c {
        '-' | '.' | '_' | '~' | ':' | '/' | '?' | '#' | '[' | ']' | '@' | '!' | '$' | '&'
        | '\'' | '(' | ')' | '*' | '+' | ',' | ';' | '=' | '%' => true,
        _ => c.is_alphanumeric(),
    }
}

/// What ends a sentence does not belong to the address, nor does a bracket that it does not open.
fn without_punctuation(inside: &str) -> &str {
    let count = |bracket| inside.bytes().filter(|byte| *byte == bracket).count();
    let mut round = count(b')').saturating_sub(count(b'('));
    let mut square = count(b']').saturating_sub(count(b'['));
    let mut shown = inside;
    while let Some(last) = shown.chars().next_back() {
        let is_outside = match last {
            ')' if round > 0 => {
                round = round.saturating_sub(1);
                true
            }
            ']' if square > 0 => {
                square = square.saturating_sub(1);
                true
            }
            _ => ".,;:!?'*_~".contains(last),
        };
        if !is_outside {
            break;
        }
        shown = shown.strip_suffix(last).unwrap_or_default();
    }
    shown
}

struct Host<'a> {
    name: &'a str,
    has_user_name: bool,
}

impl<'a> Host<'a> {
    /// The host of what stands behind the scheme.
    fn of(rest: &'a str) -> Self {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (user, place) = authority
            .rsplit_once('@')
            .map_or((None, authority), |(user, place)| (Some(user), place));
        let name = if place.starts_with('[') {
            place
        } else {
            place.split(':').next().unwrap_or_default()
        };
        Self {
            name,
            has_user_name: user.is_some(),
        }
    }

    fn warning(&self) -> Option<LinkWarning> {
        let labels = || self.name.split('.');
        if self.has_user_name {
            return Some(LinkWarning::UserName);
        }
        // Browsers decode per cent signs in a host before they go there.
        if labels().any(is_lookalike) || self.name.contains('%') {
            return Some(LinkWarning::Lookalike);
        }
        let is_coded = |label: &str| {
            label
                .get(..4)
                .is_some_and(|start| start.eq_ignore_ascii_case("xn--"))
        };
        labels().any(is_coded).then_some(LinkWarning::Punycode)
    }
}

/// UTS 39: scripts mixed as nobody mixes them, or letters that together pass for ASCII ones.
fn is_lookalike(label: &str) -> bool {
    if label.is_ascii() {
        return false;
    }
    !label.check_restriction_level(RestrictionLevel::HighlyRestrictive)
        || confusable_detection::skeleton(label).all(|c| c.is_ascii())
}
