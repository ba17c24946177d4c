//! App configuration: the 50 `th_*` parameters by which an organisation presets and restricts the
//! app (mdm-parameters.md).
//!
//! A parameter that is not set leaves the choice to the user, so every value has three states.
//! There are two sources: management of the device ([`Origin::Device`]) and the organisation's
//! server ([`Origin::Server`]). [`Parameters`] is what one source says, after the filter of its
//! source; [`Policy`] is what counts once both are merged.

mod parameter;
mod parameters;
mod policy;
mod value;

pub use parameter::{Parameter, Traits};
pub use parameters::{Dropped, Parameters, WhyDropped, WireParameters};
pub use policy::{Origin, Policy, SafeRule};
pub use value::{Invalid, Value, ValueKind};

#[cfg(test)]
mod tests;
