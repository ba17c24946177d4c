//! The Dreiklang service as a library; `main.rs` only starts it.
