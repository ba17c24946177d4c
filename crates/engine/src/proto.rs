//! Protobuf messages of the end-to-end layer, generated from `docs/spec/proto`.

#[path = "gen/csp_e2e.rs"]
#[expect(unreachable_pub, reason = "the generator knows no narrower visibility")]
mod csp_e2e;

pub(crate) use csp_e2e::{DeleteMessage, EditMessage, MessageMetadata, Reaction, reaction::Action};
