//! Dreiklang in the terminal.

fn main() {}
