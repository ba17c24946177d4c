//! From a text to what of it is bold, a mention, a link. The marks are those of the published apps:
//! `*bold*`, `_italic_`, `~struck~` at the borders of words and inside one line, `@[IDENTITY]`, and
//! addresses, inside which nothing else counts.

use dreiklang_wire::id::Identity;

mod link;
#[cfg(test)]
mod tests;

pub use link::LinkWarning;

use link::Address;

/// A piece of a text. The pieces of a text, one after the other, are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// What stands in the text.
    pub text: &'a str,
    /// How to show it.
    pub style: Style,
    /// What it is.
    pub kind: SpanKind,
}

/// How to show a piece of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Bold.
    pub is_bold: bool,
    /// Italic.
    pub is_italic: bool,
    /// Struck through.
    pub is_struck: bool,
}

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    /// Just text.
    Text,
    /// A mark that made something bold, italic or struck: nothing to show.
    Mark,
    /// Somebody is meant.
    Mention(Mention),
    /// An address to open; with what is odd about it.
    Link(Option<LinkWarning>),
}

/// Who is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mention {
    /// One person.
    One(Identity),
    /// Everybody in the group.
    Everybody,
}

/// The pieces of a text, in order. Never fails; the time grows with the length of the text only.
pub fn markup(text: &str) -> Vec<Span<'_>> {
    let mut tokens = tokens(text);
    pair(&mut tokens);
    spans(text, &tokens)
}

/// Who is mentioned in a text.
pub fn mentions(text: &str) -> Vec<Mention> {
    let mentions = tokens(text).into_iter().filter_map(|token| match token.is {
        Is::Mention(mention) => Some(mention),
        _ => None,
    });
    mentions.collect()
}

/// A place in the text where something other than plain text begins.
struct Token {
    at: usize,
    length: usize,
    is: Is,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    /// A mark that may have a partner.
    Mark(Mark),
    /// A mark that has one.
    Paired(Mark),
    Mention(Mention),
    Link(Option<LinkWarning>),
    LineEnd,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Bold,
    Italic,
    Struck,
}

impl Mark {
    fn from_char(c: char) -> Option<Self> {
        Some(match c {
            '*' => Self::Bold,
            '_' => Self::Italic,
            '~' => Self::Struck,
            _ => return None,
        })
    }
}

const MENTION_BEGINS: &str = "@[";
const EVERYBODY: &str = "@@@@@@@@";
const MENTION_BYTES: usize = MENTION_BEGINS.len() + Identity::BYTES + 1;

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut before = None;
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(c) = rest.chars().next()
    {
        let (length, is) = if let Some(address) = Address::at_start(rest, before) {
            let is = (address.link_bytes > 0).then_some(Is::Link(address.warning));
            if let Some(is) = is {
                tokens.push(Token {
                    at,
                    length: address.link_bytes,
                    is,
                });
            }
            (address.bytes, None)
        } else if let Some(mention) = mention_at_start(rest) {
            (MENTION_BYTES, Some(Is::Mention(mention)))
        } else {
            let after = rest.chars().nth(1);
            let is = match Mark::from_char(c) {
                Some(mark) if is_at_border(c, before, after) => Some(Is::Mark(mark)),
                _ if c == '\n' => Some(Is::LineEnd),
                _ => None,
            };
            (c.len_utf8(), is)
        };
        if let Some(is) = is {
            tokens.push(Token { at, length, is });
        }
        before = rest
            .get(..length)
            .and_then(|passed| passed.chars().next_back());
        // Every piece has at least one character, so this ends.
        at = at.saturating_add(length.max(1));
    }
    tokens
}

fn mention_at_start(rest: &str) -> Option<Mention> {
    let (name, after) = rest
        .strip_prefix(MENTION_BEGINS)?
        .split_at_checked(Identity::BYTES)?;
    if !after.starts_with(']') {
        return None;
    }
    if name == EVERYBODY {
        return Some(Mention::Everybody);
    }
    Some(Mention::One(name.parse().ok()?))
}

/// Whether a mark stands where a word begins or ends. One between blanks, as in `2 * 3`, and one
/// of several, as in `***`, is a character like any other.
fn is_at_border(mark: char, before: Option<char>, after: Option<char>) -> bool {
    let is_border = |c: Option<char>| c.is_none_or(is_border);
    let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    (is_border(before) || is_border(after))
        && !(is_blank(before) && is_blank(after))
        && before != Some(mark)
        && after != Some(mark)
}

fn is_border(c: char) -> bool {
    c.is_whitespace() || BORDERS.contains(c)
}

const BORDERS: &str = ".,!?¡¿‽⸮;:&(){}[]⟨⟩‹›«»'\"‘’“”*~-_…⋯᠁";

/// Gives every mark its partner: the next one of its kind on the line, unless that one is already
/// outside of what encloses the first.
fn pair(tokens: &mut [Token]) {
    let mut open: Vec<(Mark, usize)> = Vec::new();
    for index in 0..tokens.len() {
        match tokens.get(index).map(|token| token.is) {
            Some(Is::LineEnd) => open.clear(),
            Some(Is::Mark(mark)) => {
                let partner = open.iter().rposition(|(opened, _)| *opened == mark);
                let Some(partner) = partner else {
                    // At most one of each kind is open, so looking through them costs nothing.
                    open.push((mark, index));
                    continue;
                };
                let first = open.get(partner).map(|(_, first)| *first);
                open.truncate(partner);
                for one in [first, Some(index)].into_iter().flatten() {
                    if let Some(token) = tokens.get_mut(one) {
                        token.is = Is::Paired(mark);
                    }
                }
            }
            _ => {}
        }
    }
}

fn spans<'a>(text: &'a str, tokens: &[Token]) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    let mut style = Style::default();
    let mut done = 0;
    let mut push = |from: usize, to: usize, style: Style, kind: SpanKind| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            spans.push(Span { text, style, kind });
        }
    };
    for token in tokens {
        let kind = match token.is {
            Is::Mark(_) | Is::LineEnd => continue,
            Is::Paired(_) => SpanKind::Mark,
            Is::Mention(mention) => SpanKind::Mention(mention),
            Is::Link(warning) => SpanKind::Link(warning),
        };
        let end = token.at.saturating_add(token.length);
        push(done, token.at, style, SpanKind::Text);
        push(token.at, end, style, kind);
        if let Is::Paired(mark) = token.is {
            match mark {
                Mark::Bold => style.is_bold = !style.is_bold,
                Mark::Italic => style.is_italic = !style.is_italic,
                Mark::Struck => style.is_struck = !style.is_struck,
            }
        }
        done = end;
    }
    push(done, text.len(), style, SpanKind::Text);
    spans
}
