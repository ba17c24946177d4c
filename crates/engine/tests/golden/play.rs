//! Plays the sentences of a transcript.

use dreiklang_engine::{
    Command, NewPoll, Refusal, Settings,
    view::{self, Content, ConversationId, Degrees, Message, Partner, Place, Visibility},
};

use dreiklang_wire::id::{GroupIdentity, Identity};

use super::{
    people, screen,
    script::{Line, Script, Sentence},
    world::World,
};

pub(crate) const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "dave"];

pub(crate) struct Play {
    pub(crate) world: World,
    is_online: [bool; PEOPLE.len()],
}

impl Play {
    /// The whole transcript, with everything that came of its sentences.
    pub(crate) fn perform(script: &Script) -> String {
        let mut play = Self {
            world: World::new(PEOPLE.len() as u64),
            is_online: [true; PEOPLE.len()],
        };
        let mut transcript = String::new();
        for line in &script.lines {
            match line {
                Line::Silent(line) => transcript.extend([line, "\n"]),
                Line::Sentence(sentence) => {
                    transcript.extend([&sentence.line, "\n"]);
                    for line in play.say(sentence) {
                        transcript.extend(["  ", line.as_str(), "\n"]);
                    }
                }
            }
        }
        transcript
    }

    fn say(&mut self, sentence: &Sentence) -> Vec<String> {
        let words = sentence.words();
        let [first, rest @ ..] = words.as_slice() else {
            panic!("{}", sentence.line)
        };
        let lines = match (first.parse::<u64>(), rest) {
            (Ok(count), [unit, "pass" | "passes"]) => {
                self.pass(count, unit);
                Some(Vec::new())
            }
            _ => self.act(who(first), rest, &sentence.text),
        };
        let lines = lines.unwrap_or_else(|| panic!("nobody knows how to: {}", sentence.line));
        self.settle();
        lines
    }

    /// What somebody does. Nothing if there is no such sentence.
    fn act(&mut self, who: usize, words: &[&str], text: &str) -> Option<Vec<String>> {
        let command = match words {
            ["is", "offline"] => {
                self.is_online[who] = false;
                self.world.disconnect(who);
                return Some(Vec::new());
            }
            ["is", "online"] => {
                self.is_online[who] = true;
                self.world.connect(who);
                return Some(Vec::new());
            }
            ["crashes"] => {
                self.world.restart(who);
                if self.is_online[who] {
                    self.world.connect(who);
                }
                return Some(Vec::new());
            }
            ["sees", "her" | "his", "list"] => return Some(screen::list(self, who)),
            ["sees", "who", "is", "in", group] => {
                return Some(screen::members(self, who, group));
            }
            ["sees", "her" | "his", "contacts"] => return Some(people::contacts(self, who)),
            ["sees", what] => return Some(screen::conversation(self, who, what)),
            _ => self.command(who, words, text)?,
        };
        Some(match self.world.ask(who, command) {
            Ok(_) => Vec::new(),
            Err(refusal) => vec![format!("refused: {}", self.words_of(&refusal))],
        })
    }

    fn command(&mut self, who: usize, words: &[&str], text: &str) -> Option<Command> {
        Some(match words {
            ["adds", whom] => Command::AddContact {
                identity: self.identity(whom),
                public_key: None,
                name: None,
            },
            ["removes", whom] => Command::RemoveContact(self.identity(whom)),
            ["blocks", "strangers"] => self.settings(who, |settings| settings.block_unknown = true),
            ["lets", "strangers", "in"] => {
                self.settings(who, |settings| settings.block_unknown = false)
            }
            ["hides", "receipts"] => self.settings(who, |settings| settings.read_receipts = false),
            ["shows", "receipts"] => self.settings(who, |settings| settings.read_receipts = true),
            ["blocks", whom] => Command::Block(self.identity(whom)),
            ["unblocks", whom] => Command::Unblock(self.identity(whom)),
            ["to", whom] => Command::SendText {
                to: self.conversation(who, whom),
                text: text.to_owned(),
                quote: None,
                reference: None,
            },
            _ => return self.group_command(who, words, text),
        })
    }

