//! What the management interface says when it refuses, in English and German.

use super::super::texts::Language;

/// Something the interface says; some name a field or a word besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// The call carries no key.
    NoKey,
    /// The key cannot be used.
    BadKey,
    /// The key lacks a right.
    MayNot,
    /// Somebody wants to give a key more rights than they have.
    MoreRights,
    /// Only the operator may do that.
    OperatorOnly,
    /// Too many calls.
    TooOften,
    /// The operator did not say which organisation is meant.
    NameOrg,
    /// There is no such thing.
    NotFound,
    /// The body cannot be read.
    Malformed,
    /// A field is missing.
    Missing,
    /// A field cannot be used.
    Invalid,
    /// The body is too large.
    TooLarge,
    /// The body came too slowly.
    TooSlow,
    /// An act that cannot be undone lacks its confirmation.
    Confirm,
    /// The username belongs to another credential.
    UsernameTaken,
    /// It is so already, or something stands against it.
    Conflict,
    /// Every credential of many people shares one password.
    SharedCredential,
    /// The organisation still has members.
    HasMembers,
    /// The list has bad lines and nothing was changed.
    BadLines,
    /// The picture is none.
    NoPng,
    /// The server cannot answer now.
    Unavailable,
}

impl Text {
    /// The sentence.
    pub fn in_language(self, language: Language, detail: &str) -> String {
        let (english, german) = self.both();
        let sentence = match language {
            Language::English => english,
            Language::German => german,
        };
        sentence.replace("{}", detail)
    }

    fn both(self) -> (&'static str, &'static str) {
        match self {
            Self::NoKey => (
                "Give an API key in the header X-Api-Key.",
                "Bitte einen API-Schlüssel im Kopf X-Api-Key angeben.",
            ),
            Self::BadKey => (
                "This API key is unknown, expired, revoked or not allowed from this address.",
                "Dieser API-Schlüssel ist unbekannt, abgelaufen, gesperrt oder von dieser \
                 Adresse aus nicht erlaubt.",
            ),
            Self::MayNot => (
                "This API key does not have the right {}.",
                "Dieser API-Schlüssel hat das Recht {} nicht.",
            ),
            Self::MoreRights => (
                "Nobody can give a key more rights than they have.",
                "Niemand kann einem Schlüssel mehr Rechte geben, als er selbst hat.",
            ),
            Self::OperatorOnly => (
                "Only the operator of the server can do this.",
                "Das kann nur der Betreiber des Servers.",
            ),
            Self::TooOften => (
                "This API key has made too many calls today.",
                "Mit diesem API-Schlüssel kamen heute zu viele Anfragen.",
            ),
            Self::NameOrg => (
                "Name the organisation in the header X-Org.",
                "Bitte die Organisation im Kopf X-Org nennen.",
            ),
            Self::NotFound => ("There is no such thing here.", "Das gibt es hier nicht."),
            Self::Malformed => (
                "The body must be what this address expects: a JSON object, if nothing else is \
                 said.",
                "Der Inhalt muss sein, was diese Adresse erwartet: ein JSON-Objekt, wenn nichts \
                 anderes angegeben ist.",
            ),
            Self::Missing => ("The field {} is missing.", "Das Feld {} fehlt."),
            Self::Invalid => (
                "This cannot be used: {}.",
                "Das kann nicht verwendet werden: {}.",
            ),
            Self::TooLarge => ("The body is too large.", "Der Inhalt ist zu groß."),
            Self::TooSlow => ("The body came too slowly.", "Der Inhalt kam zu langsam an."),
            Self::Confirm => (
                "This cannot be undone: repeat {} in the field confirm.",
                "Das lässt sich nicht rückgängig machen: bitte {} im Feld confirm wiederholen.",
            ),
            Self::UsernameTaken => (
                "This username belongs to another credential.",
                "Dieser Benutzername gehört zu anderen Zugangsdaten.",
            ),
            Self::Conflict => (
                "This is so already, or something else stands against it.",
                "Das ist schon so, oder etwas anderes steht dem entgegen.",
            ),
            Self::SharedCredential => (
                "Many people use this credential: an activation would change the password for \
                 all of them. Make a credential for one person.",
                "Diese Zugangsdaten nutzen viele: eine Aktivierung würde das Passwort für alle \
                 ändern. Bitte Zugangsdaten für eine Person anlegen.",
            ),
            Self::HasMembers => (
                "The organisation still has members. Detach or revoke them first.",
                "Die Organisation hat noch Mitglieder. Bitte sie zuerst ablösen oder widerrufen.",
            ),
            Self::BadLines => (
                "Some lines cannot be used; nothing was changed.",
                "Einige Zeilen sind nicht verwendbar; nichts wurde geändert.",
            ),
            Self::NoPng => (
                "A logo is a PNG of at most 512 KiB and 2048 pixels each way.",
                "Ein Logo ist ein PNG mit höchstens 512 KiB und 2048 Pixeln je Seite.",
            ),
            Self::Unavailable => (
                "The server cannot answer at the moment. Please try again later.",
                "Der Server kann gerade nicht antworten. Bitte später noch einmal versuchen.",
            ),
        }
    }
}
