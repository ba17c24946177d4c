//! The logo of the organisation: fetched when its address is another one than before, from the own
//! instance and from nowhere else.

use crate::{
    Engine, Timestamp, db,
    error::Result,
    event::Event,
    http::{HttpFault, HttpRequest, HttpResponse, HttpResult, Service},
    request::Pending,
    time::Pause,
    turn::Turn,
};

use super::RETRY_MS;

/// When to ask next.
#[derive(Default)]
pub(crate) struct Upkeep {
    rest: Pause,
    due_at: Option<Timestamp>,
}

impl Upkeep {
    pub(super) fn next_wake(&self) -> Option<Timestamp> {
        self.due_at
    }
}

/// A logo that is being fetched.
pub(crate) struct Fetching {
    variant: &'static str,
    address: String,
}

/// On light ground, and on dark.
pub(crate) const LIGHT: &str = "light";
pub(crate) const DARK: &str = "dark";

/// A picture for the head of a page; what is larger is none.
const BYTES_MAX: usize = 512 * 1024;
const PIXELS_MAX: u32 = 4_096;
const PATH_BYTES_MAX: usize = 256;

impl Engine {
    pub(super) fn logo_upkeep(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.work.logo.due_at = None;
        let is_running = |pending: &Pending| matches!(pending, Pending::Logo(_));
        if self.work.is_locked() || self.requests.any(is_running) {
            return Ok(());
        }
        let org = db::work::org(turn.tx)?;
        for (variant, address) in [(LIGHT, org.logo_light), (DARK, org.logo_dark)] {
            let kept = db::logos::address(turn.tx, variant)?.unwrap_or_default();
            if kept == address {
                continue;
            }
            let Some(path) = own_path(&address) else {
                // There is none any more, or it lies where nobody is asked.
                if !kept.is_empty() {
                    db::logos::delete(turn.tx, variant)?;
                    turn.notify(Event::OrganisationChanged);
                }
                continue;
            };
            if !self.work.logo.rest.is_over(turn.now) {
                self.work.logo.due_at = Some(self.work.logo.rest.ends_at());
                return Ok(());
            }
            let request = HttpRequest {
                content_type: "image/png",
                ..HttpRequest::get(path).at(Service::Work)
            };
            let fetching = Fetching { variant, address };
            self.requests.start(turn, Pending::Logo(fetching), request);
            return Ok(());
        }
        Ok(())
    }

    pub(crate) fn on_logo(
        &mut self,
        turn: &mut Turn<'_>,
        fetching: &Fetching,
        result: HttpResult,
    ) -> Result<()> {
        let png = match result {
            Ok(HttpResponse { status: 200, body }) if is_picture(&body) => body,
            // What is there is none, and will not be one before it has another address.
            Ok(HttpResponse {
                status: 200 | 404, ..
            })
            | Err(HttpFault::TooLarge) => Vec::new(),
            _ => {
                self.work.logo.rest = Pause::new(turn.now, RETRY_MS);
                return Ok(());
            }
        };
        let Fetching { variant, address } = fetching;
        db::logos::set(turn.tx, variant, address, &png)?;
        turn.notify(Event::OrganisationChanged);
        Ok(())
    }
}

/// The path of a logo at the own instance; nothing for an address that is not of such a kind. The
/// host in it does not count: no other server is ever asked.
fn own_path(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("/logo/")?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_?=".contains(&byte);
    let holds = (1..=PATH_BYTES_MAX).contains(&rest.len()) && rest.bytes().all(is_plain);
    holds.then(|| format!("logo/{rest}"))
}

/// A PNG of sensible size: it is decoded by whatever draws it.
fn is_picture(bytes: &[u8]) -> bool {
    // Signature, then the header chunk: length, type, width, height (PNG specification 5.2, 11.2).
    let header = bytes
        .strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")
        .filter(|_| bytes.len() <= BYTES_MAX)
        .and_then(|rest| rest.first_chunk::<8>());
    let Some([w0, w1, w2, w3, h0, h1, h2, h3]) = header else {
        return false;
    };
    [[*w0, *w1, *w2, *w3], [*h0, *h1, *h2, *h3]]
        .into_iter()
        .all(|side| (1..=PIXELS_MAX).contains(&u32::from_be_bytes(side)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_logos_of_the_own_instance_have_a_path() {
        let own = "https://example.org/api/logo/ORG/light?v=7";
        assert_eq!(own_path(own).as_deref(), Some("logo/ORG/light?v=7"));
        for strange in [
            "",
            "https://example.org/light.png",
            "https://example.org/logo/",
            "https://example.org/logo/../identity/create",
            "https://example.org/logo/a b",
            "https://example.org/logo/a#b",
            "https://example.org/logo/%2e%2e/x",
        ] {
            assert_eq!(own_path(strange), None, "{strange}");
        }
    }

    #[test]
    fn only_pictures_of_sensible_size_are_logos() {
        let png = |width: u32, height: u32| {
            let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
            bytes.extend(width.to_be_bytes());
            bytes.extend(height.to_be_bytes());
            bytes
        };
        assert!(is_picture(&png(1, PIXELS_MAX)));
        assert!(!is_picture(&png(0, 1)));
        assert!(!is_picture(&png(1, PIXELS_MAX + 1)));
        assert!(!is_picture(b"<svg onload='alert(1)'/>"));
        assert!(!is_picture(b""));
        let mut large = png(1, 1);
        large.resize(BYTES_MAX + 1, 0);
        assert!(!is_picture(&large));
    }
}
