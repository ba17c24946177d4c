//! What a message needs from around it to be shown: names, the time, and what may be done with it.

use std::collections::{BTreeMap, BTreeSet};

use super::Desk;
use super::format::{Can, Message, Part};
use super::people::{People, spoken_of};
use crate::engine::Timestamp;
use crate::pattern;
use crate::view::{
    self, Content, ConversationId, FileContent, LinkWarning, MediaState, Mention, MessageState,
    SpanKind,
};
use crate::{Connection, Error, Identity};

/// For how long an author may change a message (the engine has the last word).
const CHANGEABLE_MS: u64 = 6 * 60 * 60 * 1_000;
/// Texts of so few emojis and nothing else are shown large.
const JUMBO_MAX: usize = 3;

/// What is known around some messages.
pub struct Scene {
    people: People,
    spoken: BTreeMap<i64, BTreeSet<Identity>>,
    /// Conversations that we can write into.
    open: BTreeSet<ConversationId>,
    edits: BTreeMap<i64, u32>,
    /// Whether files may leave the app.
    may_save: bool,
    now: Timestamp,
}

impl Scene {
    /// Reads what these messages need.
    pub fn of<'a>(
        conn: &Connection,
        messages: impl IntoIterator<Item = &'a view::Message>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let (mut everybody, mut spoken) = (BTreeSet::new(), BTreeMap::new());
        let (mut conversations, mut edits) = (BTreeSet::new(), BTreeMap::new());
        for message in messages {
            let mut people = BTreeSet::new();
            spoken_of(message, &mut people);
            everybody.insert(message.sender);
            everybody.extend(people.iter().copied());
            spoken.insert(message.position.0, people);
            conversations.insert(message.conversation);
            if message.changed_at.is_some() {
                let count = view::edits(conn, message.position)?.len();
                edits.insert(message.position.0, u32::try_from(count).unwrap_or(u32::MAX));
            }
        }
        let mut open = BTreeSet::new();
        for conversation in conversations {
            if is_open(conn, &conversation)? {
                open.insert(conversation);
            }
        }
        Ok(Self {
            people: People::named(conn, everybody)?,
            spoken,
            open,
            edits,
            may_save: view::abilities(conn)?.share_media.is_allowed(),
            now,
        })
    }

    /// The message with everything that a screen needs.
    pub fn show(&self, message: &view::Message) -> Message {
        let text = match &message.content {
            Content::Text(text) => Some(text.as_str()),
            Content::File(file) => Some(file.caption.as_str()),
            _ => None,
        };
        let is_text = matches!(message.content, Content::Text(_));
        let spoken = self.spoken.get(&message.position.0);
        Message::from(message).shown(
            self.people.plain_name(message.sender),
            spoken
                .into_iter()
                .flatten()
                .map(|id| (id.to_string(), self.people.plain_name(*id)))
                .collect(),
            text.map(|text| parts(text, &self.people))
                .unwrap_or_default(),
            is_text && text.is_some_and(is_jumbo),
            self.edits.get(&message.position.0).copied().unwrap_or(0),
            self.can(message),
        )
    }

    fn can(&self, message: &view::Message) -> Can {
        let (state, content) = (message.state, &message.content);
        let is_ours = state.is_outgoing();
        let is_open = self.open.contains(&message.conversation);
        let file = match content {
            Content::File(file) => Some(file),
            _ => None,
        };
        let is_here = |file: &FileContent| {
            matches!(
                file.media.state,
                MediaState::Here | MediaState::Sending | MediaState::Unsendable
            )
        };
        let is_editable = matches!(content, Content::Text(_)) || file.is_some();
        let is_deletable = is_editable || matches!(content, Content::Location(_));
        let is_poll = match content {
            Content::Poll(poll) => Some(poll),
            _ => None,
        };
        let is_young = message.created_at.as_ms().saturating_add(CHANGEABLE_MS) >= self.now.as_ms();
        let is_gone = matches!(state, MessageState::Failed);
        let may_change = is_ours && is_open && is_young && !is_gone;
        Can {
            edit: may_change && is_editable,
            delete_for_everyone: may_change && is_deletable,
            react: is_open && (is_deletable || is_poll.is_some()) && !is_gone,
            quote: is_open && (is_deletable || is_poll.is_some()),
            forward: match content {
                Content::Text(_) | Content::Location(_) => true,
                Content::File(file) => is_here(file) && self.may_save,
                _ => false,
            },
            resend: is_open && is_gone && file.is_some(),
            cancel: file.is_some() && matches!(state, MessageState::Pending | MessageState::Failed),
            download: file.is_some_and(|file| {
                matches!(file.media.state, MediaState::Remote | MediaState::Lost)
            }),
            save: self.may_save && file.is_some_and(is_here),
            vote: is_open && is_poll.is_some_and(|poll| !poll.is_closed),
            close: is_open && is_ours && is_poll.is_some_and(|poll| !poll.is_closed),
        }
    }
}

impl Desk {
    /// Messages with everything that a screen needs.
    pub async fn shown(&self, messages: Vec<view::Message>) -> Result<Vec<Message>, Error> {
        let now = self.clock.now();
        self.client
            .view(move |conn| -> Result<_, Error> {
                let scene = Scene::of(conn, &messages, now)?;
                Ok(messages.iter().map(|message| scene.show(message)).collect())
            })
            .await
    }
}

