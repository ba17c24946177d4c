//! Pages of conversations that mean harm, and of those that do not.

use dreiklang_wire::e2e::FileRendering;

use super::*;
use crate::view::{Choice, Degrees, Media, Notes, Position, Reaction};

/// What would run if a text became markup, and what would end an attribute or a style.
const CANARY: &str =
    "<img src=x onerror=\"globalThis.caught=1\">'</style></title><script>1</script>";

fn identity(text: &str) -> Identity {
    text.parse().unwrap()
}

fn people() -> People {
    let (alice, bob) = (identity("ALICE000"), identity("BOB00000"));
    People::known(
        Some(alice),
        [(alice, "Alice".to_owned()), (bob, format!("Bob {CANARY}"))],
    )
}

fn message(sender: &str, content: Content) -> Message {
    let at = Timestamp::from_ms(1_764_000_000_000);
    Message {
        position: Position(1),
        conversation: identity("BOB00000").into(),
        sender: identity(sender),
        id: "0102030405060708".parse().unwrap(),
        state: MessageState::IncomingRead,
        state_at: at,
        created_at: at,
        stored_at: at,
        content,
        changed_at: None,
        notes: Notes::default(),
        reference: None,
        quote: None,
        reactions: Vec::new(),
        is_starred: false,
        should_notify: false,
    }
}

fn head() -> Head {
    Head {
        own_name: format!("Alice {CANARY}"),
        title: format!("Bob {CANARY}"),
        made_at: Timestamp::from_ms(1_764_000_060_000),
        language: format!("de\" {CANARY}"),
        utc_offset_minutes: 60,
    }
}

fn page(messages: &[Message], words: &[(&str, &str)]) -> String {
    let own = |(name, word): &(&str, &str)| ((*name).to_owned(), (*word).to_owned());
    let mut page = Transcript::new(&head(), words.iter().map(own).collect());
    for message in messages {
        page.push(message, &people(), None);
    }
    String::from_utf8(page.finish()).unwrap()
}

/// The names of all tags, in order.
fn tags(page: &str) -> Vec<&str> {
    let ends = |letter: char| !letter.is_ascii_alphanumeric();
    let opened = page.split('<').skip(1);
    let names = opened.map(|rest| rest.split(ends).next().unwrap_or_default());
    names.filter(|name| !name.is_empty()).collect()
}

fn file(name: &str) -> FileContent {
    FileContent {
        name: name.to_owned(),
        media_type: "image/jpeg".to_owned(),
        size_bytes: 1_234,
        caption: CANARY.to_owned(),
        rendering: FileRendering::Media,
        width: None,
        height: None,
        duration_ms: None,
        is_animated: false,
        media: Media::default(),
        thumbnail: None,
        is_played: false,
        correlation: String::new(),
    }
}

/// One message of each kind, by somebody who means harm.
fn hostile() -> Vec<Message> {
    let place = Place {
        latitude: Degrees::new(47.0).unwrap(),
        longitude: Degrees::new(8.5).unwrap(),
        accuracy_m: None,
        name: CANARY.to_owned(),
        address: CANARY.to_owned(),
    };
    let choice = Choice {
        id: 0,
        text: CANARY.to_owned(),
        votes: 1,
        voters: vec![identity("BOB00000")],
        is_mine: false,
    };
    let poll = Poll {
        question: CANARY.to_owned(),
        choices: vec![choice],
        is_multiple: false,
        shows_votes: true,
        is_summary: false,
        is_closed: true,
        voters: vec![identity("BOB00000")],
    };
    let renamed = Notice::Renamed {
        from: CANARY.to_owned(),
        to: CANARY.to_owned(),
    };
    let mut messages: Vec<_> = [
        Content::Text(format!("*{CANARY}* @[BOB00000] @[@@@@@@@@]")),
        Content::Text("javascript:alert(1) https://example.com/\"onload=x".to_owned()),
        Content::Location(place),
        Content::Poll(poll),
        Content::File(file(CANARY)),
        Content::Notice(renamed),
        Content::Notice(Notice::Added(vec![identity("BOB00000")])),
        Content::Deleted,
    ]
    .map(|content| message("BOB00000", content))
    .into();
    let quote = |content| Quote::Message {
        position: Position(1),
        sender: identity("BOB00000"),
        content: Box::new(content),
    };
    messages[0].quote = Some(quote(Content::Text(CANARY.to_owned())));
    messages[1].quote = Some(Quote::Words {
        identity: identity("BOB00000"),
        text: CANARY.to_owned(),
    });
    messages[2].quote = Some(Quote::Missing);
    messages[2].reactions = vec![Reaction {
        emoji: CANARY.to_owned(),
        sender: identity("BOB00000"),
        is_ours: false,
        at: Timestamp::from_ms(1),
    }];
    messages
}

