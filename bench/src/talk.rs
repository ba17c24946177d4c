//! One connection of a person to a server under load, whatever protocol it speaks.

use std::cell::RefCell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dreiklang_crypto::PublicKey;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::talk::csp::Csp;
use crate::talk::mqtt::Mqtt;
use crate::talk::xmpp::Xmpp;

mod csp;
mod mqtt;
mod xmpp;

/// What the bench puts into a message and finds again at its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When it was written, on the clock of this process.
    pub sent_ns: u64,
    /// Which phase of the measurement it belongs to; others are leftovers.
    pub phase: u16,
    /// Who sent it.
    pub from: u32,
    /// Which of the sender's messages of this phase.
    pub seq: u32,
}

impl Stamp {
    /// Bytes of a message that carry it.
    pub const BYTES: usize = 16;

    /// Phase 16 bits, sender 24, number 24: unique, and as long as a message id of CSP.
    pub fn id(self) -> u64 {
        u64::from(self.phase) << 48
            | u64::from(self.from & 0xff_ffff) << 24
            | u64::from(self.seq & 0xff_ffff)
    }

    /// The inverse of [`id`](Self::id).
    pub fn from_id(id: u64, sent_ns: u64) -> Self {
        let part = |shift: u32| u32::try_from(id >> shift & 0xff_ffff).unwrap_or_default();
        Self {
            sent_ns,
            phase: u16::try_from(id >> 48).unwrap_or_default(),
            from: part(24),
            seq: part(0),
        }
    }
}

/// What a connection learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message has arrived; its acknowledgement is in the output already.
    Received(Stamp),
    /// The server has taken over this message of ours.
    Acknowledged(u32),
    /// From now on messages arrive as they are sent.
    Ready,
}

/// How to reach a server.
#[derive(Clone, Debug)]
pub struct Dial {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it speaks.
    pub protocol: Protocol,
}

/// The protocols.
#[derive(Clone, Copy, Debug)]
pub enum Protocol {
    /// The chat server protocol; the key is the server's.
    Csp(PublicKey),
    /// XMPP with stream management.
    Xmpp,
    /// MQTT, quality of service 1; with or without a session that outlives the connection.
    Mqtt {
        /// Does the server keep messages while nobody is connected?
        lasting: bool,
    },
}

/// A connection after its login.
pub struct Connection {
    stream: TcpStream,
    talk: Talk,
    /// Answers that are to be written with the next output.
    pub output: Vec<u8>,
}

enum Talk {
    Csp(Box<Csp>),
    Xmpp(Xmpp),
    Mqtt(Mqtt),
}

impl Dial {
    /// Logs a person in. With `listens`, messages are asked for; [`Event::Ready`] tells when.
    pub async fn open(&self, me: u32, listens: bool) -> Result<Connection> {
        let opening = self.open_patiently(me, listens);
        let opened = tokio::time::timeout(LOGIN_PATIENCE, opening).await;
        opened.context("the login takes too long")?
    }

    async fn open_patiently(&self, me: u32, listens: bool) -> Result<Connection> {
        let mut stream = self.connect(me).await?;
        let talk = match self.protocol {
            Protocol::Csp(server_key) => {
                Talk::Csp(Box::new(Csp::log_in(&mut stream, me, server_key).await?))
            }
            Protocol::Xmpp => Talk::Xmpp(Xmpp::log_in(&mut stream, me).await?),
            Protocol::Mqtt { lasting } => Talk::Mqtt(Mqtt::log_in(&mut stream, me, lasting).await?),
        };
        let mut connection = Connection {
            stream,
            talk,
            output: Vec::new(),
        };
        if listens {
            connection.talk.listen(me, &mut connection.output)?;
            connection.flush().await?;
        }
        Ok(connection)
    }

    /// The same, and waits until messages arrive as they are sent. What had waited is
    /// acknowledged and forgotten.
    pub async fn open_ready(&self, me: u32) -> Result<Connection> {
        let mut connection = self.open(me, true).await?;
        let ready = async {
            let mut is_ready = false;
            while !is_ready {
                connection
                    .pump(|event| is_ready |= event == Event::Ready)
                    .await?;
            }
            anyhow::Ok(())
        };
        let waited = tokio::time::timeout(LOGIN_PATIENCE, ready).await;
        waited.context("the server is never ready")??;
        Ok(connection)
    }

