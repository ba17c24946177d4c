//! The section `[metrics]`: the Prometheus listener.

use super::Problem;
use super::section::section;

section! {
    /// Numbers for Prometheus, on a listener of their own that clients must not reach.
    pub struct Metrics {
        /// The address of the metrics listener, e.g. "127.0.0.1:5224". Empty means: none.
        pub listen: String = String::new(),
    }
}

impl Metrics {
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        if !self.listen.is_empty() && self.listen.parse::<std::net::SocketAddr>().is_err() {
            problems.push(Problem::new(
                "metrics.listen",
                "must be an address with a port",
            ));
        }
    }
}
