//! The backup server (Safe): where a backup is, and what the server takes.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    api::work::Credentials,
    id::{Hex, hex_array},
    spec,
};

/// GET, below the base URL: [`Config`].
pub const CONFIG_PATH: &str = "config";
/// GET, HEAD, PUT, DELETE, below the base URL and followed by the [`BackupId`].
pub const BACKUPS_PATH: &str = "backups/";
/// What may stand in a base URL for the first byte of the id.
const PREFIX_PLACEHOLDER: &str = "{backupIdPrefix8}";
/// What shipping clients put there when they have no id, which is when they ask for [`Config`].
const NO_PREFIX: &str = "xx";

/// The name of a backup. Whoever knows it can fetch and delete the backup, so it does not print.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BackupId(pub [u8; 32]);

impl FromStr for BackupId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        hex_array(text).map(Self)
    }
}

impl fmt::Debug for BackupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupId(..)")
    }
}

impl BackupId {
    /// The 64 hexadecimal digits of a URL.
    pub fn to_hex(self) -> String {
        Hex(&self.0).to_string()
    }
}

/// What the server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// The size of the largest backup.
    pub max_backup_bytes: u64,
    /// Days after which a backup that nobody renews is deleted.
    pub retention_days: u32,
}

impl Config {
    /// Reads the answer of a server that can be used.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        if json.len() > spec::SAFE_CONFIG_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let config: Self =
            serde_json::from_slice(json).map_err(|_| Error::Malformed("Safe configuration"))?;
        if config.max_backup_bytes == 0 || config.retention_days == 0 {
            return Err(Error::Malformed("Safe configuration"));
        }
        Ok(config)
    }
}

/// A backup server, as a person or the app configuration names it.
#[derive(Clone, PartialEq, Eq)]
pub struct SafeServer {
    base: String,
    /// For HTTP Basic authentication.
    pub credentials: Option<Credentials>,
}

impl fmt::Debug for SafeServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SafeServer({})", self.base)
    }
}

impl SafeServer {
    /// Reads an address: with or without `https://`, with or without `user:password@`.
    pub fn parse(address: &str) -> Result<Self> {
        const MALFORMED: Error = Error::Malformed("address of the Safe server");
        let address = address.trim();
        let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, host) = match host.rsplit_once('@') {
            Some((user, host)) => {
                let (username, password) = user.split_once(':').ok_or(MALFORMED)?;
                let credentials = Credentials {
                    username: username.to_owned(),
                    password: password.to_owned(),
                };
                (Some(credentials), host)
            }
            None => (None, host),
        };
        let slash = if path.is_empty() || path.ends_with('/') {
            ""
        } else {
            "/"
        };
        let base = format!("{scheme}://{host}/{path}{slash}");
        if !crate::oppf::is_secure(&base) || base.contains(['?', '#', '@']) {
            return Err(MALFORMED);
        }
        Ok(Self { base, credentials })
    }

    /// The base URL as it was given, with a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where [`Config`] is.
    pub fn config_url(&self) -> String {
        format!(
            "{}{CONFIG_PATH}",
            self.base.replace(PREFIX_PLACEHOLDER, NO_PREFIX)
        )
    }

    /// Where a backup is.
    pub fn backup_url(&self, id: &BackupId) -> String {
        let id = id.to_hex();
        let prefix: String = id.chars().take(2).collect();
        let base = self.base.replace(PREFIX_PLACEHOLDER, &prefix);
        format!("{base}{BACKUPS_PATH}{id}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_lead_to_backups() {
        let id = BackupId([0x0a; 32]);
        let hex = "0a".repeat(32);
        let server = SafeServer::parse("https://safe-{backupIdPrefix8}.example.com").unwrap();
        assert_eq!(server.config_url(), "https://safe-xx.example.com/config");
        assert_eq!(
            server.backup_url(&id),
            format!("https://safe-0a.example.com/backups/{hex}")
        );
        let server = SafeServer::parse(" max:pa:ss@safe.example.com:8443/a/b ").unwrap();
        assert_eq!(server.base(), "https://safe.example.com:8443/a/b/");
        assert_eq!(
            server.credentials,
            Some(Credentials {
                username: "max".to_owned(),
                password: "pa:ss".to_owned()
            })
        );
        assert!(!format!("{server:?}").contains("pa"));
        assert_eq!(hex.parse::<BackupId>().unwrap(), id);
        assert_eq!(id.to_hex(), hex);
        for bad in [
            "",
            "http://safe.example.com",
            "https://",
            "a b",
            "max@h",
            "h/?a",
            "h/#b",
        ] {
            assert!(SafeServer::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_server_that_takes_nothing_is_none() {
        let config = Config {
            max_backup_bytes: 524_288,
            retention_days: 180,
        };
        let json = serde_json::to_string(&config).unwrap();
        assert_eq!(json, r#"{"maxBackupBytes":524288,"retentionDays":180}"#);
        assert_eq!(Config::from_json(json.as_bytes()).unwrap(), config);
        for bad in [
            "{}",
            r#"{"maxBackupBytes":0,"retentionDays":1}"#,
            r#"{"maxBackupBytes":1}"#,
        ] {
            assert!(Config::from_json(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_address_is_read_without_panic(text in ".{0,80}") {
            let _ = SafeServer::parse(&text);
        }
    }
}
