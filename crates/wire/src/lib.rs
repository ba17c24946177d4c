//! What crosses between client and server.
