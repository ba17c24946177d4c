//! The end-to-end layer.
