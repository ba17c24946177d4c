//! A conversation as one page that can be kept, read and printed without the app: no script, no
//! address that is asked for anything, and every text of others is text.

use std::collections::BTreeMap;
use std::fmt::Write;

use dreiklang_wire::api::Base64;
use dreiklang_wire::calendar;

use super::people::People;
use super::{files, scene};
use crate::Identity;
use crate::engine::Timestamp;
use crate::view::{Content, FileContent, Message, MessageState, Notice, Place, Poll, Quote};

/// The words of the page, in the language of the person. Where one is missing, the word that
/// scripts know stands there.
pub(super) type Words = BTreeMap<String, String>;

/// The names of all words.
pub const WORDS: [&str; 25] = [
    "exported",
    "times",
    "edited",
    "failed",
    "missing",
    "deleted",
    "unsupported",
    "location",
    "poll",
    "poll_closed",
    "file",
    "everybody",
    "group_created",
    "group_restored",
    "you_were_added",
    "you_were_removed",
    "added",
    "removed",
    "left",
    "disbanded",
    "renamed",
    "picture_changed",
    "picture_removed",
    "identity_revoked",
    "other",
];

/// What the head of a page says.
pub(super) struct Head {
    /// What the person calls themselves.
    pub(super) own_name: String,
    /// Whom the conversation is with.
    pub(super) title: String,
    /// When the page was made.
    pub(super) made_at: Timestamp,
    /// The language of the words, `de`.
    pub(super) language: String,
    /// How far the clock of the person is ahead of universal time.
    pub(super) utc_offset_minutes: i32,
}

/// A page that grows message by message.
pub(super) struct Transcript {
    page: String,
    words: Words,
    own_name: String,
    utc_offset_minutes: i32,
    day: String,
}

