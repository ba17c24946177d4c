//! Tests of the queue rows.
