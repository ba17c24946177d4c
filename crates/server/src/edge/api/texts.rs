//! What the HTTP interface says to people, in English and German.

use axum::http::{HeaderMap, header};

mod link;
mod safe;

pub use link::LinkText;
pub use safe::SafeText;

use crate::service::licenses::Refused;

/// A language of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// German.
    German,
}

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
        if weight("de") > weight("en") {
            Self::German
        } else {
            Self::English
        }
    }
}

impl Text {
    /// The sentence.
    pub fn in_language(self, language: Language) -> &'static str {
        let (english, german) = self.both();
        match language {
            Language::English => english,
            Language::German => german,
        }
    }

    fn both(self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed => (
                "The request cannot be understood.",
                "Die Anfrage ist nicht verständlich.",
            ),
            Self::UnknownIdentity => ("This ID does not exist.", "Diese ID gibt es nicht."),
            Self::UnusableKey => (
                "This public key cannot be used.",
                "Dieser öffentliche Schlüssel kann nicht verwendet werden.",
            ),
            Self::TakenKey => (
                "This public key already belongs to an ID.",
                "Dieser öffentliche Schlüssel gehört schon zu einer ID.",
            ),
            Self::FailedProof => (
                "The proof is invalid or has expired. Please try again.",
                "Der Nachweis ist ungültig oder abgelaufen. Bitte noch einmal versuchen.",
            ),
            Self::FailedRevocation => (
                "ID or revocation password is wrong.",
                "ID oder Widerrufspasswort ist falsch.",
            ),
            Self::TooOften => (
                "Too many requests. Please try again later.",
                "Zu viele Anfragen. Bitte später noch einmal versuchen.",
            ),
            Self::NoPush => (
                "This server cannot wake this browser.",
                "Dieser Server kann diesen Browser nicht wecken.",
            ),
            Self::TooLarge => ("The request is too large.", "Die Anfrage ist zu groß."),
            Self::TooSlow => (
                "The request came too slowly.",
                "Die Anfrage kam zu langsam an.",
            ),
            Self::Full => (
                "The server has no space left.",
                "Auf dem Server ist kein Platz mehr.",
            ),
            Self::Unauthorised => (
                "This server accepts uploads only with a token.",
                "Dieser Server nimmt Dateien nur mit einem Zugangsschlüssel an.",
            ),
            Self::LicenseNeeded => (
                "This server is for holders of a licence only. Please sign in with yours.",
                "Dieser Server ist nur für Inhaber einer Lizenz. Bitte mit der eigenen anmelden.",
            ),
            Self::TokenExpired => (
                "The sign-in of this request is not valid or has expired. Please try again.",
                "Die Anmeldung dieser Anfrage ist ungültig oder abgelaufen. Bitte noch einmal \
                 versuchen.",
            ),
            Self::DeadActivation => (
                "This activation link is not valid any more. Ask your administrator for a new one.",
                "Dieser Aktivierungslink gilt nicht mehr. Bitte bei der Verwaltung einen neuen \
                 anfordern.",
            ),
            Self::StillAttached => (
                "This ID belongs to an organisation. Ask its administrator to detach the ID; then \
                 it can be restored in the private app.",
                "Diese ID gehört zu einer Organisation. Bitte deren Administration darum bitten, \
                 die ID freizugeben; danach lässt sie sich in der privaten App wiederherstellen.",
            ),
            Self::NoPrivateApp => (
                "The IDs of this server can be used in the app of its organisation only.",
                "Die IDs dieses Servers lassen sich nur in der App seiner Organisation verwenden.",
            ),
            Self::NoSuchAddress => ("There is nothing here.", "Hier ist nichts."),
            Self::Link(text) => text.both(),
            Self::Safe(text) => text.both(),
            Self::Unavailable => (
                "The server cannot answer at the moment. Please try again later.",
                "Der Server kann gerade nicht antworten. Bitte später noch einmal versuchen.",
            ),
            _ => self.about_licenses(),
        }
    }

    /// The sentences about licences and organisations: each says who can help.
    fn about_licenses(self) -> (&'static str, &'static str) {
        match self {
            Self::WithdrawnLicense => (
                "Your organisation has withdrawn this license. Please ask your administrator.",
                "Die Organisation hat diese Lizenz entzogen. Bitte die Administration fragen.",
            ),
            Self::ExpiredLicense => (
                "This license has expired. Please ask your administrator for a new one.",
                "Diese Lizenz ist abgelaufen. Bitte die Administration um eine neue bitten.",
            ),
            Self::ExpiredOrg => (
                "The licenses of your organisation have expired. Please ask your administrator.",
                "Die Lizenzen der Organisation sind abgelaufen. Bitte die Administration fragen.",
            ),
            Self::SeatsFull => (
                "All seats of your organisation are taken. Please ask your administrator.",
                "Alle Plätze der Organisation sind belegt. Bitte die Administration fragen.",
            ),
            Self::LicenseInUse => (
                "This license is already used by another ID. Please ask your administrator for \
                 a license of your own.",
                "Diese Lizenz wird schon von einer anderen ID verwendet. Bitte die \
                 Administration um eine eigene Lizenz bitten.",
            ),
            Self::UsesFull => (
                "This license is already used by as many IDs as may use it. Please ask your \
                 administrator.",
                "Diese Lizenz wird schon von so vielen IDs verwendet, wie erlaubt sind. Bitte \
                 die Administration fragen.",
            ),
            Self::OtherOrg => (
                "This ID belongs to another organisation. Its administrator must release it \
                 first.",
                "Diese ID gehört zu einer anderen Organisation. Deren Administration muss sie \
                 zuerst freigeben.",
            ),
            Self::ReleasedMember => (
                "Your organisation has released this ID. It can be used in the private app; to \
                 use it for work again, ask your administrator to readmit it.",
                "Die Organisation hat diese ID freigegeben. Sie kann in der privaten App \
                 verwendet werden; um sie wieder geschäftlich zu verwenden, bitte die \
                 Administration um Wiederaufnahme bitten.",
            ),
            Self::WithdrawnMember => (
                "Your organisation has withdrawn the access of this ID. Please ask your \
                 administrator.",
                "Die Organisation hat dieser ID den Zugang entzogen. Bitte die Administration \
                 fragen.",
            ),
            Self::UnusableSearch => (
                "Please search for at least three characters, or choose a category.",
                "Bitte nach mindestens drei Zeichen suchen oder eine Kategorie wählen.",
            ),
            Self::NoDirectory => (
                "Your organisation has switched the directory off.",
                "Die Organisation hat das Verzeichnis abgeschaltet.",
            ),
            Self::NoRemoteSecret => (
                "There is no such remote secret.",
                "Ein solches entferntes Geheimnis gibt es nicht.",
            ),
            // What remains is the most common of them.
            _ => (
                "Username or password of the license are wrong.",
                "Benutzername oder Passwort der Lizenz sind falsch.",
            ),
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
        assert_eq!(Language::of(&HeaderMap::new()), Language::English);
        assert_eq!(of("de"), Language::German);
        assert_eq!(of("de-CH, de;q=0.9, en;q=0.8"), Language::German);
        assert_eq!(of("en-GB,en;q=0.9,de;q=0.3"), Language::English);
        assert_eq!(of("fr, de;q=0.2"), Language::German);
        assert_eq!(of("de;q=nonsense, en;q=0.1"), Language::English);
        assert_eq!(of("fr"), Language::English);
    }
}
