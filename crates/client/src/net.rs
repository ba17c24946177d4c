//! The network: one chat connection, short HTTP exchanges and blobs. A computer has sockets; a
//! browser has a WebSocket with the same bytes in it, and its own HTTP.

#[cfg(not(target_family = "wasm"))]
pub(crate) mod address;
pub(crate) mod blob;
#[cfg(target_family = "wasm")]
mod fetch;
#[cfg_attr(target_family = "wasm", path = "net/http_wasm.rs")]
pub(crate) mod http;
pub(crate) mod line;
#[cfg(all(test, not(target_family = "wasm")))]
pub(crate) mod local;
#[cfg(not(target_family = "wasm"))]
pub(crate) mod pins;
#[cfg(target_family = "wasm")]
pub(crate) mod pins {
    //! Which certificates are good is the browser's to say; a page is not asked.
    use dreiklang_wire::oppf::Domains;

    /// Nothing to check.
    #[derive(Debug)]
    pub(crate) struct Pins;

    impl Pins {
        pub(crate) fn new(_domains: Domains) -> Self {
            Self
        }

        /// Whether a certificate had the wrong key.
        #[expect(clippy::unused_self, reason = "a computer's pins remember")]
        pub(crate) fn take_broken(&self) -> bool {
            false
        }
    }
}

/// What the server and the person are told this program runs on.
#[cfg(not(target_family = "wasm"))]
pub(crate) const SYSTEM: &str = std::env::consts::OS;
/// What the server and the person are told this program runs on.
#[cfg(target_family = "wasm")]
pub(crate) const SYSTEM: &str = "browser";
