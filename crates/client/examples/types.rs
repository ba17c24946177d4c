//! Prints the TypeScript of the JSON interface; `cargo xtask gen` keeps it in app/src/core.

use std::io::Write;

use dreiklang_client::desk::types::Declarations;

fn main() -> std::io::Result<()> {
    let text = Declarations::desk().typescript();
    std::io::stdout().write_all(text.as_bytes())
}
