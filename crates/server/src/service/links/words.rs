//! What confirmations say, in English and German.

use dreiklang_wire::id::Identity;

use crate::service::texts::Language;

/// The subject of a confirmation mail.
pub(super) fn subject(language: Language, identity: Identity) -> String {
    match language {
        Language::English => format!("Link this e-mail address with the ID {identity}?"),
        Language::German => format!("Diese E-Mail-Adresse mit der ID {identity} verknüpfen?"),
    }
}

/// The text of a confirmation mail.
pub(super) fn mail(
    language: Language,
    instance: &str,
    identity: Identity,
    hours: u32,
    url: &str,
) -> String {
    match language {
        Language::English => format!(
            "Hello,\n\n\
             somebody wants to link this e-mail address with the ID {identity} on {instance}.\n\
             If that is you, open this page within {hours} hours and confirm there:\n\n\
             {url}\n\n\
             If it is not you, do nothing: nothing is linked without your confirmation.\n"
        ),
        Language::German => format!(
            "Hallo,\n\n\
             jemand möchte diese E-Mail-Adresse mit der ID {identity} auf {instance} verknüpfen.\n\
             Wenn du das bist, öffne innerhalb von {hours} Stunden diese Seite und bestätige \
             dort:\n\n\
             {url}\n\n\
             Wenn du es nicht bist, tu nichts: Ohne deine Bestätigung wird nichts verknüpft.\n"
        ),
    }
}

/// The text of a short message; the link opens the app with the code.
pub(super) fn short_message(
    language: Language,
    instance: &str,
    code: &str,
    scheme: &str,
) -> String {
    match language {
        Language::English => format!(
            "{instance}: your code is {code}. Give it to nobody. \
             Or tap: {scheme}://link_mobileno?code={code}"
        ),
        Language::German => format!(
            "{instance}: Dein Code ist {code}. Gib ihn niemandem. \
             Oder tippe: {scheme}://link_mobileno?code={code}"
        ),
    }
}

/// What a call reads out, twice and digit by digit.
pub(super) fn call(language: Language, instance: &str, code: &str) -> String {
    let digits: Vec<_> = code.chars().map(String::from).collect();
    let digits = digits.join(", ");
    match language {
        Language::English => {
            format!("Your code for {instance} is: {digits}. Again: {digits}. Give it to nobody.")
        }
        Language::German => {
            format!(
                "Dein Code für {instance} ist: {digits}. Noch einmal: {digits}. Gib ihn niemandem."
            )
        }
    }
}
