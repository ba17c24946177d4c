//! Reactions, edits, deletions and polls in groups: everybody inside may, nobody outside.

use dreiklang_engine::NewPoll;

use super::*;

/// What an act leads to, as one of them sees it: every text, with its reactions.
fn seen(world: &mut World, who: usize, group: GroupIdentity) -> Vec<(String, Vec<String>)> {
    let rows = world.rows(who, group);
    let rows = rows
        .into_iter()
        .filter(|row| !matches!(row.content, Content::Notice(_)));
    rows.map(|row| {
        let reactions = row.reactions.iter().map(|it| it.emoji.clone()).collect();
        let text = match &row.content {
            Content::Text(text) => text.clone(),
            Content::Poll(poll) => {
                let votes = poll.choices.iter().map(|it| it.votes.to_string());
                votes.collect::<Vec<_>>().join(":")
            }
            other => format!("{other:?}"),
        };
        (text, reactions)
    })
    .collect()
}

fn acts(world: &mut World, group: GroupIdentity) -> [Command; 4] {
    let rows = world.rows(BOB, group);
    let find = |text: &str| {
        let row = rows
            .iter()
            .find(|row| matches!(&row.content, Content::Text(it) if it == text));
        row.expect("it was said").position
    };
    let poll = rows
        .iter()
        .find(|row| matches!(row.content, Content::Poll(_)));
    [
        Command::React {
            position: find("hello"),
            emoji: "\u{1f389}".into(),
            on: true,
        },
        Command::Edit {
            position: find("mine"),
            text: "edited".into(),
        },
        Command::Delete {
            position: find("also mine"),
            for_everyone: true,
        },
        Command::Vote {
            position: poll.expect("there is a poll").position,
            choices: vec![0],
        },
    ]
}

/// A group in which something was said and asked.
fn talk() -> (World, GroupIdentity) {
    let (mut world, group) = team();
    // So that everybody knows what the others' apps can do.
    world.pass_ms(25 * 60 * 60 * 1_000);
    world.settle();
    world.say(ALICE, group, "hello");
    world.say(BOB, group, "mine");
    world.say(BOB, group, "also mine");
    let poll = NewPoll {
        question: "When?".into(),
        choices: vec!["now".into(), "later".into()],
        is_multiple: false,
        shows_votes: true,
        is_summary: false,
    };
    let create = Command::CreatePoll {
        to: group.into(),
        poll,
        reference: None,
    };
    assert!(world.ask(ALICE, create).is_ok());
    world.settle();
    (world, group)
}

#[test]
fn what_members_do_is_done_for_everybody() {
    let (mut world, group) = talk();
    for command in acts(&mut world, group) {
        world.ask(BOB, command).unwrap();
    }
    world.settle();
    for who in [ALICE, BOB, CAROL] {
        let seen = seen(&mut world, who, group);
        let party = vec!["\u{1f389}".to_owned()];
        assert!(seen.contains(&("hello".into(), party)), "{seen:?}");
        assert!(seen.contains(&("edited".into(), vec![])), "{seen:?}");
        assert!(seen.contains(&("1:0".into(), vec![])), "{seen:?}");
        assert!(
            !seen.iter().any(|(text, _)| text.ends_with("mine")),
            "{seen:?}"
        );
    }
}

#[test]
fn who_was_removed_can_do_nothing_any_more() {
    let (mut world, group) = talk();
    let [alice, carol] = [ALICE, CAROL].map(|who| seen(&mut world, who, group));
    world.disconnect(BOB);
    world.remove(ALICE, group, &[BOB]);
    world.settle();
    // He does not know it yet.
    let acts = acts(&mut world, group);
    for command in acts.clone() {
        world.ask(BOB, command).unwrap();
    }
    world.connect(BOB);
    world.settle();
    assert_eq!(seen(&mut world, ALICE, group), alice);
    assert_eq!(seen(&mut world, CAROL, group), carol);
    assert_eq!(world.group(BOB, group).membership, Membership::Kicked);
    for command in acts {
        assert_eq!(world.refuse(BOB, command), Refusal::NotInGroup(group));
    }
    assert_eq!(world.outbox_len(BOB), 0);
}
