//! Helpers for the scenarios in `tests/`.
