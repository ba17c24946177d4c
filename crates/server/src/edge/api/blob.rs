//! `blob/…`: encrypted files under unguessable ids.

pub mod done;
pub mod download;
mod multipart;
pub mod upload;
