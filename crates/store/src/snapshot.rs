//! Copies of a whole store.
