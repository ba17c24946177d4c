//! Prints the TypeScript of the border; `cargo xtask gen` keeps it in app/src/core.

use std::io::Write;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(dreiklang_web::stage::typescript().as_bytes())
}
