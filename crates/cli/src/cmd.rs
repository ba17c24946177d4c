//! The verbs, one file each.

mod chat;
mod chats;
mod contact;
mod history;
mod me;
mod nickname;
mod passphrase;
mod receive;
mod revoke;
mod run;
mod send;
mod settings;
mod setup;
mod shell;

use crate::args::{Arguments, Command};
use crate::failure::Failure;
use crate::session::Session;
use crate::texts::Texts;

/// Does what the command line says.
pub(crate) async fn perform(arguments: Arguments, texts: &Texts) -> Result<(), Failure> {
    // These two need no profile.
    match &arguments.command {
        Command::Completions { shell } => return shell::completions(*shell),
        Command::Man { folder } => return shell::man(folder, texts),
        _ => {}
    }
    let session = Session::new(arguments.global, texts)?;
    match arguments.command {
        Command::Setup(flags) => setup::perform(&session, flags).await,
        Command::Me(flags) => me::perform(&session, flags).await,
        Command::Contact(verb) => contact::perform(&session, verb).await,
        Command::Send(flags) => send::perform(&session, flags).await,
        Command::Receive(flags) => receive::perform(&session, flags).await,
        Command::Chats => chats::perform(&session).await,
        Command::History(flags) => history::perform(&session, flags).await,
        Command::Nickname { nickname } => nickname::perform(&session, nickname).await,
        Command::Settings(flags) => settings::perform(&session, flags).await,
        Command::Passphrase(verb) => passphrase::perform(&session, verb),
        Command::Chat { contact } => chat::perform(&session, contact).await,
        Command::Run(flags) => run::perform(&session, flags).await,
        Command::Revoke { confirm } => revoke::perform(&session, confirm).await,
        Command::Completions { .. } | Command::Man { .. } => Ok(()),
    }
}
