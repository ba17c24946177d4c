//! Load generator and reference relay.
