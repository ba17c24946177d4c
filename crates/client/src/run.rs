//! The loop: wait → begin → engine.handle → commit → perform.

pub(crate) mod keeper;
pub(crate) mod link;
pub(crate) mod transfers;

use std::collections::HashMap;
use std::time::Duration;

use dreiklang_crypto::{SystemRng, random};
use dreiklang_engine::{
    Command, DisconnectReason, HttpResult, Input, Output, Refusal, RemoteSecretState, Reply,
    RequestId, Ticket, Timestamp, TransferFault,
};
use dreiklang_wire::csp::payload::ToServer;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::CommandError;
use crate::event::{ConnectionState, Event, Fault, StopReason};
use crate::memory::{Memory, StepFault};
use crate::net::blob::Blobs;
use crate::net::http::Http;
use crate::provisioning::{Provisioning, ProvisioningFault};
use crate::task::JoinSet;
use crate::time::{Clock, sleep};
use keeper::{Keeper, Kept};
use link::{Link, LinkEvent, LinkSettings};
use transfers::{Outcome, Transfers};

/// The longest pause between two tries (`protocol.md` A2.1).
const PAUSE_SECONDS_MAX: u64 = 10;
/// A connection that lasted so long was a good one: the next pause is short again.
const GOOD_AFTER: Duration = Duration::from_secs(10);
/// Timers are checked against the clock at least this often, because a clock may be set.
const TIMER_MAX: Duration = Duration::from_mins(1);
/// One request to the directory after the other is the rule; more than this never run at once.
const REQUESTS_MAX: usize = 8;

/// What the handle asks of the loop.
pub(crate) enum Ask {
    Command(Command, oneshot::Sender<Result<Reply, CommandError>>),
    Connect,
    Disconnect,
    Close(oneshot::Sender<Result<(), crate::Error>>),
}

pub(crate) struct Runner {
    pub(crate) memory: Memory,
    pub(crate) clock: Clock,
    pub(crate) http: Http,
    pub(crate) settings: LinkSettings,
    /// Of an organisation's own instance only.
    pub(crate) keeper: Option<Keeper>,
    pub(crate) transfers: Transfers,
    pub(crate) asks: mpsc::Receiver<Ask>,
    pub(crate) events: broadcast::Sender<Event>,
    pub(crate) state: watch::Sender<ConnectionState>,
    pub(crate) work: Work,
}

/// What the loop has under way.
#[derive(Default)]
pub(crate) struct Work {
    link: Link,
    /// A connection is wanted: nobody disconnected, the server did not send us away.
    is_wanted: bool,
    failures: u32,
    tickets: HashMap<Ticket, oneshot::Sender<Result<Reply, CommandError>>>,
    next_ticket: u64,
    requests: JoinSet<(RequestId, HttpResult)>,
    requests_waiting: Vec<(RequestId, dreiklang_engine::HttpRequest)>,
    wake_at: Option<Timestamp>,
    /// The remote secret is gone: nothing may be read any more.
    shut: Option<String>,
    /// The server's last words, for the reason why we stop.
    last_words: Option<String>,
}

/// What the loop waited for.
enum Woken {
    Ask(Option<Ask>),
    Link(LinkEvent),
    Answered(RequestId, HttpResult),
    Transferred(Outcome),
    Provisioned(Box<Result<Provisioning, crate::Error>>),
    Timer,
}

