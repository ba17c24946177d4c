//! Bodies of the HTTP interfaces and the file that describes an instance.
//!
//! Reading is tolerant – fields that are not known are skipped, optional ones may be null – because
//! several generations of clients talk to one server. Writing is strict.

pub mod blob;
pub mod contact_match;
pub mod directory;
pub mod instance;
pub mod license;
pub mod link;
pub mod push;
pub mod safe;
mod text;
pub mod work;

pub(crate) use text::public_key;

pub use text::Base64;
