//! The network: one chat connection over TCP, short HTTP exchanges and blobs over TLS.

pub(crate) mod address;
pub(crate) mod blob;
pub(crate) mod http;
#[cfg(test)]
pub(crate) mod local;
pub(crate) mod pins;
pub(crate) mod tcp;
