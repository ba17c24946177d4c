//! Which passwords a Safe backup may have. The server can try them all at its leisure, so the ones
//! everybody would try first are refused.

use dreiklang_wire::{
    id::Identity,
    mdm::{Parameter, Policy},
};
use fancy_regex::RegexBuilder;

use super::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
use crate::command::Refusal;

/// Digits alone must be at least as many.
const DIGITS_MIN: usize = 15;
/// A pattern that needs more steps than this matches nothing.
const PATTERN_STEPS_MAX: usize = 100_000;

/// Checks the length, for every kind of backup.
pub(crate) fn check_length(password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if (PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&length) {
        Ok(())
    } else {
        Err(Refusal::PasswordLength {
            min: PASSWORD_CHARS_MIN,
            max: PASSWORD_CHARS_MAX,
        })
    }
}

/// Checks a password that the person chose, with the organisation's rule if there is one.
pub(crate) fn check(
    password: &str,
    own: Identity,
    policy: &Policy,
    fits: fn(&str, &str) -> bool,
) -> Result<(), Refusal> {
    check_length(password)?;
    if is_weak(password, own) {
        return Err(Refusal::PasswordWeak);
    }
    match policy.safe_password_pattern() {
        Some(pattern) if !fits(pattern, password) => {
            let message = policy.safe_password_message().unwrap_or_default();
            Err(Refusal::PasswordPattern(message.to_owned()))
        }
        _ => Ok(()),
    }
}

fn is_weak(password: &str, own: Identity) -> bool {
    let mut letters = password.chars();
    let first = letters.next();
    let is_one_letter = letters.all(|letter| Some(letter) == first);
    let is_short_number =
        password.chars().all(|letter| letter.is_ascii_digit()) && password.len() < DIGITS_MIN;
    is_one_letter || is_short_number || password.eq_ignore_ascii_case(own.as_str())
}

/// Whether the whole text fits a regular expression. A pattern that cannot be read forbids nothing:
/// nobody could comply with it.
pub fn fits_pattern(pattern: &str, text: &str) -> bool {
    RegexBuilder::new(&format!("^(?:{pattern})$"))
        .backtrack_limit(PATTERN_STEPS_MAX)
        .build()
        .map_or(true, |regex| regex.is_match(text).unwrap_or(false))
}

/// What the organisation's own password must be, by its parameter; it was checked there.
pub(crate) fn managed(policy: &Policy) -> Option<(&str, Parameter)> {
    policy
        .safe_password()
        .map(|password| (password, Parameter::SafePassword))
}

#[cfg(test)]
mod tests {
    use dreiklang_wire::mdm::{Parameters, WireParameters};
    use serde_json::json;

    use super::*;

    fn own() -> Identity {
        "ECHOECHO".parse().unwrap()
    }

    #[test]
    fn the_first_guesses_are_refused() {
        let check = |password: &str| check(password, own(), &Policy::default(), fits_pattern);
        assert!(check("shootdeathstar").is_ok());
        assert!(check("123456789012345").is_ok());
        let length = Refusal::PasswordLength { min: 8, max: 4096 };
        assert_eq!(check("short"), Err(length.clone()));
        assert_eq!(check(&"ab".repeat(2049)), Err(length));
        for weak in ["aaaaaaaaaa", "12345678", "echoecho"] {
            assert_eq!(check(weak), Err(Refusal::PasswordWeak), "{weak}");
        }
    }

    #[test]
    fn the_rule_of_the_organisation_counts() {
        let policy = |pattern: &str| {
            let wire: WireParameters = serde_json::from_value(json!({
                "th_safe_password_pattern": pattern,
                "th_safe_password_message": "One capital letter, please."
            }))
            .unwrap();
            let (parameters, dropped) = Parameters::from_device(&wire);
            assert_eq!(dropped, []);
            Policy::merged(&parameters, &Parameters::default(), false)
        };
        let capital = policy("(?=.*[A-Z]).{8,}");
        assert!(check("Shootdeathstar", own(), &capital, fits_pattern).is_ok());
        assert_eq!(
            check("shootdeathstar", own(), &capital, fits_pattern),
            Err(Refusal::PasswordPattern(
                "One capital letter, please.".to_owned()
            ))
        );
        assert!(check("shootdeathstar!", own(), &policy("[a-z]+"), fits_pattern).is_err());
        assert!(check("shootdeathstar", own(), &policy("("), fits_pattern).is_ok());
        let endless = policy("(?=(a+)+$)(a+)+b|(\\w+)+\\1!");
        assert!(
            check(
                &format!("{}c", "a".repeat(60)),
                own(),
                &endless,
                fits_pattern
            )
            .is_err()
        );
    }
}
