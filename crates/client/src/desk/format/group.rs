//! What scripts read about groups.

use crate::Identity;
use crate::view::{self, Membership};
use serde::Serialize;
use ts_rs::TS;

use super::Contact;

/// A group.
#[derive(Serialize, TS)]
pub struct Group {
    id: String,
    name: String,
    display_name: String,
    creator: String,
    #[ts(type = "\"member\" | \"removed\" | \"left\"")]
    membership: &'static str,
    is_own: bool,
    is_orphaned: bool,
    can_write: bool,
    members: Vec<String>,
}

/// A group with everything that is known of its members.
#[derive(Serialize, TS)]
pub struct GroupDetails {
    group: Group,
    people: Vec<Member>,
}

#[derive(Serialize, TS)]
struct Member {
    #[serde(flatten)]
    contact: Contact,
    is_creator: bool,
    is_contact: bool,
}

/// A group that was changed.
#[derive(Serialize, TS)]
pub struct GroupReply {
    group: Group,
}

impl GroupReply {
    pub fn new(group: &view::Group) -> Self {
        Self {
            group: Group::from(group),
        }
    }
}

/// All groups.
#[derive(Serialize, TS)]
pub struct Groups {
    groups: Vec<Group>,
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
            is_own: group.is_mine,
            is_orphaned: group.is_orphaned,
            can_write: group.can_write(),
            members: group.members.iter().map(Identity::to_string).collect(),
        }
    }
}

impl GroupDetails {
    pub fn new(group: &view::Group, members: &[view::Member]) -> Self {
        let member = |member: &view::Member| Member {
            contact: Contact::from(&member.contact),
            is_creator: member.is_creator,
            is_contact: member.is_contact,
        };
        Self {
            group: Group::from(group),
            people: members.iter().map(member).collect(),
        }
    }
}

impl Groups {
    pub fn new(groups: &[view::Group]) -> Self {
        Self {
            groups: groups.iter().map(Group::from).collect(),
        }
    }
}
