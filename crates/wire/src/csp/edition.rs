//! Which edition of the app a chat client is, as far as its client-info tells.
//!
//! Nothing in a login says "I am the app for work". Shipping clients tell it by a letter behind
//! their version, and some builds of theirs leave the letter out; so the answer is a claim, and one
//! of its values is "it does not say".

use serde::{Deserialize, Serialize};

use super::ClientInfo;

/// The last token of our private app's client-info; the others are known by their letter.
const PRIVATE_TOKEN: &str = "private";
/// The platform of the one shipping private app whose builds always carry their letter or none.
const PLATFORM_ANDROID: &str = "A";

/// An edition of our app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// For a person of their own.
    #[default]
    Private,
    /// For a member of an organisation, on an instance that is open to everybody.
    Work,
    /// For a member of an organisation that has an instance of its own.
    OnPrem,
}

impl Edition {
    /// Every edition.
    pub const ALL: [Self; 3] = [Self::Private, Self::Work, Self::OnPrem];

    /// Does an identity of this edition belong to an organisation?
    pub fn is_work(self) -> bool {
        self != Self::Private
    }

    /// The client-info of our app: `rest` is everything behind the version, beginning with the
    /// platform.
    pub fn client_info(self, version: &str, rest: &str) -> ClientInfo {
        let rest = rest.trim_end_matches(';');
        ClientInfo(match self {
            Self::Private => format!("{version};{rest};{PRIVATE_TOKEN}"),
            Self::Work => format!("{};{rest}", lettered(version, 'k')),
            Self::OnPrem => format!("{};{rest}", lettered(version, 'o')),
        })
    }

    /// What `fetch_priv` calls it: `consumer` or `work`.
    pub fn app_variant(self) -> &'static str {
        if self.is_work() { "work" } else { "consumer" }
    }
}

/// The letter belongs to the number, before whatever follows a hyphen.
fn lettered(version: &str, letter: char) -> String {
    match version.split_once('-') {
        Some((number, label)) => format!("{number}{letter}-{label}"),
        None => format!("{version}{letter}"),
    }
}

/// The edition a client claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// The private app.
    Private,
    /// The app for work.
    Work,
    /// The app for an organisation's own instance.
    OnPrem,
    /// It does not say. What the directory knows of the identity decides.
    Unknown,
}

impl Claim {
    /// Reads the claim. Any text has one.
    pub fn of(info: &ClientInfo) -> Self {
        let number = info.version().split('-').next().unwrap_or_default();
        let letters = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        match letters.trim() {
            "k" | "b" => Self::Work,
            "o" => Self::OnPrem,
            "" | "l" if says_private(info) => Self::Private,
            _ => Self::Unknown,
        }
    }

    /// Does the client say that it belongs to an organisation?
    pub fn is_work(self) -> bool {
        matches!(self, Self::Work | Self::OnPrem)
    }
}

fn says_private(info: &ClientInfo) -> bool {
    info.platform() == Some(PLATFORM_ANDROID)
        || info
            .0
            .rsplit_once(';')
            .is_some_and(|(_, last)| last == PRIVATE_TOKEN)
}

impl From<Edition> for Claim {
    fn from(edition: Edition) -> Self {
        match edition {
            Edition::Private => Self::Private,
            Edition::Work => Self::Work,
            Edition::OnPrem => Self::OnPrem,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claim(text: &str) -> Claim {
        Claim::of(&ClientInfo(text.to_owned()))
    }

    #[test]
    fn the_letter_behind_the_version_tells() {
        for (text, expected) in [
            ("5.2.1k;A;en/US;Pixel;14", Claim::Work),
            ("5.2.1b;A;de/CH;Pixel;14", Claim::Work),
            ("5.2.1k-beta2;A;de/CH;Pixel;14", Claim::Work),
            ("6.0o;I;de/CH;iPhone;17", Claim::OnPrem),
            ("6.0l;A;de/CH;Pixel;14", Claim::Private),
            ("6.0;A;de/CH;Pixel;14", Claim::Private),
            ("6.0-beta1k;A;de/CH;Pixel;14", Claim::Private),
            ("6.0;I;de/CH;iPhone;17", Claim::Unknown),
            ("2.0-beta34;Q;de/CH;;linux", Claim::Unknown),
            ("2.0;Q;de/CH;linux;private", Claim::Private),
            ("2.0k;Q;de/CH;linux;private", Claim::Work),
            ("6.0x;A;de/CH;Pixel;14", Claim::Unknown),
            ("private", Claim::Unknown),
            ("", Claim::Unknown),
        ] {
            assert_eq!(claim(text), expected, "{text}");
        }
    }

    #[test]
    fn our_apps_say_what_they_are() {
        for edition in Edition::ALL {
            for version in ["0.1.0", "0.2.0-rc.1"] {
                let info = edition.client_info(version, "Q;de/CH;linux");
                assert_eq!(Claim::of(&info), Claim::from(edition), "{}", info.0);
                assert_eq!(info.platform(), Some("Q"));
                assert_eq!(info.language(), Some("de"));
            }
        }
        assert_eq!(
            Edition::Work.client_info("0.2.0-rc.1", "Q;de/CH;linux").0,
            "0.2.0k-rc.1;Q;de/CH;linux"
        );
    }

    proptest! {
        #[test]
        fn any_text_has_a_claim(text in ".{0,80}") {
            let _ = claim(&text);
        }
    }
}
