//! Every message type with the properties that the protocol demands for it.

use core::fmt;

use crate::csp::payload::Flags;

/// The type byte of a container. Types that this version does not know are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageType(pub u8);

impl fmt::Debug for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = properties(*self).map_or("unknown", |properties| properties.name);
        write!(f, "{name} ({:#04x})", self.0)
    }
}

impl MessageType {
    /// Never valid.
    pub const INVALID: Self = Self(0x00);
    /// Reserved for ever: an old login proof looked like a message of this type
    /// (csp.struct.yml, receiving, and ETH attack 2).
    pub const AUTH_TOKEN: Self = Self(0xff);

    /// Must a message of this type be discarded whatever it says?
    pub const fn is_forbidden(self) -> bool {
        self.0 == Self::INVALID.0 || self.0 == Self::AUTH_TOKEN.0
    }
}

/// In what the body of a type is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// Nothing: it goes to one contact.
    Contact,
    /// group-member-container: creator 8, group id 8, body. Any member may send it.
    GroupMember,
    /// group-creator-container: group id 8, body. It is about a group of one of the two ends.
    GroupCreator,
}

/// A property that may depend on the content of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Never.
    Never,
    /// Always.
    Always,
    /// Delivery receipts: only if they are reactions. Call answer: only if accepted. Group-setup:
    /// by its own blocking steps. Forward-security envelope: as the message inside says.
    Conditional,
}

/// What the protocol demands for a message type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Properties {
    /// The name in the specification.
    pub name: &'static str,
    /// The wrapping of the body.
    pub wrap: Wrap,
    /// Header flags that must be set.
    pub flags: Flags,
    /// Do nickname and profile picture go along?
    pub profile_distribution: Rule,
    /// Is it accepted from blocked contacts?
    pub exempt_from_blocking: Rule,
    /// Does it create a contact for an unknown sender?
    pub creates_contact: bool,
    /// Is its nonce remembered?
    pub replay_protection: Rule,
    /// Is it reflected to the own devices when it comes in?
    pub reflect_incoming: bool,
    /// Is it reflected to the own devices when it goes out?
    pub reflect_outgoing: bool,
    /// Are the own devices told when the server has accepted it?
    pub reflect_sent: bool,
    /// Does the receiver answer with a delivery receipt by itself?
    pub automatic_receipt: bool,
}

/// The properties of a type that this version knows; nothing for unknown and forbidden types.
pub fn properties(kind: MessageType) -> Option<&'static Properties> {
    TABLE
        .binary_search_by_key(&kind, |(kind, _)| *kind)
        .ok()
        .and_then(|index| TABLE.get(index))
        .map(|(_, properties)| properties)
}

macro_rules! rule {
    (n) => {
        Rule::Never
    };
    (y) => {
        Rule::Always
    };
    (c) => {
        Rule::Conditional
    };
}

macro_rules! yes {
    (n) => {
        false
    };
    (y) => {
        true
    };
}

/// One row: byte CONSTANT "name" wrap flags [profile blocking contact replay] [incoming outgoing
/// sent] receipt.
macro_rules! table {
    ($($byte:literal $constant:ident $name:literal $wrap:ident $flags:ident
        [$profile:ident $blocking:ident $contact:ident $replay:ident]
        [$incoming:ident $outgoing:ident $sent:ident] $receipt:ident;)+) => {
        impl MessageType {
            $(
                #[doc = concat!("The type *", $name, "*.")]
                pub const $constant: Self = Self($byte);
            )+
        }

        /// Sorted by type.
        const TABLE: &[(MessageType, Properties)] = &[$(
            (
                MessageType::$constant,
                Properties {
                    name: $name,
                    wrap: Wrap::$wrap,
                    flags: $flags,
                    profile_distribution: rule!($profile),
                    exempt_from_blocking: rule!($blocking),
                    creates_contact: yes!($contact),
                    replay_protection: rule!($replay),
                    reflect_incoming: yes!($incoming),
                    reflect_outgoing: yes!($outgoing),
                    reflect_sent: yes!($sent),
                    automatic_receipt: yes!($receipt),
                },
            ),
        )+];
    };
}

const NONE: Flags = Flags::NONE;
const PUSH: Flags = Flags::PUSH;
const SHORT: Flags = Flags::SHORT_LIVED;
const CALL: Flags = Flags::PUSH.with(Flags::SHORT_LIVED);
const NOW: Flags = Flags::NO_QUEUE.with(Flags::NO_ACK);

