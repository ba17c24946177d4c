//! Starts the Dreiklang server.

fn main() {}
