//! What scripts read about groups.

use dreiklang_client::Identity;
use dreiklang_client::view::{self, Membership};
use serde::Serialize;

/// A group.
#[derive(Serialize)]
pub(crate) struct Group {
    id: String,
    name: String,
    display_name: String,
    creator: String,
    membership: &'static str,
    members: Vec<String>,
}

impl From<&view::Group> for Group {
    fn from(group: &view::Group) -> Self {
        Self {
            id: group.identity.to_string(),
            name: group.name.clone(),
            display_name: group.display_name(),
            creator: group.identity.creator.to_string(),
            membership: match group.membership {
                Membership::Member => "member",
                Membership::Kicked => "removed",
                Membership::Left => "left",
            },
            members: group.members.iter().map(Identity::to_string).collect(),
        }
    }
}