    /// What somebody does about groups.
    fn group_command(&mut self, who: usize, words: &[&str], text: &str) -> Option<Command> {
        Some(match words {
            ["creates", name, with @ ..] => Command::CreateGroup {
                name: unquoted(name)?,
                members: self.identities(with.strip_prefix(&["with"]).unwrap_or_default()),
                reference: None,
            },
            ["copies", name] => Command::CloneGroup {
                group: self.group(who, name)?,
                name: None,
                reference: None,
            },
            ["renames", name, "to", new] => Command::RenameGroup {
                group: self.group(who, name)?,
                name: unquoted(new)?,
            },
            ["adds", people @ .., "to", name] => Command::AddMembers {
                group: self.group(who, name)?,
                members: self.identities(people),
            },
            ["removes", people @ .., "from", name] => Command::RemoveMembers {
                group: self.group(who, name)?,
                members: self.identities(people),
            },
            ["leaves", name] => Command::LeaveGroup(self.group(who, name)?),
            ["disbands", name] => Command::DisbandGroup(self.group(who, name)?),
            ["syncs", name] => Command::SyncGroup {
                group: self.group(who, name)?,
                member: None,
            },
            _ => return self.message_command(who, words, text),
        })
    }

    /// What somebody does about messages that are there.
    fn message_command(&mut self, who: usize, words: &[&str], text: &str) -> Option<Command> {
        Some(match words {
            ["to", whom, "quoting", said] => {
                let conversation = self.conversation(who, whom);
                let quoted = self.message(who, said)?;
                Command::SendText {
                    to: conversation,
                    text: text.to_owned(),
                    quote: Some(quoted.position),
                    reference: None,
                }
            }
            ["reacts", emoji, "to", said] => self.reaction(who, emoji, said, true)?,
            ["takes", emoji, "off", said] => self.reaction(who, emoji, said, false)?,
            ["edits", said] => Command::Edit {
                position: self.message(who, said)?.position,
                text: text.to_owned(),
            },
            ["deletes", said, "for", "everyone"] => Command::Delete {
                position: self.message(who, said)?.position,
                for_everyone: true,
            },
            ["deletes", said, "here"] => Command::Delete {
                position: self.message(who, said)?.position,
                for_everyone: false,
            },
            ["forwards", said, "to", whom] => Command::Forward {
                position: self.message(who, said)?.position,
                to: self.conversation(who, whom),
                reference: None,
            },
            ["stars", said] => Command::Star {
                position: self.message(who, said)?.position,
                on: true,
            },
            _ => return self.other_command(who, words, text),
        })
    }

    /// What somebody shows, asks and sorts.
    fn other_command(&mut self, who: usize, words: &[&str], text: &str) -> Option<Command> {
        Some(match words {
            ["shows", whom, "the", "place"] => Command::SendLocation {
                to: self.conversation(who, whom),
                place: Place {
                    latitude: Degrees::new(47.5)?,
                    longitude: Degrees::new(8.25)?,
                    accuracy_m: Some(10),
                    name: text.to_owned(),
                    address: "Shore 1".into(),
                },
                reference: None,
            },
            ["sends", whom, "the", "file", name] => {
                let name = unquoted(name)?;
                self.file(who, whom, &name, text)
            }
            ["fetches", said] => Command::Download {
                position: self.message(who, said)?.position,
            },
            ["asks", whom, kind @ .., question] => {
                let is = |word| kind.contains(&word);
                let poll = NewPoll {
                    question: unquoted(question)?,
                    choices: text.split(" / ").map(str::to_owned).collect(),
                    is_multiple: is("many"),
                    shows_votes: !is("secretly"),
                    is_summary: is("sums"),
                };
                let to = self.conversation(who, whom);
                Command::CreatePoll {
                    to,
                    poll,
                    reference: None,
                }
            }
            ["votes", "in", question] => self.vote(who, question, text)?,
            ["closes", question] => Command::ClosePoll {
                position: self.message(who, question)?.position,
            },
            ["pins", whom] => self.visibility(who, whom, Visibility::Pinned),
            ["archives", whom] => self.visibility(who, whom, Visibility::Archived),
            ["drafts", "for", whom] => Command::SetDraft {
                conversation: self.conversation(who, whom),
                text: text.to_owned(),
            },
            ["empties", whom] => Command::EmptyConversation(self.conversation(who, whom)),
            ["reads", whom] => {
                let conversation = self.conversation(who, whom);
                let newest = self.timeline(who, &conversation).pop()?;
                Command::MarkRead {
                    conversation,
                    up_to: newest.position,
                }
            }
            _ => return people::command(self, who, words, text),
        })
    }