    /// Registers somebody, where people can do so themselves.
    pub async fn register(&self, me: u32) -> Result<()> {
        match self.protocol {
            Protocol::Xmpp => xmpp::register(&mut self.connect(me).await?, me).await,
            Protocol::Csp(_) | Protocol::Mqtt { .. } => Ok(()),
        }
    }

    /// From several addresses of this machine, because each has 28,000 ports only.
    async fn connect(&self, me: u32) -> Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.set_nodelay(true)?;
        let host = u8::try_from(2 + me % SOURCES).unwrap_or(2);
        let source = IpAddr::V4(Ipv4Addr::new(127, 0, 0, host));
        socket.bind(SocketAddr::new(source, 0))?;
        Ok(socket.connect(self.address).await?)
    }
}

impl Connection {
    /// Appends a message to the output.
    pub fn send(&mut self, to: u32, stamp: Stamp, size: usize) -> Result<()> {
        match &mut self.talk {
            Talk::Csp(csp) => csp.send(to, stamp, size, &mut self.output),
            Talk::Xmpp(xmpp) => {
                xmpp.send(to, stamp, size, &mut self.output);
                Ok(())
            }
            Talk::Mqtt(mqtt) => {
                mqtt.send(to, stamp, size, &mut self.output);
                Ok(())
            }
        }
    }

    /// Asks for acknowledgements where the protocol wants to be asked, and writes everything.
    pub async fn finish_batch(&mut self) -> Result<()> {
        if let Talk::Xmpp(_) = self.talk {
            Xmpp::ask(&mut self.output);
        }
        self.flush().await
    }

    /// Starts to count the own messages anew, for a new phase.
    pub fn begin_phase(&mut self) {
        match &mut self.talk {
            Talk::Csp(_) => {}
            Talk::Xmpp(xmpp) => xmpp.begin_phase(),
            Talk::Mqtt(mqtt) => mqtt.begin_phase(),
        }
    }

    /// Waits for bytes, reads once, passes on what they mean, and writes the answers. Waiting can
    /// be cancelled without loss.
    pub async fn pump(&mut self, on: impl FnMut(Event)) -> Result<()> {
        self.stream.readable().await?;
        self.read(on)?;
        self.flush().await
    }

    /// Resolves when there is something to [`read`](Self::read).
    pub async fn readable(&self) -> Result<()> {
        Ok(self.stream.readable().await?)
    }

    /// Reads what is there. The answers stay in the output.
    pub fn read(&mut self, mut on: impl FnMut(Event)) -> Result<()> {
        BUFFER.with_borrow_mut(|buffer| match self.stream.try_read(buffer) {
            Ok(0) => bail!("the server has closed the connection"),
            Ok(count) => {
                let input = &mut buffer[..count];
                let output = &mut self.output;
                match &mut self.talk {
                    Talk::Csp(csp) => csp.take(input, output, &mut on),
                    Talk::Xmpp(xmpp) => {
                        xmpp.take(input, output, &mut on);
                        Ok(())
                    }
                    Talk::Mqtt(mqtt) => {
                        mqtt.take(input, output, &mut on);
                        Ok(())
                    }
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        })
    }

    /// Writes the output.
    pub async fn flush(&mut self) -> Result<()> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output).await?;
            self.output.clear();
        }
        Ok(())
    }
}

impl Talk {
    fn listen(&mut self, me: u32, output: &mut Vec<u8>) -> Result<()> {
        match self {
            Self::Csp(csp) => csp.listen(output)?,
            Self::Xmpp(xmpp) => xmpp.listen(output),
            Self::Mqtt(_) => Mqtt::listen(me, output),
        }
        Ok(())
    }
}

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

const SOURCES: u32 = 16;
const READ_BYTES: usize = 32 * 1024;
const LOGIN_PATIENCE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_survive_as_ids() {
        let stamp = Stamp {
            sent_ns: 5,
            phase: 0xfedc,
            from: 1_234_567,
            seq: 7_654_321,
        };
        assert_eq!(Stamp::from_id(stamp.id(), 5), stamp);
    }
}
