//! `{"success": true, …}` or `{"success": false, "error": "text"}`.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

/// A reply, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<T> {
    /// It worked.
    Success(T),
    /// It did not.
    Failure(Failure),
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Failure {
    /// For the user.
    pub error: String,
    /// For the client: `invalid-identity`, `invalid-token`, `identity-transfer-prohibited`,
    /// and those of [`license_refused`](crate::api::work::license_refused).
    pub error_type: Option<String>,
}

/// A reply that says nothing but that it worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Success {}

impl<T> Outcome<T> {
    /// A refusal with a text for the user.
    pub fn failure(error: impl Into<String>) -> Self {
        Self::Failure(Failure {
            error: error.into(),
            error_type: None,
        })
    }

    /// The reply, or the refusal.
    pub fn into_result(self) -> Result<T, Failure> {
        match self {
            Self::Success(reply) => Ok(reply),
            Self::Failure(failure) => Err(failure),
        }
    }
}

#[derive(Serialize)]
struct Succeeded<'a, T> {
    success: bool,
    #[serde(flatten)]
    reply: &'a T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed<'a> {
    success: bool,
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_type: Option<&'a str>,
}

impl<T: Serialize> Serialize for Outcome<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Success(reply) => Succeeded {
                success: true,
                reply,
            }
            .serialize(serializer),
            Self::Failure(Failure { error, error_type }) => Failed {
                success: false,
                error,
                error_type: error_type.as_deref(),
            }
            .serialize(serializer),
        }
    }
}

/// Round one of a challenge and the plain lookups carry no `success`, so only an explicit `false`
/// or an error text is a refusal.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Outcome<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::<String, Value>::deserialize(deserializer)?;
        let text = |name| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let error = text("error");
        let refused = fields.get("success").and_then(Value::as_bool) == Some(false);
        let succeeded = fields.get("success").and_then(Value::as_bool) == Some(true);
        if refused || (error.is_some() && !succeeded) {
            return Ok(Self::Failure(Failure {
                error: error.unwrap_or_default(),
                error_type: text("errorType"),
            }));
        }
        T::deserialize(Value::Object(fields))
            .map(Self::Success)
            .map_err(D::Error::custom)
    }
}
