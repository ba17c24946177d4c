//! The engine's contract: one input, one transaction, then the outputs.

use std::fmt;

use dreiklang_crypto::CryptoRng;
use dreiklang_wire::{
    csp::payload::{FromServer, ToServer},
    mdm::Policy,
};
use rusqlite::{Connection, Transaction};

use crate::{
    Timestamp,
    backup::upkeep,
    command::{Command, License, Refusal, Reply, Ticket},
    contact::{Contacts, check},
    db,
    edition::{self, Build},
    error::{Error, Result},
    event::{DisconnectReason, Event},
    http::{HttpRequest, HttpResult, RequestId},
    identity::{self, Own, feature_mask},
    media::Media,
    message::{incoming::Incoming, keys::PeerKeyCache, outgoing::Outgoing, typing::Typing},
    policy::{self, expiry},
    push,
    request::Requests,
    transfer::{MediaName, Transfer, TransferFault, TransferId, Transferred},
    turn::Turn,
    work::Work,
};

pub use crate::identity::Credentials;

/// The mind of one client, for one profile.
pub struct Engine {
    pub(crate) build: Build,
    pub(crate) rng: Box<dyn CryptoRng + Send>,
    pub(crate) own: Option<Own>,
    pub(crate) is_connected: bool,
    pub(crate) outgoing: Outgoing,
    pub(crate) incoming: Incoming,
    pub(crate) media: Media,
    pub(crate) typing: Typing,
    pub(crate) keys: PeerKeyCache,
    pub(crate) contacts: Contacts,
    pub(crate) requests: Requests,
    pub(crate) feature_mask: feature_mask::Upkeep,
    pub(crate) check: check::Upkeep,
    pub(crate) policy: Policy,
    pub(crate) expiry: expiry::Upkeep,
    pub(crate) work: Work,
    pub(crate) safe: upkeep::Upkeep,
    pub(crate) push: push::Upkeep,
    wake_at: Option<Timestamp>,
}

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// The login at the chat server succeeded; whatever is sent now arrives there.
    Connected,
    /// Payloads of the chat server, in their order. Everything one read brought is one input.
    Payloads(Vec<FromServer>),
    /// The answer to [`Output::Http`]. Answers to unknown requests are ignored.
    HttpDone(RequestId, HttpResult),
    /// What became of [`Output::Transfer`]. Outcomes of unknown transfers are ignored.
    Transferred(TransferId, Result<Transferred, TransferFault>),
    /// Somebody wants something.
    Command(Ticket, Command),
    /// The moment of the last [`Output::WakeAt`] has come. Harmless at any other time; given once
    /// after opening.
    Timeout,
    /// The connection to the chat server is gone.
    Disconnected,
}

/// What to do, in this order, after the transaction is committed.
#[derive(Debug)]
pub enum Output {
    /// Send to the chat server. Dropped without harm if there is no connection any more.
    Send(ToServer),
    /// Ask the directory.
    Http(RequestId, HttpRequest),
    /// Move a blob, beside everything else.
    Transfer(TransferId, Transfer),
    /// Remove a file of sealed media, if it is there.
    DeleteMedia(MediaName),
    /// Give [`Input::Timeout`] at this moment. It replaces the moment before; until the next
    /// `WakeAt` it stands.
    WakeAt(Timestamp),
    /// Tell whoever watches.
    Notify(Event),
    /// Answer a command.
    Reply(Ticket, Result<Reply, Refusal>),
    /// Close the connection to the chat server.
    Disconnect(DisconnectReason),
}

impl Engine {
    /// Opens the engine on its database and brings the schema up to date. A database belongs to the
    /// edition that opened it first.
    ///
    /// The random number generator makes keys, nonces and padding. An engine that is opened again
    /// needs a fresh one: a generator that repeats itself would repeat nonces.
    pub fn open(
        conn: &Connection,
        build: Build,
        mut rng: Box<dyn CryptoRng + Send>,
    ) -> Result<Self> {
        db::migrate(conn)?;
        edition::bind(conn, build.edition)?;
        let mut requests = Requests::new(&mut *rng);
        let media = Media::new(&mut *rng);
        let policy = policy::load(conn, build.edition)?;
        requests.show(build.edition, policy::license(&policy, conn)?.as_ref());
        Ok(Self {
            own: identity::load(conn)?,
            policy,
            expiry: expiry::Upkeep::default(),
            work: Work::open(conn)?,
            safe: upkeep::Upkeep::default(),
            push: push::Upkeep::open(conn)?,
            build,
            rng,
            is_connected: false,
            outgoing: Outgoing::default(),
            incoming: Incoming::default(),
            media,
            typing: Typing::default(),
            keys: PeerKeyCache::default(),
            contacts: Contacts::default(),
            requests,
            feature_mask: feature_mask::Upkeep::default(),
            check: check::Upkeep::default(),
            wake_at: None,
        })
    }

