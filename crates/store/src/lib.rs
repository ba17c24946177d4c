//! The memory of the server.
