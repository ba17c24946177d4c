//! Bodies of the HTTP interfaces.
