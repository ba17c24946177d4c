//! Groups of up to four people, one of whom made them.

use dreiklang_engine::{
    Command, Refusal, Reply,
    view::{self, Content, Group, Membership, Message, MessageState, Notice},
};
use dreiklang_wire::id::{GroupIdentity, Identity};

use crate::world::{ALICE, BOB, CAROL, World, text_of};

#[path = "groups/acts.rs"]
mod acts;
#[path = "groups/backup.rs"]
mod backup;
#[path = "groups/hostile.rs"]
mod hostile;
#[path = "groups/large.rs"]
mod large;
#[path = "groups/making.rs"]
mod making;
#[path = "groups/members.rs"]
mod members;
#[path = "groups/races.rs"]
mod races;
#[path = "groups/sync.rs"]
mod sync;

pub(crate) const DAVE: usize = 3;

/// Alice made a group with Bob and Carol, and everybody has it. Dave is outside.
pub(crate) fn team() -> (World, GroupIdentity) {
    let mut world = World::new(4);
    let group = world.create_group(ALICE, "Team", &[BOB, CAROL]);
    world.settle();
    (world, group)
}

impl World {
    pub(crate) fn ids(&self, people: &[usize]) -> Vec<Identity> {
        people.iter().map(|who| self.identities[*who]).collect()
    }

    pub(crate) fn create_group(
        &mut self,
        who: usize,
        name: &str,
        members: &[usize],
    ) -> GroupIdentity {
        let create = Command::CreateGroup {
            name: name.into(),
            members: self.ids(members),
            reference: None,
        };
        self.ask_group(who, create).identity
    }

    /// A command that is answered with a group.
    pub(crate) fn ask_group(&mut self, who: usize, command: Command) -> Group {
        match self.ask(who, command) {
            Ok(Reply::Group(group)) => group,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn refuse(&mut self, who: usize, command: Command) -> Refusal {
        self.ask(who, command).expect_err("it must be refused")
    }

    pub(crate) fn add(&mut self, who: usize, group: GroupIdentity, people: &[usize]) {
        let members = self.ids(people);
        self.ask_group(who, Command::AddMembers { group, members });
    }

    pub(crate) fn remove(&mut self, who: usize, group: GroupIdentity, people: &[usize]) {
        let members = self.ids(people);
        self.ask_group(who, Command::RemoveMembers { group, members });
    }

    pub(crate) fn rename(&mut self, who: usize, group: GroupIdentity, name: &str) {
        let name = name.to_owned();
        self.ask_group(who, Command::RenameGroup { group, name });
    }

    pub(crate) fn say(&mut self, who: usize, group: GroupIdentity, text: &str) -> Message {
        match self.try_say(who, group, text) {
            Ok(Reply::Message(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn try_say(
        &mut self,
        who: usize,
        group: GroupIdentity,
        text: &str,
    ) -> Result<Reply, Refusal> {
        self.ask(
            who,
            Command::SendText {
                to: group.into(),
                text: text.into(),
                quote: None,
                reference: None,
            },
        )
    }

    pub(crate) fn group(&mut self, who: usize, group: GroupIdentity) -> Group {
        self.find_group(who, group).expect("the group is known")
    }

    pub(crate) fn find_group(&mut self, who: usize, group: GroupIdentity) -> Option<Group> {
        view::group(&self.device(who).conn, &group).unwrap()
    }

    /// Whether everybody in it sees the same members.
    pub(crate) fn assert_same(&mut self, group: GroupIdentity, people: &[usize]) {
        for who in people {
            let seen = self.group(*who, group);
            assert_eq!(seen.membership, Membership::Member, "{who}");
            let others: Vec<_> = people
                .iter()
                .copied()
                .filter(|other| other != who)
                .collect();
            assert_eq!(seen.members, self.ids(&others), "{who}");
        }
    }

    pub(crate) fn rows(&mut self, who: usize, group: GroupIdentity) -> Vec<Message> {
        view::timeline(&self.device(who).conn, &group.into(), None, 1_000).unwrap()
    }

    /// What people wrote in a group, as one of them sees it.
    pub(crate) fn said(&mut self, who: usize, group: GroupIdentity) -> Vec<String> {
        let rows = self.rows(who, group);
        let texts = rows
            .iter()
            .filter(|row| matches!(row.content, Content::Text(_)));
        texts.map(text_of).collect()
    }

    /// What happened in a group, and who did it, as one of them sees it.
    pub(crate) fn happened(&mut self, who: usize, group: GroupIdentity) -> Vec<(usize, Notice)> {
        let rows = self.rows(who, group);
        let notices = rows.into_iter().filter_map(|row| match row.content {
            Content::Notice(notice) => {
                assert_eq!(row.state, MessageState::IncomingRead);
                let by = self.identities.iter().position(|it| *it == row.sender);
                Some((by.expect("somebody of this world"), notice))
            }
            _ => None,
        });
        notices.collect()
    }
}

pub(crate) fn renamed(from: &str, to: &str) -> Notice {
    Notice::Renamed {
        from: from.into(),
        to: to.into(),
    }
}
