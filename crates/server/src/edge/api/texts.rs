//! What the HTTP interface says to people.

use axum::http::{HeaderMap, header};

mod link;
mod safe;

pub use crate::service::texts::Language;
pub use link::LinkText;
pub use safe::SafeText;

use crate::service::licenses::Refused;

/// Something the interface says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// The request is not what the endpoint expects.
    Malformed,
    /// The identity does not exist, or was revoked.
    UnknownIdentity,
    /// The public key cannot be registered.
    UnusableKey,
    /// The public key belongs to an identity already.
    TakenKey,
    /// The proof of possession failed.
    FailedProof,
    /// Identity or revocation key are wrong.
    FailedRevocation,
    /// Too many requests.
    TooOften,
    /// Apps in browsers are not woken, or not through this service.
    NoPush,
    /// The request is too large.
    TooLarge,
    /// The request came too slowly.
    TooSlow,
    /// The server has no space left.
    Full,
    /// Uploads need a token here.
    Unauthorised,
    /// Username or password of a licence are wrong.
    WrongLicense,
    /// An administrator has withdrawn the licence.
    WithdrawnLicense,
    /// The licence has expired.
    ExpiredLicense,
    /// The licences of the whole organisation have expired.
    ExpiredOrg,
    /// The organisation has no seat left.
    SeatsFull,
    /// Another identity uses the licence.
    LicenseInUse,
    /// As many identities use the licence as may.
    UsesFull,
    /// The identity belongs to another organisation.
    OtherOrg,
    /// The organisation has released the identity.
    ReleasedMember,
    /// The organisation has withdrawn the identity's access.
    WithdrawnMember,
    /// The search is too short, or asks for something unknown.
    UnusableSearch,
    /// The organisation has no directory, or not for this licence.
    NoDirectory,
    /// There is no remote secret for this token.
    NoRemoteSecret,
    /// A closed instance, and no licence was shown.
    LicenseNeeded,
    /// The token in the head of the request is not good.
    TokenExpired,
    /// The activation is unknown, over or used.
    DeadActivation,
    /// The identity is on a seat of an organisation.
    StillAttached,
    /// The instance is for the app of its organisation only.
    NoPrivateApp,
    /// There is no such address.
    NoSuchAddress,
    /// About linked addresses and contacts.
    Link(LinkText),
    /// About Safe backups.
    Safe(SafeText),
    /// The server cannot answer now.
    Unavailable,
}

impl Language {
    /// The first language of ours in `Accept-Language`, by weight; English otherwise.
    pub fn of(headers: &HeaderMap) -> Self {
        let wanted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|it| it.to_str().ok());
        let weight = |code: &str| {
            let entries = wanted.unwrap_or_default().split(',').take(ENTRIES_MAX);
            let weights = entries.filter_map(|entry| {
                let (range, rest) = entry.split_once(';').unwrap_or((entry, ""));
                let primary = range.trim().split(['-', '_']).next().unwrap_or_default();
                let weight = rest
                    .trim()
                    .strip_prefix("q=")
                    .map_or(Some(1.0), |it| it.parse().ok());
                primary
                    .eq_ignore_ascii_case(code)
                    .then_some(weight.unwrap_or(0.0_f32))
            });
            weights.fold(0.0, f32::max)
        };
        // Of equal ones the first: English wherever nothing else was asked for.
        let heavier = |best: Self, other: Self| {
            if weight(other.tag()) > weight(best.tag()) {
                other
            } else {
                best
            }
        };
        Self::all().fold(Self::ENGLISH, heavier)
    }
}

impl Text {
    /// The sentence.
    pub fn in_language(self, language: Language) -> String {
        language.say(self.id(), &[])
    }

    fn id(self) -> &'static str {
        match self {
            Self::Malformed => "api-malformed",
            Self::UnknownIdentity => "api-unknown-identity",
            Self::UnusableKey => "api-unusable-key",
            Self::TakenKey => "api-taken-key",
            Self::FailedProof => "api-failed-proof",
            Self::FailedRevocation => "api-failed-revocation",
            Self::TooOften => "api-too-often",
            Self::NoPush => "api-no-push",
            Self::TooLarge => "api-too-large",
            Self::TooSlow => "api-too-slow",
            Self::Full => "api-full",
            Self::Unauthorised => "api-unauthorised",
            Self::WrongLicense => "api-wrong-license",
            Self::WithdrawnLicense => "api-withdrawn-license",
            Self::ExpiredLicense => "api-expired-license",
            Self::ExpiredOrg => "api-expired-org",
            Self::SeatsFull => "api-seats-full",
            Self::LicenseInUse => "api-license-in-use",
            Self::UsesFull => "api-uses-full",
            Self::OtherOrg => "api-other-org",
            Self::ReleasedMember => "api-released-member",
            Self::WithdrawnMember => "api-withdrawn-member",
            Self::UnusableSearch => "api-unusable-search",
            Self::NoDirectory => "api-no-directory",
            Self::NoRemoteSecret => "api-no-remote-secret",
            Self::LicenseNeeded => "api-license-needed",
            Self::TokenExpired => "api-token-expired",
            Self::DeadActivation => "api-dead-activation",
            Self::StillAttached => "api-still-attached",
            Self::NoPrivateApp => "api-no-private-app",
            Self::NoSuchAddress => "api-no-such-address",
            Self::Link(text) => text.id(),
            Self::Safe(text) => text.id(),
            Self::Unavailable => "api-unavailable",
        }
    }

    /// Why a licence is not good. (When it could not be checked, that is another answer.)
    pub fn of_license(refused: Refused) -> Self {
        match refused {
            Refused::Wrong => Self::WrongLicense,
            Refused::Withdrawn => Self::WithdrawnLicense,
            Refused::Expired => Self::ExpiredLicense,
            Refused::OrgExpired => Self::ExpiredOrg,
            Refused::Unchecked(_) => Self::Unavailable,
        }
    }
}

/// Entries of `Accept-Language` that are looked at.
const ENTRIES_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, value.parse().unwrap());
        Language::of(&headers)
    }

    #[test]
    fn the_heavier_language_wins() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::ENGLISH);
        assert_eq!(of("de"), Language::of_tag("de"));
        assert_eq!(of("de-CH, de;q=0.9, en;q=0.8"), Language::of_tag("de"));
        assert_eq!(of("en-GB,en;q=0.9,de;q=0.3"), Language::ENGLISH);
        assert_eq!(of("fr, de;q=0.2"), Language::of_tag("de"));
        assert_eq!(of("de;q=nonsense, en;q=0.1"), Language::ENGLISH);
        assert_eq!(of("fr"), Language::ENGLISH);
    }
}
