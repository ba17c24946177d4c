//! One-to-one call signalling (csp.struct.yml, call-*): JSON. The media is not our business.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Call features by name, e.g. `video`; the value says more or is null.
pub type CallFeatures = BTreeMap<String, Value>;

/// An offer or an answer of the media layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionDescription {
    /// `offer` or `answer`.
    pub sdp_type: String,
    /// The description itself.
    pub sdp: String,
}

/// Starts a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallOffer {
    /// Random, not zero; zero from very old clients that send none.
    #[serde(default)]
    pub call_id: u32,
    /// The caller's media.
    pub offer: SessionDescription,
    /// What the caller can.
    #[serde(default, skip_serializing_if = "CallFeatures::is_empty")]
    pub features: CallFeatures,
}

/// Accepts or rejects a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallAnswer {
    /// The call.
    #[serde(default)]
    pub call_id: u32,
    /// 0 reject, 1 accept.
    pub action: u8,
    /// The callee's media, when accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<SessionDescription>,
    /// 0 generic, 1 busy, 2 timeout, 3 rejected, 4 disabled, 5 off hours; when rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reject_reason: Option<u8>,
    /// What the callee can.
    #[serde(default, skip_serializing_if = "CallFeatures::is_empty")]
    pub features: CallFeatures,
}

impl CallAnswer {
    /// Is the call accepted?
    pub fn is_accepted(&self) -> bool {
        self.action == 1
    }
}

/// Ways to reach the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallCandidates {
    /// The call.
    #[serde(default)]
    pub call_id: u32,
    /// Always false; once meant that candidates are withdrawn.
    #[serde(default)]
    pub removed: bool,
    /// The candidates.
    pub candidates: Vec<CallCandidate>,
}

/// One way to reach the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallCandidate {
    /// The candidate line.
    pub candidate: String,
    /// The media section by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdp_mid: Option<String>,
    /// The media section by number.
    #[serde(
        default,
        rename = "sdpMLineIndex",
        skip_serializing_if = "Option::is_none"
    )]
    pub sdp_line_index: Option<u16>,
    /// The user name fragment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ufrag: Option<String>,
}

/// Names a call: it rings, or it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallReference {
    /// The call; zero from very old clients, whose body is empty.
    #[serde(default)]
    pub call_id: u32,
}
