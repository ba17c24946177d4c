//! Activation links: a licence, in a form that can be clicked or scanned.
//!
//! Shipping clients know `threemawork://license?…` and `threemaonprem://license?…`, which hold the
//! password itself. Ours is `https://HOST/activate#TOKEN`: the token is good once, and what follows
//! the hash sign is not sent to any server on the way.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result, api::work::Credentials, spec};

const WORK: &str = "threemawork";
const ONPREM: &str = "threemaonprem";
const ACTIVATE_PATH: &str = "/activate";
const MALFORMED: Error = Error::Malformed("activation link");

/// A link.
#[derive(Clone, PartialEq, Eq)]
pub enum LicenseLink {
    /// A licence of an organisation on an open instance.
    Work(Credentials),
    /// A licence and the address of the organisation's own instance.
    OnPrem {
        /// The licence.
        credentials: Credentials,
        /// The address for [`canonical_url`](crate::oppf::canonical_url).
        server: String,
    },
    /// A token that is exchanged for a licence.
    Token {
        /// The base URL of the server, without a slash at its end.
        server: String,
        /// The token.
        token: String,
    },
}

/// Every kind holds a secret.
impl fmt::Debug for LicenseLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Work(_) => "LicenseLink::Work(..)",
            Self::OnPrem { .. } => "LicenseLink::OnPrem(..)",
            Self::Token { .. } => "LicenseLink::Token(..)",
        })
    }
}

impl LicenseLink {
    /// Reads a link. Unknown parameters are skipped; one that comes twice is refused.
    pub fn parse(link: &str) -> Result<Self> {
        let link = link.trim();
        if link.len() > spec::LICENSE_LINK_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let (scheme, rest) = link.split_once("://").ok_or(MALFORMED)?;
        match scheme.to_ascii_lowercase().as_str() {
            WORK => Query::of(rest)?.credentials().map(Self::Work),
            ONPREM => {
                let query = Query::of(rest)?;
                Ok(Self::OnPrem {
                    credentials: query.credentials()?,
                    server: query.server.ok_or(MALFORMED)?,
                })
            }
            "https" | "http" => Self::parse_token(link),
            _ => Err(MALFORMED),
        }
    }

    fn parse_token(link: &str) -> Result<Self> {
        let (address, token) = link.split_once('#').ok_or(MALFORMED)?;
        let address = address.trim_end_matches('/');
        let server = address.strip_suffix(ACTIVATE_PATH).ok_or(MALFORMED)?;
        // The same rules as for every address of an instance: TLS, no user, no query.
        crate::oppf::canonical_url(server)?;
        let is_token = (1..=spec::ACTIVATION_TOKEN_CHARS_MAX).contains(&token.len())
            && token
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if !is_token {
            return Err(MALFORMED);
        }
        Ok(Self::Token {
            server: server.to_owned(),
            token: token.to_owned(),
        })
    }
}

impl fmt::Display for LicenseLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = |Credentials { username, password }: &Credentials| {
            format!(
                "username={}&password={}",
                encoded(username),
                encoded(password)
            )
        };
        match self {
            Self::Work(credentials) => write!(f, "{WORK}://license?{}", query(credentials)),
            Self::OnPrem {
                credentials,
                server,
            } => {
                let server = encoded(server);
                write!(
                    f,
                    "{ONPREM}://license?{}&server={server}",
                    query(credentials)
                )
            }
            Self::Token { server, token } => write!(f, "{server}{ACTIVATE_PATH}#{token}"),
        }
    }
}

#[derive(Default)]
struct Query {
    username: Option<String>,
    password: Option<String>,
    server: Option<String>,
}

