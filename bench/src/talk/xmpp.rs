//! XMPP with stream management (RFC 6120, XEP-0198): just enough to load a server.
//!
//! The scanner knows the stanzas of the servers it meets: elements at the top of the stream whose
//! own name does not occur again inside them.

use anyhow::{Result, bail, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Event, Stamp};

/// A stream after its login.
pub(super) struct Xmpp {
    /// Stanzas that we have taken over, as the server counts them.
    handled: u32,
    /// Stanzas of ours, and those that the server has taken over.
    sent: u32,
    acknowledged: u32,
    /// The first stanza of this phase, and how many stanzas had been sent that are no messages.
    phase_begin: u32,
    is_ready: bool,
    incomplete: Vec<u8>,
}

impl Xmpp {
    pub(super) async fn log_in(stream: &mut TcpStream, me: u32) -> Result<Self> {
        let mut bytes = Vec::new();
        stream.write_all(OPENING.as_bytes()).await?;
        await_text(stream, &mut bytes, &["</stream:features>"]).await?;
        let secret = BASE64_STANDARD.encode(format!("\0{}\0{}", name(me), password(me)));
        let auth = format!(
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>"
        );
        stream.write_all(auth.as_bytes()).await?;
        let answer = await_text(stream, &mut bytes, &["<success", "<failure"]).await?;
        ensure!(answer == "<success", "the password is refused");
        stream.write_all(OPENING.as_bytes()).await?;
        await_text(stream, &mut bytes, &["</stream:features>"]).await?;
        stream.write_all(BINDING.as_bytes()).await?;
        await_text(stream, &mut bytes, &["</iq>"]).await?;
        stream.write_all(b"<enable xmlns='urn:xmpp:sm:3'/>").await?;
        let answer = await_text(stream, &mut bytes, &["<enabled", "<failed"]).await?;
        ensure!(answer == "<enabled", "there is no stream management");
        await_text(stream, &mut bytes, &[">"]).await?;
        Ok(Self {
            handled: 0,
            sent: 0,
            acknowledged: 0,
            phase_begin: 0,
            is_ready: false,
            incomplete: bytes,
        })
    }

    pub(super) fn listen(&mut self, output: &mut Vec<u8>) {
        output.extend_from_slice(b"<presence/>");
        self.sent += 1;
    }

    pub(super) fn begin_phase(&mut self) {
        self.phase_begin = self.sent;
    }

    pub(super) fn send(&mut self, to: u32, stamp: Stamp, size: usize, output: &mut Vec<u8>) {
        let (id, sent) = (stamp.id(), stamp.sent_ns);
        let head = format!(
            "<message to='{}@localhost' type='chat' id='{id:x}'><body>{id:016x}{sent:016x}",
            name(to)
        );
        output.extend_from_slice(head.as_bytes());
        let filled = output.len() + size.saturating_sub(2 * Stamp::BYTES);
        output.resize(filled, b'x');
        output.extend_from_slice(b"</body></message>");
        self.sent += 1;
    }

    pub(super) fn ask(output: &mut Vec<u8>) {
        output.extend_from_slice(b"<r xmlns='urn:xmpp:sm:3'/>");
    }

    pub(super) fn take(&mut self, input: &[u8], output: &mut Vec<u8>, on: &mut impl FnMut(Event)) {
        self.incomplete.extend_from_slice(input);
        let bytes = std::mem::take(&mut self.incomplete);
        let mut rest = bytes.as_slice();
        while let Some((stanza, tail)) = split_stanza(rest) {
            rest = tail;
            self.take_stanza(stanza, output, on);
        }
        self.incomplete.extend_from_slice(rest);
    }

    fn take_stanza(&mut self, stanza: &[u8], output: &mut Vec<u8>, on: &mut impl FnMut(Event)) {
        match element(stanza) {
            b"message" => {
                self.handled += 1;
                if let Some(stamp) = stamp(stanza) {
                    on(Event::Received(stamp));
                }
            }
            b"presence" => {
                self.handled += 1;
                // Our own presence comes back when the session can receive.
                if !std::mem::replace(&mut self.is_ready, true) {
                    on(Event::Ready);
                }
            }
            b"iq" => self.handled += 1,
            b"r" => {
                let answer = format!("<a xmlns='urn:xmpp:sm:3' h='{}'/>", self.handled);
                output.extend_from_slice(answer.as_bytes());
            }
            b"a" => self.acknowledge(attribute(stanza, b" h=").unwrap_or_default(), on),
            _ => {}
        }
    }

    /// The server has taken over so many stanzas of ours.
    fn acknowledge(&mut self, count: u32, on: &mut impl FnMut(Event)) {
        for stanza in self.acknowledged..count {
            if let Some(seq) = stanza.checked_sub(self.phase_begin) {
                on(Event::Acknowledged(seq));
            }
        }
        self.acknowledged = self.acknowledged.max(count);
    }
}

