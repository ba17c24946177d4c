//! Just enough of Rust for the rules: code without comments and strings, functions, paths.

/// The text with the inside of comments, strings and character literals blanked out. Lines and
/// columns stay where they were, so a place in the result is a place in the file.
pub fn blanked(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let Some(end) = literal_or_comment_end(&characters, at) else {
            code.push(characters[at]);
            at += 1;
            continue;
        };
        code.extend(
            characters[at..end]
                .iter()
                .map(|c| if *c == '\n' { '\n' } else { ' ' }),
        );
        at = end;
    }
    code
}

/// Where the comment or literal that begins at `at` ends, if one begins there.
fn literal_or_comment_end(characters: &[char], at: usize) -> Option<usize> {
    let rest = &characters[at..];
    match rest {
        ['/', '/', ..] => Some(
            rest.iter()
                .position(|c| *c == '\n')
                .map_or(characters.len(), |n| at + n),
        ),
        ['/', '*', ..] => Some(block_comment_end(characters, at)),
        ['"', ..] => Some(string_end(characters, at)),
        ['r', '"' | '#', ..] if !continues_word(characters, at) => raw_string_end(characters, at),
        ['\'', '\\', ..] => {
            let close = rest.iter().skip(3).position(|c| *c == '\'')?;
            Some(at + close + 4)
        }
        ['\'', _, '\'', ..] => Some(at + 3),
        _ => None,
    }
}

/// An `r` belongs to a longer word unless nothing, or only a `b` or `c` prefix, stands before it.
fn continues_word(characters: &[char], at: usize) -> bool {
    let word = |index: usize| characters.get(index).is_some_and(|c| is_word(*c));
    match at.checked_sub(1) {
        None => false,
        Some(before) if matches!(characters[before], 'b' | 'c') => before > 0 && word(before - 1),
        Some(before) => word(before),
    }
}

