//! What the full screen does with files: sending, saving, opening, showing small pictures.

use std::path::PathBuf;

use dreiklang_client::desk::{SendAs, Size, files};
use dreiklang_client::view::{
    self, Card, Content, ConversationId, FileContent, MediaState, Message, Position,
};
use dreiklang_client::{Command, Sealed};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::driver::{Done, Driver};
use super::keys::Effect;
use super::preview;
use super::state::Dialog;
use crate::cmd::open;
use crate::failure::{Failure, Told};
use crate::safe;
use crate::wrap::shorten;

/// The most lines of a card, and how long they are.
const CARD_LINES_MAX: usize = 6;
const CARD_COLUMNS: usize = 32;
/// How many of the newest messages show small pictures.
const PREVIEWS_MAX: usize = 50;

impl Driver<'_> {
    /// Sealing a large file takes time, in which the chat goes on.
    pub(super) fn send_file(&self, to: ConversationId, path: PathBuf) {
        let (client, done) = (self.client.clone(), self.done.0.clone());
        tokio::spawn(async move {
            let sent = async {
                let file = files::prepare(&client, &path, SendAs::Auto, Size::Large).await?;
                let command = Command::SendFile {
                    to,
                    file: Box::new(file),
                    reference: None,
                };
                client.command(command).await?;
                Ok(None)
            };
            // The chat may have ended.
            let _ = done.send(Done::File(sent.await)).await;
        });
    }

    pub(super) async fn save(&mut self, position: Position, target: PathBuf) {
        let Some(message) = self.file_here(position).await else {
            return;
        };
        let (client, done) = (self.client.clone(), self.done.0.clone());
        tokio::spawn(async move {
            let saved = async {
                let path = files::target(&target, files::file_of(&message)?);
                files::save(&client, position, &path, false).await?;
                Ok(Some(path))
            };
            // The chat may have ended.
            let _ = done.send(Done::File(saved.await)).await;
        });
    }

    pub(super) async fn open_file(&mut self, position: Position, is_sure: bool) {
        let Some(message) = self.file_here(position).await else {
            return;
        };
        if open::check(&message, is_sure).is_err() {
            self.screen.dialog = Some(Dialog::Confirm {
                question: self.session.texts.say("open-question"),
                effect: Box::new(Effect::OpenFile(position, true)),
            });
            return;
        }
        let (client, done) = (self.client.clone(), self.done.0.clone());
        let folder = self.session.opened_folder();
        tokio::spawn(async move {
            let opened = open::open(folder, &client, &message).await;
            // The chat may have ended.
            let _ = done.send(Done::File(opened.map(|_| None))).await;
        });
    }

    pub(super) fn take_file(&mut self, done: Result<Option<PathBuf>, Failure>) {
        let texts = self.session.texts;
        self.is_stale = true;
        match done {
            Ok(None) => {}
            Ok(Some(path)) => {
                let path = safe::line(&path.display().to_string());
                self.screen.notice = Some(texts.with("saved", &[("path", &path)]));
            }
            Err(failure) => self.screen.notice = Some(failure.message(texts)),
        }
    }

    /// The message, if its file is here; else it is asked for.
    async fn file_here(&mut self, position: Position) -> Option<Message> {
        let open = self.screen.open.as_ref()?;
        let message = open.message(position)?.clone();
        let Content::File(file) = &message.content else {
            return None;
        };
        match file.media.state {
            MediaState::Here | MediaState::Sending | MediaState::Unsendable => Some(message),
            MediaState::Remote | MediaState::Coming | MediaState::Lost => {
                if self.done(Command::Download { position }).await {
                    self.screen.notice = Some(self.session.texts.say("file-is-coming"));
                }
                None
            }
        }
    }

    /// Reads the small pictures that are here and not yet on the screen.
    pub(super) async fn read_previews(&mut self) -> Result<(), Failure> {
        if !self.session.has_colours() {
            return Ok(());
        }
        let Some(open) = &mut self.screen.open else {
            return Ok(());
        };
        let is_missing = |message: &&Message| {
            let Content::File(file) = &message.content else {
                return false;
            };
            let looks_at = if is_card(file) {
                Some(file.media)
            } else {
                file.thumbnail
            };
            let small = looks_at.map(|media| media.state);
            let is_here = |state| !matches!(state, MediaState::Remote | MediaState::Coming);
            small.is_some_and(|state| is_here(state) && state != MediaState::Lost)
                && !open.previews.contains_key(&message.position)
        };
        let newest = open.messages.iter().rev().take(PREVIEWS_MAX);
        let missing: Vec<_> = newest
            .filter(is_missing)
            .map(|message| (message.position, is_card_in(message)))
            .collect();
        for (position, is_card) in missing {
            let file = self
                .client
                .view(move |conn| {
                    if is_card {
                        view::media_file(conn, position)
                    } else {
                        view::thumbnail_file(conn, position)
                    }
                })
                .await?;
            let Some(file) = file else { continue };
            let sealed = Sealed {
                name: file.name,
                key: file.key,
                nonce: file.nonce,
            };
            // A picture that cannot be read is left out: the line of text says what it is.
            let bytes = self.client.read_media(sealed, preview::BYTES_MAX).await;
            let lines = bytes.ok().and_then(|bytes| {
                if is_card {
                    Some(card_lines(&Card::parse(&bytes)?))
                } else {
                    preview::lines(&bytes, self.session.has_true_colour())
                }
            });
            open.previews.insert(position, lines.unwrap_or_default());
        }
        Ok(())
    }
}

fn is_card(file: &FileContent) -> bool {
    ["text/vcard", "text/x-vcard"].contains(&file.media_type.as_str())
}

fn is_card_in(message: &Message) -> bool {
    matches!(&message.content, Content::File(file) if is_card(file))
}

/// What a card says. It is somebody's word: adding the identity is up to the person.
fn card_lines(card: &Card) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled(
        safe::line(&card.name),
        Style::new().add_modifier(Modifier::BOLD),
    )];
    let identity = card.identity.map(|identity| identity.to_string());
    let details = card.phones.iter().chain(&card.emails).chain(&identity);
    let details = details.take(CARD_LINES_MAX);
    lines.extend(details.map(|text| Line::raw(shorten(&safe::line(text), CARD_COLUMNS))));
    lines
}