    /// What the driver needs to log in: none while there is no identity, after its revocation, and
    /// while the app is locked.
    pub fn credentials(&self) -> Option<Credentials> {
        let own = self.own.as_ref().filter(|_| !self.work.is_locked());
        own.and_then(Own::credentials)
    }

    /// How this app calls itself to the chat server.
    pub fn client_info(&self) -> String {
        self.build.client_info()
    }

    /// One input, one transaction. The outputs are performed only after the caller has committed.
    ///
    /// On an error the caller rolls back and drops the engine.
    pub fn handle(
        &mut self,
        now: Timestamp,
        input: Input,
        tx: &Transaction<'_>,
    ) -> Result<Vec<Output>> {
        let mut turn = Turn::new(now, tx);
        match input {
            Input::Connected => self.on_connected(&mut turn)?,
            Input::Payloads(payloads) => self.on_payloads(&mut turn, payloads)?,
            Input::HttpDone(id, result) => self.on_http_done(&mut turn, id, result)?,
            Input::Command(ticket, command) => self.on_command(&mut turn, ticket, command)?,
            Input::Transferred(id, result) => self.on_transferred(&mut turn, id, &result)?,
            Input::Timeout => {}
            Input::Disconnected => self.on_disconnected(&mut turn),
        }
        self.follow_up(&mut turn)?;
        Ok(turn.into_outputs())
    }

    fn on_connected(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        // A driver that missed to tell about the old connection must not leave its traces.
        self.on_disconnected(turn);
        self.is_connected = true;
        db::media::end_rests(turn.tx)?;
        db::profile_pictures::end_rests(turn.tx)?;
        self.work.clear_displaced(turn)?;
        if db::settings::is_device_cookie_changed(turn.tx)? {
            turn.notify(Event::DeviceCookieChanged);
        }
        Ok(())
    }

    fn on_disconnected(&mut self, turn: &mut Turn<'_>) {
        self.is_connected = false;
        self.outgoing = Outgoing::default();
        // Held messages were never acknowledged: the server sends them again.
        self.incoming = Incoming::default();
        self.typing.connection_lost(turn);
    }

    fn on_payloads(&mut self, turn: &mut Turn<'_>, payloads: Vec<FromServer>) -> Result<()> {
        if self.work.is_locked() {
            // Nothing is acknowledged: it comes again when the app is unlocked.
            return Ok(());
        }
        for payload in payloads {
            match payload {
                FromServer::EchoRequest(bytes) => turn.send(ToServer::EchoResponse(bytes)),
                FromServer::Message(message) => self.on_message(turn, message)?,
                FromServer::MessageAck { receiver, id } => {
                    self.on_message_ack(turn, receiver, id)?;
                }
                FromServer::QueueSendComplete => self.on_queue_sent(),
                FromServer::DeviceCookieChanged => {
                    #[cfg(not(feature = "planted-bugs"))]
                    let is_kept = true;
                    #[cfg(feature = "planted-bugs")]
                    let is_kept = !crate::planted::is(crate::planted::Weakness::ForgottenWarning);
                    db::settings::set_device_cookie_changed(turn.tx, is_kept)?;
                    self.push_forgotten(turn)?;
                    turn.notify(Event::DeviceCookieChanged);
                }
                FromServer::CloseError {
                    can_reconnect,
                    text,
                } => {
                    if !can_reconnect {
                        self.work.displace(turn, &text, self.build.edition)?;
                    }
                    turn.notify(Event::ClosedByServer {
                        can_reconnect,
                        text,
                    });
                    turn.disconnect(DisconnectReason::ServerClosed { can_reconnect });
                }
                FromServer::Alert(text) => turn.notify(Event::Alert(text)),
                // Keep-alive is the driver's; types of later versions are skipped.
                FromServer::EchoResponse(_) | FromServer::Unknown(_) => {}
            }
        }
        self.send_delivery_receipts(turn)
    }

    pub(crate) fn on_command(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        command: Command,
    ) -> Result<()> {
        if let Some(refusal) = self.work.closed_to(&command) {
            turn.reply(ticket, Err(refusal));
            return Ok(());
        }
        let Some(command) = self.hold(turn, ticket, command) else {
            return Ok(());
        };
        let answer = match self.on_conversation_command(turn, command)? {
            Ok(answer) => answer,
            Err(other) => match self.on_group_command(turn, ticket, other)? {
                Ok(answer) => answer,
                Err(other) => match self.on_contact_command(turn, ticket, other)? {
                    Ok(answer) => answer,
                    Err(other) => match self.on_media_command(turn, other)? {
                        Ok(answer) => answer,
                        Err(other) => self.on_other_command(turn, ticket, other)?,
                    },
                },
            },
        };
        if let Answer::Now(result) = answer {
            turn.reply(ticket, result);
        }
        Ok(())
    }

