//! Who calls the HTTP interface: a licence, by its password or by a token, or nobody in particular.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use dreiklang_crypto::aead::Key;
use dreiklang_crypto::{SystemRng, Zeroizing};
use dreiklang_store::{CredentialId, OrgId};

use super::licenses::{self, License, Refused};
use crate::app::App;
use crate::config::InstanceKind;

/// Who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Nobody in particular.
    Anonymous,
    /// Somebody with a licence that is in force.
    License {
        /// The licence.
        credential: CredentialId,
        /// The organisation it belongs to.
        org: OrgId,
    },
}

/// What a caller shows, as it stands in the head of a request.
pub enum Shown {
    /// Nothing.
    Nothing,
    /// A licence's username and password.
    Password {
        /// The username.
        username: String,
        /// The password.
        password: Zeroizing<String>,
    },
    /// A token that was given for a licence.
    Token(String),
    /// Something that cannot be understood.
    Nonsense,
}

/// Why a caller is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// A licence is needed and none was shown.
    Missing,
    /// The token is not ours, or has expired.
    Token,
    /// The licence is not good.
    License(Refused),
}

impl Caller {
    /// The organisation of the licence.
    pub const fn org(self) -> Option<OrgId> {
        match self {
            Self::Anonymous => None,
            Self::License { org, .. } => Some(org),
        }
    }

    /// The licence.
    pub const fn license(self) -> Option<License> {
        match self {
            Self::Anonymous => None,
            Self::License { credential, org } => Some(License { credential, org }),
        }
    }
}

impl From<License> for Caller {
    fn from(License { credential, org }: License) -> Self {
        Self::License { credential, org }
    }
}

impl Shown {
    /// Reads the value of an `Authorization` header. One client leaves a stray brace behind its
    /// Base64 (protocol.md A7.1), so whatever follows the Base64 is cut off.
    pub fn read(value: &str) -> Self {
        let Some((scheme, rest)) = value.trim().split_once(' ') else {
            return Self::Nonsense;
        };
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("basic") {
            Self::password(rest).unwrap_or(Self::Nonsense)
        } else if scheme.eq_ignore_ascii_case("token") {
            Self::Token(rest.to_owned())
        } else {
            Self::Nonsense
        }
    }

    fn password(text: &str) -> Option<Self> {
        let end = text
            .find(|it: char| !(it.is_ascii_alphanumeric() || "+/=".contains(it)))
            .unwrap_or(text.len());
        let bytes = Zeroizing::new(BASIC.decode(text.get(..end)?).ok()?);
        // The username has no colon, the password may (RFC 7617 2).
        let (username, password) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
        Some(Self::Password {
            username: username.to_owned(),
            password: Zeroizing::new(password.to_owned()),
        })
    }
}

/// Finds out who calls. Who shows nothing is nobody in particular, whatever the instance; see
/// [`admit`] for what follows from it.
pub async fn caller(app: &App, shown: &Shown, peer: IpAddr) -> Result<Caller, Denied> {
    match shown {
        Shown::Nothing => Ok(Caller::Anonymous),
        Shown::Nonsense => Err(Denied::Token),
        Shown::Password { username, password } => licenses::check(app, username, password, peer)
            .await
            .map(Caller::from)
            .map_err(Denied::License),
        Shown::Token(text) => {
            let license = app
                .tokens
                .open(text, app.clock.uptime())
                .ok_or(Denied::Token)?;
            // A token must not outlive the licence that it was given for.
            licenses::in_force(app, license)
                .await
                .map_err(Denied::License)?;
            Ok(license.into())
        }
    }
}

/// Who may come in. On a closed instance only who has a licence; on an open one everybody, and who
/// shows something that is not good counts as nobody in particular.
pub async fn admit(app: &App, shown: &Shown, peer: IpAddr) -> Result<Caller, Denied> {
    let caller = caller(app, shown, peer).await;
    match app.config.kind {
        InstanceKind::Open => Ok(caller.unwrap_or(Caller::Anonymous)),
        InstanceKind::Closed => match caller? {
            Caller::Anonymous => Err(Denied::Missing),
            known @ Caller::License { .. } => Ok(known),
        },
    }
}

/// Hands out tokens and reads them again, without remembering any: a token says itself whose it is
/// and until when (protocol.md A1.3, `auth_token`).
pub struct Tokens {
    sealing: Key,
    /// Credentials whose password changed, and when: tokens from before are worth nothing.
    renewed: Mutex<HashMap<CredentialId, Duration>>,
}

