//! The full-screen chat: waits for keys and events, does what they ask for, draws.

mod dialog;
mod draw;
mod driver;
mod editor;
mod keys;
mod layout;
mod list;
mod messages;
mod state;
mod terminal;
mod wrap;

use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::{self, Me};
use dreiklang_client::{Client, Identity};

use crate::failure::Failure;
use crate::moment::Calendar;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;

use driver::Driver;
use state::Screen;
use terminal::FullScreen;

/// What every picture needs besides the state.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) calendar: &'a Calendar,
    pub(crate) now: Timestamp,
    pub(crate) has_colours: bool,
}

/// Runs until the person quits.
pub(crate) async fn run(
    session: &Session<'_>,
    client: &Client,
    me: Me,
    contact: Option<Identity>,
) -> Result<(), Failure> {
    if let Some(id) = contact
        && client
            .view(move |conn| view::contact(conn, id))
            .await?
            .is_none()
    {
        return Err(Failure::new("unknown-contact").with("id", id));
    }
    let instance = safe::line(&session.profile.instance()?.name);
    let mut driver = Driver::new(session, client, Screen::new(me, instance));
    let mut terminal = FullScreen::enter()?;
    let result = driver.run(&mut terminal, contact).await;
    drop(terminal);
    result
}

#[cfg(test)]
mod tests;