    fn reaction(&mut self, who: usize, emoji: &str, said: &str, on: bool) -> Option<Command> {
        Some(Command::React {
            position: self.message(who, said)?.position,
            emoji: emoji.to_owned(),
            on,
        })
    }

    /// Choices by their words; none takes the vote back.
    fn vote(&mut self, who: usize, question: &str, text: &str) -> Option<Command> {
        let message = self.message(who, question)?;
        let Content::Poll(poll) = message.content else {
            return None;
        };
        let wanted: Vec<_> = text.split(" / ").collect();
        let choices = poll.choices.iter();
        let chosen = choices.filter(|choice| wanted.contains(&choice.text.as_str()));
        Some(Command::Vote {
            position: message.position,
            choices: chosen.map(|choice| choice.id).collect(),
        })
    }

    fn visibility(&mut self, who: usize, whom: &str, visibility: Visibility) -> Command {
        Command::SetVisibility {
            conversation: self.conversation(who, whom),
            visibility,
        }
    }

    /// The newest message that says this, on the screen of `who`.
    fn message(&mut self, who: usize, said: &str) -> Option<Message> {
        let said = unquoted(said)?;
        let list = view::conversations(&self.world.device(who).conn).unwrap();
        let messages = list
            .into_iter()
            .flat_map(|line| self.timeline(who, &line.id));
        let found = messages.filter(|message| match &message.content {
            Content::Text(text) => *text == said,
            Content::Poll(poll) => poll.question == said,
            Content::Location(place) => place.name == said,
            Content::File(file) => file.name == said,
            _ => false,
        });
        let found = found.max_by_key(|message| message.position);
        Some(found.unwrap_or_else(|| panic!("{} does not see {said}", PEOPLE[who])))
    }

    pub(crate) fn settings(&mut self, who: usize, change: impl Fn(&mut Settings)) -> Command {
        let mut settings = view::settings(&self.world.device(who).conn).unwrap();
        change(&mut settings);
        Command::SetSettings(settings)
    }

    fn pass(&mut self, count: u64, unit: &str) {
        let unit_ms = match unit.trim_end_matches('s') {
            "minute" => 60_000,
            "hour" => 3_600_000,
            "day" => 86_400_000,
            _ => panic!("there is no unit {unit}"),
        };
        self.world.pass_ms(count * unit_ms);
    }

    /// Everything goes where it can.
    fn settle(&mut self) {
        self.world.settle();
    }

    pub(crate) fn identity(&self, name: &str) -> Identity {
        self.world.identities[who(name)]
    }

    /// Several people, with or without an "and".
    fn identities(&self, names: &[&str]) -> Vec<Identity> {
        let names = names.iter().filter(|name| **name != "and");
        names.map(|name| self.identity(name)).collect()
    }

    fn group(&mut self, who: usize, name: &str) -> Option<GroupIdentity> {
        match self.conversation(who, name) {
            ConversationId::Group(group) => Some(group),
            ConversationId::Contact(_) => None,
        }
    }

    /// A person by name, or a group by what its name is on the screen of `who`.
    pub(crate) fn conversation(&mut self, who: usize, name: &str) -> ConversationId {
        let Some(group) = name.strip_prefix('"') else {
            return self.identity(name).into();
        };
        let list = view::conversations(&self.world.device(who).conn).unwrap();
        let found = list.into_iter().find(|conversation| {
            matches!(&conversation.partner, Partner::Group(found) if found.name == group)
        });
        found
            .unwrap_or_else(|| panic!("{} has no group {group}", PEOPLE[who]))
            .id
    }

    pub(crate) fn timeline(&mut self, who: usize, conversation: &ConversationId) -> Vec<Message> {
        view::timeline(&self.world.device(who).conn, conversation, None, 100).unwrap()
    }

    /// Identities are random; people have names.
    pub(crate) fn named(&self, text: &str) -> String {
        let pairs = self.world.identities.iter().zip(PEOPLE);
        pairs.fold(text.to_owned(), |text, (identity, name)| {
            text.replace(identity.as_str(), name)
        })
    }

    fn words_of(&self, refusal: &Refusal) -> String {
        self.named(&refusal.to_string())
    }
}

fn unquoted(word: &str) -> Option<String> {
    word.strip_prefix('"').map(str::to_owned)
}

pub(crate) fn who(name: &str) -> usize {
    let found = PEOPLE.iter().position(|person| *person == name);
    found.unwrap_or_else(|| panic!("there is nobody called {name}"))
}
