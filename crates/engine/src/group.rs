//! Groups: everybody in one holds the same list, and only its creator changes it
//! (csp.struct.yml, groups).

pub(crate) mod receive;