impl Query {
    fn of(rest: &str) -> Result<Self> {
        let (path, query) = rest.split_once('?').ok_or(MALFORMED)?;
        if path.trim_end_matches('/') != "license" {
            return Err(MALFORMED);
        }
        let query = query.split('#').next().unwrap_or_default();
        let mut read = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = match name {
                "username" => &mut read.username,
                "password" => &mut read.password,
                "server" => &mut read.server,
                _ => continue,
            };
            let value = decoded(value)?;
            if value.is_empty() || place.replace(value).is_some() {
                return Err(MALFORMED);
            }
        }
        Ok(read)
    }

    fn credentials(&self) -> Result<Credentials> {
        match (&self.username, &self.password) {
            (Some(username), Some(password)) => Ok(Credentials {
                username: username.clone(),
                password: password.clone(),
            }),
            _ => Err(MALFORMED),
        }
    }
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    use core::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A plus stands for itself: these are links, not forms, and passwords contain pluses.
fn decoded(text: &str) -> Result<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(if byte == b'%' {
            let digits = [
                bytes.next().ok_or(MALFORMED)?,
                bytes.next().ok_or(MALFORMED)?,
            ];
            let digits = core::str::from_utf8(&digits).map_err(|_| MALFORMED)?;
            let [byte] = crate::id::hex_array::<1>(digits)?;
            byte
        } else {
            byte
        });
    }
    let text = String::from_utf8(out).map_err(|_| MALFORMED)?;
    if text.chars().any(char::is_control) {
        return Err(MALFORMED);
    }
    Ok(text)
}

/// Exchanges a token for a licence. It works once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivateRequest {
    /// The token of the link.
    pub token: String,
}

impl fmt::Debug for ActivateRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ActivateRequest(..)")
    }
}

/// The licence that the token was for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivateReply {
    /// The licence.
    #[serde(flatten)]
    pub credentials: Credentials,
    /// What the organisation is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// The address of the organisation's own instance, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn credentials(username: &str, password: &str) -> Credentials {
        Credentials {
            username: username.to_owned(),
            password: password.to_owned(),
        }
    }

    #[test]
    fn links_of_shipping_clients_are_read() {
        assert_eq!(
            LicenseLink::parse("threemawork://license?username=max&password=p%26w+1").unwrap(),
            LicenseLink::Work(credentials("max", "p&w+1"))
        );
        let onprem = "threemaonprem://license?username=max%40x&password=p\
                      &server=https%3A%2F%2Fonprem.example.com&future=1";
        assert_eq!(
            LicenseLink::parse(onprem).unwrap(),
            LicenseLink::OnPrem {
                credentials: credentials("max@x", "p"),
                server: "https://onprem.example.com".to_owned(),
            }
        );
        assert_eq!(
            LicenseLink::parse(" https://chat.example.com/activate#Ab-9_ ").unwrap(),
            LicenseLink::Token {
                server: "https://chat.example.com".to_owned(),
                token: "Ab-9_".to_owned(),
            }
        );
    }

    #[test]
    fn what_is_no_link_is_refused() {
        for bad in [
            "",
            "threemawork://license",
            "threemawork://license?username=a",
            "threemawork://license?username=a&password=",
            "threemawork://license?username=a&username=b&password=c",
            "threemawork://other?username=a&password=c",
            "threemawork://license?username=%zz&password=c",
            "threemawork://license?username=%+1&password=c",
            "threemawork://license?username=%ff&password=c",
            "threemawork://license?username=a%0a&password=c",
            "threemaonprem://license?username=a&password=c",
            "threema://license?key=AAAAA-BBBBB",
            "http://chat.example.com/activate#abc",
            "https://chat.example.com/activate#",
            "https://chat.example.com/activate#a b",
            "https://u:p@chat.example.com/activate#abc",
            "https://chat.example.com/other#abc",
            "https:///activate#abc",
        ] {
            assert!(LicenseLink::parse(bad).is_err(), "{bad}");
        }
        let long = format!(
            "threemawork://license?username=a&password={}",
            "b".repeat(5000)
        );
        assert_eq!(LicenseLink::parse(&long), Err(Error::TooLong));
    }

    #[test]
    fn links_do_not_print_their_secrets() {
        let link = LicenseLink::Work(credentials("max", "hunter2"));
        assert!(!format!("{link:?}").contains("hunter2"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(username in "\\PC{1,20}", password in "\\PC{1,20}") {
            let credentials = credentials(&username, &password);
            let server = "https://onprem.example.com:8443/x".to_owned();
            for link in [
                LicenseLink::Work(credentials.clone()),
                LicenseLink::OnPrem { credentials, server: server.clone() },
                LicenseLink::Token { server, token: "abc".to_owned() },
            ] {
                prop_assert_eq!(LicenseLink::parse(&link.to_string()), Ok(link));
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,80}") {
            let _ = LicenseLink::parse(&text);
            let _ = LicenseLink::parse(&format!("threemawork://license?username={text}"));
        }
    }
}