fn block_comment_end(characters: &[char], begin: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = begin;
    while at < characters.len() {
        match &characters[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    characters.len()
}

fn string_end(characters: &[char], begin: usize) -> usize {
    let mut at = begin + 1;
    while let Some(character) = characters.get(at) {
        match character {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    characters.len()
}

fn raw_string_end(characters: &[char], begin: usize) -> Option<usize> {
    let hashes = characters[begin + 1..]
        .iter()
        .take_while(|c| **c == '#')
        .count();
    let open = begin + 1 + hashes;
    if characters.get(open) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| {
        characters[*at] == '"'
            && characters[at + 1..]
                .iter()
                .take(hashes)
                .filter(|c| **c == '#')
                .count()
                == hashes
    };
    let close = (open + 1..characters.len()).find(closes);
    Some(close.map_or(characters.len(), |close| close + 1 + hashes))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// A function in a file: where it begins and how many lines of code stand between its braces.
#[derive(Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of the word `fn`, from 1.
    pub line: usize,
    /// Lines of code in its body; blank lines and comments do not count.
    pub length: usize,
}

/// The functions with a body in blanked code, nested ones included.
pub fn functions(code: &str) -> Vec<Function> {
    let mut functions = Vec::new();
    for (at, _) in words(code).filter(|(_, word)| *word == "fn") {
        let name: String = code[at + 2..]
            .trim_start()
            .chars()
            .take_while(|c| is_word(*c))
            .collect();
        if name.is_empty() {
            continue;
        }
        if let Some((open, close)) = body(code, at) {
            functions.push(Function {
                name,
                line: line_of(code, at),
                length: code[open + 1..close]
                    .lines()
                    .filter(|l| !l.trim().is_empty())
                    .count(),
            });
        }
    }
    functions
}

/// The braces of the body of the function whose `fn` stands at `at`; none for a mere signature.
fn body(code: &str, at: usize) -> Option<(usize, usize)> {
    let mut nesting = 0_usize;
    let mut open = None;
    for (index, character) in code[at..].char_indices().map(|(i, c)| (at + i, c)) {
        match character {
            ';' if nesting == 0 => return None,
            '{' if nesting == 0 => {
                open = Some(index);
                nesting = 1;
            }
            '(' | '[' | '{' => nesting += 1,
            ')' | ']' | '}' => {
                nesting = nesting.checked_sub(1)?;
                if let Some(open) = open
                    && nesting == 0
                {
                    return Some((open, index));
                }
            }
            _ => {}
        }
    }
    None
}

/// The words of blanked code with their places.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.split(|c: char| !is_word(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - code.as_ptr() as usize, word))
}

/// The line of a place, from 1.
pub fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// A path that code names, made absolute within its crate: `["edge", "csp", "serve"]`.
#[derive(Debug, PartialEq)]
pub struct Reference {
    /// The line it stands on, from 1.
    pub line: usize,
    /// Its segments below `crate`.
    pub path: Vec<String>,
}

/// All `crate::`, `super::` and `self::` paths in blanked code, brace groups taken apart.
pub fn references(code: &str, module: &[String]) -> Vec<Reference> {
    let mut references = Vec::new();
    for (at, word) in words(code) {
        let prefix = match word {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => module[..module.len().saturating_sub(1)].to_vec(),
            _ => continue,
        };
        let before = code[..at].trim_end();
        let rest = &code[at + word.len()..];
        // A `super` after another was read with the first one.
        if before.ends_with("::") || !rest.trim_start().starts_with("::") {
            continue;
        }
        let line = line_of(code, at);
        let mut paths = Vec::new();
        path_tree(rest, prefix, &mut paths);
        references.extend(paths.into_iter().map(|path| Reference { line, path }));
    }
    references
}

/// Reads what follows a path's first segment; returns what is left of the text.
fn path_tree<'a>(text: &'a str, prefix: Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let Some(rest) = text.trim_start().strip_prefix("::").map(str::trim_start) else {
        paths.push(prefix);
        return text;
    };
    if let Some(mut inner) = rest.strip_prefix('{') {
        loop {
            inner = inner.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if let Some(after) = inner.strip_prefix('}') {
                return after;
            }
            let next = segment(inner, prefix.clone(), paths);
            if next.len() == inner.len() {
                return inner;
            }
            inner = next;
        }
    }
    segment(rest, prefix, paths)
}

/// Reads one segment and everything below it.
fn segment<'a>(text: &'a str, mut prefix: Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let name: String = text.chars().take_while(|c| is_word(*c)).collect();
    if name.is_empty() {
        // `*`, generic arguments or the end of the path.
        paths.push(prefix);
        return text.strip_prefix('*').unwrap_or(text);
    }
    let mut rest = &text[name.len()..];
    match name.as_str() {
        "super" => drop(prefix.pop()),
        "self" => {}
        _ => prefix.push(name),
    }
    rest = path_tree(rest, prefix, paths);
    match rest.trim_start().strip_prefix("as ") {
        Some(alias) => alias.trim_start().trim_start_matches(is_word),
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<String> = module.iter().map(ToString::to_string).collect();
        references(code, &module)
            .into_iter()
            .map(|r| r.path.join("::"))
            .collect()
    }

    #[test]
    fn strings_and_comments_are_blank_and_lines_stay() {
        let text =
            "let a = \"x\\\"}\"; // {\n/* { /* } */ */ let b = '{'; let c: &'a str = r#\"\"{\"#;";
        let code = blanked(text);
        assert!(!code.contains('{') && !code.contains('}'), "{code}");
        assert_eq!(code.lines().count(), 2);
        assert_eq!(code.len(), text.len());
        assert!(
            code.contains("let b =") && code.contains("&'a str"),
            "{code}"
        );
    }

    #[test]
    fn byte_strings_escapes_and_words_ending_in_r() {
        assert_eq!(blanked("b\"{\""), "b   ");
        assert_eq!(blanked("br\"{\" x"), "b     x");
        assert_eq!(blanked("'\\'' 'a: {"), "     'a: {");
        assert_eq!(blanked("for r in '\\u{7f}'"), "for r in         ");
    }

    #[test]
    fn functions_are_found_and_measured() {
        let code = "fn a<const N: usize>(x: [u8; N]) -> u8 {\n    1\n\n}\ntrait T { fn s(&self); }\n\
                    type F = fn(u8);\nfn b() where u8: Copy { { } }\n";
        let found = functions(&blanked(code));
        assert_eq!(
            found[0],
            Function {
                name: "a".into(),
                line: 1,
                length: 1
            }
        );
        assert_eq!(found[1].name, "b");
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn paths_become_absolute() {
        let code = "use crate::{edge::{csp, d2m::Web as W}, app::App};\nuse super::super::api::*;";
        assert_eq!(
            paths(code, &["edge", "api", "check"]),
            ["edge::csp", "edge::d2m::Web", "app::App", "edge::api"]
        );
        assert_eq!(
            paths("let x = crate::service::blobs::find::<u8>(); self.a;", &[]),
            ["service::blobs::find"]
        );
        assert_eq!(paths("pub(crate) fn x() {}", &[]), Vec::<String>::new());
    }
}
