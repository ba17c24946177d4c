//! Contact cards: files of the media type `text/vcard` (RFC 6350, and version 3.0 before it). Of
//! all that can stand in one, what people look for: a name, numbers, addresses, an identity.

use std::fmt;

use dreiklang_wire::id::Identity;

use crate::contact::code::{ContactCode, web_link};

/// What a contact card says. It is somebody's word, and proves nothing: adding the identity is up
/// to the person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// What the person is called; empty for nothing.
    pub name: String,
    /// Phone numbers, as they stand there.
    pub phones: Vec<String>,
    /// E-mail addresses, as they stand there.
    pub emails: Vec<String>,
    /// Who they are on the network.
    pub identity: Option<Identity>,
}

/// A card that is larger carries pictures, which nobody sees.
pub const CARD_BYTES_MAX: usize = 1024 * 1024;

const VALUES_MAX: usize = 16;
const VALUE_BYTES_MAX: usize = 256;

/// RFC 6350, 3.2: longer lines are folded.
const LINE_BYTES_MAX: usize = 75;

impl Card {
    /// Reads the first card of a file; nothing if there is none.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..bytes.len().min(CARD_BYTES_MAX))?;
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = Lines { text }.filter_map(|line| Property::of(&line));
        let begins = |property: &Property| property.is("BEGIN", "VCARD");
        lines.find(begins)?;
        let mut card = Self::default();
        let mut structured_name = String::new();
        for property in lines.take_while(|property| !property.is("END", "VCARD")) {
            match property.name.as_str() {
                "FN" if card.name.is_empty() => card.name = property.text(),
                "N" if structured_name.is_empty() => structured_name = property.in_order(),
                "TEL" => push(&mut card.phones, property.without_scheme("tel:")),
                "EMAIL" => push(&mut card.emails, property.without_scheme("mailto:")),
                _ if card.identity.is_none() => {
                    card.identity = match property.text().parse() {
                        Ok(ContactCode::Named(identity)) => Some(identity),
                        Ok(ContactCode::Proven(link)) => Some(link.identity),
                        Err(_) => None,
                    };
                }
                _ => {}
            }
        }
        if card.name.is_empty() {
            card.name = structured_name;
        }
        Some(card)
    }

    /// The card as a file.
    pub fn to_vcard(&self) -> String {
        let mut out = String::from("BEGIN:VCARD\r\nVERSION:4.0\r\n");
        let mut line = |name: &str, value: &str| fold(&format!("{name}:{value}"), &mut out);
        line("FN", &escaped(&self.name));
        for phone in &self.phones {
            line("TEL", &escaped(phone));
        }
        for email in &self.emails {
            line("EMAIL", &escaped(email));
        }
        if let Some(identity) = self.identity {
            line("URL", &web_link(identity));
        }
        out.push_str("END:VCARD\r\n");
        out
    }
}

fn push(values: &mut Vec<String>, value: String) {
    if !value.is_empty() && values.len() < VALUES_MAX {
        values.push(value);
    }
}

/// The lines of a card, unfolded: a line that begins with a blank goes on with the one before.
struct Lines<'a> {
    text: &'a str,
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.text.is_empty() {
            return None;
        }
        let mut whole = String::new();
        loop {
            let (line, rest) = self.text.split_once('\n').unwrap_or((self.text, ""));
            whole.push_str(line.strip_suffix('\r').unwrap_or(line));
            self.text = rest;
            match rest.strip_prefix([' ', '\t']) {
                Some(folded) => self.text = folded,
                None => return Some(whole),
            }
        }
    }
}

/// `group.NAME;PARAMETER="a:b":value`.
struct Property {
    name: String,
    value: String,
}

impl Property {
    fn of(line: &str) -> Option<Self> {
        let mut is_quoted = false;
        let colon = line.find(|c| {
            is_quoted ^= c == '"';
            c == ':' && !is_quoted
        })?;
        let (head, value) = line.split_at_checked(colon)?;
        let name = head.split(';').next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        Some(Self {
            name: name.trim().to_ascii_uppercase(),
            value: value.strip_prefix(':')?.to_owned(),
        })
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.name == name && self.value.trim().eq_ignore_ascii_case(value)
    }

    fn text(&self) -> String {
        clean(&unescaped(&self.value))
    }

