//! What the management interface says when it refuses.

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
        language.say(self.id(), &[("detail", detail)])
    }

    fn id(self) -> &'static str {
        match self {
            Self::NoKey => "management-no-key",
            Self::BadKey => "management-bad-key",
            Self::MayNot => "management-may-not",
            Self::MoreRights => "management-more-rights",
            Self::OperatorOnly => "management-operator-only",
            Self::TooOften => "management-too-often",
            Self::NameOrg => "management-name-org",
            Self::NotFound => "management-not-found",
            Self::Malformed => "management-malformed",
            Self::Missing => "management-missing",
            Self::Invalid => "management-invalid",
            Self::TooLarge => "management-too-large",
            Self::TooSlow => "management-too-slow",
            Self::Confirm => "management-confirm",
            Self::UsernameTaken => "management-username-taken",
            Self::Conflict => "management-conflict",
            Self::SharedCredential => "management-shared-credential",
            Self::HasMembers => "management-has-members",
            Self::BadLines => "management-bad-lines",
            Self::NoPng => "management-no-png",
            Self::Unavailable => "management-unavailable",
        }
    }
}
