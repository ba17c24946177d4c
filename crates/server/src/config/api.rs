//! The section `[api]`: the HTTP side (directory and blobs).

use std::net::SocketAddr;

use dreiklang_wire::spec;

use super::section::section;
use super::{Problem, any_port, non_zero};

section! {
    /// The HTTP interface for clients: directory and blobs.
    pub struct Api {
        /// Addresses to listen on. Port 0 picks a free port (for tests).
        pub listen: Vec<SocketAddr> = any_port(5223),
        /// The base address that clients are told to use. Empty means: https (http with
        /// `tls.mode = "off"`), `chat.public_host` and the first port of `listen`.
        pub public_url: String = String::new(),
        /// Seconds that a challenge of the directory stays valid.
        pub challenge_ttl_s: u32 = 300,
        /// Challenges that are remembered as used at the same time. When the memory is full, new
        /// challenges are refused until the oldest expire.
        pub challenges_max: usize = 100_000,
        /// Seconds after which clients are told to check their contacts again.
        pub check_interval_s: u32 = 86_400,
        /// Connections at the same time.
        pub connections_max: usize = 10_000,
        /// Connections at the same time from one address (IPv6: from one /64 network).
        pub connections_per_ip_max: usize = 200,
        /// Whether connections from this machine itself are exempt from the limits per address.
        /// Switch this on behind a local proxy.
        pub loopback_exempt: bool = false,
        /// Seconds until a TLS handshake must be complete.
        pub tls_handshake_timeout_s: u64 = 10,
        /// Seconds until the head of a request must have arrived.
        pub header_timeout_s: u64 = 10,
        /// Bytes that the head of a request may have.
        pub header_bytes_max: usize = 16 * 1024,
        /// Bytes that the body of a directory request may have.
        pub body_bytes_max: usize = spec::DIRECTORY_BODY_BYTES_MAX,
        /// Seconds until the body of a directory request must have arrived.
        pub body_timeout_s: u64 = 15,
        /// Seconds that an upload may pause. Clients give up after ten seconds themselves.
        pub body_stall_timeout_s: u64 = 10,
        /// Seconds that an answer may wait for its reader to take more of it.
        pub write_stall_timeout_s: u64 = 30,
        /// Bytes per second that an upload must reach on average after its first pause.
        pub body_bytes_per_s_min: u64 = 1024,
        /// Seconds that a connection may stay open between two requests.
        pub keep_alive_s: u64 = 60,
    }
}

impl Api {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        if self.listen.is_empty() {
            problems.push(Problem::new(
                "api.listen",
                "names no address; write e.g. [::]:5223",
            ));
        }
        let url = &self.public_url;
        if !(url.is_empty() || url.starts_with("https://") || url.starts_with("http://")) {
            problems.push(Problem::new(
                "api.public_url",
                "must begin with https:// or http://",
            ));
        }
        if !(8 * 1024..=1024 * 1024).contains(&self.header_bytes_max) {
            problems.push(Problem::new(
                "api.header_bytes_max",
                "must be between 8192 and 1048576",
            ));
        }
        if !(30..=3600).contains(&self.challenge_ttl_s) {
            problems.push(Problem::new(
                "api.challenge_ttl_s",
                "must be between 30 and 3600",
            ));
        }
        non_zero(problems, "api.challenges_max", self.challenges_max as u64);
        non_zero(
            problems,
            "api.check_interval_s",
            self.check_interval_s.into(),
        );
        non_zero(problems, "api.connections_max", self.connections_max as u64);
        non_zero(
            problems,
            "api.connections_per_ip_max",
            self.connections_per_ip_max as u64,
        );
        non_zero(
            problems,
            "api.tls_handshake_timeout_s",
            self.tls_handshake_timeout_s,
        );
        non_zero(problems, "api.header_timeout_s", self.header_timeout_s);
        non_zero(problems, "api.body_bytes_max", self.body_bytes_max as u64);
        non_zero(problems, "api.body_timeout_s", self.body_timeout_s);
        non_zero(
            problems,
            "api.body_stall_timeout_s",
            self.body_stall_timeout_s,
        );
        non_zero(
            problems,
            "api.write_stall_timeout_s",
            self.write_stall_timeout_s,
        );
        non_zero(problems, "api.keep_alive_s", self.keep_alive_s);
    }
}