    fn on_other_command(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        command: Command,
    ) -> Result<Answer> {
        Ok(match command {
            Command::CreateIdentity { nickname, license } => {
                self.create_identity(turn, ticket, &nickname, license)?
            }
            Command::RevokeIdentity { confirm } => self.revoke_identity(turn, ticket, confirm),
            Command::SetNickname(nickname) => self.set_nickname(turn, &nickname)?,
            Command::SetSettings(settings) => self.set_settings(turn, settings)?,
            Command::ExportId { password, scheme } => self.export_id(&password, scheme),
            Command::ImportId { export, password } => {
                self.import_id(turn, ticket, &export, &password)?
            }
            Command::SafeEnable { password, server } => {
                self.enable_safe(turn, ticket, &password, &server)?
            }
            Command::SafeBackup => self.back_up_now(turn, ticket)?,
            Command::SafeDisable { even_if_it_stays } => {
                self.disable_safe(turn, ticket, even_if_it_stays)?
            }
            Command::SafeRestore {
                identity,
                password,
                server,
            } => self.restore_safe(turn, ticket, identity, &password, &server)?,
            Command::ClearDeviceCookie => {
                db::settings::set_device_cookie_changed(turn.tx, false)?;
                if self.is_connected {
                    turn.send(ToServer::ClearDeviceCookie);
                }
                turn.notify(Event::MeChanged);
                Answer::done()
            }
            Command::ActivateWork { username, password } => {
                self.activate(turn, ticket, License { username, password })
            }
            Command::WorkSync => self.sync_now(turn, ticket)?,
            Command::SetAvailability(status) => self.set_availability(turn, ticket, &status)?,
            Command::SearchDirectory(query) => self.search_directory(turn, ticket, &query)?,
            Command::SetExternalMdm(wire) => self.set_external_mdm(turn, &wire)?,
            Command::LinkEmail(address) => self.link_email(turn, ticket, &address),
            Command::CheckEmail => self.check_email(turn, ticket)?,
            Command::LinkPhone(number) => self.link_phone(turn, ticket, &number),
            Command::ConfirmPhone(code) => self.confirm_phone(turn, ticket, &code)?,
            Command::CallPhone => self.call_phone(turn, ticket)?,
            Command::AskWhatIsStored => self.ask_what_is_stored(turn, ticket),
            Command::Reclaim => self.reclaim(turn, ticket),
            Command::SetPushEndpoint(endpoint) => self.set_push_endpoint(turn, endpoint)?,
            _ => return Err(Error::Bug("a command that nobody knows")),
        })
    }

    /// What is due, whatever the input was: it may have waited for this moment or this state.
    fn follow_up(&mut self, turn: &mut Turn<'_>) -> Result<()> {
        self.tell_drained(turn);
        self.work_upkeep(turn)?;
        self.release_commands(turn)?;
        self.nickname_upkeep(turn)?;
        self.expiry_upkeep(turn)?;
        self.typing_upkeep(turn)?;
        self.lookup_upkeep(turn);
        self.feature_mask_upkeep(turn);
        self.push_upkeep(turn);
        self.safe_upkeep(turn)?;
        self.check_upkeep(turn)?;
        self.media_upkeep(turn)?;
        self.send_outbox(turn)?;
        let wake_at = [
            self.typing.next_wake(),
            self.incoming.next_wake(&self.contacts),
            self.feature_mask.next_wake(),
            self.push.next_wake(),
            self.check.next_wake(),
            self.work.next_wake(),
            self.safe.next_wake(),
            self.expiry.next_wake(),
            self.media.next_wake(),
        ]
        .into_iter()
        .flatten()
        // What was due is done by now, or waits for something else than time.
        .filter(|at| *at > turn.now)
        .min();
        if wake_at != self.wake_at
            && let Some(at) = wake_at
        {
            turn.wake_at(at);
        }
        self.wake_at = wake_at;
        Ok(())
    }
}

/// Whether a command is answered at once or when the directory has answered.
#[expect(
    clippy::large_enum_variant,
    reason = "there is one at a time, and it is moved once"
)]
pub(crate) enum Answer {
    Now(Result<Reply, Refusal>),
    Later,
}

impl Answer {
    pub(crate) fn done() -> Self {
        Self::Now(Ok(Reply::Done))
    }

    pub(crate) fn refuse(refusal: Refusal) -> Self {
        Self::Now(Err(refusal))
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("is_connected", &self.is_connected)
            .finish_non_exhaustive()
    }
}
