//! Linking an e-mail address or a phone number with an identity, and the one spelling of each that
//! is hashed (directory.openapi.yml, link endpoints; RFC 5321, E.164).
//!
//! Two people who write the same address differently must come to the same hash, so an address is
//! brought into one spelling first, here and nowhere else.

use dreiklang_crypto::PublicKey;
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Base64, directory::Challenge, text};
use crate::{Error, Result, id::Identity, spec};

mod punycode;

/// The paths below the base URL, which ends with a slash.
pub mod path {
    /// POST, two rounds: [`LinkEmailRequest`](super::LinkEmailRequest).
    pub const LINK_EMAIL: &str = "identity/link_email";
    /// POST, two rounds: [`LinkPhoneRequest`](super::LinkPhoneRequest); then one round:
    /// [`ConfirmPhoneRequest`](super::ConfirmPhoneRequest).
    pub const LINK_PHONE: &str = "identity/link_mobileno";
    /// POST, one round: [`CallPhoneRequest`](super::CallPhoneRequest).
    pub const CALL_PHONE: &str = "identity/link_mobileno_call";
}

const BAD_EMAIL: Error = Error::Malformed("e-mail address");
const BAD_PHONE: Error = Error::Malformed("phone number: write it with its country code");

/// The spelling of an e-mail address that is hashed: no spaces around it, lower case, the domain in
/// ASCII, and one name for the provider that has two.
pub fn email(address: &str) -> Result<String> {
    let address = address.trim();
    if address.len() > spec::EMAIL_BYTES_MAX {
        return Err(Error::TooLong);
    }
    let (local, domain) = address.rsplit_once('@').ok_or(BAD_EMAIL)?;
    let local: String = local.nfc().flat_map(char::to_lowercase).collect();
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "@<>()[],;:\\\"".contains(c);
    if local.is_empty() || local.len() > spec::EMAIL_LOCAL_BYTES_MAX || local.contains(is_odd) {
        return Err(BAD_EMAIL);
    }
    let domain = match ascii_domain(domain)?.as_str() {
        "googlemail.com" => "gmail.com".to_owned(),
        domain => domain.to_owned(),
    };
    let address = format!("{local}@{domain}");
    if address.len() > spec::EMAIL_BYTES_MAX {
        return Err(Error::TooLong);
    }
    Ok(address)
}

/// The domain in lower case, each label that is not ASCII as Punycode (RFC 5890).
fn ascii_domain(domain: &str) -> Result<String> {
    let domain: String = domain.nfkc().flat_map(char::to_lowercase).collect();
    let domain: String = domain.nfkc().collect();
    let labels = domain
        .split('.')
        .map(ascii_label)
        .collect::<Result<Vec<_>>>()?;
    let domain = labels.join(".");
    if labels.len() < 2 || domain.len() > 253 {
        return Err(BAD_EMAIL);
    }
    Ok(domain)
}

fn ascii_label(label: &str) -> Result<String> {
    let ascii = if label.is_ascii() {
        label.to_owned()
    } else if label.chars().all(|c| c.is_ascii() || c.is_alphanumeric()) {
        format!("xn--{}", punycode::encode(label).ok_or(BAD_EMAIL)?)
    } else {
        return Err(BAD_EMAIL);
    };
    let holds = !ascii.is_empty()
        && ascii.len() <= 63
        && !ascii.starts_with('-')
        && !ascii.ends_with('-')
        && ascii
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if holds { Ok(ascii) } else { Err(BAD_EMAIL) }
}

/// The spelling of a phone number that is hashed: its digits with the country code and without the
/// plus. A number without a country code is refused, for nobody here knows which country it is in.
pub fn phone(number: &str) -> Result<String> {
    let number: String = number
        .trim()
        .chars()
        .filter(|c| !(c.is_whitespace() || "-().[]/\u{2010}\u{2011}\u{2012}\u{2013}".contains(*c)))
        .take(spec::PHONE_DIGITS_MAX.saturating_add(4))
        .collect();
    let digits = number
        .strip_prefix('+')
        .or_else(|| number.strip_prefix("00"))
        .ok_or(BAD_PHONE)?;
    international(digits)
}

