//! The full-screen chat: waits for keys and events, does what they ask for, draws.

mod choose;
mod details;
mod dialog;
mod draw;
mod driver;
mod editor;
mod files;
mod keys;
mod layout;
mod list;
mod messages;
mod pick;
mod preview;
mod state;
mod terminal;

use dreiklang_client::Client;
use dreiklang_client::engine::Timestamp;
use dreiklang_client::view::Me;

use crate::failure::Failure;
use crate::moment::Calendar;
use crate::people::People;
use crate::rendering::Scene;
use crate::safe;
use crate::session::Session;
use crate::texts::Texts;
use crate::who;

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

impl<'a> Look<'a> {
    /// How messages are rendered with these names.
    pub(crate) fn scene(&self, people: &'a People) -> Scene<'a> {
        Scene {
            texts: self.texts,
            people,
            keeps_marks: false,
        }
    }
}

/// Runs until the person quits.
pub(crate) async fn run(
    session: &Session<'_>,
    client: &Client,
    me: Me,
    conversation: Option<String>,
) -> Result<(), Failure> {
    let partner = match conversation {
        Some(text) => Some(driver::partner(client, who::conversation(client, &text).await?).await?),
        None => None,
    };
    let instance = safe::line(&session.profile.instance()?.name);
    let mut driver = Driver::new(session, client, Screen::new(me, instance));
    let mut terminal = FullScreen::enter()?;
    let result = driver.run(&mut terminal, partner).await;
    drop(terminal);
    result
}

#[cfg(test)]
mod tests;
