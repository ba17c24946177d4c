//! Which command does what with files and pictures.

use crate::{Engine, command::Command, engine::Answer, error::Result, turn::Turn};

impl Engine {
    /// Does what a command wants of files; gives other commands back.
    pub(crate) fn on_media_command(
        &mut self,
        turn: &mut Turn<'_>,
        command: Command,
    ) -> Result<std::result::Result<Answer, Command>> {
        let answer = match command {
            Command::SendFile {
                to,
                file,
                reference,
            } => self.send_file(turn, &to, *file, reference.as_deref().unwrap_or_default())?,
            Command::Resend { position } => self.resend_file(turn, position)?,
            Command::Cancel { position } => Self::cancel(turn, position)?,
            Command::Download { position } => Self::download(turn, position)?,
            Command::MarkPlayed { position } => Self::mark_played(turn, position)?,
            Command::SetAutoDownload(automatic) => Self::set_auto_download(turn, automatic)?,
            Command::ClearMedia {
                conversation,
                before,
            } => Self::clear_media(turn, conversation.as_ref(), before)?,
            Command::SetProfilePicture(jpeg) => self.set_profile_picture(turn, jpeg.as_deref())?,
            Command::SetGroupPicture { group, picture } => {
                self.change_group_picture(turn, &group, picture.as_deref())?
            }
            other => return Ok(Err(other)),
        };
        Ok(Ok(answer))
    }
}
