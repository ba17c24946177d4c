//! MQTT 3.1.1, quality of service 1: just enough to load a broker.

use anyhow::{Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Event, Stamp};

/// A session of a broker.
pub(super) struct Mqtt {
    /// The identifier of the next packet; zero is forbidden.
    packet: u16,
    /// Own messages of this phase that the broker has taken over.
    acknowledged: u32,
    /// The beginning of a packet whose end has not arrived.
    incomplete: Vec<u8>,
}

impl Mqtt {
    pub(super) async fn log_in(stream: &mut TcpStream, me: u32, lasting: bool) -> Result<Self> {
        let name = format!("b{me}");
        let clean = if lasting { 0 } else { 2 };
        let mut body = text("MQTT");
        body.extend_from_slice(&[4, clean, 0, 0]);
        body.extend_from_slice(&text(&name));
        let mut packet = Vec::new();
        put_packet(0x10, &[&body], &mut packet);
        stream.write_all(&packet).await?;
        let mut answer = [0; 4];
        stream.read_exact(&mut answer).await?;
        ensure!(
            answer[0] == 0x20 && answer[3] == 0,
            "the broker refuses: {answer:?}"
        );
        Ok(Self {
            packet: 1,
            acknowledged: 0,
            incomplete: Vec::new(),
        })
    }

    pub(super) fn listen(me: u32, output: &mut Vec<u8>) {
        put_packet(0x82, &[&[0xff, 0xff], &text(&topic(me)), &[1]], output);
    }

    pub(super) fn begin_phase(&mut self) {
        self.acknowledged = 0;
    }

    pub(super) fn send(&mut self, to: u32, stamp: Stamp, size: usize, output: &mut Vec<u8>) {
        let mut body = vec![b'x'; size.max(Stamp::BYTES)];
        body[..8].copy_from_slice(&stamp.id().to_le_bytes());
        body[8..16].copy_from_slice(&stamp.sent_ns.to_le_bytes());
        let packet = self.packet.to_be_bytes();
        put_packet(0x32, &[&text(&topic(to)), &packet, &body], output);
        self.packet = self.packet.checked_add(1).unwrap_or(1);
    }

    pub(super) fn take(&mut self, input: &[u8], output: &mut Vec<u8>, on: &mut impl FnMut(Event)) {
        self.incomplete.extend_from_slice(input);
        let bytes = std::mem::take(&mut self.incomplete);
        let mut rest = bytes.as_slice();
        while let Some((kind, body, tail)) = split_packet(rest) {
            rest = tail;
            match kind >> 4 {
                3 => on(take_publish(body, output)),
                4 => {
                    on(Event::Acknowledged(self.acknowledged));
                    self.acknowledged += 1;
                }
                9 => on(Event::Ready),
                _ => {}
            }
        }
        self.incomplete.extend_from_slice(rest);
    }
}

fn take_publish(body: &[u8], output: &mut Vec<u8>) -> Event {
    let topic = body.first_chunk().copied().map_or(0, u16::from_be_bytes);
    let rest = body.get(2 + usize::from(topic)..).unwrap_or_default();
    let (packet, message) = rest.split_at(rest.len().min(2));
    put_packet(0x40, &[packet], output);
    let number = |at: usize| {
        let bytes = message.get(at..).and_then(<[u8]>::first_chunk);
        bytes.copied().map_or(0, u64::from_le_bytes)
    };
    Event::Received(Stamp::from_id(number(0), number(8)))
}

fn topic(person: u32) -> String {
    format!("b/{person}")
}

/// Two bytes of length, then the text. Names here are short.
fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or_default();
    [&length.to_be_bytes(), text.as_bytes()].concat()
}

/// The first byte, the length in groups of seven bits, the body.
fn put_packet(kind: u8, parts: &[&[u8]], output: &mut Vec<u8>) {
    output.push(kind);
    let mut length: usize = parts.iter().map(|part| part.len()).sum();
    loop {
        let low = u8::try_from(length % 128).unwrap_or_default();
        length /= 128;
        output.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            break;
        }
    }
    for part in parts {
        output.extend_from_slice(part);
    }
}

/// The kind and the body of the first whole packet, and what follows it.
fn split_packet(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (kind, mut rest) = bytes.split_first()?;
    let (mut length, mut shift) = (0, 0);
    loop {
        let (byte, tail) = rest.split_first()?;
        rest = tail;
        length |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 || shift > 21 {
            break;
        }
    }
    let (body, tail) = rest.split_at_checked(length)?;
    Some((*kind, body, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_survive_any_cut() {
        let mut bytes = Vec::new();
        let long = vec![7; 300];
        put_packet(0x32, &[&long], &mut bytes);
        put_packet(0x40, &[&[0, 1]], &mut bytes);
        for cut in 0..303 {
            assert!(split_packet(&bytes[..cut]).is_none(), "{cut}");
        }
        let (kind, body, rest) = split_packet(&bytes).expect("whole");
        assert_eq!(
            (kind, body.len(), rest),
            (0x32, 300, [0x40, 2, 0, 1].as_slice())
        );
    }

    #[test]
    fn what_is_sent_is_received_and_answered() {
        let mut mqtt = Mqtt {
            packet: 9,
            acknowledged: 0,
            incomplete: Vec::new(),
        };
        let stamp = Stamp::from_id(77, 1234);
        let mut wire = Vec::new();
        mqtt.send(5, stamp, 100, &mut wire);
        let (mut answers, mut events) = (Vec::new(), Vec::new());
        for byte in wire {
            mqtt.take(&[byte], &mut answers, &mut |event| events.push(event));
        }
        assert_eq!(events, [Event::Received(stamp)]);
        assert_eq!(answers, [0x40, 2, 0, 9]);
    }
}
