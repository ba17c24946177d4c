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
    /// What it is called in `server.ftl`.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::NoLinks => "link-no-links",
            Self::NoMail => "link-no-mail",
            Self::NoShortMessages => "link-no-short-messages",
            Self::NoCalls => "link-no-calls",
            Self::NotSent => "link-not-sent",
            Self::NoEmail => "link-no-email",
            Self::NoPhoneNumber => "link-no-phone-number",
            Self::TooManyTries => "link-too-many-tries",
            Self::WrongCode => "link-wrong-code",
            Self::OverCode => "link-over-code",
            Self::NoMatchToken => "link-no-match-token",
        }
    }
}
