//! The mind of a client.
