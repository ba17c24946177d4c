//! The section `[chat]`: where the chat server listens and what it allows.

use std::net::SocketAddr;

use super::section::section;
use super::{Problem, any_port, non_zero};

section! {
    /// The chat server (CSP): a TCP port that speaks its own encrypted protocol, without TLS.
    pub struct Chat {
        /// Addresses to listen on. Port 0 picks a free port (for tests).
        pub listen: Vec<SocketAddr> = any_port(5222),
        /// The host name or address that clients are told to connect to.
        pub public_host: String = "localhost".to_owned(),
        /// The ports that clients are told to try, in this order. Empty means: the ports of
        /// `listen`.
        pub public_ports: Vec<u16> = Vec::new(),
        /// The permanent secret key of the chat server: `file:` and a path to 64 hex digits.
        /// A relative path starts in `data_dir`.
        pub private_key: String = "file:keys/chat.key".to_owned(),
        /// A second permanent secret key that clients may pin and that can become the current one.
        /// It is only refused as the key of an identity. Empty means: none.
        pub alternative_key: String = String::new(),
        /// How long a message that was delivered at once may wait for the receiver's
        /// acknowledgement before it is written to the database.
        pub commit_linger_ms: u64 = 10,
        /// Days after which an undelivered message is deleted.
        pub queue_ttl_days: u32 = 14,
        /// Seconds after which an undelivered short-lived message is deleted.
        pub short_lived_ttl_s: u32 = 60,
        /// Messages that may wait for one identity before the server refuses more.
        pub queue_messages_max: u64 = 10_000,
        /// Bytes that may wait for one identity before the server refuses more.
        pub queue_bytes_max: u64 = 64 * 1024 * 1024,
        /// Messages that one identity may send in a burst.
        pub messages_burst_max: u32 = 2_000,
        /// Messages that one identity may send per minute over a longer time.
        pub messages_per_minute_max: u32 = 1_200,
        /// Connections at the same time.
        pub connections_max: usize = 20_000,
        /// Connections at the same time from one address (IPv6: from one /64 network).
        pub connections_per_ip_max: usize = 200,
        /// Handshakes in progress at the same time.
        pub handshakes_max: usize = 2_000,
        /// Handshakes in progress at the same time from one address (IPv6: one /64 network).
        pub handshakes_per_ip_max: usize = 50,
        /// Handshakes that one address may begin per minute.
        pub handshakes_per_ip_minute_max: u32 = 600,
        /// Whether connections from this machine itself are exempt from the limits per address.
        /// Useful behind a local proxy and in measurements.
        pub loopback_exempt: bool = false,
        /// Seconds until the first handshake message must have arrived.
        pub hello_timeout_s: u64 = 5,
        /// Seconds until the login must be complete.
        pub login_timeout_s: u64 = 10,
        /// Seconds of silence after which a connection is closed unless the client asks for more
        /// (30 to 600).
        pub idle_timeout_s: u16 = 300,
    }
}

impl Chat {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        if self.listen.is_empty() {
            problems.push(Problem::new(
                "chat.listen",
                "names no address; write e.g. [::]:5222",
            ));
        }
        if self.public_host.is_empty() || self.public_host.contains(['/', ' ', ':']) {
            problems.push(Problem::new(
                "chat.public_host",
                "must be a bare host name or IPv4 address, without port or scheme",
            ));
        }
        if self.public_ports.contains(&0) {
            problems.push(Problem::new("chat.public_ports", "must not contain 0"));
        }
        if !(30..=600).contains(&self.idle_timeout_s) {
            problems.push(Problem::new(
                "chat.idle_timeout_s",
                "must be between 30 and 600",
            ));
        }
        non_zero(problems, "chat.queue_ttl_days", self.queue_ttl_days.into());
        non_zero(
            problems,
            "chat.short_lived_ttl_s",
            self.short_lived_ttl_s.into(),
        );
        non_zero(problems, "chat.queue_messages_max", self.queue_messages_max);
        non_zero(problems, "chat.queue_bytes_max", self.queue_bytes_max);
        non_zero(
            problems,
            "chat.messages_burst_max",
            self.messages_burst_max.into(),
        );
        non_zero(
            problems,
            "chat.messages_per_minute_max",
            self.messages_per_minute_max.into(),
        );
        non_zero(
            problems,
            "chat.connections_max",
            self.connections_max as u64,
        );
        non_zero(
            problems,
            "chat.connections_per_ip_max",
            self.connections_per_ip_max as u64,
        );
        non_zero(problems, "chat.handshakes_max", self.handshakes_max as u64);
        non_zero(
            problems,
            "chat.handshakes_per_ip_max",
            self.handshakes_per_ip_max as u64,
        );
        non_zero(
            problems,
            "chat.handshakes_per_ip_minute_max",
            self.handshakes_per_ip_minute_max.into(),
        );
        non_zero(problems, "chat.hello_timeout_s", self.hello_timeout_s);
        non_zero(problems, "chat.login_timeout_s", self.login_timeout_s);
    }
}
