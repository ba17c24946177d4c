//! The terminal in full-screen mode, and always back out of it.

use std::io;
use std::panic;

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::execute;
use ratatui::DefaultTerminal;

/// While it lives, the terminal belongs to the chat. Also a panic gives it back first, so that its
/// message can be read.
pub(crate) struct FullScreen(DefaultTerminal);

impl FullScreen {
    pub(crate) fn enter() -> io::Result<Self> {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            leave();
            earlier(panic);
        }));
        // Sets a hook of its own too; restoring twice does no harm.
        let terminal = ratatui::try_init()?;
        let entered = Self(terminal);
        execute!(
            io::stdout(),
            EnableBracketedPaste,
            EnableFocusChange,
            EnableMouseCapture
        )?;
        Ok(entered)
    }

    pub(crate) fn terminal(&mut self) -> &mut DefaultTerminal {
        &mut self.0
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        leave();
    }
}

/// Whatever fails here, the rest is tried.
fn leave() {
    let _ = execute!(
        io::stdout(),
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste
    );
    let _ = ratatui::try_restore();
}
