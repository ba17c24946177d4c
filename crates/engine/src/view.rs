//! What a screen shows, as plain data: read on any connection to the profile's database.

mod abilities;
mod card;
mod contact_details;
mod contacts;
mod content;
mod conversations;
mod details;
mod groups;
mod markup;
mod me;
mod media;
mod name;
pub(crate) mod notice;
mod policy;
mod polls;
mod privacy;
mod quote;
mod reactions;
mod safe;
mod timeline;
mod work;

pub use crate::message::emoji::{emoji, may_be_emoji};
pub use abilities::{Abilities, Ability, SafeAbility, SetupPlan, abilities, setup_plan};
pub use card::{CARD_BYTES_MAX, Card};
pub use contact_details::{ContactDetails, contact_details};
pub use contacts::{
    ActivityState, Contact, KeyMismatch, VerificationLevel, contact, contacts, person,
};
pub use content::{Content, Degrees, FileContent, Place};
pub use conversations::{Conversation, ConversationId, Partner, Visibility, conversations};
pub use details::{Edit, Times, edits, message_times};
pub use dreiklang_wire::e2e::FileRendering;
pub use groups::{Group, Member, Membership, group, groups, groups_in_common, members};
pub use markup::{LinkWarning, Mention, Span, SpanKind, Style, markup, mentions};
pub use me::{Me, is_announced, is_everything_sent, me, settings};
pub use media::{
    Media, MediaFile, MediaState, StorageUse, auto_download, is_picture_moving, media, media_file,
    media_names, own_picture, picture, storage, thumbnail, thumbnail_file,
};
pub use notice::Notice;
pub use policy::{Policy, policy};
pub use polls::{Choice, Poll};
pub use privacy::{blocked, excluded, picture_sharing};
pub use quote::{Quote, Quoted, split_quote};
pub(crate) use quote::{quote_part, with_quote, without_quote};
pub use reactions::Reaction;
pub use safe::{Safe, SafeFault, restored_at, safe};
pub use timeline::{
    Message, MessageState, Notes, Position, first_unread, message, message_by_reference,
    messages_by_id, starred, timeline, timeline_after,
};
pub use work::{Link, Links, Logo, Organisation, Standing, links, logo, organisation, standing};

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{conversations, timeline};
    use crate::db;

    /// With a million messages, reading them all or sorting them is what makes a screen slow.
    #[test]
    fn no_view_scans_or_sorts_the_messages() {
        let conn = Connection::open_in_memory().unwrap();
        db::migrate(&conn).unwrap();
        let queries = [
            conversations::sql(),
            timeline::timeline_sql(),
            timeline::timeline_after_sql(),
            timeline::by_reference_sql(),
            timeline::by_id_sql(),
            timeline::starred_sql(),
        ];
        for sql in queries {
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let mut rows = statement.raw_query();
            let mut plan = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                plan.push(row.get::<_, String>(3).unwrap());
            }
            let plan = plan.join("\n");
            assert!(!plan.contains("SCAN m"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
            assert!(plan.contains("SEARCH m USING"), "{plan}");
        }
    }
}