/// Registers somebody in band (XEP-0077). Somebody who exists is registered.
pub(super) async fn register(stream: &mut TcpStream, me: u32) -> Result<()> {
    let mut bytes = Vec::new();
    stream.write_all(OPENING.as_bytes()).await?;
    await_text(stream, &mut bytes, &["</stream:features>"]).await?;
    let request = format!(
        "<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>{}</username>\
         <password>{}</password></query></iq>",
        name(me),
        password(me)
    );
    stream.write_all(request.as_bytes()).await?;
    let found = await_text(
        stream,
        &mut bytes,
        &["conflict", "type='result'", "type=\"result\"", "<error"],
    )
    .await?;
    if found == "<error" && memmem::find(&bytes, b"conflict").is_none() {
        bail!("cannot register: {}", String::from_utf8_lossy(&bytes));
    }
    Ok(())
}

/// Reads until one of the texts has arrived; drops everything up to its end; says which it was.
async fn await_text<'a>(
    stream: &mut TcpStream,
    bytes: &mut Vec<u8>,
    texts: &[&'a str],
) -> Result<&'a str> {
    loop {
        let places = texts.iter().filter_map(|text| {
            let place = memmem::find(bytes, text.as_bytes())?;
            Some((place, *text))
        });
        if let Some((place, text)) = places.min() {
            bytes.drain(..place + text.len());
            return Ok(text);
        }
        if stream.read_buf(bytes).await? == 0 {
            bail!(
                "closed while waiting for {texts:?}: {}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

/// The first whole element, and what follows it. Text between elements is skipped.
fn split_stanza(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = &bytes[memchr::memchr(b'<', bytes)?..];
    let head = memchr::memchr(b'>', bytes)?;
    let is_whole = bytes[head - 1] == b'/' || bytes.starts_with(b"</");
    let end = if is_whole {
        head + 1
    } else {
        let close = [b"</", element(bytes), b">"].concat();
        memmem::find(bytes, &close)? + close.len()
    };
    Some(bytes.split_at(end))
}

/// The name of an element.
fn element(stanza: &[u8]) -> &[u8] {
    let name = stanza.get(1..).unwrap_or_default();
    let end = name
        .iter()
        .position(|byte| matches!(byte, b' ' | b'>' | b'/'));
    &name[..end.unwrap_or(name.len())]
}

fn stamp(stanza: &[u8]) -> Option<Stamp> {
    let begin = memmem::find(stanza, b"<body>")? + b"<body>".len();
    let number = |from: usize| {
        let digits = stanza.get(begin + from..begin + from + 16)?;
        u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    // An error repeats the message to its sender.
    let is_error = memmem::find(stanza, b"type='error'").is_some();
    (!is_error).then_some(Stamp::from_id(number(0)?, number(16)?))
}

fn attribute(stanza: &[u8], name: &[u8]) -> Option<u32> {
    let begin = memmem::find(stanza, name)? + name.len() + 1;
    let text = std::str::from_utf8(stanza.get(begin..)?).ok()?;
    text.split(['\'', '"']).next()?.parse().ok()
}

fn name(person: u32) -> String {
    format!("b{person}")
}

fn password(person: u32) -> String {
    format!("bench-{person}")
}

const OPENING: &str = "<?xml version='1.0'?><stream:stream to='localhost' \
    xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
const BINDING: &str = "<iq type='set' id='b'>\
    <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>";

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Xmpp {
        Xmpp {
            handled: 0,
            sent: 0,
            acknowledged: 0,
            phase_begin: 0,
            is_ready: false,
            incomplete: Vec::new(),
        }
    }

    #[test]
    fn stanzas_survive_any_cut() {
        let mut xmpp = stream();
        let stamp = Stamp::from_id(77, 1234);
        let mut wire = b"<presence from='b1'/>\n".to_vec();
        xmpp.send(5, stamp, 100, &mut wire);
        wire.extend_from_slice(b"<r xmlns='urn:xmpp:sm:3'/><a h='1' xmlns='urn:xmpp:sm:3'/>");
        let (mut answers, mut events) = (Vec::new(), Vec::new());
        for byte in wire {
            xmpp.take(&[byte], &mut answers, &mut |event| events.push(event));
        }
        let expected = [Event::Ready, Event::Received(stamp), Event::Acknowledged(0)];
        assert_eq!(events, expected);
        assert_eq!(answers, b"<a xmlns='urn:xmpp:sm:3' h='2'/>");
    }

    #[test]
    fn bodies_have_the_size_that_was_asked_for() {
        let mut wire = Vec::new();
        stream().send(5, Stamp::from_id(1, 2), 100, &mut wire);
        let begin = memmem::find(&wire, b"<body>").expect("a body") + 6;
        let end = memmem::find(&wire, b"</body>").expect("its end");
        assert_eq!(end - begin, 100);
    }
}
