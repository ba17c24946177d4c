//! What the interface says about linked addresses and contacts.

/// Something about linked addresses and contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkText {
    /// Addresses cannot be linked here.
    NoLinks,
    /// The server cannot send e-mail.
    NoMail,
    /// The server cannot send short messages.
    NoShortMessages,
    /// The server cannot call.
    NoCalls,
    /// The message with the code did not leave.
    NotSent,
    /// That is no e-mail address.
    NoEmail,
    /// That is no telephone number.
    NoPhoneNumber,
    /// Too many messages or tries for an address.
    TooManyTries,
    /// The code is wrong.
    WrongCode,
    /// There is nothing to confirm any more.
    OverCode,
    /// The match token is missing, wrong or expired.
    NoMatchToken,
}

impl LinkText {
    /// English and German.
    pub(super) fn both(self) -> (&'static str, &'static str) {
        match self {
            Self::NoLinks => (
                "This server does not link addresses with IDs.",
                "Dieser Server verknüpft keine Adressen mit IDs.",
            ),
            Self::NoMail => (
                "This server cannot send e-mail, so an e-mail address cannot be linked.",
                "Dieser Server kann keine E-Mails senden; eine E-Mail-Adresse kann deshalb nicht verknüpft werden.",
            ),
            Self::NoShortMessages => (
                "This server cannot send text messages, so a phone number cannot be linked.",
                "Dieser Server kann keine SMS senden; eine Telefonnummer kann deshalb nicht verknüpft werden.",
            ),
            Self::NoCalls => (
                "This server cannot call you. Please request a new text message instead.",
                "Dieser Server kann nicht anrufen. Bitte stattdessen eine neue SMS anfordern.",
            ),
            Self::NotSent => (
                "The message could not be sent. Please try again later.",
                "Die Nachricht konnte nicht gesendet werden. Bitte später noch einmal versuchen.",
            ),
            Self::NoEmail => (
                "This is not a valid e-mail address.",
                "Das ist keine gültige E-Mail-Adresse.",
            ),
            Self::NoPhoneNumber => (
                "This is not a valid phone number. Write it with its country code, e.g. +41 79 123 45 67.",
                "Das ist keine gültige Telefonnummer. Bitte mit Landesvorwahl schreiben, z. B. +41 79 123 45 67.",
            ),
            Self::TooManyTries => (
                "Too many attempts for this address. Please try again tomorrow.",
                "Zu viele Versuche für diese Adresse. Bitte morgen noch einmal versuchen.",
            ),
            Self::WrongCode => ("The code is wrong.", "Der Code ist falsch."),
            Self::OverCode => (
                "The code is no longer valid. Please request a new one.",
                "Der Code gilt nicht mehr. Bitte einen neuen anfordern.",
            ),
            Self::NoMatchToken => (
                "The match token is invalid or has expired.",
                "Das Abgleichs-Token ist ungültig oder abgelaufen.",
            ),
        }
    }
}
