//! What confirmations say.

use dreiklang_wire::id::Identity;

use crate::service::texts::Language;

/// The subject of a confirmation mail.
pub(super) fn subject(language: Language, identity: Identity) -> String {
    language.say("confirm-subject", &[("id", identity.as_str())])
}

/// The text of a confirmation mail.
pub(super) fn mail(
    language: Language,
    instance: &str,
    identity: Identity,
    hours: u32,
    url: &str,
) -> String {
    let values = [
        ("id", identity.as_str()),
        ("instance", instance),
        ("hours", &hours.to_string()),
        ("url", url),
    ];
    let mut text = language.say("confirm-mail", &values);
    // A text ends with a line.
    text.push('\n');
    text
}

/// The text of a short message; the link opens the app with the code.
pub(super) fn short_message(
    language: Language,
    instance: &str,
    code: &str,
    scheme: &str,
) -> String {
    let link = format!("{scheme}://link_mobileno?code={code}");
    let values = [("instance", instance), ("code", code), ("link", &link)];
    language.say("confirm-message", &values)
}

/// What a call reads out, twice and digit by digit.
pub(super) fn call(language: Language, instance: &str, code: &str) -> String {
    let digits: Vec<_> = code.chars().map(String::from).collect();
    let values = [("instance", instance), ("digits", &*digits.join(", "))];
    language.say("confirm-call", &values)
}
