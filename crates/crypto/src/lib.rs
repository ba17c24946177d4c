//! Keys, boxes, key derivation and signatures.