/// Nothing is loaded, run or sent, even where a browser would.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1.5rem;\
color:#1c1b1a;background:#fff;overflow-wrap:anywhere}\
h1{font-size:1.5rem;margin:0}h2{font-size:1rem;text-align:center;margin:2rem 0 1rem}\
header p,.meta,.notice{color:#5c5854;font-size:.875rem;margin:0}\
article{border-inline-start:3px solid #8d8781;padding-inline-start:.75rem;margin:0 0 1rem}\
article.out{border-color:#1f6f54}article p{margin:0}.text{white-space:pre-wrap}\
blockquote{margin:.25rem 0;padding-inline-start:.75rem;border-inline-start:2px solid #c9c3bc;\
white-space:pre-wrap}img{display:block;max-width:100%;height:auto;margin:.25rem 0}\
ul{margin:.25rem 0;padding-inline-start:1.25rem}.notice{text-align:center;margin:0 0 1rem}\
@media(prefers-color-scheme:dark){body{color:#eceae7;background:#161514}\
header p,.meta,.notice{color:#aaa49d}article.out{border-color:#55b892}}";

impl Transcript {
    /// A page without messages.
    pub(super) fn new(head: &Head, words: Words) -> Self {
        let mut page = Self {
            page: String::new(),
            words,
            own_name: head.own_name.clone(),
            utc_offset_minutes: head.utc_offset_minutes.clamp(-OFFSET_MAX, OFFSET_MAX),
            day: String::new(),
        };
        let (title, language) = (escaped(&head.title), escaped(&head.language));
        let made = format!(
            "{} {}",
            page.word("exported"),
            escaped(&page.moment(head.made_at))
        );
        let zone = format!("{} {}", page.word("times"), page.zone());
        page.add(&format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <header>\n<h1><bdi>{title}</bdi></h1>\n<p>{made}</p>\n<p>{zone}</p>\n</header>\n<main>\n"
        ));
        page
    }

    /// How long the page is by now.
    pub(super) fn size_bytes(&self) -> usize {
        self.page.len()
    }

    /// One message more; `thumbnail` is a small picture of its file.
    pub(super) fn push(&mut self, message: &Message, people: &People, thumbnail: Option<&[u8]>) {
        let moment = self.moment(message.created_at);
        let (day, time) = moment.split_once(' ').unwrap_or((&moment, ""));
        if self.day != day {
            day.clone_into(&mut self.day);
            self.add(&format!("<h2>{day}</h2>\n"));
        }
        let who = escaped(&self.name(message.sender, people));
        if let Content::Notice(notice) = &message.content {
            let what = self.notice(notice, people);
            self.add(&format!(
                "<p class=\"notice\">{time} · <bdi>{who}</bdi>: {what}</p>\n"
            ));
            return;
        }
        let direction = if message.state.is_outgoing() {
            "out"
        } else {
            "in"
        };
        let mut meta = format!("<b><bdi>{who}</bdi></b> · {time}");
        if message.changed_at.is_some() && message.content != Content::Deleted {
            let _ = write!(meta, " · {}", self.word("edited"));
        }
        if message.state == MessageState::Failed {
            let _ = write!(meta, " · {}", self.word("failed"));
        }
        let quote = message.quote.as_ref();
        let quote = quote.map_or_else(String::new, |quote| self.quote(quote, people));
        let content = self.content(&message.content, people, thumbnail);
        let reactions = self.reactions(message, people);
        self.add(&format!(
            "<article class=\"{direction}\">\n<p class=\"meta\">{meta}</p>\n\
             {quote}{content}{reactions}</article>\n"
        ));
    }

    /// The whole page.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.add("</main>\n</body>\n</html>\n");
        self.page.into_bytes()
    }

    fn add(&mut self, html: &str) {
        self.page.push_str(html);
    }

    fn word(&self, name: &str) -> String {
        escaped(self.plain_word(name))
    }

    fn plain_word<'a>(&'a self, name: &'a str) -> &'a str {
        debug_assert!(WORDS.contains(&name), "{name} is in no list");
        self.words.get(name).map_or(name, String::as_str)
    }

    fn name(&self, identity: Identity, people: &People) -> String {
        if people.is_me(identity) {
            self.own_name.clone()
        } else {
            people.plain_name(identity)
        }
    }

    fn quote(&self, quote: &Quote, people: &People) -> String {
        let (who, content) = match quote {
            Quote::Message {
                sender, content, ..
            } => (Some(*sender), self.content(content, people, None)),
            Quote::Words { identity, text } => (Some(*identity), self.text(text, people)),
            Quote::Missing => (None, paragraph(&self.word("missing"))),
        };
        let who = who.map_or_else(String::new, |who| {
            let who = escaped(&self.name(who, people));
            format!("<p class=\"meta\"><bdi>{who}</bdi></p>\n")
        });
        format!("<blockquote>{who}{content}</blockquote>\n")
    }

    fn content(&self, content: &Content, people: &People, thumbnail: Option<&[u8]>) -> String {
        match content {
            Content::Text(text) => self.text(text, people),
            Content::Location(place) => self.place(place),
            Content::Poll(poll) => self.poll(poll, people),
            Content::File(file) => self.file(file, people, thumbnail),
            Content::Deleted => paragraph(&self.word("deleted")),
            Content::Notice(notice) => paragraph(&self.notice(notice, people)),
            _ => paragraph(&self.word("unsupported")),
        }
    }

    /// A text with its marks and links.
    fn text(&self, text: &str, people: &People) -> String {
        let mut html = String::from("<p class=\"text\" dir=\"auto\">");
        for part in scene::parts(text, people) {
            let shown = match part.kind {
                "mention" if part.text.is_empty() => format!("@{}", self.plain_word("everybody")),
                "mention" => format!("@{}", part.text),
                _ => part.text,
            };
            let tags = part.styles.iter().map(|style| match *style {
                "bold" => "b",
                "italic" => "i",
                _ => "s",
            });
            let tags: Vec<_> = tags.collect();
            for tag in &tags {
                let _ = write!(html, "<{tag}>");
            }
            // A link is shown, not followed: a page leads nowhere by a slip of the hand.
            html.push_str(&escaped(&shown));
            for tag in tags.iter().rev() {
                let _ = write!(html, "</{tag}>");
            }
        }
        html.push_str("</p>\n");
        html
    }

    fn place(&self, place: &Place) -> String {
        let words = [&place.name, &place.address];
        let words = words.into_iter().filter(|text| !text.is_empty());
        let words: Vec<_> = words.map(|text| escaped(text)).collect();
        let (latitude, longitude) = (place.latitude.get(), place.longitude.get());
        let at = format!("{}: {latitude:.6}, {longitude:.6}", self.word("location"));
        [vec![at], words]
            .concat()
            .iter()
            .map(|it| paragraph(it))
            .collect()
    }

    fn poll(&self, poll: &Poll, people: &People) -> String {
        let state = if poll.is_closed {
            "poll_closed"
        } else {
            "poll"
        };
        let mut html = paragraph(&format!(
            "{}: {}",
            self.word(state),
            escaped(&poll.question)
        ));
        html.push_str("<ul>\n");
        for choice in &poll.choices {
            let who = self.names(&choice.voters, people);
            let who = if who.is_empty() {
                who
            } else {
                format!(" ({who})")
            };
            let text = escaped(&choice.text);
            let _ = writeln!(html, "<li><bdi>{text}</bdi>: {}{who}</li>", choice.votes);
        }
        html.push_str("</ul>\n");
        html
    }

    fn file(&self, file: &FileContent, people: &People, thumbnail: Option<&[u8]>) -> String {
        let name = escaped(&files::full_name(file));
        let mut html = String::new();
        if let Some(jpeg) = thumbnail {
            // Only what it is said to be is drawn: the bytes come from others.
            let picture = Base64(jpeg.to_vec()).to_text();
            let _ = writeln!(
                html,
                "<img alt=\"{name}\" src=\"data:image/jpeg;base64,{picture}\">"
            );
        }
        html.push_str(&paragraph(&format!(
            "{}: <bdi>{name}</bdi>, {}",
            self.word("file"),
            size(file.size_bytes)
        )));
        if !file.caption.is_empty() {
            html.push_str(&self.text(&file.caption, people));
        }
        html
    }

    fn reactions(&self, message: &Message, people: &People) -> String {
        if message.reactions.is_empty() {
            return String::new();
        }
        let each = message.reactions.iter().map(|reaction| {
            let who = escaped(&self.name(reaction.sender, people));
            format!("{} <bdi>{who}</bdi>", escaped(&reaction.emoji))
        });
        let all = each.collect::<Vec<_>>().join(", ");
        format!("<p class=\"meta\">{all}</p>\n")
    }

    fn names(&self, who: &[Identity], people: &People) -> String {
        let one =
            |identity: &Identity| format!("<bdi>{}</bdi>", escaped(&self.name(*identity, people)));
        who.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    fn notice(&self, notice: &Notice, people: &People) -> String {
        let (word, rest) = match notice {
            Notice::GroupCreated => ("group_created", String::new()),
            Notice::GroupRestored => ("group_restored", String::new()),
            Notice::YouWereAdded => ("you_were_added", String::new()),
            Notice::YouWereRemoved => ("you_were_removed", String::new()),
            Notice::Added(who) => ("added", self.names(who, people)),
            Notice::Removed(who) => ("removed", self.names(who, people)),
            Notice::Left => ("left", String::new()),
            Notice::Disbanded => ("disbanded", String::new()),
            Notice::Renamed { to, .. } => ("renamed", format!("<bdi>{}</bdi>", escaped(to))),
            Notice::PictureChanged => ("picture_changed", String::new()),
            Notice::PictureRemoved => ("picture_removed", String::new()),
            Notice::IdentityRevoked => ("identity_revoked", String::new()),
            _ => ("other", String::new()),
        };
        let word = self.word(word);
        if rest.is_empty() {
            word
        } else {
            format!("{word}: {rest}")
        }
    }

    /// `2026-11-24 12:48`, by the clock of the person.
    fn moment(&self, at: Timestamp) -> String {
        let ahead_ms = i64::from(self.utc_offset_minutes) * 60_000;
        let ms = i64::try_from(at.as_ms()).unwrap_or_default();
        let minutes = ms.saturating_add(ahead_ms).div_euclid(60_000);
        let (year, month, day) = calendar::civil_date(minutes.div_euclid(DAY_MINUTES));
        let minute = minutes.rem_euclid(DAY_MINUTES);
        format!(
            "{year:04}-{month:02}-{day:02} {:02}:{:02}",
            minute / 60,
            minute % 60
        )
    }

    fn zone(&self) -> String {
        let sign = if self.utc_offset_minutes < 0 {
            '−'
        } else {
            '+'
        };
        let minutes = self.utc_offset_minutes.abs();
        format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

const DAY_MINUTES: i64 = 24 * 60;
/// No clock on earth is further from universal time.
const OFFSET_MAX: i32 = 14 * 60;

/// `html` is escaped already.
fn paragraph(html: &str) -> String {
    format!("<p>{html}</p>\n")
}

/// Whole kilobytes, as lists of files show them.
fn size(bytes: u64) -> String {
    format!("{} kB", bytes.div_ceil(1_000))
}

/// Text as text, wherever in a page it stands; what would steer a terminal or turn lines around is
/// left out.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in super::safe::block(text).chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
    html
}

#[cfg(test)]
mod tests;
