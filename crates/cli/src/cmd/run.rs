//! `run`: stays connected and talks to a script, line by line.
//!
//! A command is one line of JSON on standard input; it is answered by one line on standard output
//! after what it did is in the database. Commands are done one after the other. Everything that
//! happens meanwhile is a line of its own. See `docs/cli.md`.

mod ledger;
mod reply;
mod stdin;

use std::future::Future;
use std::pin::Pin;

use dreiklang_client::desk::{Desk, Effect, EventLine, Input};
use dreiklang_client::view::Position;
use dreiklang_client::{ConnectionState, Event};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use self::ledger::Ledger;
use self::reply::ReplyLine;
use crate::args::Run;
use crate::failure::Failure;
use crate::output;
use crate::session::Session;

/// What the loop waited for.
enum Woken {
    Replied(ReplyLine),
    Input(Option<Input>),
    Event(Result<Event, RecvError>),
    Signal,
}

/// Whether to go on.
#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

pub(crate) async fn perform(session: &Session<'_>, flags: Run) -> Result<(), Failure> {
    if !session.is_json() {
        return Err(Failure::usage("run-needs-json"));
    }
    let (client, me) = session.open_with_identity().await?;
    let instance = session.profile.instance()?;
    // Before any connection: what comes from now on is an event.
    let newest = client.view(Ledger::newest).await?;
    let after = flags.after.map_or(newest, Position);
    let mut talk = Talk {
        session,
        desk: Desk::new(client.clone(), session.clock.clone(), instance.clone()),
        events: client.events(),
        inputs: stdin::read(),
        ledger: Ledger::new(after),
        current: None,
        ignores_input: flags.no_input,
        signals: [
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ],
    };
    output::json(&EventLine::ready(&me, &instance))?;
    let result = talk.run().await;
    drop(talk);
    client.close().await?;
    result
}

struct Talk<'a> {
    session: &'a Session<'a>,
    desk: Desk,
    events: tokio::sync::broadcast::Receiver<Event>,
    inputs: mpsc::Receiver<Input>,
    ledger: Ledger,
    /// The command that is being done.
    current: Option<Pin<Box<dyn Future<Output = ReplyLine> + 'a>>>,
    ignores_input: bool,
    signals: [Signal; 2],
}

impl Talk<'_> {
    async fn run(&mut self) -> Result<(), Failure> {
        self.catch_up().await?;
        self.desk.client().connect().await?;
        loop {
            let next = match self.wait().await {
                Woken::Replied(reply) => {
                    self.current = None;
                    output::json(&reply)?;
                    let told = match reply.effect {
                        Effect::Follow(position, state) => Some((position, state)),
                        Effect::None | Effect::Stop => None,
                    };
                    for event in self.ledger.answered(told) {
                        self.tell_news(&event).await?;
                    }
                    match reply.effect {
                        Effect::None | Effect::Follow(..) => Next::GoOn,
                        Effect::Stop => Next::Stop,
                    }
                }
                Woken::Input(Some(input)) => self.begin(input)?,
                Woken::Input(None) if self.ignores_input => Next::GoOn,
                Woken::Input(None) | Woken::Signal => Next::Stop,
                Woken::Event(Ok(event)) => self.tell(&event).await?,
                Woken::Event(Err(RecvError::Lagged(missed))) => {
                    output::json(&EventLine::Missed { count: missed })?;
                    self.catch_up().await?;
                    Next::GoOn
                }
                Woken::Event(Err(RecvError::Closed)) => return Err(Failure::new("stopped")),
            };
            if next == Next::Stop {
                return Ok(());
            }
        }
    }

    /// Replies come before events, so that a script has met the id of a message before it is told
    /// how far the message is.
    async fn wait(&mut self) -> Woken {
        let [interrupt, terminate] = &mut self.signals;
        let is_busy = self.current.is_some();
        // After the end of the input the channel answers at once, for ever.
        let is_deaf = self.ignores_input && self.inputs.is_closed() && self.inputs.is_empty();
        tokio::select! {
            biased;
            reply = async {
                match self.current.as_mut() {
                    Some(current) => current.await,
                    None => std::future::pending().await,
                }
            } => Woken::Replied(reply),
            event = self.events.recv() => Woken::Event(event),
            input = self.inputs.recv(), if !is_busy && !is_deaf => Woken::Input(input),
            _ = interrupt.recv() => Woken::Signal,
            _ = terminate.recv() => Woken::Signal,
        }
    }

    fn begin(&mut self, input: Input) -> Result<Next, Failure> {
        match input {
            Input::Request(envelope) => {
                let (desk, session) = (self.desk.clone(), self.session);
                self.ledger.ask();
                self.current = Some(Box::pin(reply::answer(desk, session, envelope)));
            }
            Input::Unusable(unusable) => {
                output::json(&ReplyLine::unusable(unusable, self.session))?;
            }
        }
        Ok(Next::GoOn)
    }

    async fn tell(&mut self, event: &Event) -> Result<Next, Failure> {
        self.tell_news(event).await?;
        if let Event::Connection(ConnectionState::Stopped(reason)) = event {
            return Err(reason.clone().into());
        }
        Ok(Next::GoOn)
    }

    async fn tell_news(&mut self, event: &Event) -> Result<(), Failure> {
        let Some(line) = self.ledger.note(event) else {
            return Ok(());
        };
        let line = self.desk.complete(line, event).await?;
        Ok(output::json(&line)?)
    }

    /// Tells what the database knows and the script does not yet.
    async fn catch_up(&mut self) -> Result<(), Failure> {
        let ledger = self.ledger.clone();
        let events = self
            .desk
            .client()
            .view(move |conn| ledger.missing(conn))
            .await?;
        for event in events {
            // What is told here is not told again when its event comes.
            self.tell_news(&event).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
