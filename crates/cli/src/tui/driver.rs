//! The loop of the full-screen chat: one wait, then everything that has come, then one picture.

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::{Event as TerminalEvent, EventStream};
use dreiklang_client::engine::Reply;
use dreiklang_client::view::{self, Contact, ConversationId, Partner, Position};
use dreiklang_client::{Client, Command, ConnectionState, EngineEvent, Error, Event, Identity};
use futures_util::StreamExt;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, sleep_until};

use super::editor::Editor;
use super::keys::Effect;
use super::state::{Compose, Dialog, Screen};
use super::terminal::FullScreen;
use super::{Look, details, draw};
use crate::cmd::send::split;
use crate::cmd::{chats, history};
use crate::failure::{Failure, Told};
use crate::people::People;
use crate::safe;
use crate::session::Session;
use crate::who::add_command;

/// How long after the last key the contact is told that we do not type any more.
const TYPING_PAUSE: Duration = Duration::from_secs(10);
/// How often the contact is told that we still type (`Command::Typing`).
const TYPING_REPEAT: Duration = Duration::from_secs(20);
/// How often the picture is drawn without a reason: "today" becomes "yesterday".
const REDRAW: Duration = Duration::from_mins(1);

/// What was done meanwhile.
pub(super) enum Done {
    /// A contact was looked up.
    Added(Result<Box<Contact>, Failure>),
    /// A file was sealed and given to be sent, or saved, or opened.
    File(Result<Option<PathBuf>, Failure>),
}

pub(crate) struct Driver<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) client: &'a Client,
    pub(super) screen: Screen,
    events: broadcast::Receiver<Event>,
    pub(super) done: (mpsc::Sender<Done>, mpsc::Receiver<Done>),
    typing: Option<Typing>,
    /// The database knows more than the screen.
    pub(super) is_stale: bool,
    has_quit: bool,
}

/// Who was told that we type.
struct Typing {
    to: Identity,
    told_at: Instant,
    ends_at: Instant,
}

#[expect(
    clippy::large_enum_variant,
    reason = "there is one of them at a time, for a moment"
)]
enum Woken {
    Terminal(Option<std::io::Result<TerminalEvent>>),
    Client(Result<Event, RecvError>),
    Done(Option<Done>),
    TypingPaused,
    Redraw,
    Signal,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(session: &'a Session<'a>, client: &'a Client, screen: Screen) -> Self {
        Self {
            session,
            client,
            screen,
            events: client.events(),
            done: mpsc::channel(1),
            typing: None,
            is_stale: true,
            has_quit: false,
        }
    }

    pub(crate) async fn run(
        &mut self,
        terminal: &mut FullScreen,
        partner: Option<Partner>,
    ) -> Result<(), Failure> {
        let mut keys = EventStream::new();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        self.client.connect().await?;
        self.screen.connection = self.client.connection().borrow().clone();
        if let Some(partner) = partner {
            self.screen.open(partner);
        }
        while !self.has_quit {
            self.refresh(terminal).await?;
            let pause = self.typing.as_ref().map(|typing| typing.ends_at);
            let woken = tokio::select! {
                event = keys.next() => Woken::Terminal(event),
                event = self.events.recv() => Woken::Client(event),
                done = self.done.1.recv() => Woken::Done(done),
                () = sleep_until(pause.unwrap_or_else(Instant::now)), if pause.is_some() => {
                    Woken::TypingPaused
                }
                () = tokio::time::sleep(REDRAW) => Woken::Redraw,
                _ = terminate.recv() => Woken::Signal,
                _ = hangup.recv() => Woken::Signal,
            };
            self.take(woken, terminal).await?;
        }
        self.keep_draft().await?;
        self.stop_typing().await
    }

    /// Reads anew if needed, says what was seen, draws.
    async fn refresh(&mut self, terminal: &mut FullScreen) -> Result<(), Failure> {
        self.screen.area = terminal.terminal().size()?.into();
        if self.is_stale {
            self.read().await?;
        }
        if let Some((conversation, up_to)) = self.screen.seen() {
            self.client
                .command(Command::MarkRead {
                    conversation,
                    up_to,
                })
                .await?;
            self.read().await?;
        }
        let (screen, session) = (&self.screen, self.session);
        let look = look(session);
        terminal
            .terminal()
            .draw(|frame| draw::draw(frame, screen, &look))?;
        Ok(())
    }