/// Whether we can write into a conversation.
fn is_open(conn: &Connection, conversation: &ConversationId) -> Result<bool, Error> {
    Ok(match conversation {
        ConversationId::Contact(identity) => view::person(conn, *identity)?
            .is_some_and(|it| !it.is_blocked && it.activity_state != view::ActivityState::Invalid),
        ConversationId::Group(group) => {
            view::group(conn, group)?.is_some_and(|group| group.can_write())
        }
    })
}

/// A text in pieces as they are drawn.
pub fn parts(text: &str, people: &People) -> Vec<Part> {
    let spans = view::markup(text).into_iter();
    spans
        .filter_map(|span| {
            let style = span.style;
            let styles = [
                (style.is_bold, "bold"),
                (style.is_italic, "italic"),
                (style.is_struck, "strike"),
            ];
            let styles = styles.into_iter().filter(|(is_set, _)| *is_set);
            let plain = Part {
                kind: "text",
                text: span.text.to_owned(),
                styles: styles.map(|(_, name)| name).collect(),
                ..Part::default()
            };
            match span.kind {
                SpanKind::Text => Some(plain),
                SpanKind::Mark => None,
                SpanKind::Mention(Mention::One(identity)) => Some(Part {
                    kind: "mention",
                    text: people.plain_name(identity),
                    identity: Some(identity.to_string()),
                    is_me: people.is_me(identity),
                    ..plain
                }),
                SpanKind::Mention(Mention::Everybody) => Some(Part {
                    kind: "mention",
                    text: String::new(),
                    is_me: true,
                    ..plain
                }),
                SpanKind::Link(warning) => Some(Part {
                    kind: "link",
                    href: Some(address(span.text)),
                    warning: warning.map(|warning| match warning {
                        LinkWarning::UserName => "user_name",
                        LinkWarning::Lookalike => "lookalike",
                        LinkWarning::Punycode => "punycode",
                    }),
                    ..plain
                }),
            }
        })
        .collect()
}

/// What a link leads to: only the web, whatever somebody writes.
fn address(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    }
}

/// Whether a text is one to three emojis and nothing else.
fn is_jumbo(text: &str) -> bool {
    use unicode_segmentation::UnicodeSegmentation;
    let mut count = 0;
    for cluster in text.graphemes(true).filter(|one| !one.trim().is_empty()) {
        count += 1;
        if count > JUMBO_MAX || pattern::emoji(cluster).is_none() {
            return false;
        }
    }
    count > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_emojis_alone_are_large() {
        for (text, is_large) in [
            ("👍", true),
            ("👩‍👩‍👧‍👦 🇨🇭 👍🏽", true),
            ("👍👍👍👍", false),
            ("👍 ok", false),
            ("", false),
        ] {
            assert_eq!(is_jumbo(text), is_large, "{text}");
        }
    }

    #[test]
    fn a_text_comes_in_pieces_without_its_marks() {
        let alice: Identity = "ALICE000".parse().unwrap();
        let people = People::known(Some(alice), [(alice, "Alice".to_owned())]);
        let pieces = parts("*hi* @[ALICE000] https://example.com @[@@@@@@@@]", &people);
        let one = |kind| {
            pieces
                .iter()
                .filter(|part| part.kind == kind)
                .collect::<Vec<_>>()
        };
        assert_eq!(one("text")[0].styles, ["bold"]);
        assert_eq!(one("text")[0].text, "hi");
        let mentions = one("mention");
        assert_eq!(mentions[0].text, "Alice");
        assert!(mentions[0].is_me && mentions[1].identity.is_none());
        assert_eq!(one("link")[0].href.as_deref(), Some("https://example.com"));
    }

    #[test]
    fn a_link_leads_to_the_web_only() {
        assert_eq!(address("example.com/x"), "https://example.com/x");
        assert_eq!(address("HTTP://example.com"), "HTTP://example.com");
        assert_eq!(
            address("javascript:alert(1)"),
            "https://javascript:alert(1)"
        );
    }

    #[test]
    fn a_quote_says_what_its_author_is_called() {
        let alice: Identity = "ALICE000".parse().unwrap();
        let message = view::Message {
            position: view::Position(1),
            conversation: ConversationId::Contact(alice),
            sender: alice,
            id: dreiklang_wire::id::MessageId([1; 8]),
            state: MessageState::Sent,
            state_at: Timestamp::from_ms(1),
            created_at: Timestamp::from_ms(1),
            stored_at: Timestamp::from_ms(1),
            content: Content::Text("yes".to_owned()),
            changed_at: None,
            notes: view::Notes::default(),
            reference: None,
            quote: Some(view::Quote::Words {
                identity: alice,
                text: "shall we?".to_owned(),
            }),
            reactions: Vec::new(),
            is_starred: false,
            should_notify: false,
        };
        let mut spoken = BTreeSet::new();
        spoken_of(&message, &mut spoken);
        let scene = Scene {
            people: People::known(None, [(alice, "Alice".to_owned())]),
            spoken: BTreeMap::from([(1, spoken)]),
            open: BTreeSet::new(),
            edits: BTreeMap::new(),
            may_save: true,
            now: Timestamp::from_ms(1),
        };
        let shown = serde_json::to_value(scene.show(&message)).unwrap();
        assert_eq!(shown["quote"]["sender_name"], "Alice");
    }
}
