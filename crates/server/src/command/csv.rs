//! Reads lists of identities: one `identity,public key[,kind]` per line.

use crate::edge::admin::format::Import;

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Counted from one.
    pub line: usize,
    /// Why.
    pub text: &'static str,
}

/// The usable lines, each with its number, and the others.
///
/// Empty lines, lines that begin with `#` and a head that begins with `identity` are skipped.
pub fn read(text: &str, is_work_by_default: bool) -> (Vec<(usize, Import)>, Vec<BadLine>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (index, raw) in text.lines().enumerate() {
        let (line, content) = (index + 1, raw.trim());
        let is_head = index == 0 && content.to_ascii_lowercase().starts_with("identity");
        if content.is_empty() || content.starts_with('#') || is_head {
            continue;
        }
        if line > LINES_MAX {
            bad.push(BadLine {
                line,
                text: "too many lines; cut the file in pieces",
            });
            break;
        }
        match import(content, is_work_by_default) {
            Ok(import) => good.push((line, import)),
            Err(text) => bad.push(BadLine { line, text }),
        }
    }
    (good, bad)
}

fn import(content: &str, is_work_by_default: bool) -> Result<Import, &'static str> {
    if content.len() > LINE_BYTES_MAX {
        return Err("this line is too long");
    }
    let fields: Vec<_> = content
        .split([',', ';'])
        .map(|it| it.trim().trim_matches('"'))
        .collect();
    let (identity, public_key, kind) = match *fields.as_slice() {
        [identity, public_key] => (identity, public_key, ""),
        [identity, public_key, kind] => (identity, public_key, kind),
        _ => return Err("a line has two or three fields: identity, public key, kind"),
    };
    let is_work = match kind {
        "" => is_work_by_default,
        "private" => false,
        "work" => true,
        _ => return Err("the kind is private or work"),
    };
    if identity.parse::<dreiklang_wire::id::Identity>().is_err() {
        return Err("an identity has eight characters of 0-9 and A-Z");
    }
    if public_key.len() != 64 || hex::decode(public_key).is_err() {
        return Err("a public key has 64 hex digits");
    }
    Ok(Import {
        identity: identity.to_owned(),
        public_key: public_key.to_owned(),
        is_work,
    })
}

const LINES_MAX: usize = 1_000_000;
const LINE_BYTES_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_lines_are_told_apart() {
        let key = "ab".repeat(32);
        let text = format!(
            "identity,public_key,kind\n# from the old server\n\nABCDEFGH,{key}\r\n\
             \"01234567\";\"{key}\";work\nabcdefgh,{key}\nABCDEFGH,abc\nABCDEFGH\n\
             ABCDEFGH,{key},other\n{}\n",
            "x".repeat(2000)
        );
        let (good, bad) = read(&text, false);
        assert_eq!(good.iter().map(|it| it.0).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(
            good.iter().map(|it| it.1.is_work).collect::<Vec<_>>(),
            [false, true]
        );
        assert_eq!(good[1].1.identity, "01234567");
        assert_eq!(
            bad.iter().map(|it| it.line).collect::<Vec<_>>(),
            [6, 7, 8, 9, 10]
        );
    }
}