// csp.struct.yml and csp-e2e.proto: the property list of every message struct.
#[rustfmt::skip]
table! {
    // Columns: byte, constant, name, wrap, flags, profile, reflection, receipt.
    0x01 TEXT                        "text"                           Contact      PUSH  [y n y y] [y y y] y;
    0x02 OLD_IMAGE                   "deprecated-image"               Contact      PUSH  [y n y y] [y n y] y;
    0x10 LOCATION                    "location"                       Contact      PUSH  [y n y y] [y y y] y;
    0x13 OLD_VIDEO                   "deprecated-video"               Contact      PUSH  [y n y y] [y n y] y;
    0x14 OLD_AUDIO                   "deprecated-audio"               Contact      PUSH  [y n y y] [y n y] y;
    0x15 POLL_SETUP                  "poll-setup"                     Contact      PUSH  [y n y y] [y y y] y;
    0x16 POLL_VOTE                   "poll-vote"                      Contact      NONE  [y n n y] [y y n] n;
    0x17 FILE                        "file"                           Contact      PUSH  [y n y y] [y y y] y;
    0x18 SET_PROFILE_PICTURE         "set-profile-picture"            Contact      NONE  [n n n y] [y y n] n;
    0x19 DELETE_PROFILE_PICTURE      "delete-profile-picture"         Contact      NONE  [n n n y] [y y n] n;
    0x1a REQUEST_PROFILE_PICTURE     "request-profile-picture"        Contact      NONE  [n n n y] [y n n] n;
    0x41 GROUP_TEXT                  "group-text"                     GroupMember  PUSH  [y n n y] [y y y] n;
    0x42 GROUP_LOCATION              "group-location"                 GroupMember  PUSH  [y n n y] [y y y] n;
    0x43 OLD_GROUP_IMAGE             "deprecated-group-image"         GroupMember  PUSH  [y n n y] [y n y] n;
    0x44 OLD_GROUP_VIDEO             "deprecated-group-video"         GroupMember  PUSH  [y n n y] [y n y] n;
    0x45 OLD_GROUP_AUDIO             "deprecated-group-audio"         GroupMember  PUSH  [y n n y] [y n y] n;
    0x46 GROUP_FILE                  "group-file"                     GroupMember  PUSH  [y n n y] [y y y] n;
    0x4a GROUP_SETUP                 "group-setup"                    GroupCreator NONE  [y c y y] [y y n] n;
    0x4b GROUP_NAME                  "group-name"                     GroupCreator NONE  [n y n y] [y y n] n;
    0x4c GROUP_LEAVE                 "group-leave"                    GroupMember  NONE  [n y n y] [y y n] n;
    0x4f GROUP_CALL_START            "group-call-start"               GroupMember  PUSH  [y y n y] [y y n] n;
    0x50 GROUP_SET_PROFILE_PICTURE   "group-set-profile-picture"      GroupCreator NONE  [n y n y] [y y n] n;
    // The text says member container, but every shipping client sends eight bytes only.
    0x51 GROUP_SYNC_REQUEST          "group-sync-request"             GroupCreator NONE  [n y n y] [y y n] n;
    0x52 GROUP_POLL_SETUP            "group-poll-setup"               GroupMember  PUSH  [y y n y] [y y y] n;
    0x53 GROUP_POLL_VOTE             "group-poll-vote"                GroupMember  NONE  [y y n y] [y y n] n;
    0x54 GROUP_DELETE_PROFILE_PICTURE "group-delete-profile-picture"  GroupCreator NONE  [n y n y] [y y n] n;
    0x60 CALL_OFFER                  "call-offer"                     Contact      CALL  [y n y y] [y y n] n;
    0x61 CALL_ANSWER                 "call-answer"                    Contact      CALL  [c n n y] [y y n] n;
    0x62 CALL_ICE_CANDIDATE          "call-ice-candidate"             Contact      CALL  [n n n n] [y n n] n;
    0x63 CALL_HANGUP                 "call-hangup"                    Contact      PUSH  [n n n y] [y y n] n;
    0x64 CALL_RINGING                "call-ringing"                   Contact      CALL  [n n n y] [y y n] n;
    0x80 DELIVERY_RECEIPT            "delivery-receipt"               Contact      NONE  [c n n c] [y y n] n;
    0x81 GROUP_DELIVERY_RECEIPT      "group-delivery-receipt"         GroupMember  NONE  [c n n c] [y y n] n;
    0x82 REACTION                    "reaction"                       Contact      PUSH  [y n n y] [y y n] n;
    0x83 GROUP_REACTION              "group-reaction"                 GroupMember  PUSH  [y n n y] [y y n] n;
    0x90 TYPING_INDICATOR            "typing-indicator"               Contact      NOW   [n n n n] [y n n] n;
    0x91 EDIT                        "edit-message"                   Contact      PUSH  [n n n y] [y y n] n;
    0x92 DELETE                      "delete-message"                 Contact      PUSH  [n n n y] [y y n] n;
    0x93 GROUP_EDIT                  "group-edit-message"             GroupMember  PUSH  [n n n y] [y y n] n;
    0x94 GROUP_DELETE                "group-delete-message"           GroupMember  PUSH  [n n n y] [y y n] n;
    0xa0 FORWARD_SECURITY_ENVELOPE   "forward-security-envelope"      Contact      NONE  [c c n y] [n n n] n;
    0xfc EMPTY                       "empty"                          Contact      NONE  [n y n y] [n n n] n;
    0xfd WORK_SYNC_DELTA             "work-sync-delta"                Contact      NONE  [n y n y] [n n n] n;
    0xfe WEB_SESSION_RESUME          "web-session-resume"             Contact      SHORT [n y n y] [n n n] n;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_every_row_is_found() {
        assert!(TABLE.is_sorted_by(|(a, _), (b, _)| a < b));
        for (kind, row) in TABLE {
            assert_eq!(properties(*kind), Some(row));
        }
        assert_eq!(TABLE.len(), 44);
    }

    #[test]
    fn forbidden_and_unknown_types_have_no_properties() {
        for kind in [
            MessageType::INVALID,
            MessageType::AUTH_TOKEN,
            MessageType(0x77),
        ] {
            assert_eq!(properties(kind), None);
        }
        assert!(MessageType::AUTH_TOKEN.is_forbidden());
        assert!(!MessageType(0x77).is_forbidden());
    }

    #[test]
    fn flags_are_those_of_the_specification() {
        let flags = |kind| properties(kind).unwrap().flags.0;
        assert_eq!(flags(MessageType::TEXT), 0x01);
        assert_eq!(flags(MessageType::TYPING_INDICATOR), 0x06);
        assert_eq!(flags(MessageType::CALL_OFFER), 0x21);
        assert_eq!(flags(MessageType::CALL_HANGUP), 0x01);
        assert_eq!(flags(MessageType::DELIVERY_RECEIPT), 0x00);
        assert_eq!(flags(MessageType::WEB_SESSION_RESUME), 0x20);
    }
}
