//! The hands of a client.
