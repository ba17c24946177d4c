//! The chat server protocol, with the client's role of `wire`.

use std::ops::ControlFlow;

use anyhow::{Result, bail};
use dreiklang_crypto::{PublicKey, SystemRng};
use dreiklang_wire::csp::client::{Credentials, Login, ServerPublicKeys, Session, Step};
use dreiklang_wire::csp::payload::{Flags, FromServer, Message, MessageRef, ToServer};
use dreiklang_wire::csp::{ClientInfo, Features};
use dreiklang_wire::id::{MessageId, MessageNonce};
use dreiklang_wire::spec::{CONTAINER_HEADER_BYTES, payload_type};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Event, Stamp};
use crate::people;

/// A session, and the buffers that it would else allocate per message.
pub(super) struct Csp {
    session: Session,
    message: Message,
    container: Vec<u8>,
    acknowledgements: Vec<u8>,
}

impl Csp {
    pub(super) async fn log_in(
        stream: &mut TcpStream,
        me: u32,
        server_key: PublicKey,
    ) -> Result<Self> {
        let credentials = Credentials {
            identity: people::identity(me),
            client_key: people::secret(me),
            server_keys: ServerPublicKeys {
                current: server_key,
                alternative: None,
            },
            client_info: ClientInfo("1.0;Q;en/CH;bench".to_owned()),
            device_id: None,
            features: Features::METADATA,
            device_cookie: None,
        };
        let (mut login, hello) = Login::start(credentials, &mut SystemRng);
        stream.write_all(&hello).await?;
        let mut wanted = dreiklang_wire::spec::SERVER_HELLO_BYTES;
        let mut buffer = [0; dreiklang_wire::spec::SERVER_HELLO_BYTES];
        loop {
            // Exactly what the handshake wants is read, so that no frame is read with it.
            stream.read_exact(&mut buffer[..wanted]).await?;
            match login.handle(&buffer[..wanted])?.1 {
                Step::NeedMore => bail!("the handshake wants more than it says"),
                Step::Send(bytes) => {
                    stream.write_all(&bytes).await?;
                    wanted = dreiklang_wire::spec::LOGIN_ACK_BYTES;
                }
                Step::LoggedIn(logged_in) => return Ok(Self::new(me, logged_in.session)),
            }
        }
    }

    fn new(me: u32, session: Session) -> Self {
        let message = Message {
            sender: people::identity(me),
            receiver: people::identity(me),
            id: MessageId([0; 8]),
            created_at: 1_700_000_000,
            flags: Flags::PUSH,
            nickname: [0; 32],
            metadata: vec![b'm'; METADATA_BYTES],
            nonce: MessageNonce([0; 24]),
            body: Vec::new(),
        };
        Self {
            session,
            message,
            container: Vec::new(),
            acknowledgements: Vec::new(),
        }
    }

    pub(super) fn listen(&mut self, output: &mut Vec<u8>) -> Result<()> {
        let mut container = Vec::new();
        ToServer::Unblock.encode_into(&mut container)?;
        self.session.seal_frame(&container, output)?;
        Ok(())
    }

    pub(super) fn send(
        &mut self,
        to: u32,
        stamp: Stamp,
        size: usize,
        output: &mut Vec<u8>,
    ) -> Result<()> {
        let id = stamp.id().to_le_bytes();
        let message = &mut self.message;
        message.receiver = people::identity(to);
        message.id = MessageId(id);
        message.nonce.0[..8].copy_from_slice(&id);
        message.body.resize(size.max(Stamp::BYTES + 1), b'x');
        message.body[..8].copy_from_slice(&stamp.sent_ns.to_le_bytes());
        self.container.clear();
        self.container
            .extend_from_slice(&[payload_type::OUTGOING_MESSAGE, 0, 0, 0]);
        message.encode_into(&mut self.container)?;
        self.session.seal_frame(&self.container, output)?;
        Ok(())
    }

    pub(super) fn take(
        &mut self,
        input: &mut [u8],
        output: &mut Vec<u8>,
        on: &mut impl FnMut(Event),
    ) -> Result<()> {
        let acknowledgements = &mut self.acknowledgements;
        acknowledgements.clear();
        let opened = self.session.open_frames(input, |container| {
            match take_container(container, acknowledgements) {
                Ok(Some(event)) => on(event),
                Ok(None) => {}
                Err(error) => return ControlFlow::Break(error),
            }
            ControlFlow::Continue(())
        })?;
        if let ControlFlow::Break(error) = opened {
            return Err(error);
        }
        for container in self.acknowledgements.chunks_exact(ACKNOWLEDGEMENT_BYTES) {
            self.session.seal_frame(container, output)?;
        }
        Ok(())
    }
}

fn take_container(container: &[u8], acknowledgements: &mut Vec<u8>) -> Result<Option<Event>> {
    if container.first() == Some(&payload_type::INCOMING_MESSAGE) {
        let message = MessageRef::parse(&container[CONTAINER_HEADER_BYTES..])?;
        acknowledgements.extend_from_slice(&[payload_type::INCOMING_MESSAGE_ACK, 0, 0, 0]);
        acknowledgements.extend_from_slice(message.sender().as_bytes());
        acknowledgements.extend_from_slice(message.id().as_bytes());
        let sent = message.body().first_chunk().copied().unwrap_or_default();
        let id = u64::from_le_bytes(*message.id().as_bytes());
        let stamp = Stamp::from_id(id, u64::from_le_bytes(sent));
        return Ok(Some(Event::Received(stamp)));
    }
    Ok(match FromServer::decode(container)? {
        FromServer::MessageAck { id, .. } => {
            let stamp = Stamp::from_id(u64::from_le_bytes(*id.as_bytes()), 0);
            Some(Event::Acknowledged(stamp.seq))
        }
        FromServer::QueueSendComplete => Some(Event::Ready),
        FromServer::CloseError { text, .. } => bail!("the server says: {text}"),
        _ => None,
    })
}

const ACKNOWLEDGEMENT_BYTES: usize = CONTAINER_HEADER_BYTES + 16;

/// What the metadata of a message with a short nickname takes: 36 bytes and a tag.
const METADATA_BYTES: usize = 52;
