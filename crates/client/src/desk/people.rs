//! What the people are called whom messages come from and speak of.

use std::collections::{BTreeMap, BTreeSet};

use crate::view::{self, Content, Mention, Message, Notice, Quote};
use crate::{Connection, Error, Identity};

use super::safe;

/// Names by identity, harmless for a terminal.
#[derive(Clone, Debug, Default)]
pub struct People {
    me: Option<Identity>,
    names: BTreeMap<Identity, String>,
}

impl People {
    /// Everybody whom these messages come from or speak of.
    pub fn of<'a>(
        conn: &Connection,
        messages: impl IntoIterator<Item = &'a Message>,
    ) -> Result<Self, Error> {
        let mut who = BTreeSet::new();
        for message in messages {
            who.insert(message.sender);
            spoken_of(message, &mut who);
        }
        Self::named(conn, who)
    }

    /// These people.
    pub fn named(
        conn: &Connection,
        who: impl IntoIterator<Item = Identity>,
    ) -> Result<Self, Error> {
        let me = view::me(conn)?.map(|me| me.identity);
        let mut names = BTreeMap::new();
        for identity in who {
            if let Some(contact) = view::person(conn, identity)? {
                names.insert(identity, safe::line(&contact.display_name()));
            }
        }
        Ok(Self { me, names })
    }

    /// People whose names are known already.
    pub fn known(
        me: Option<Identity>,
        names: impl IntoIterator<Item = (Identity, String)>,
    ) -> Self {
        Self {
            me,
            names: names.into_iter().collect(),
        }
    }

    /// Whether it is the own identity.
    pub fn is_me(&self, identity: Identity) -> bool {
        self.me == Some(identity)
    }

    /// The name, else the identity, unless it is the own identity.
    pub fn other_name(&self, identity: Identity) -> Option<String> {
        (self.me != Some(identity)).then(|| self.plain_name(identity))
    }

    /// The same for scripts, which know the own identity.
    pub fn plain_name(&self, identity: Identity) -> String {
        match self.names.get(&identity) {
            Some(name) => name.clone(),
            None => identity.to_string(),
        }
    }
}

/// Everybody in what a message says, and on it.
pub(super) fn spoken_of(message: &Message, who: &mut BTreeSet<Identity>) {
    in_content(&message.content, who);
    who.extend(message.reactions.iter().map(|reaction| reaction.sender));
    match &message.quote {
        Some(Quote::Message {
            sender, content, ..
        }) => {
            who.insert(*sender);
            in_content(content, who);
        }
        Some(Quote::Words { identity, .. }) => {
            who.insert(*identity);
        }
        Some(Quote::Missing) | None => {}
    }
}

fn in_content(content: &Content, who: &mut BTreeSet<Identity>) {
    match content {
        Content::Text(text) => mentioned(text, who),
        Content::File(file) => mentioned(&file.caption, who),
        Content::Poll(poll) => {
            who.extend(poll.choices.iter().flat_map(|choice| &choice.voters));
        }
        Content::Notice(Notice::Added(people) | Notice::Removed(people)) => who.extend(people),
        _ => {}
    }
}

fn mentioned(text: &str, who: &mut BTreeSet<Identity>) {
    let one = |mention| match mention {
        Mention::One(identity) => Some(identity),
        Mention::Everybody => None,
    };
    who.extend(view::mentions(text).into_iter().filter_map(one));
}
