//! The place where profiles lie: folders of a computer, or a browser's private file system, which
//! one
//! tab has at a time.

use crate::error::Error;

/// Why there is no place for profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceFault {
    /// Another tab has it: close it there, or take it over.
    #[error("the profile is open in another tab")]
    Elsewhere,
    /// The browser has no private file system, or not for this page.
    #[error("the browser gives no place for the profile")]
    Unsupported,
}

/// Takes the place. Doing it again is harmless; a computer's is always there.
pub async fn take_place() -> Result<(), PlaceFault> {
    #[cfg(target_family = "wasm")]
    super::wasm::take_pool().await?;
    Ok(())
}

/// Lets another tab have the place. Every profile is to be closed before.
#[cfg_attr(
    not(target_family = "wasm"),
    expect(clippy::unnecessary_wraps, reason = "a browser may refuse")
)]
pub fn leave_place() -> Result<(), Error> {
    #[cfg(target_family = "wasm")]
    super::wasm::leave_pool()?;
    Ok(())
}