    /// `family;given;additional;…` in the order that people say.
    fn in_order(&self) -> String {
        let mut parts = vec![String::new()];
        let mut is_escaped = false;
        for c in self.value.chars() {
            if c == ';' && !is_escaped {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push(c);
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        let part = |place: usize| parts.get(place).map_or("", String::as_str);
        let ordered = [part(1), part(2), part(0)].join(" ");
        clean(&unescaped(&ordered))
    }

    fn without_scheme(&self, scheme: &str) -> String {
        let text = self.text();
        match text.split_at_checked(scheme.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(scheme) => rest.to_owned(),
            _ => text,
        }
    }
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            _ => out.push(c),
        }
    }
    out
}

fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ',' | ';' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            _ => out.push(c),
        }
    }
    out
}

/// One line of a bounded length, with single blanks.
fn clean(text: &str) -> String {
    let words: Vec<_> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let text = words.join(" ");
    let end = text.floor_char_boundary(VALUE_BYTES_MAX);
    text.get(..end).unwrap_or_default().to_owned()
}

fn fold(line: &str, out: &mut String) {
    let mut room = LINE_BYTES_MAX;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            // The blank is part of the next line.
            room = LINE_BYTES_MAX.saturating_sub(1);
        }
        room = room.saturating_sub(c.len_utf8());
        out.push(c);
    }
    out.push_str("\r\n");
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Card(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PHONE: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Muster;Hans\\;Peter;;;\r\n\
        item1.TEL;TYPE=\"cell:x\",voice:+41 79 123 45 67\r\nTEL;VALUE=uri:tel:+4112\r\n\
        EMAIL;TYPE=INTERNET:hans@example\r\n .com\r\nPHOTO;ENCODING=b:AAAA\r\n\
        URL:https://threema.id/ECHOECHO\r\nNOTE:x\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Other\r\n";

    #[test]
    fn cards_of_phones_are_read() {
        let card = Card::parse(PHONE.as_bytes()).unwrap();
        assert_eq!(card.name, "Hans;Peter Muster");
        assert_eq!(card.phones, ["+41 79 123 45 67", "+4112"]);
        assert_eq!(card.emails, ["hans@example.com"]);
        assert_eq!(card.identity, "ECHOECHO".parse().ok());
        let named = Card::parse(b"begin:vcard\nFN:A\\, B\\nC\nN:X;Y\nend:vcard").unwrap();
        assert_eq!(named.name, "A, B C");
    }

    #[test]
    fn what_is_no_card_is_none_and_what_is_endless_is_cut() {
        assert_eq!(Card::parse(b""), None);
        assert_eq!(Card::parse(b"FN:Nobody"), None);
        assert_eq!(Card::parse(b"BEGIN:VCARD"), Some(Card::default()));
        let endless = format!("BEGIN:VCARD\n{}", "TEL:1\n".repeat(1_000));
        assert_eq!(Card::parse(endless.as_bytes()).unwrap().phones.len(), 16);
        let long = format!("BEGIN:VCARD\nFN:{}\u{202e}\n", "ä".repeat(1_000));
        assert_eq!(Card::parse(long.as_bytes()).unwrap().name.len(), 256);
        assert!(!format!("{:?}", Card::parse(PHONE.as_bytes())).contains("Muster"));
    }

    proptest! {
        #[test]
        fn a_written_card_is_read_again(
            name in "[^\\s\\p{C}]{1,30}( [^\\s\\p{C}]{1,30}){0,3}",
            phones in prop::collection::vec("\\+[0-9]{3,15}", 0..4),
            emails in prop::collection::vec("[a-z;,\\\\]{1,40}@example\\.com", 0..4),
            has_identity: bool,
        ) {
            let identity = "ECHOECHO".parse().ok().filter(|_| has_identity);
            let card = Card { name, phones, emails, identity };
            let written = card.to_vcard();
            prop_assert!(written.lines().all(|line| line.len() <= LINE_BYTES_MAX));
            prop_assert_eq!(Card::parse(written.as_bytes()), Some(card));
        }

        #[test]
        fn no_file_breaks_it(bytes: Vec<u8>, lines in "(BEGIN:VCARD\n)?([A-Z;:\"\\\\. \n]){0,60}") {
            let _ = Card::parse(&bytes);
            let _ = Card::parse(lines.as_bytes());
        }
    }
}
