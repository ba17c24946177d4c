//! The file that tells a client about an instance: where it is and which key it has.

use dreiklang_crypto::PublicKey;
use serde::{Deserialize, Serialize};

use super::text;
use crate::{Error, Result, spec};

/// An instance, as a client needs to know it. Unknown fields are skipped when reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// What people call it.
    pub name: String,
    /// The chat server.
    pub chat: Chat,
    /// The base URL of the directory; ends with a slash.
    pub directory_url: String,
    /// The blob server.
    pub blob: Blob,
    /// Who may have an identity here.
    #[serde(default, skip_serializing_if = "Kind::is_open")]
    pub kind: Kind,
    /// The base URL of the work directory, if there is one; ends with a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_url: Option<String>,
    /// The base URL of the backup server, if there is one; ends with a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe_url: Option<String>,
    /// A certificate authority to trust for this instance's URLs besides the public ones, PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_certificate: Option<String>,
}

/// Who may have an identity on an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Everybody.
    #[default]
    Open,
    /// Whoever has a licence of an organisation.
    Closed,
}

impl Kind {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference to the field"
    )]
    fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

/// Where the chat server is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Host name or address.
    pub host: String,
    /// Ports, tried in this order.
    pub ports: Vec<u16>,
    /// The permanent key, base64.
    #[serde(with = "text::public_key")]
    pub public_key: PublicKey,
    /// The key that may replace it, base64.
    #[serde(
        default,
        with = "text::optional_public_key",
        skip_serializing_if = "Option::is_none"
    )]
    pub alternative_public_key: Option<PublicKey>,
}

/// Where the blob server is. `{blobId}` and `{blobIdPrefix}` stand for the id and its first byte.
#[expect(
    clippy::struct_field_names,
    reason = "the fields are called so in the file"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob {
    /// Where to upload.
    pub upload_url: String,
    /// Where to download.
    pub download_url: String,
    /// What to call when a blob is not needed any more.
    pub done_url: String,
}

impl Instance {
    /// Reads and checks the file.
    pub fn from_json(json: &[u8]) -> Result<Self> {
        if json.len() > spec::INSTANCE_BYTES_MAX {
            return Err(Error::TooLong);
        }
        let mut instance: Self =
            serde_json::from_slice(json).map_err(|_| Error::Malformed("instance file"))?;
        for url in [
            Some(&mut instance.directory_url),
            instance.work_url.as_mut(),
            instance.safe_url.as_mut(),
        ] {
            if let Some(url) = url.filter(|url| !url.ends_with('/')) {
                url.push('/');
            }
        }
        instance.check()?;
        Ok(instance)
    }

    /// Writes the file, for people to read.
    pub fn to_json(&self) -> Result<String> {
        self.check()?;
        serde_json::to_string_pretty(self).map_err(|_| Error::Malformed("instance file"))
    }

    fn check(&self) -> Result<()> {
        let Blob {
            upload_url,
            download_url,
            done_url,
        } = &self.blob;
        let urls = [
            Some(&self.directory_url),
            self.work_url.as_ref(),
            self.safe_url.as_ref(),
            Some(upload_url),
        ];
        let ids = [Some(download_url), Some(done_url)];
        if !urls.into_iter().chain(ids).flatten().all(|url| is_url(url)) {
            return Err(Error::Malformed("URL in the instance file"));
        }
        if !ids
            .into_iter()
            .flatten()
            .all(|url| url.contains("{blobId}"))
        {
            return Err(Error::Malformed("blob URL in the instance file"));
        }
        if !is_host(&self.chat.host) {
            return Err(Error::Malformed("chat host in the instance file"));
        }
        if self.chat.ports.is_empty() || self.chat.ports.contains(&0) {
            return Err(Error::Malformed("chat port in the instance file"));
        }
        Ok(())
    }
}

/// Only the shape: scheme, then a host, and nothing that could break a request line.
fn is_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && url.chars().all(|letter| letter.is_ascii_graphic())
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 253
        && host
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || ".-:[]_".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{
        "name": "Here", "later": {"more": 1},
        "chat": {"host": "chat.example.com", "ports": [5222, 443],
            "public_key": "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        "directory_url": "https://api.example.com/directory",
        "blob": {"upload_url": "https://b.example.com/upload",
            "download_url": "https://b.example.com/{blobIdPrefix}/{blobId}",
            "done_url": "https://b.example.com/{blobId}/done"}
    }"#;

    #[test]
    fn files_are_read_with_unknown_fields_and_written_again() {
        let instance = Instance::from_json(JSON.as_bytes()).unwrap();
        assert_eq!(instance.directory_url, "https://api.example.com/directory/");
        assert_eq!(instance.chat.ports, [5222, 443]);
        // Files of the time before there were kinds are those of open instances.
        assert_eq!((instance.kind, &instance.work_url), (Kind::Open, &None));
        let closed = JSON.replace(
            "\"later\"",
            "\"kind\": \"closed\", \"work_url\": \"https://w\", \"later\"",
        );
        let closed = Instance::from_json(closed.as_bytes()).unwrap();
        assert_eq!(closed.kind, Kind::Closed);
        assert_eq!(closed.work_url.as_deref(), Some("https://w/"));
        let again = Instance::from_json(instance.to_json().unwrap().as_bytes()).unwrap();
        assert_eq!(again, instance);
    }

    #[test]
    fn what_a_client_could_not_use_is_refused() {
        for (from, to) in [
            ("\"CQAA", "\"AAAA"),
            ("\"CQAA", "\""),
            ("[5222, 443]", "[]"),
            ("[5222, 443]", "[0]"),
            ("chat.example.com", "chat example"),
            ("chat.example.com", ""),
            ("https://api", "ftp://api"),
            ("https://b.example.com/upload", "https:///upload"),
            ("https://b.example.com/upload", "https://b/\\r\\nX: y"),
            ("{blobId}/done", "done"),
        ] {
            let json = JSON.replace(from, to);
            assert!(
                json != JSON && Instance::from_json(json.as_bytes()).is_err(),
                "{to}"
            );
        }
    }
}
