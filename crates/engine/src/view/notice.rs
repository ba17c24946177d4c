//! What happened in a conversation besides messages. It stands among them, and it is nobody's to
//! be told of: not unread, and nothing that rings.

use std::fmt;

use dreiklang_wire::id::Identity;

pub(crate) mod format;

/// Something that happened. Who did it is the sender of the message that carries it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// We made the group.
    GroupCreated,
    /// The group came back with a backup; what was written before did not.
    GroupRestored,
    /// We were added to the group, or added again.
    YouWereAdded,
    /// The creator removed us, or disbanded the group.
    YouWereRemoved,
    /// These are members now.
    Added(Vec<Identity>),
    /// These are no members any more.
    Removed(Vec<Identity>),
    /// The sender left the group.
    Left,
    /// We disbanded the group.
    Disbanded,
    /// The group has another name; empty for none.
    Renamed {
        /// What it was called.
        from: String,
        /// What it is called.
        to: String,
    },
    /// The group has a picture, or another one.
    PictureChanged,
    /// The group has no picture any more.
    PictureRemoved,
    /// The sender's identity was revoked: nobody will answer any more.
    IdentityRevoked,
}

// What people call their groups must not end in a log by way of `{:?}`.
impl fmt::Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GroupCreated => "GroupCreated",
            Self::GroupRestored => "GroupRestored",
            Self::YouWereAdded => "YouWereAdded",
            Self::YouWereRemoved => "YouWereRemoved",
            Self::Added(_) => "Added(…)",
            Self::Removed(_) => "Removed(…)",
            Self::Left => "Left",
            Self::Disbanded => "Disbanded",
            Self::Renamed { .. } => "Renamed(…)",
            Self::PictureChanged => "PictureChanged",
            Self::PictureRemoved => "PictureRemoved",
            Self::IdentityRevoked => "IdentityRevoked",
        })
    }
}
