//! What a parameter may be: a truth, a number or a text, with limits.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{id::Identity, spec};

/// The value of a parameter, as a JSON scalar.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A truth.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
}

impl Value {
    /// The truth, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }

    /// Reads a JSON text, which is how a store keeps it.
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Writes the JSON text.
    pub fn to_json(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Text(value) => serde_json::Value::from(value.as_str()).to_string(),
        }
    }
}

/// Some values are passwords, and a value does not know whose it is.
impl core::fmt::Debug for Value {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
        }
    }
}

impl TryFrom<serde_json::Value> for Value {
    type Error = Invalid;

    fn try_from(json: serde_json::Value) -> Result<Self, Invalid> {
        match json {
            serde_json::Value::Bool(value) => Ok(Self::Bool(value)),
            serde_json::Value::Number(number) => {
                number.as_i64().map(Self::Integer).ok_or(Invalid::NotScalar)
            }
            serde_json::Value::String(text) => Ok(Self::Text(text)),
            _ => Err(Invalid::NotScalar),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(serde_json::Value::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)
    }
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// `true` or `false`.
    Bool,
    /// Text of so many bytes.
    Text {
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// A text with an upper limit in Unicode characters, for a password that people type.
    Password {
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// An `https` URL.
    Url,
    /// Names of hosts, separated by commas; a leading `*.` stands for all names below.
    Hosts,
    /// An identity.
    Identity,
    /// An e-mail address.
    Email,
    /// A phone number in international form.
    Phone,
    /// Days that messages are kept: 0 for ever, or 7 to 3650.
    Days,
}

impl ValueKind {
    /// `boolean`, `integer` or `string`, as descriptions of the configuration call it.
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::Bool => "boolean",
            Self::Days => "integer",
            _ => "string",
        }
    }

    /// Is `value` what the parameter takes?
    pub(super) fn check(self, value: &Value) -> Result<(), Invalid> {
        match (self, value) {
            (Self::Bool, Value::Bool(_)) => Ok(()),
            (Self::Bool, _) => Err(Invalid::NotBool),
            (Self::Days, Value::Integer(days)) if *days == 0 || DAYS.contains(days) => Ok(()),
            (Self::Days, Value::Integer(_)) => Err(Invalid::NotDays),
            (Self::Days, _) => Err(Invalid::NotInteger),
            (_, Value::Text(text)) => self.check_text(text),
            (..) => Err(Invalid::NotText),
        }
    }

    fn check_text(self, text: &str) -> Result<(), Invalid> {
        let (length, min, max) = match self {
            Self::Text { min, max } => (text.len(), min, max),
            Self::Password { min, max } => (text.chars().count(), min, max),
            _ => (text.len(), 1, spec::MDM_TEXT_BYTES_MAX),
        };
        if length < min {
            return Err(Invalid::TooShort { min });
        }
        if length > max {
            return Err(Invalid::TooLong { max });
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(Invalid::ControlCharacter);
        }
        let (holds, otherwise) = match self {
            Self::Url => (is_https(text), Invalid::NotUrl),
            Self::Hosts => (text.split(',').all(is_host), Invalid::NotHosts),
            Self::Identity => (text.parse::<Identity>().is_ok(), Invalid::NotIdentity),
            Self::Email => (crate::api::link::email(text).is_ok(), Invalid::NotEmail),
            Self::Phone => (crate::api::link::phone(text).is_ok(), Invalid::NotPhone),
            _ => return Ok(()),
        };
        if holds { Ok(()) } else { Err(otherwise) }
    }
}

/// The days one may keep messages for, besides for ever.
const DAYS: core::ops::RangeInclusive<i64> = 7..=3650;

/// What an app makes of a number of days: too few become the fewest.
pub(super) fn days_of_app(days: i64) -> i64 {
    if (1..*DAYS.start()).contains(&days) {
        *DAYS.start()
    } else {
        days
    }
}

fn is_https(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .and_then(|rest| rest.split('/').next());
    host.is_some_and(|host| !host.is_empty()) && text.chars().all(|c| c.is_ascii_graphic())
}

fn is_host(text: &str) -> bool {
    let name = text.trim();
    let name = name.strip_prefix("*.").unwrap_or(name);
    !name.is_empty()
        && name.len() <= 253
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
}

/// Why a value is none for its parameter. The texts are for the administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A list, an object, a fraction or nothing.
    #[error("must be true, false, a whole number or a text")]
    NotScalar,
    /// Not a truth.
    #[error("must be true or false")]
    NotBool,
    /// Not a number.
    #[error("must be a whole number")]
    NotInteger,
    /// Not a text.
    #[error("must be a text")]
    NotText,
    /// Not a number of days.
    #[error("must be 0 (keep for ever) or a number of days from 7 to 3650")]
    NotDays,
    /// Too short.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The least.
        min: usize,
    },
    /// Too long.
    #[error("must not be longer than {max} bytes")]
    TooLong {
        /// The most.
        max: usize,
    },
    /// A character that does not print.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// Not a URL.
    #[error("must be a URL that begins with https://")]
    NotUrl,
    /// Not a list of hosts.
    #[error("must be names of hosts, separated by commas")]
    NotHosts,
    /// Not an identity.
    #[error("must be a Threema ID: eight of A-Z and 0-9")]
    NotIdentity,
    /// Not an address.
    #[error("must be an e-mail address")]
    NotEmail,
    /// Not a number.
    #[error("must be a phone number with its country code, such as +41791234567")]
    NotPhone,
}
