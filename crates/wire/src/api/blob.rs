//! The blob server: uploads with query parameters, downloads by id.

use std::borrow::Cow;

use crate::{
    Error, Result,
    id::{BlobId, DeviceId, Hex, hex_array},
};

/// The name of the one part of an upload's multipart body.
pub const PART_NAME: &str = "blob";
/// The file name clients give that part.
pub const PART_FILE_NAME: &str = "blob.bin";

const MALFORMED: Error = Error::Malformed("blob query");

/// Who may fetch a blob through the mirror of a device group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobScope {
    /// Everybody who knows its id.
    Public,
    /// The devices of the group.
    Local,
}

/// The device that uploads, downloads or finishes through a mirror.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MirrorDevice {
    /// The device.
    pub device: DeviceId,
    /// The public key of its group.
    pub group: [u8; 32],
    /// Who else may fetch it.
    pub scope: BlobScope,
}

/// The query parameters of the blob server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct BlobQuery {
    /// Shall the blob survive its first download? Nothing if the client did not say.
    pub persist: Option<bool>,
    /// Only on a mirror.
    pub mirror: Option<MirrorDevice>,
}

impl BlobQuery {
    /// Reads what follows the question mark. Unknown parameters are skipped; half of the mirror's
    /// parameters is an error.
    pub fn parse(query: &str) -> Result<Self> {
        let (mut persist, mut device, mut group, mut scope) = (None, None, None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "persist" => {
                    persist = Some(match value {
                        "1" | "true" => true,
                        "0" | "false" => false,
                        _ => return Err(MALFORMED),
                    });
                }
                "deviceId" => device = Some(value.parse::<DeviceId>()?),
                "deviceGroupId" => group = Some(hex_array::<32>(value)?),
                "scope" => {
                    scope = Some(match value {
                        "public" => BlobScope::Public,
                        "local" => BlobScope::Local,
                        _ => return Err(MALFORMED),
                    });
                }
                _ => {}
            }
        }
        let mirror = match (device, group, scope) {
            (Some(device), Some(group), scope) => Some(MirrorDevice {
                device,
                group,
                scope: scope.unwrap_or(BlobScope::Public),
            }),
            (None, None, None) => None,
            _ => return Err(MALFORMED),
        };
        Ok(Self { persist, mirror })
    }

    /// Writes what follows the question mark.
    pub fn to_query(self) -> String {
        let mut parameters = Vec::new();
        if let Some(MirrorDevice {
            device,
            group,
            scope,
        }) = self.mirror
        {
            let group = Hex(&group);
            let scope = match scope {
                BlobScope::Public => "public",
                BlobScope::Local => "local",
            };
            parameters.push(format!(
                "deviceId={device}&deviceGroupId={group}&scope={scope}"
            ));
        }
        if let Some(persist) = self.persist {
            parameters.push(format!("persist={}", u8::from(persist)));
        }
        parameters.join("&")
    }
}

/// The id in the answer to an upload: 32 hexadecimal digits and nothing else, but a line end is
/// forgiven.
pub fn uploaded_id(body: &[u8]) -> Result<BlobId> {
    core::str::from_utf8(body)
        .map_err(|_| Error::Malformed("blob id"))?
        .trim()
        .parse()
}

/// Puts an id into a download or done URL, wherever `{blobId}` and `{blobIdPrefix}` stand.
pub fn blob_url(template: &str, id: BlobId) -> String {
    let id = id.to_string();
    let prefix: String = id.chars().take(2).collect();
    template
        .replace("{blobIdPrefix}", &prefix)
        .replace("{blobId}", &id)
}

/// Appends query parameters to a URL.
pub fn with_query(url: &str, query: BlobQuery) -> Cow<'_, str> {
    match query.to_query() {
        text if text.is_empty() => Cow::Borrowed(url),
        text if url.contains('?') => Cow::Owned(format!("{url}&{text}")),
        text => Cow::Owned(format!("{url}?{text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_and_written() {
        let mirror = MirrorDevice {
            device: DeviceId(1),
            group: [0xab; 32],
            scope: BlobScope::Local,
        };
        for query in [
            BlobQuery::default(),
            BlobQuery {
                persist: Some(true),
                mirror: None,
            },
            BlobQuery {
                persist: Some(false),
                mirror: Some(mirror),
            },
            BlobQuery {
                persist: None,
                mirror: Some(mirror),
            },
        ] {
            assert_eq!(BlobQuery::parse(&query.to_query()).unwrap(), query);
        }
        assert!(
            BlobQuery::parse("persist=1&other=2")
                .unwrap()
                .persist
                .unwrap()
        );
        for bad in [
            "persist=2",
            "deviceId=0100000000000000",
            "scope=local",
            "deviceId=xy",
        ] {
            assert!(BlobQuery::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn urls_take_the_id_and_its_prefix() {
        let id = BlobId([0xa5; 16]);
        let text = "a5".repeat(16);
        assert_eq!(
            blob_url("https://h/{blobIdPrefix}/{blobId}", id),
            format!("https://h/a5/{text}")
        );
        assert_eq!(uploaded_id(format!("{text}\n").as_bytes()).unwrap(), id);
        assert!(uploaded_id(b"\"a5\"").is_err());
        let query = BlobQuery {
            persist: Some(true),
            mirror: None,
        };
        assert_eq!(with_query("https://h/", query), "https://h/?persist=1");
        assert_eq!(with_query("https://h/?a", query), "https://h/?a&persist=1");
    }
}
