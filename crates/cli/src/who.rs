//! Who is meant by what a person typed, pasted or scanned.

use dreiklang_client::engine::ContactLink;
use dreiklang_client::{Clock, Command, Identity};

use crate::failure::Failure;

/// The command that adds what a person typed, pasted or scanned.
pub(crate) fn add_command(
    who: &str,
    name: Option<String>,
    clock: &Clock,
) -> Result<Command, Failure> {
    let who = who.trim();
    if !who.starts_with("3mid:") {
        let identity = parse_identity(who)?;
        return Ok(Command::AddContact {
            identity,
            public_key: None,
            name,
        });
    }
    let link: ContactLink = who
        .parse()
        .map_err(|error| Failure::usage("link").with("reason", error))?;
    if link.is_expired(clock.now()) {
        return Err(Failure::usage("link-expired"));
    }
    Ok(Command::AddContact {
        identity: link.identity,
        public_key: Some(link.public_key),
        name,
    })
}

/// Identities are upper case; people may type them as they like.
pub(crate) fn parse_identity(text: &str) -> Result<Identity, Failure> {
    text.trim()
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Failure::usage("not-an-identity").with("text", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0900000000000000000000000000000000000000000000000000000000000000";

    fn clock() -> Clock {
        Clock::new(|| dreiklang_client::engine::Timestamp::from_ms(10_000))
    }

    fn code(who: &str) -> &'static str {
        add_command(who, None, &clock()).unwrap_err().code()
    }

    #[test]
    fn identities_and_links_are_told_apart() {
        let plain = add_command(" echoecho ", None, &clock()).unwrap();
        let expected = "ECHOECHO".parse::<Identity>().unwrap();
        assert!(matches!(plain,
            Command::AddContact { identity, public_key: None, .. } if identity == expected));
        let link = add_command(&format!("3mid:ECHOECHO,{KEY},11"), None, &clock()).unwrap();
        assert!(matches!(
            link,
            Command::AddContact {
                public_key: Some(_),
                ..
            }
        ));
    }

    #[test]
    fn mistakes_have_names() {
        assert_eq!(code("ECHO"), "not-an-identity");
        assert_eq!(code("3mid:ECHOECHO"), "link");
        assert_eq!(code(&format!("3mid:ECHOECHO,{KEY},10")), "link-expired");
    }
}
