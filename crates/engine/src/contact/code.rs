//! What people show each other to become contacts: a code with a key, which proves who somebody is,
//! or a link with no more than an identity (protocol.md B1).

use std::str::FromStr;

use dreiklang_wire::id::Identity;

use super::link::{ContactLink, LinkError};

/// Somebody, as a code or a link names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactCode {
    /// With a key, to be shown in person.
    Proven(ContactLink),
    /// Without: worth as much as an identity that was typed.
    Named(Identity),
}

/// Where links of the private app lead; the last part of the path is the identity.
const WEB_LINK: &str = "https://threema.id/";
/// What the apps open by themselves, see [`ADD`].
const APP_SCHEMES: [&str; 3] = ["threema", "threemawork", "threemaonprem"];
const ADD: &str = "://add?id=";
/// The first letters of a code with a key.
const PROVEN: &str = "3mid:";

/// A link that names somebody and proves nothing.
pub(crate) fn web_link(identity: Identity) -> String {
    format!("{WEB_LINK}{identity}")
}

impl FromStr for ContactCode {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.starts_with(PROVEN) {
            return text.parse().map(Self::Proven);
        }
        let app_link = |scheme: &&str| text.strip_prefix(*scheme)?.strip_prefix(ADD);
        let named = text
            .strip_prefix(WEB_LINK)
            .or_else(|| APP_SCHEMES.iter().find_map(app_link))
            .ok_or(LinkError::Scheme)?;
        named
            .parse()
            .map(Self::Named)
            .map_err(|_| LinkError::Identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_somebody_and_codes_prove_it() {
        let echo: Identity = "ECHOECHO".parse().unwrap();
        for text in [
            "https://threema.id/ECHOECHO",
            " threema://add?id=ECHOECHO\n",
            "threemawork://add?id=ECHOECHO",
            "threemaonprem://add?id=ECHOECHO",
        ] {
            assert_eq!(text.parse(), Ok(ContactCode::Named(echo)), "{text}");
        }
        let code = format!("3mid:ECHOECHO,{}", "09".repeat(32));
        assert_eq!(
            code.parse(),
            Ok(ContactCode::Proven(code.parse().unwrap())),
            "{code}"
        );
    }

    #[test]
    fn what_only_looks_like_a_link_is_none() {
        for (text, error) in [
            ("ECHOECHO", LinkError::Scheme),
            ("https://threema.id.example/ECHOECHO", LinkError::Scheme),
            ("http://threema.id/ECHOECHO", LinkError::Scheme),
            ("threema://compose?id=ECHOECHO", LinkError::Scheme),
            ("https://threema.id/", LinkError::Identity),
            ("https://threema.id/ECHOECHO/x", LinkError::Identity),
            ("threema://add?id=echo", LinkError::Identity),
            ("3mid:ECHOECHO", LinkError::PublicKey),
        ] {
            assert_eq!(text.parse::<ContactCode>(), Err(error), "{text}");
        }
    }

    #[test]
    fn whatever_stands_in_a_code_is_read_as_it_is_written_or_refused() {
        let code = format!("3mid:ECHOECHO,{},1790000000", "09".repeat(32));
        for text in [
            &code,
            "https://threema.id/ECHOECHO",
            "threema://add?id=*MY3DATA",
        ] {
            for at in 0..=text.len() {
                let (before, after) = text.split_at(at);
                let rest: String = after.chars().skip(1).collect();
                for put in ["", "0", "G", "ü", ",", "-", "\0"] {
                    for changed in [format!("{before}{put}{rest}"), format!("{before}{put}")] {
                        if let Ok(ContactCode::Proven(link)) = changed.parse() {
                            assert_eq!(link.to_string().parse(), Ok(link), "{changed}");
                        }
                    }
                }
            }
        }
    }
}
