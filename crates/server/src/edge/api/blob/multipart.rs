//! Finds the one part `blob` of a multipart body, in constant memory (RFC 7578, RFC 2046).
//!
//! Clients send exactly one part (protocol.md A3.2), so this is no general parser: the first part
//! must be the blob, and what follows it is ignored.

use memchr::memmem::Finder;

/// The state of the search. Bytes go in with [`push`](Self::push), content comes out.
pub(super) struct Multipart {
    /// CR, LF, two hyphens and the boundary: what ends a part.
    delimiter: Vec<u8>,
    state: State,
    buffer: Vec<u8>,
    /// Bytes at the start of the buffer that we put there ourselves.
    borrowed: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first delimiter.
    Preamble,
    /// In the head of the part.
    Head,
    /// In the content.
    Content,
    /// After the delimiter that ends the content.
    End,
}

/// The body is not what clients send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

impl Multipart {
    /// Takes the boundary from a `Content-Type`.
    pub(super) fn from_content_type(value: &str) -> Result<Self, Malformed> {
        let mut pieces = value.split(';').map(str::trim);
        if !pieces
            .next()
            .is_some_and(|it| it.eq_ignore_ascii_case("multipart/form-data"))
        {
            return Err(Malformed);
        }
        let boundary = pieces
            .find_map(|it| parameter(it, "boundary"))
            .ok_or(Malformed)?;
        // RFC 2046 5.1.1: 1 to 70 characters.
        if boundary.is_empty() || boundary.len() > 70 {
            return Err(Malformed);
        }
        Ok(Self {
            delimiter: [b"\r\n--", boundary.as_bytes()].concat(),
            state: State::Preamble,
            // The first delimiter may stand at the very start, without the line end before it.
            buffer: b"\r\n".to_vec(),
            borrowed: 0,
        })
    }

    /// Takes bytes of the body and appends what is content to `out`.
    pub(super) fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
        if self.state == State::End {
            return Ok(());
        }
        self.buffer.extend_from_slice(bytes);
        if self.state == State::Preamble {
            let Some(at) = Finder::new(&self.delimiter).find(&self.buffer) else {
                return if self.buffer.len() > HEAD_BYTES_MAX {
                    Err(Malformed)
                } else {
                    Ok(())
                };
            };
            self.buffer.drain(..at + self.delimiter.len());
            self.state = State::Head;
        }
        if self.state == State::Head {
            let Some(at) = Finder::new(b"\r\n\r\n").find(&self.buffer) else {
                return if self.buffer.len() > HEAD_BYTES_MAX {
                    Err(Malformed)
                } else {
                    Ok(())
                };
            };
            let head: Vec<u8> = self.buffer.drain(..at + 4).collect();
            if at > HEAD_BYTES_MAX || !is_blob(&head) {
                return Err(Malformed);
            }
            // An empty content ends with a delimiter whose line end is the one of the head.
            self.buffer.splice(..0, *b"\r\n");
            self.borrowed = 2;
            self.state = State::Content;
        }
        self.content(out);
        Ok(())
    }

    /// Whether the content is complete.
    pub(super) fn is_complete(&self) -> bool {
        self.state == State::End
    }

    /// Hands out what certainly is content: the rest could be the start of a delimiter.
    fn content(&mut self, out: &mut Vec<u8>) {
        let found = Finder::new(&self.delimiter).find(&self.buffer);
        let safe =
            found.unwrap_or_else(|| (self.buffer.len() + 1).saturating_sub(self.delimiter.len()));
        out.extend_from_slice(self.buffer.get(self.borrowed..safe).unwrap_or_default());
        self.buffer.drain(..safe);
        self.borrowed = self.borrowed.saturating_sub(safe);
        if found.is_some() {
            self.buffer = Vec::new();
            self.state = State::End;
        }
    }
}

/// `name="value"` or `name=value`.
fn parameter<'a>(piece: &'a str, name: &str) -> Option<&'a str> {
    let (key, value) = piece.split_once('=')?;
    let quoted = || value.strip_prefix('"')?.strip_suffix('"');
    key.trim()
        .eq_ignore_ascii_case(name)
        .then(|| quoted().unwrap_or(value))
}

fn is_blob(head: &[u8]) -> bool {
    let Ok(head) = std::str::from_utf8(head) else {
        return false;
    };
    head.lines().any(|line| {
        let Some((name, value)) = line.split_once(':') else {
            return false;
        };
        name.eq_ignore_ascii_case("content-disposition")
            && value
                .split(';')
                .any(|it| parameter(it.trim(), "name") == Some("blob"))
    })
}

/// Bytes before the content that are tolerated.
const HEAD_BYTES_MAX: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=\"---------------------------Boundary_Line\"";

    fn body(content: &[u8]) -> Vec<u8> {
        let head = "-----------------------------Boundary_Line\r\n\
            Content-Disposition: form-data; name=\"blob\"; filename=\"blob.bin\"\r\n\
            Content-Type: application/octet-stream\r\n\r\n";
        let tail = "\r\n-----------------------------Boundary_Line--\r\n";
        [head.as_bytes(), content, tail.as_bytes()].concat()
    }

    fn read(body: &[u8], piece: usize) -> Result<(Vec<u8>, bool), Malformed> {
        let mut multipart = Multipart::from_content_type(TYPE)?;
        let mut out = Vec::new();
        for bytes in body.chunks(piece) {
            multipart.push(bytes, &mut out)?;
        }
        Ok((out, multipart.is_complete()))
    }

    #[test]
    fn the_content_comes_out_whole_however_it_is_cut() {
        let tricky = b"\r\n--\r\n-----------------------------Boundary_Lin\r\n\r\n--x\r\n";
        for content in [&b""[..], b"x", b"\r\n", tricky, &[0xff; 300]] {
            let body = body(content);
            for piece in 1..=body.len() {
                assert_eq!(
                    read(&body, piece),
                    Ok((content.to_vec(), true)),
                    "pieces of {piece}"
                );
            }
        }
    }

    #[test]
    fn a_cut_body_is_not_complete() {
        let whole = body(b"content");
        let end = whole.len() - "--\r\n".len();
        for length in 0..end {
            let (_, complete) = read(&whole[..length], 7).unwrap();
            assert!(!complete, "complete after {length} of {end} bytes");
        }
    }

    #[test]
    fn other_parts_and_endless_heads_are_refused() {
        let other = body(b"x");
        let other = String::from_utf8(other)
            .unwrap()
            .replace("\"blob\"", "\"file\"");
        assert_eq!(read(other.as_bytes(), 9), Err(Malformed));
        assert_eq!(read(&[b'a'; 10_000], 100), Err(Malformed));
        let endless = [&body(b"")[..50], &[b'a'; 10_000]].concat();
        assert_eq!(read(&endless, 100), Err(Malformed));
        assert!(Multipart::from_content_type("application/json").is_err());
        assert!(Multipart::from_content_type("multipart/form-data").is_err());
        assert!(Multipart::from_content_type("multipart/form-data; boundary=").is_err());
    }
}