impl Runner {
    /// Runs until the handles are gone, somebody closes, or the database is lost.
    pub(crate) async fn run(mut self) {
        let mut result = self.step(Input::Timeout).await;
        let mut closed = None;
        while result.is_ok() && closed.is_none() && self.work.shut.is_none() {
            result = match self.wait().await {
                Woken::Ask(None) => break,
                Woken::Ask(Some(Ask::Close(done))) => {
                    closed = Some(done);
                    Ok(())
                }
                Woken::Ask(Some(ask)) => self.on_ask(ask).await,
                Woken::Link(event) => self.on_link(event).await,
                Woken::Answered(id, answer) => {
                    if answer.is_err() {
                        self.note_failure();
                    }
                    self.step(Input::HttpDone(id, answer)).await
                }
                Woken::Transferred((id, outcome)) => {
                    if outcome == Err(TransferFault::Unreachable) {
                        self.note_failure();
                    }
                    self.step(Input::Transferred(id, outcome)).await
                }
                Woken::Provisioned(result) => self.on_provisioned(*result).await,
                Woken::Timer => self.on_timer().await,
            };
        }
        self.transfers.clear();
        std::mem::take(&mut self.work.link).finish().await;
        let reason = match result {
            Ok(()) => match self.work.shut.take() {
                Some(text) => StopReason::Locked(text),
                None => StopReason::Closed,
            },
            Err(error) => {
                tracing::error!(%error, "the database is lost, the client stops");
                StopReason::Storage(error.to_string())
            }
        };
        self.show(ConnectionState::Stopped(reason));
        let outcome = self.memory.close().await;
        if let Some(done) = closed {
            // Nobody may be waiting any more.
            let _ = done.send(outcome);
        }
    }

