//! `policy`: what the organisation has set.

use dreiklang_client::view;

use crate::failure::Failure;
use crate::format;
use crate::safe;
use crate::session::Session;

pub(crate) async fn perform(session: &Session<'_>) -> Result<(), Failure> {
    let client = session.open().await?;
    let policy = client.view(view::policy).await?;
    client.close().await?;
    let parameters = format::Policy::new(&policy);
    session.print(
        |texts| {
            if parameters.is_empty() {
                return texts.say("policy-none");
            }
            let line = |(name, value, origin): (&str, String, &str)| {
                let origin = texts.say(match origin {
                    "device" => "policy-from-device",
                    _ => "policy-from-organisation",
                });
                texts.with(
                    "policy-line",
                    &[
                        ("name", name),
                        ("value", &safe::line(&value)),
                        ("origin", &origin),
                    ],
                )
            };
            parameters.lines().map(line).collect::<Vec<_>>().join("\n")
        },
        &parameters,
    )
}
