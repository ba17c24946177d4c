//! The verbs, one file each.

pub(crate) mod chat;
pub(crate) mod chats;
pub(crate) mod contact;
mod delete;
mod delivery;
mod edit;
mod export_id;
mod forward;
pub(crate) mod group;
pub(crate) mod history;
mod link;
mod made;
mod managed;
mod me;
mod nickname;
pub(crate) mod open;
mod passphrase;
mod picture;
mod policy;
mod poll;
pub(crate) mod progress;
mod react;
mod receive;
mod reclaim;
mod resend;
mod revoke;
mod run;
mod safe;
pub(crate) mod save;
pub(crate) mod send;
mod send_card;
pub(crate) mod send_file;
mod send_location;
mod settings;
mod setup;
mod shell;
mod star;
mod storage;
mod work;

use dreiklang_client::desk::Request;

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
        Command::Setup(flags) => setup::perform(&session, *flags).await,
        Command::Me(flags) => me::perform(&session, flags).await,
        Command::Contact(verb) => contact::perform(&session, verb).await,
        Command::Send(flags) => send::perform(&session, flags).await,
        Command::Group(verb) => group::perform(&session, verb).await,
        Command::SendLocation(flags) => send_location::perform(&session, flags).await,
        Command::SendFile(flags) => send_file::perform(&session, flags).await,
        Command::SendCard(flags) => send_card::perform(&session, flags).await,
        Command::Save(flags) => save::perform(&session, flags).await,
        Command::Open(flags) => open::perform(&session, flags).await,
        Command::Picture(verb) => picture::perform(&session, verb).await,
        Command::Storage(verb) => storage::perform(&session, verb).await,
        Command::Resend(flags) => resend::perform(&session, flags).await,
        Command::React(flags) => react::perform(&session, flags).await,
        Command::Edit(flags) => edit::perform(&session, flags).await,
        Command::Delete(flags) => delete::perform(&session, flags).await,
        Command::Star(flags) => star::perform(&session, flags).await,
        Command::Forward(flags) => forward::perform(&session, flags).await,
        Command::Poll(verb) => poll::perform(&session, verb).await,
        Command::Receive(flags) => receive::perform(&session, flags).await,
        Command::Chats => chats::perform(&session).await,
        Command::History(flags) => history::perform(&session, flags).await,
        Command::Nickname { nickname } => nickname::perform(&session, nickname).await,
        Command::Settings(flags) => settings::perform(&session, flags).await,
        Command::Passphrase(verb) => passphrase::perform(&session, verb),
        Command::Chat(flags) => chat::perform(&session, flags).await,
        Command::Run(flags) => run::perform(&session, flags).await,
        Command::Work(verb) => work::perform(&session, verb).await,
        Command::Policy => policy::perform(&session).await,
        Command::Managed { file } => managed::perform(&session, &file).await,
        Command::Safe(verb) => safe::perform(&session, verb).await,
        Command::ExportId(flags) => export_id::perform(&session, flags).await,
        Command::ExportChat { with, target } => {
            made::perform(&session, made::chat(&session, with), &target).await
        }
        Command::MyData { target } => made::perform(&session, Request::MyData {}, &target).await,
        Command::Link(verb) => link::perform(&session, verb).await,
        Command::Reclaim => reclaim::perform(&session).await,
        Command::Revoke { confirm } => revoke::perform(&session, confirm).await,
        Command::Completions { .. } | Command::Man { .. } => Ok(()),
    }
}
