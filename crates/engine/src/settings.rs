//! What the person lets this client tell, accept and show.

use std::collections::BTreeSet;

use dreiklang_wire::id::Identity;

/// What the person lets this client tell, accept and show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Tell senders when their messages are read.
    pub read_receipts: bool,
    /// Tell contacts when we type.
    pub typing_indicators: bool,
    /// Discard messages of people who are neither contacts nor in a group with us.
    pub block_unknown: bool,
    /// Look for the address book's people among those who linked an address.
    pub contact_sync: bool,
    /// By which name contacts are sorted.
    pub sort_order: NameOrder,
    /// Which name is shown first.
    pub name_order: NameOrder,
    /// Leave contacts out of the list whose identity is not in use any more.
    pub hide_inactive: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            read_receipts: true,
            typing_indicators: true,
            block_unknown: false,
            contact_sync: false,
            sort_order: NameOrder::FirstName,
            name_order: NameOrder::FirstName,
            hide_inactive: false,
        }
    }
}

/// Which of two names goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameOrder {
    /// The first name.
    #[default]
    FirstName,
    /// The last name.
    LastName,
}

impl NameOrder {
    pub(crate) fn from_number(number: i64) -> Self {
        if number == 1 {
            Self::LastName
        } else {
            Self::FirstName
        }
    }

    pub(crate) fn number(self) -> i64 {
        match self {
            Self::FirstName => 0,
            Self::LastName => 1,
        }
    }

    /// Both names in this order.
    pub(crate) fn join(self, first: &str, last: &str) -> String {
        let names = match self {
            Self::FirstName => [first, last],
            Self::LastName => [last, first],
        };
        names.join(" ").trim().to_owned()
    }
}

/// Whether one contact is told something, whatever the settings say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SendPolicy {
    /// As the settings say.
    #[default]
    Default,
    /// They are told.
    Send,
    /// They are not told.
    DontSend,
}

impl SendPolicy {
    pub(crate) fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Send,
            2 => Self::DontSend,
            _ => Self::Default,
        }
    }

    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Default => 0,
            Self::Send => 1,
            Self::DontSend => 2,
        }
    }

    /// What counts for the contact, with `default` from the settings.
    pub fn or(self, default: bool) -> bool {
        match self {
            Self::Default => default,
            Self::Send => true,
            Self::DontSend => false,
        }
    }
}

/// Who may have the own picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PictureSharing {
    /// Nobody.
    Nobody,
    /// Everybody we write to.
    #[default]
    Everybody,
    /// These only; none is not the same choice as [`Nobody`](Self::Nobody), though it has the same
    /// effect.
    Listed(BTreeSet<Identity>),
}

impl PictureSharing {
    /// Whether this one may have it.
    pub fn includes(&self, identity: Identity) -> bool {
        match self {
            Self::Nobody => false,
            Self::Everybody => true,
            Self::Listed(listed) => listed.contains(&identity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_of_the_contact_goes_before_the_settings() {
        for (policy, over_off, over_on) in [
            (SendPolicy::Default, false, true),
            (SendPolicy::Send, true, true),
            (SendPolicy::DontSend, false, false),
        ] {
            assert_eq!((policy.or(false), policy.or(true)), (over_off, over_on));
            assert_eq!(SendPolicy::from_number(policy.number().into()), policy);
        }
    }

    #[test]
    fn names_are_joined_without_gaps() {
        let (first, last) = (NameOrder::FirstName, NameOrder::LastName);
        assert_eq!(first.join("Bob", "Baumann"), "Bob Baumann");
        assert_eq!(last.join("Bob", "Baumann"), "Baumann Bob");
        for order in [first, last] {
            assert_eq!(order.join("Bob", ""), "Bob");
            assert_eq!(order.join("", "Baumann"), "Baumann");
            assert_eq!(NameOrder::from_number(order.number()), order);
        }
    }
}
