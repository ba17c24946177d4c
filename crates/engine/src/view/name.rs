//! Names as a list needs them: in an order, and as initials.

/// One or two letters, upper case: of both names, or of the first two words of the only one.
pub(super) fn initials(first: &str, last: &str) -> String {
    let mut words = first
        .split_whitespace()
        .take(if last.trim().is_empty() { 2 } else { 1 })
        .chain(last.split_whitespace().take(1));
    let letters: Vec<char> = match (words.next(), words.next()) {
        (Some(one), Some(other)) => [one, other]
            .iter()
            .filter_map(|word| word.chars().next())
            .collect(),
        (Some(only), None) => only.chars().take(2).collect(),
        (None, _) => Vec::new(),
    };
    letters.into_iter().flat_map(char::to_uppercase).collect()
}

/// A text by which names sort as people expect it: without case, and with the letters of western
/// European names beside those they were made of. Others sort by their code points.
pub(super) fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'ş' | 'š' => "s",
        'ß' => "ss",
        'ť' | 'ţ' => "t",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_both_names_or_from_the_only_one() {
        for (first, last, letters) in [
            ("Bob", "Baumann", "BB"),
            ("Anna Maria", "Schmidt", "AS"),
            ("bob baumann", "", "BB"),
            ("", "Ärger", "ÄR"),
            ("ECHOECHO", "", "EC"),
            ("x", "", "X"),
            ("ß", "", "SS"),
            ("", "", ""),
        ] {
            assert_eq!(initials(first, last), letters, "{first} {last}");
        }
    }

    #[test]
    fn names_sort_as_people_expect() {
        let mut names = ["Zoe", "Özil", "otto", "Aaron", "Åsa", "Ärger", "alan", "Σ"];
        names.sort_by_key(|name| folded(name));
        assert_eq!(
            names,
            ["Aaron", "alan", "Ärger", "Åsa", "otto", "Özil", "Zoe", "Σ"]
        );
    }
}
