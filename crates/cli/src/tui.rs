//! The full-screen chat.

use dreiklang_client::view::Me;
use dreiklang_client::{Client, Identity};

use crate::failure::Failure;
use crate::session::Session;

pub(crate) async fn run(_s: &Session<'_>, _c: &Client, _m: Me, _i: Option<Identity>) -> Result<(), Failure> {
    Err(Failure::usage("no-terminal"))
}