/// The same for a number of which it is known that it has its country code: clients send the digits
/// with or without the plus.
pub fn international_phone(number: &str) -> Result<String> {
    let number = number.trim();
    if number.starts_with(['+', '0']) {
        return phone(number);
    }
    phone(&format!("+{number}"))
}

/// No country code begins with a zero.
fn international(digits: &str) -> Result<String> {
    let length = spec::PHONE_DIGITS_MIN..=spec::PHONE_DIGITS_MAX;
    let holds = length.contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    if holds {
        Ok(digits.to_owned())
    } else {
        Err(BAD_PHONE)
    }
}

/// Links an e-mail address; an empty one unlinks. Without a language it only asks whether it is
/// linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkEmailRequest {
    /// The own identity.
    pub identity: Identity,
    /// The address, as the user wrote it.
    pub email: String,
    /// The language of the mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// Links a phone number; an empty one unlinks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkPhoneRequest {
    /// The own identity.
    pub identity: Identity,
    /// The number, see [`international_phone`].
    pub mobile_no: String,
    /// The language of the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Does the client want a link rather than only a code? Some clients send a truth here and some
    /// a name.
    #[serde(
        default,
        deserialize_with = "any_scheme",
        skip_serializing_if = "Option::is_none"
    )]
    pub url_scheme: Option<UrlScheme>,
}

/// What a client wants the link in the message to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum UrlScheme {
    /// Its own scheme, or not.
    Own(bool),
    /// A scheme by name.
    Named(String),
}

fn any_scheme<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UrlScheme>, D::Error> {
    Ok(
        match Option::<serde_json::Value>::deserialize(deserializer)? {
            Some(serde_json::Value::Bool(own)) => Some(UrlScheme::Own(own)),
            Some(serde_json::Value::String(name)) => Some(UrlScheme::Named(name)),
            _ => None,
        },
    )
}

/// The answer to round one of either: already so, or a challenge. `linked` is always there, because
/// a client takes a missing one for an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkReply {
    /// It is linked (or unlinked, if that was asked); there is no round two.
    Linked,
    /// Not yet.
    Challenged(Challenge),
    /// The answer to a client that only asks.
    NotLinked,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LinkFields {
    linked: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<Base64>,
    #[serde(
        default,
        with = "text::optional_public_key",
        skip_serializing_if = "Option::is_none"
    )]
    token_resp_key_pub: Option<PublicKey>,
}

impl Serialize for LinkReply {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let challenge = match self {
            Self::Challenged(challenge) => Some(challenge.clone()),
            _ => None,
        };
        LinkFields {
            linked: *self == Self::Linked,
            token_resp_key_pub: challenge.as_ref().map(|challenge| challenge.response_key),
            token: challenge.map(|challenge| challenge.token),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LinkReply {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = LinkFields::deserialize(deserializer)?;
        Ok(
            match (fields.linked, fields.token, fields.token_resp_key_pub) {
                (true, ..) => Self::Linked,
                (false, Some(token), Some(response_key)) => Self::Challenged(Challenge {
                    token,
                    response_key,
                }),
                _ => Self::NotLinked,
            },
        )
    }
}

/// The answer to round two for a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkPhoneReply {
    /// Names the attempt; left out after an unlink.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_id: Option<String>,
}

/// The code that came by message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmPhoneRequest {
    /// See [`LinkPhoneReply::verification_id`].
    pub verification_id: String,
    /// The code.
    pub code: String,
}

impl core::fmt::Debug for ConfirmPhoneRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ConfirmPhoneRequest(..)")
    }
}

/// Asks for a call that reads out the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallPhoneRequest {
    /// See [`LinkPhoneReply::verification_id`].
    pub verification_id: String,
}

#[cfg(test)]
mod tests;
