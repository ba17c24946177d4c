//! Tasks about the code.

fn main() {}
