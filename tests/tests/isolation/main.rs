//! Two closed instances side by side: nothing that belongs to one opens anything at the other.

mod network;
mod paths;
mod world;
