//! What the people are called whom messages come from and speak of.

use std::collections::{BTreeMap, BTreeSet};

use dreiklang_client::view::{self, Content, Mention, Message, Notice, Quote};
use dreiklang_client::{Connection, Error, Identity};

use crate::safe;
use crate::texts::Texts;

/// Names by identity, harmless for a terminal.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    me: Option<Identity>,
    names: BTreeMap<Identity, String>,
}

impl People {
    /// Everybody whom these messages come from or speak of.
    pub(crate) fn of<'a>(
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
    pub(crate) fn named(
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

    /// People of a test.
    #[cfg(test)]
    pub(crate) fn known(
        me: Option<Identity>,
        names: impl IntoIterator<Item = (Identity, String)>,
    ) -> Self {
        Self {
            me,
            names: names.into_iter().collect(),
        }
    }

    /// The name, else the identity.
    pub(crate) fn name(&self, identity: Identity, texts: &Texts) -> String {
        if self.me == Some(identity) {
            return texts.say("myself");
        }
        self.plain_name(identity)
    }

    /// The same, unless it is the own identity.
    pub(crate) fn other_name(&self, identity: Identity) -> Option<String> {
        (self.me != Some(identity)).then(|| self.plain_name(identity))
    }

    /// The same for scripts, which know the own identity.
    pub(crate) fn plain_name(&self, identity: Identity) -> String {
        match self.names.get(&identity) {
            Some(name) => name.clone(),
            None => identity.to_string(),
        }
    }
}

/// Everybody in what a message says, and on it.
fn spoken_of(message: &Message, who: &mut BTreeSet<Identity>) {
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