#[test]
fn nothing_of_others_becomes_markup() {
    let all = [
        "exported",
        "times",
        "deleted",
        "file",
        "location",
        "missing",
        "everybody",
    ];
    let page = page(&hostile(), &all.map(|name| (name, CANARY)));

    let known = [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "bdi",
        "p",
        "main",
        "h2",
        "article",
        "b",
        "blockquote",
        "ul",
        "li",
    ];
    for tag in tags(&page) {
        assert!(known.contains(&tag), "{tag}");
    }
    assert!(page.contains("&lt;img src=x onerror=&quot;globalThis.caught=1&quot;&gt;&#39;"));
    assert!(!page.contains("href"), "{page}");
    // Only `http-equiv`, `name` and the like: nothing ends the attribute that it stands in.
    assert!(page.contains("<html lang=\"de&quot; &lt;img"), "{page}");
}

#[test]
fn a_page_reads_as_it_was_written() {
    let mut answer = message("ALICE000", Content::Text("*yes*\nand _no_".to_owned()));
    answer.state = MessageState::Sent;
    answer.changed_at = Some(Timestamp::from_ms(1));
    answer.created_at = Timestamp::from_ms(1_764_100_000_000);
    answer.quote = Some(Quote::Missing);
    let asked = message("BOB00000", Content::Text("well?".to_owned()));
    let words = [("exported", "Gesichert am"), ("edited", "bearbeitet")];
    let page = page(&[asked, answer], &words);
    for piece in [
        "<p>Gesichert am 2025-11-24 17:01</p>",
        "<p>times UTC+01:00</p>",
        "<h2>2025-11-24</h2>",
        "<h2>2025-11-25</h2>",
        "</bdi></b> · 20:46 · bearbeitet</p>",
        "<b><bdi>Alice &lt;img",
        "<blockquote><p>missing</p>\n</blockquote>",
        "<p class=\"text\" dir=\"auto\"><b>yes</b>\nand <i>no</i></p>",
        "<p class=\"text\" dir=\"auto\">well?</p>",
        "default-src 'none'",
    ] {
        assert!(page.contains(piece), "{piece}\n{page}");
    }
    assert_eq!(page.matches("<article").count(), 2);
    assert_eq!(page.matches("<article class=\"out\">").count(), 1);
}

#[test]
fn a_picture_stands_in_the_page_itself() {
    let mut page = Transcript::new(&head(), Words::new());
    let message = message("BOB00000", Content::File(file("\" onerror=\"1")));
    page.push(&message, &people(), Some(&[0xFF, 0xD8, 0xFF, 0xE0]));
    let page = String::from_utf8(page.finish()).unwrap();
    let picture = "<img alt=\"&quot; onerror=&quot;1\" src=\"data:image/jpeg;base64,/9j/4A==\">";
    assert!(page.contains(picture), "{page}");
    assert!(page.contains(", 2 kB</p>"), "{page}");
}

#[test]
fn no_clock_is_further_ahead_than_one_on_earth() {
    let late = Head {
        utc_offset_minutes: i32::MIN,
        made_at: Timestamp::from_ms(0),
        ..head()
    };
    let page = Transcript::new(&late, Words::new()).finish();
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("exported 1969-12-31 10:00"), "{page}");
    assert!(page.contains("UTC−14:00"), "{page}");
}
