//! The network: one chat connection over TCP, short HTTP exchanges over TLS.

pub(crate) mod http;
pub(crate) mod tcp;