    async fn read(&mut self) -> Result<(), Failure> {
        self.is_stale = false;
        let (conversations, people) = self.client.view(chats::read).await?;
        self.screen.people = people;
        let contacts = self.client.view(view::contacts).await?;
        self.screen.set_rows(conversations, contacts);
        if let Some(open) = &self.screen.open {
            let (id, limit) = (open.id, open.limit);
            let (messages, people, members) = self
                .client
                .view(move |conn| -> Result<_, Error> {
                    let messages = view::timeline(conn, &id, None, limit)?;
                    let people = People::of(conn, &messages)?;
                    let members = match id {
                        ConversationId::Contact(_) => Vec::new(),
                        ConversationId::Group(group) => view::members(conn, &group)?,
                    };
                    Ok((messages, people, members))
                })
                .await?;
            self.screen.set_members(&members);
            self.screen
                .set_messages(messages, people, &look(self.session));
            self.read_previews().await?;
        }
        Ok(())
    }

    async fn take(&mut self, woken: Woken, terminal: &mut FullScreen) -> Result<(), Failure> {
        match woken {
            Woken::Terminal(Some(Ok(event))) => {
                let had_window = self.screen.dialog.is_some();
                let effect = self.screen.take_event(&event, &look(self.session));
                if had_window && self.screen.dialog.is_none() {
                    // Terminals disagree about how wide some emojis are: what stood in the window
                    // could stay behind.
                    terminal.terminal().clear()?;
                }
                if let Some(effect) = effect {
                    self.perform(effect, terminal).await?;
                }
            }
            // The terminal is gone.
            Woken::Terminal(Some(Err(_)) | None) | Woken::Signal => self.has_quit = true,
            Woken::Client(event) => self.take_client_events(event),
            Woken::Done(Some(Done::Added(added))) => self.take_added(added).await?,
            Woken::Done(Some(Done::File(done))) => self.take_file(done),
            Woken::TypingPaused => self.stop_typing().await?,
            Woken::Done(None) | Woken::Redraw => {}
        }
        Ok(())
    }

