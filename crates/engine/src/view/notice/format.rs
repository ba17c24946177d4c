//! A notice as its row holds it: JSON in the column of the text.

use dreiklang_wire::id::Identity;
use serde::{Deserialize, Serialize};

use super::Notice;

/// docs/schema/client.sql, messages.type: no end-to-end type is as large.
pub(crate) const TYPE: i64 = 256;

#[derive(Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum Stored {
    GroupCreated,
    GroupRestored,
    YouWereAdded,
    YouWereRemoved,
    Added { members: Vec<Identity> },
    Removed { members: Vec<Identity> },
    Left,
    Disbanded,
    Renamed { from: String, to: String },
    PictureChanged,
    PictureRemoved,
    IdentityRevoked,
}

pub(crate) fn to_text(notice: &Notice) -> String {
    let stored = match notice.clone() {
        Notice::GroupCreated => Stored::GroupCreated,
        Notice::GroupRestored => Stored::GroupRestored,
        Notice::YouWereAdded => Stored::YouWereAdded,
        Notice::YouWereRemoved => Stored::YouWereRemoved,
        Notice::Added(members) => Stored::Added { members },
        Notice::Removed(members) => Stored::Removed { members },
        Notice::Left => Stored::Left,
        Notice::Disbanded => Stored::Disbanded,
        Notice::Renamed { from, to } => Stored::Renamed { from, to },
        Notice::PictureChanged => Stored::PictureChanged,
        Notice::PictureRemoved => Stored::PictureRemoved,
        Notice::IdentityRevoked => Stored::IdentityRevoked,
    };
    serde_json::to_string(&stored).expect("invariant: a notice is a JSON object")
}

/// Nothing for what a later version wrote.
pub(crate) fn from_text(text: &str) -> Option<Notice> {
    Some(match serde_json::from_str(text).ok()? {
        Stored::GroupCreated => Notice::GroupCreated,
        Stored::GroupRestored => Notice::GroupRestored,
        Stored::YouWereAdded => Notice::YouWereAdded,
        Stored::YouWereRemoved => Notice::YouWereRemoved,
        Stored::Added { members } => Notice::Added(members),
        Stored::Removed { members } => Notice::Removed(members),
        Stored::Left => Notice::Left,
        Stored::Disbanded => Notice::Disbanded,
        Stored::Renamed { from, to } => Notice::Renamed { from, to },
        Stored::PictureChanged => Notice::PictureChanged,
        Stored::PictureRemoved => Notice::PictureRemoved,
        Stored::IdentityRevoked => Notice::IdentityRevoked,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_is_read_as_it_was_written_and_none_prints_a_name() {
        let who: Identity = "ECHOECHO".parse().unwrap();
        let renamed = Notice::Renamed {
            from: "secret".into(),
            to: "\"secret\"".into(),
        };
        let all = [
            Notice::GroupCreated,
            Notice::GroupRestored,
            Notice::YouWereAdded,
            Notice::YouWereRemoved,
            Notice::Added(vec![who]),
            Notice::Removed(vec![who, who]),
            Notice::Left,
            Notice::Disbanded,
            renamed,
            Notice::PictureChanged,
            Notice::PictureRemoved,
            Notice::IdentityRevoked,
        ];
        for notice in all {
            assert!(!format!("{notice:?}").contains("secret"));
            assert_eq!(from_text(&to_text(&notice)), Some(notice));
        }
        for strange in ["", "{}", r#"{"what":"sung"}"#] {
            assert_eq!(from_text(strange), None);
        }
    }
}