    /// If it was a certificate, the provisioning file may know its new key.
    fn note_failure(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            keeper.note_failure(&self.clock);
        }
    }

    async fn wait(&mut self) -> Woken {
        let wakes = [
            self.work.wake_at,
            self.keeper.as_ref().and_then(Keeper::next_wake),
        ];
        let timer = wakes
            .into_iter()
            .flatten()
            .min()
            .map(|at| self.clock.until(at).min(TIMER_MAX));
        let work = &mut self.work;
        let transfers = &mut self.transfers;
        let keeper = self.keeper.as_mut();
        let has_keeper = keeper.is_some();
        let fetched = async {
            match keeper {
                Some(keeper) => keeper.fetched().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            result = fetched, if has_keeper => Woken::Provisioned(Box::new(result)),
            ask = self.asks.recv() => Woken::Ask(ask),
            event = work.link.event() => Woken::Link(event),
            Some(answered) = work.requests.join_next() => match answered {
                Ok((id, answer)) => Woken::Answered(id, answer),
                // Only an aborted request has no answer, and nobody waits for that.
                Err(_) => Woken::Timer,
            },
            outcome = transfers.ended() => Woken::Transferred(outcome),
            () = sleep(timer.unwrap_or_default()), if timer.is_some() => Woken::Timer,
        }
    }

    async fn on_timer(&mut self) -> Result<(), crate::Error> {
        let is_due = self.work.wake_at.is_some_and(|at| at <= self.clock.now());
        if is_due {
            self.work.wake_at = None;
            self.step(Input::Timeout).await?;
        }
        self.start_requests();
        if let Some(keeper) = &mut self.keeper {
            let license = self.memory.license().await?;
            keeper.start(license, &self.clock);
        }
        Ok(())
    }

    /// The provisioning file was fetched again, or not.
    async fn on_provisioned(
        &mut self,
        result: Result<Provisioning, crate::Error>,
    ) -> Result<(), crate::Error> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        match keeper.take(result, &self.clock) {
            Kept::Same => Ok(()),
            Kept::Other => {
                let instance = keeper.current().instance();
                match Http::of_instance(&instance, keeper.pins()) {
                    Ok(http) => {
                        self.transfers
                            .move_to(Blobs::of_instance(&instance, http.clone()));
                        self.http = http;
                    }
                    Err(error) => tracing::warn!(%error, "the new addresses cannot be used"),
                }
                self.settings.move_to(&instance);
                // Whatever is connected moves with its next connection.
                if self.work.is_wanted && matches!(self.work.link, Link::Down) {
                    self.connect().await?;
                }
                Ok(())
            }
            Kept::Blocked(fault) => {
                self.leave(ConnectionState::Stopped(StopReason::Blocked(fault)))
                    .await
            }
        }
    }

    async fn on_ask(&mut self, ask: Ask) -> Result<(), crate::Error> {
        match ask {
            Ask::Command(command, done) => {
                if let Some(fault) = self.blocked_for(&command) {
                    // Nobody may be waiting any more.
                    let _ = done.send(Err(CommandError::Blocked(fault)));
                    return Ok(());
                }
                let ticket = Ticket(self.work.next_ticket);
                self.work.next_ticket += 1;
                self.work.tickets.insert(ticket, done);
                self.step(Input::Command(ticket, command)).await
            }
            Ask::Connect => {
                self.work.is_wanted = true;
                self.work.failures = 0;
                if matches!(self.work.link, Link::Down | Link::Pausing(_)) {
                    self.connect().await?;
                }
                Ok(())
            }
            Ask::Disconnect => {
                self.work.is_wanted = false;
                self.leave(ConnectionState::Offline).await
            }
            // Taken by `run`.
            Ask::Close(_) => Ok(()),
        }
    }

    /// Why a command cannot be given now. Other credentials can always be given.
    fn blocked_for(&self, command: &Command) -> Option<ProvisioningFault> {
        let leads_out = matches!(
            command,
            Command::ActivateWork { .. } | Command::WorkSync | Command::SetExternalMdm(_)
        );
        self.keeper
            .as_ref()
            .filter(|_| !leads_out)
            .and_then(|keeper| keeper.blocked().cloned())
    }

    /// Starts a try, if there is somebody to log in as.
    async fn connect(&mut self) -> Result<(), crate::Error> {
        let blocked = self.keeper.as_ref().and_then(Keeper::blocked);
        if let Some(fault) = blocked.cloned() {
            self.work.link = Link::Down;
            self.show(ConnectionState::Stopped(StopReason::Blocked(fault)));
            return Ok(());
        }
        if let Some(own) = self.memory.credentials().await? {
            self.show(ConnectionState::Connecting);
            self.work.link = Link::connect(&self.settings, own);
        } else {
            self.work.link = Link::Down;
            self.show(ConnectionState::Offline);
        }
        Ok(())
    }

    async fn on_link(&mut self, event: LinkEvent) -> Result<(), crate::Error> {
        match event {
            LinkEvent::Retry => self.connect().await,
            LinkEvent::Established(established) => {
                let now = self.clock.now().as_ms();
                self.show(ConnectionState::Online {
                    queued_messages: established.ack.queued_messages,
                    server_ahead_ms: established
                        .ack
                        .server_time_ms
                        .wrapping_sub(now)
                        .cast_signed(),
                });
                let early = self.work.link.go_up(*established);
                self.step(Input::Connected).await?;
                self.send(vec![ToServer::Unblock]).await?;
                if early.is_empty() {
                    Ok(())
                } else {
                    self.on_bytes(early).await
                }
            }
            LinkEvent::Bytes(bytes) => self.on_bytes(bytes).await,
            LinkEvent::Quiet => {
                let echo = self.work.link.echo();
                self.send(vec![echo]).await
            }
            LinkEvent::Failed(fault) => self.on_fault(fault).await,
        }
    }

    /// Everything that has come by now is one input and therefore one transaction.
    async fn on_bytes(&mut self, bytes: Vec<u8>) -> Result<(), crate::Error> {
        match self.work.link.open(bytes) {
            Ok(payloads) if payloads.is_empty() => Ok(()),
            Ok(payloads) => self.step(Input::Payloads(payloads)).await,
            Err(fault) => self.on_fault(fault).await,
        }
    }

    /// The connection is gone: tell the engine, wait, try again.
    async fn on_fault(&mut self, fault: Fault) -> Result<(), crate::Error> {
        match self.lose(fault) {
            Some(input) => self.step(input).await,
            None => Ok(()),
        }
    }

    /// The connection is not wanted any more.
    async fn leave(&mut self, state: ConnectionState) -> Result<(), crate::Error> {
        let link = std::mem::take(&mut self.work.link);
        let was_up = matches!(link, Link::Up(_));
        link.finish().await;
        self.show(state);
        if was_up {
            self.step(Input::Disconnected).await
        } else {
            Ok(())
        }
    }

    /// One transaction, then its outputs. An engine that failed was opened anew: start over.
    async fn step(&mut self, input: Input) -> Result<(), crate::Error> {
        // Outputs can bring further inputs (a connection that cannot send is a lost one).
        let mut inputs = vec![input];
        let mut is_fresh = false;
        while let Some(input) = inputs.pop() {
            match self.memory.step(self.clock.now(), input).await {
                Ok(outputs) => {
                    is_fresh = false;
                    inputs.extend(self.perform(outputs).await?);
                }
                // It failed at its first input, which is always the same: it would for ever.
                Err(StepFault::Reopened(error)) if is_fresh => return Err(error.into()),
                Err(StepFault::Reopened(error)) => {
                    tracing::warn!(%error, "starting over with a fresh engine");
                    self.start_over();
                    is_fresh = true;
                    inputs = vec![Input::Timeout];
                }
                Err(StepFault::Lost(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// The fresh engine knows no connection, no request and no caller.
    fn start_over(&mut self) {
        let work = &mut self.work;
        work.requests.abort_all();
        work.requests_waiting.clear();
        self.transfers.clear();
        work.wake_at = None;
        for (_, done) in work.tickets.drain() {
            let _ = done.send(Err(CommandError::Interrupted));
        }
        // The fresh engine waits for a connection of its own.
        let _ = self.lose(Fault::Engine);
    }

    /// Performs what the engine decided, in its order. What follows from it are further inputs.
    async fn perform(&mut self, outputs: Vec<Output>) -> Result<Vec<Input>, crate::Error> {
        let mut inputs = Vec::new();
        let mut payloads = Vec::new();
        let mut goodbye = None;
        let mut may_log_in = false;
        for output in outputs {
            match output {
                Output::Send(payload) => payloads.push(payload),
                Output::Http(id, request) => self.work.requests_waiting.push((id, request)),
                Output::Transfer(id, transfer) => self.transfers.ask(id, transfer),
                Output::DeleteMedia(name) => self.transfers.remove(name),
                Output::WakeAt(at) => self.work.wake_at = Some(at),
                Output::Notify(event @ dreiklang_engine::Event::Locked { .. }) => {
                    self.notify(event);
                    if let RemoteSecretState::Locked(text) = self.memory.remote_secret().await? {
                        self.work.shut = Some(text);
                    }
                }
                Output::Notify(event) => {
                    may_log_in |= event == dreiklang_engine::Event::Unlocked;
                    self.notify(event);
                }
                Output::Reply(ticket, reply) => {
                    may_log_in |= matches!(
                        reply,
                        Ok(Reply::IdentityCreated(_) | Reply::IdentityRestored(_))
                    );
                    self.reply(ticket, reply);
                }
                Output::Disconnect(reason) => goodbye = Some(reason),
            }
        }
        self.start_requests();
        if self.work.link.send(&payloads).is_err() {
            inputs.extend(self.lose(Fault::Closed));
        }
        if let Some(reason) = goodbye {
            inputs.extend(self.say_goodbye(reason).await);
        }
        if may_log_in && self.work.is_wanted && matches!(self.work.link, Link::Down) {
            self.connect().await?;
        }
        Ok(inputs)
    }

    fn notify(&mut self, event: dreiklang_engine::Event) {
        if let dreiklang_engine::Event::ClosedByServer { text, .. } = &event {
            self.work.last_words = Some(text.clone());
        }
        // Without a listener there is nobody to tell.
        let _ = self.events.send(Event::Engine(event));
    }

    fn reply(&mut self, ticket: Ticket, reply: Result<Reply, Refusal>) {
        if let Some(done) = self.work.tickets.remove(&ticket) {
            // The caller may have given up.
            let _ = done.send(reply.map_err(CommandError::Refused));
        }
    }

    /// Starts what may run; the rest starts when an answer came.
    fn start_requests(&mut self) {
        let work = &mut self.work;
        while work.requests.len() < REQUESTS_MAX && !work.requests_waiting.is_empty() {
            let (id, request) = work.requests_waiting.remove(0);
            let http = self.http.clone();
            work.requests
                .spawn(async move { (id, http.exchange(request).await) });
        }
    }

    /// Sends what the driver itself has to say.
    async fn send(&mut self, payloads: Vec<ToServer>) -> Result<(), crate::Error> {
        if self.work.link.send(&payloads).is_err() {
            return self.on_fault(Fault::Closed).await;
        }
        Ok(())
    }

    /// The engine wants the connection closed.
    async fn say_goodbye(&mut self, reason: DisconnectReason) -> Option<Input> {
        let state = match reason {
            DisconnectReason::ServerClosed {
                can_reconnect: false,
            } => {
                let words = self.work.last_words.take().unwrap_or_default();
                Some(ConnectionState::Stopped(StopReason::Refused(words)))
            }
            DisconnectReason::Revoked => Some(ConnectionState::Stopped(StopReason::Revoked)),
            _ => None,
        };
        let Some(state) = state else {
            return self.lose(match reason {
                DisconnectReason::ServerClosed { .. } => Fault::ClosedByServer,
                _ => Fault::Closed,
            });
        };
        self.work.is_wanted = false;
        let link = std::mem::take(&mut self.work.link);
        let was_up = matches!(link, Link::Up(_));
        link.finish().await;
        self.show(state);
        was_up.then_some(Input::Disconnected)
    }

    /// Drops the connection and plans the next try. If the engine knew of it, it must be told.
    fn lose(&mut self, fault: Fault) -> Option<Input> {
        if matches!(self.work.link, Link::Down) {
            return None;
        }
        if self
            .work
            .link
            .lasted()
            .is_some_and(|lasted| lasted >= GOOD_AFTER)
        {
            self.work.failures = 0;
        }
        let was_up = matches!(self.work.link, Link::Up(_));
        let pause = pause_before_try(self.work.failures, random(&mut SystemRng));
        self.work.failures = self.work.failures.saturating_add(1);
        self.work.link = Link::pause(pause);
        self.show(ConnectionState::Waiting { fault, pause });
        was_up.then_some(Input::Disconnected)
    }

    fn show(&self, state: ConnectionState) {
        if self.state.send_replace(state.clone()) != state {
            // Without a listener there is nobody to tell.
            let _ = self.events.send(Event::Connection(state));
        }
    }
}

/// min(2^n, 10) seconds, of which a random half is kept: a server that comes back is not met by
/// everybody at once.
fn pause_before_try(failures: u32, random: [u8; 1]) -> Duration {
    let seconds = 2u64.saturating_pow(failures).min(PAUSE_SECONDS_MAX);
    let [jitter] = random;
    Duration::from_millis(seconds * 500 + seconds * 500 * u64::from(jitter) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_ten_seconds_and_keep_half_of_it_random() {
        let pauses = |random| [0, 1, 2, 3, 4, 5].map(|n| pause_before_try(n, [random]));
        let of_ms = |ms: [u64; 6]| ms.map(Duration::from_millis);
        assert_eq!(pauses(0), of_ms([500, 1_000, 2_000, 4_000, 5_000, 5_000]));
        assert_eq!(
            pauses(255),
            of_ms([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
        );
        assert_eq!(pause_before_try(u32::MAX, [255]), Duration::from_secs(10));
    }
}