    /// Everything that has come by now makes one picture.
    fn take_client_events(&mut self, first: Result<Event, RecvError>) {
        let mut next = match first {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(_)) => {
                self.is_stale = true;
                None
            }
            Err(RecvError::Closed) => {
                self.has_quit = true;
                None
            }
        };
        loop {
            if let Some(event) = next.take() {
                self.take_client_event(event);
            }
            match self.events.try_recv() {
                Ok(event) => next = Some(event),
                Err(TryRecvError::Lagged(_)) => self.is_stale = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
    }

    fn take_client_event(&mut self, event: Event) {
        let screen = &mut self.screen;
        match event {
            Event::Connection(state) => {
                if let ConnectionState::Stopped(reason) = &state {
                    let words = Failure::from(reason.clone()).message(self.session.texts);
                    screen.dialog.get_or_insert(Dialog::Words(words));
                }
                if !matches!(state, ConnectionState::Online { .. }) {
                    screen.typing.clear();
                }
                screen.connection = state;
            }
            Event::Engine(EngineEvent::Typing { contact, on: true }) => {
                screen.typing.insert(contact);
            }
            Event::Engine(EngineEvent::Typing { contact, on: false }) => {
                screen.typing.remove(&contact);
            }
            Event::Engine(EngineEvent::DeviceCookieChanged) => {
                screen.dialog = Some(Dialog::OtherDevice);
            }
            Event::Engine(EngineEvent::Alert(text)) => {
                let words = self
                    .session
                    .texts
                    .with("server-says", &[("text", &safe::block(&text))]);
                screen.dialog = Some(Dialog::Words(words));
            }
            Event::Progress {
                media,
                done_bytes,
                total_bytes,
            } => {
                if done_bytes < total_bytes {
                    screen.moving.insert(media, (done_bytes, total_bytes));
                } else {
                    screen.moving.remove(&media);
                }
            }
            Event::Engine(EngineEvent::MediaChanged { .. }) => {
                // What failed would stay on the bar for ever; what goes on comes back at once.
                screen.moving.clear();
                self.is_stale = true;
            }
            _ => self.is_stale = true,
        }
    }

    async fn perform(&mut self, effect: Effect, terminal: &mut FullScreen) -> Result<(), Failure> {
        match effect {
            Effect::Quit => self.has_quit = true,
            Effect::Repaint => terminal.terminal().clear()?,
            Effect::Open(id) => self.open(id).await?,
            Effect::ReadMore => self.is_stale = true,
            Effect::Send { to, text, quote } => self.send(to, &text, quote).await?,
            Effect::Edit { position, text } => self.edit(position, text).await?,
            Effect::Give(command) => self.give(*command).await,
            Effect::SendFile { to, path } => self.send_file(to, path),
            Effect::Save(position, target) => self.save(position, target).await,
            Effect::OpenFile(position, is_sure) => self.open_file(position, is_sure).await,
            Effect::Inspect(position) => self.inspect(position).await?,
            Effect::Typed { to, is_empty } => self.typed(to, is_empty).await?,
            Effect::Add(who) => self.add(&who),
            Effect::SetBlocked(contact, is_blocked) => {
                let (command, id) = if is_blocked {
                    (Command::Block(contact), "blocked")
                } else {
                    (Command::Unblock(contact), "unblocked")
                };
                let done = self
                    .client
                    .command(command)
                    .await
                    .map(|_| contact.to_string());
                self.say(done.map_err(Failure::from), id);
            }
            Effect::ClearWarning => {
                self.client.command(Command::ClearDeviceCookie).await?;
                self.screen.me.is_device_cookie_changed = false;
            }
            Effect::Reconnect => self.client.connect().await?,
        }
        Ok(())
    }

    async fn open(&mut self, id: ConversationId) -> Result<(), Failure> {
        self.stop_typing().await?;
        self.keep_draft().await?;
        // Whoever was removed meanwhile has gone from the list as well.
        if let Ok(partner) = partner(self.client, id).await {
            self.screen.open(partner);
        }
        self.is_stale = true;
        Ok(())
    }

    /// The text leaves the field only when it is in the outbox; of a long one what is not.
    async fn send(
        &mut self,
        to: ConversationId,
        text: &str,
        quote: Option<Position>,
    ) -> Result<(), Failure> {
        let parts = split(text);
        for (index, part) in parts.iter().enumerate() {
            let command = Command::SendText {
                to,
                text: (*part).to_owned(),
                quote: quote.filter(|_| index == 0),
                reference: None,
            };
            if let Err(error) = self.client.command(command).await {
                let failure = Failure::from(error);
                self.screen.notice = Some(failure.message(self.session.texts));
                if let Some(open) = &mut self.screen.open
                    && index > 0
                {
                    open.editor = Editor::with(&parts[index..].join("\n"));
                }
                self.is_stale = true;
                return Ok(());
            }
        }
        self.clear_field().await?;
        // The message itself says that we do not type any more.
        self.stop_typing().await
    }

    async fn edit(&mut self, position: Position, text: String) -> Result<(), Failure> {
        if self.done(Command::Edit { position, text }).await {
            self.clear_field().await?;
            self.stop_typing().await?;
        }
        Ok(())
    }

    /// What was written has become a message.
    async fn clear_field(&mut self) -> Result<(), Failure> {
        self.is_stale = true;
        if let Some(open) = &mut self.screen.open {
            open.editor.take();
            open.compose = Compose::New;
        }
        self.keep_draft().await
    }

    /// Does what a key asked for.
    async fn give(&mut self, command: Command) {
        self.done(command).await;
    }

    /// Whether it was done; if not, the person reads why.
    pub(super) async fn done(&mut self, command: Command) -> bool {
        self.is_stale = true;
        let texts = self.session.texts;
        match self.client.command(command).await {
            Ok(Reply::Changed { unreached, .. }) if !unreached.is_empty() => {
                let names: Vec<_> = unreached.iter().map(Identity::to_string).collect();
                let values = [("names", &*names.join(", "))];
                self.screen.notice = Some(texts.with("done-but-unreached", &values));
                true
            }
            Ok(_) => true,
            Err(error) => {
                self.screen.notice = Some(Failure::from(error).message(texts));
                false
            }
        }
    }

    /// Keeps what was begun to be written, for the next time and for `chats`.
    async fn keep_draft(&mut self) -> Result<(), Failure> {
        let Some(open) = &self.screen.open else {
            return Ok(());
        };
        let text = match open.compose {
            Compose::Edit(_) => return Ok(()),
            Compose::New | Compose::Answer(_) => open.editor.text().to_owned(),
        };
        let conversation = open.id;
        if text != self.screen.stored_draft(conversation) {
            let command = Command::SetDraft { conversation, text };
            // A draft that is not kept is still on the screen; the next one may be.
            let _ = self.client.command(command).await;
            self.is_stale = true;
        }
        Ok(())
    }

    async fn inspect(&mut self, position: Position) -> Result<(), Failure> {
        let (times, edits) = self
            .client
            .view(move |conn| -> Result<_, Error> {
                let times = view::message_times(conn, position)?;
                Ok((times, view::edits(conn, position)?))
            })
            .await?;
        let open = self.screen.open.as_ref();
        let message = open.and_then(|open| open.message(position));
        if let (Some(message), Some(times)) = (message, times) {
            let words = details::words(message, &times, &edits, self.session);
            self.screen.dialog = Some(Dialog::Message(words));
        }
        Ok(())
    }

    async fn typed(&mut self, to: Identity, is_empty: bool) -> Result<(), Failure> {
        if is_empty {
            return self.stop_typing().await;
        }
        let now = Instant::now();
        let ends_at = now + TYPING_PAUSE;
        match &mut self.typing {
            Some(typing) if typing.to == to && now < typing.told_at + TYPING_REPEAT => {
                typing.ends_at = ends_at;
            }
            _ => {
                self.typing = Some(Typing {
                    to,
                    told_at: now,
                    ends_at,
                });
                self.client
                    .command(Command::Typing { to, on: true })
                    .await?;
            }
        }
        Ok(())
    }

    async fn stop_typing(&mut self) -> Result<(), Failure> {
        if let Some(typing) = self.typing.take() {
            self.client
                .command(Command::Typing {
                    to: typing.to,
                    on: false,
                })
                .await?;
        }
        Ok(())
    }

    /// Looking somebody up takes time, in which the chat goes on.
    fn add(&self, who: &str) {
        let (client, done) = (self.client.clone(), self.done.0.clone());
        let command = add_command(who, None, &self.session.clock);
        tokio::spawn(async move {
            let added = match command {
                Ok(command) => match client.command(command).await {
                    Ok(Reply::Contact(contact)) => Ok(Box::new(contact)),
                    Ok(_) => Err(Failure::new("interrupted")),
                    Err(error) => Err(error.into()),
                },
                Err(failure) => Err(failure),
            };
            // The chat may have ended.
            let _ = done.send(Done::Added(added)).await;
        });
    }

    async fn take_added(&mut self, added: Result<Box<Contact>, Failure>) -> Result<(), Failure> {
        let is_waiting = matches!(self.screen.dialog, Some(Dialog::Add { .. }));
        match added {
            Ok(contact) => {
                if is_waiting {
                    self.screen.dialog = None;
                    self.open(contact.identity.into()).await?;
                }
                self.say(Ok(safe::line(&contact.display_name())), "added");
            }
            Err(failure) => {
                let words = failure.message(self.session.texts);
                match &mut self.screen.dialog {
                    Some(Dialog::Add {
                        problem, is_busy, ..
                    }) => {
                        *problem = Some(words);
                        *is_busy = false;
                    }
                    _ => self.screen.notice = Some(words),
                }
            }
        }
        Ok(())
    }

    fn say(&mut self, done: Result<String, Failure>, id: &str) {
        self.is_stale = true;
        let texts = self.session.texts;
        self.screen.notice = Some(match done {
            Ok(name) => texts.with(id, &[("name", &name)]),
            Err(failure) => failure.message(texts),
        });
    }
}

/// With whom a conversation is.
pub(super) async fn partner(client: &Client, id: ConversationId) -> Result<Partner, Failure> {
    let found = client
        .view(move |conn| -> Result<_, Error> {
            Ok(match id {
                ConversationId::Contact(identity) => {
                    view::contact(conn, identity)?.map(|contact| Partner::Contact(contact.into()))
                }
                ConversationId::Group(group) => view::group(conn, &group)?.map(Partner::Group),
            })
        })
        .await?;
    found.ok_or_else(|| history::unknown(&id))
}

fn look<'a>(session: &'a Session<'_>) -> Look<'a> {
    Look {
        texts: session.texts,
        calendar: &session.calendar,
        now: session.clock.now(),
        has_colours: session.has_colours(),
    }
}
