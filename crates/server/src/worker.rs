//! The jobs that happen later, or again.