impl Tokens {
    /// With a fresh key, known to this process only: after a restart clients fetch a new token, as
    /// they do after any 401.
    pub fn new() -> Self {
        Self {
            sealing: Key::generate(&mut SystemRng),
            renewed: Mutex::default(),
        }
    }

    /// The password of a credential was changed: so are its tokens. `now` is the uptime.
    pub fn forget(&self, credential: CredentialId, now: Duration) {
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        // Tokens from before these have expired by themselves.
        renewed.retain(|_, at| now < at.saturating_add(TOKEN_TTL));
        renewed.insert(credential, now);
    }

    /// A token for a licence. `now` is the uptime.
    pub fn issue(&self, license: License, now: Duration) -> String {
        let expiry = u64::try_from((now + TOKEN_TTL).as_millis()).unwrap_or(u64::MAX);
        let plain = [
            &expiry.to_le_bytes()[..],
            license.org.as_str().as_bytes(),
            license.credential.as_str().as_bytes(),
        ]
        .concat();
        TOKEN.encode(self.sealing.seal(&mut SystemRng, ASSOCIATED, &plain))
    }

    /// The licence behind a token, unless it has expired.
    fn open(&self, token: &str, now: Duration) -> Option<License> {
        let sealed = TOKEN.decode(token).ok()?;
        let plain = self.sealing.open(ASSOCIATED, &sealed).ok()?;
        let (expiry, ids) = plain.split_first_chunk::<8>()?;
        if now >= Duration::from_millis(u64::from_le_bytes(*expiry)) {
            return None;
        }
        let (org, credential) = std::str::from_utf8(ids).ok()?.split_at_checked(10)?;
        let credential: CredentialId = credential.parse().ok()?;
        let issued = Duration::from_millis(u64::from_le_bytes(*expiry)).saturating_sub(TOKEN_TTL);
        let renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        if renewed.get(&credential).is_some_and(|at| issued <= *at) {
            return None;
        }
        Some(License {
            org: org.parse().ok()?,
            credential,
        })
    }
}

impl Default for Tokens {
    fn default() -> Self {
        Self::new()
    }
}

const TOKEN_TTL: Duration = Duration::from_hours(1);
const ASSOCIATED: &[u8] = b"auth_token";
const PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASIC: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, PADDING);
/// Goes through headers and URLs unchanged.
const TOKEN: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    PADDING.with_encode_padding(false),
);

#[cfg(test)]
mod tests {
    use super::*;

    fn password(value: &str) -> Option<(String, String)> {
        match Shown::read(value) {
            Shown::Password { username, password } => Some((username, password.to_string())),
            _ => None,
        }
    }

    #[test]
    fn a_licence_is_read_from_the_header() {
        let expected = Some(("user".to_owned(), "pa:ss".to_owned()));
        // "user:pa:ss"
        assert_eq!(password("Basic dXNlcjpwYTpzcw=="), expected);
        assert_eq!(password("basic dXNlcjpwYTpzcw"), expected);
        assert_eq!(
            password("Basic dXNlcjpwYTpzcw==}"),
            expected,
            "the stray brace"
        );
        assert_eq!(password("Basic dXNlcjpwYTpzcw=\u{e4}"), expected);
        for nonsense in [
            "",
            "Basic",
            "Basic !",
            "Basic dXNlcg==",
            "Bearer dXNlcjpwYTpzcw==",
        ] {
            assert!(
                matches!(Shown::read(nonsense), Shown::Nonsense),
                "{nonsense}"
            );
        }
    }

    #[test]
    fn a_token_names_its_licence_for_an_hour() {
        let tokens = Tokens::new();
        let license = License {
            org: "ORG0000001".parse().unwrap(),
            credential: "CRED000001".parse().unwrap(),
        };
        let start = Duration::from_secs(5);
        let token = tokens.issue(license, start);
        let before = start + TOKEN_TTL.saturating_sub(Duration::from_millis(1));
        assert_eq!(tokens.open(&token, before), Some(license));
        assert_eq!(tokens.open(&token, start + TOKEN_TTL), None);
        assert_eq!(Tokens::new().open(&token, start), None, "another server's");
        for length in 0..token.len() {
            assert_eq!(tokens.open(&token[..length], start), None);
        }
        assert!(matches!(
            Shown::read(&format!("Token {token}")),
            Shown::Token(it) if it == token
        ));
    }
}
