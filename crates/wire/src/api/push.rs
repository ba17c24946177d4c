//! Where a browser lets itself be woken (docs/spec/web-push.md).

use serde::{Deserialize, Serialize};

use crate::{id::Identity, spec};

/// The path of the endpoint.
pub mod path {
    /// POST, two rounds: [`SetPushEndpointRequest`](super::SetPushEndpointRequest).
    pub const SET_PUSH_ENDPOINT: &str = "identity/set_push_endpoint";
}

/// Says where the own app can be woken.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPushEndpointRequest {
    /// The own identity.
    pub identity: Identity,
    /// The address that the browser's push service gave; empty to be woken no more.
    pub endpoint: String,
}

// Whoever knows the address can wake the device.
impl core::fmt::Debug for SetPushEndpointRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SetPushEndpointRequest")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Has a text the shape of a push endpoint? A scheme, a host without credentials, and nothing that
/// could break a request line. Which services may be called is the server's to say.
pub fn is_endpoint(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    !authority.is_empty()
        && !authority.contains('@')
        && text.len() <= spec::PUSH_ENDPOINT_BYTES_MAX
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"#\\\"<>".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_have_a_shape() {
        for good in [
            "https://fcm.googleapis.com/fcm/send/a:b-c_d",
            "https://updates.push.services.mozilla.com/wpush/v2/gAAA==?x=1",
            "http://127.0.0.1:1/x",
        ] {
            assert!(is_endpoint(good), "{good}");
        }
        let long = format!("https://a/{}", "x".repeat(spec::PUSH_ENDPOINT_BYTES_MAX));
        for bad in [
            "",
            "https://",
            "https:///x",
            "ftp://a/b",
            "https://me:you@a/b",
            "https://a/b#c",
            "https://a/b c",
            "https://a/b\r\nX: y",
            "https://a/ä",
            &long,
        ] {
            assert!(!is_endpoint(bad), "{bad}");
        }
    }

    #[test]
    fn the_endpoint_does_not_print() {
        let request = SetPushEndpointRequest {
            identity: "ECHOECHO".parse().unwrap(),
            endpoint: "https://a/secret".to_owned(),
        };
        assert!(!format!("{request:?}").contains("secret"));
    }
}
