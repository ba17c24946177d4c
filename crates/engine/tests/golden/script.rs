//! A transcript: sentences, and what came of them.

/// One line that is played.
pub(crate) struct Sentence {
    /// As it is written.
    pub(crate) line: String,
    /// Its words before the colon; a quoted one begins with a quotation mark.
    pub(crate) words: Vec<String>,
    /// What stands behind the colon.
    pub(crate) text: String,
}

pub(crate) enum Line {
    /// Not played: a comment, or an empty line.
    Silent(String),
    Sentence(Sentence),
}

pub(crate) struct Script {
    pub(crate) lines: Vec<Line>,
}

impl Script {
    /// Reads a transcript without the lines that come of it.
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with("  "));
        let lines = lines.map(|line| {
            if line.is_empty() || line.starts_with('#') {
                Line::Silent(line.to_owned())
            } else {
                Line::Sentence(Sentence::parse(line))
            }
        });
        Self {
            lines: lines.collect(),
        }
    }
}

impl Sentence {
    fn parse(line: &str) -> Self {
        let (head, text) = split_at_colon(line);
        Self {
            line: line.to_owned(),
            words: words(head),
            text: text.to_owned(),
        }
    }

    pub(crate) fn words(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }
}

/// The first colon that is in no quotation marks.
fn split_at_colon(line: &str) -> (&str, &str) {
    let mut is_quoted = false;
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ':' if !is_quoted => return (&line[..at], line[at + 1..].trim_start()),
            _ => {}
        }
    }
    (line, "")
}

fn words(head: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (part, is_quoted) in head.split('"').zip([false, true].into_iter().cycle()) {
        if is_quoted {
            words.push(format!("\"{part}"));
        } else {
            let plain = part.split([' ', ',']).filter(|word| !word.is_empty());
            words.extend(plain.map(str::to_owned));
        }
    }
    words
}
