//! What one source says, after the filter of its source.

use std::collections::BTreeMap;

use super::{Invalid, Parameter, Value};
use crate::spec;

/// Values as they come from outside: any name, any JSON.
pub type WireParameters = BTreeMap<String, serde_json::Value>;

/// Known parameters with values that an app takes.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<Parameter, Value>);

/// A value that the filter did not let through. It does not say the value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The name, cut to a length that fits a log.
    pub name: String,
    /// What was wrong.
    pub why: WhyDropped,
}

/// What was wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyDropped {
    /// No such parameter.
    #[error("there is no such parameter")]
    Unknown,
    /// Not a value for it.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// A secret that only the device's own management may set.
    #[error("a secret: it can only be set by the management of the device")]
    Secret,
    /// The instance is not entitled to it.
    #[error("the provisioning file does not entitle this instance to it")]
    NotEntitled,
}

impl Parameters {
    /// What the management of the device says.
    pub fn from_device(wire: &WireParameters) -> (Self, Vec<Dropped>) {
        Self::filtered(wire, |_| Ok(()))
    }

    /// What the organisation's server says: none of the five secrets, and nothing about the remote
    /// secret unless the provisioning file lists that feature (mdm-parameters.md, filter steps).
    pub fn from_server(wire: &WireParameters, has_remote_secret: bool) -> (Self, Vec<Dropped>) {
        Self::filtered(wire, |parameter| {
            Self::may_come_from_server(parameter, has_remote_secret)
        })
    }

    /// May the server set this parameter?
    pub fn may_come_from_server(
        parameter: Parameter,
        has_remote_secret: bool,
    ) -> Result<(), WhyDropped> {
        if parameter.traits().is_device_only {
            return Err(WhyDropped::Secret);
        }
        if parameter == Parameter::EnableRemoteSecret && !has_remote_secret {
            return Err(WhyDropped::NotEntitled);
        }
        Ok(())
    }

    fn filtered(
        wire: &WireParameters,
        may: impl Fn(Parameter) -> Result<(), WhyDropped>,
    ) -> (Self, Vec<Dropped>) {
        let read = |name: &str, json: &serde_json::Value| {
            let parameter: Parameter = name.parse().map_err(|_| WhyDropped::Unknown)?;
            may(parameter)?;
            let value = parameter.read(Value::try_from(json.clone())?)?;
            Ok((parameter, value))
        };
        let mut parameters = BTreeMap::new();
        let mut dropped = Vec::new();
        for (name, json) in wire {
            match read(name, json) {
                Ok((parameter, value)) => {
                    parameters.insert(parameter, value);
                }
                Err(why) if dropped.len() < spec::MDM_DROPPED_MAX => {
                    let name = name.chars().take(64).collect();
                    dropped.push(Dropped { name, why });
                }
                Err(_) => {}
            }
        }
        (Self(parameters), dropped)
    }

    /// Adds a value, or says why it is none.
    pub fn set(&mut self, parameter: Parameter, value: Value) -> Result<(), Invalid> {
        parameter.check(&value)?;
        self.0.insert(parameter, value);
        Ok(())
    }

    /// Gives control of a parameter back to the user.
    pub fn unset(&mut self, parameter: Parameter) -> Option<Value> {
        self.0.remove(&parameter)
    }

    /// The value of a parameter, if it is set.
    pub fn value(&self, parameter: Parameter) -> Option<&Value> {
        self.0.get(&parameter)
    }

    /// Every value, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (Parameter, &Value)> {
        self.0.iter().map(|(parameter, value)| (*parameter, value))
    }

    /// How many are set.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Is none set?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What `above` says, and for the rest what this one says: a user's own values above those of
    /// the organisation above those of the instance.
    #[must_use]
    pub fn below(mut self, above: &Self) -> Self {
        self.0.extend(above.0.clone());
        self
    }

    /// As they are sent.
    pub fn to_wire(&self) -> WireParameters {
        let json = |value: &Value| match value {
            Value::Bool(value) => (*value).into(),
            Value::Integer(value) => (*value).into(),
            Value::Text(value) => value.as_str().into(),
        };
        self.iter()
            .map(|(parameter, value)| (parameter.name().to_owned(), json(value)))
            .collect()
    }
}

/// For values that were checked before they were stored; an odd one is left out.
impl FromIterator<(Parameter, Value)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (Parameter, Value)>>(values: I) -> Self {
        let read = |(parameter, value): (Parameter, Value)| {
            parameter.read(value).ok().map(|value| (parameter, value))
        };
        Self(values.into_iter().filter_map(read).collect())
    }
}
