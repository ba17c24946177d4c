//! Breaking text into lines of a given width, counted in columns of a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Lines of at most `width` columns, broken between words where there are some.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    text.split('\n')
        .flat_map(|line| wrap_line(line, width))
        .collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut columns = 0;
    for word in line.split_word_bounds() {
        let word_columns = word.width();
        if columns + word_columns <= width {
            current.push_str(word);
            columns += word_columns;
            continue;
        }
        // The space that a line breaks at is the break.
        if word.trim().is_empty() {
            lines.push(std::mem::take(&mut current));
            columns = 0;
            continue;
        }
        if !current.is_empty() {
            lines.push(std::mem::take(&mut current).trim_end().to_owned());
            columns = 0;
        }
        for cluster in word.graphemes(true) {
            let cluster_columns = cluster.width();
            if columns + cluster_columns > width && !current.is_empty() {
                lines.push(std::mem::take(&mut current));
                columns = 0;
            }
            current.push_str(cluster);
            columns += cluster_columns;
        }
    }
    lines.push(current);
    lines
}

/// The text if it fits, else its beginning with an ellipsis.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for cluster in text.graphemes(true) {
        if short.width() + cluster.width() >= width {
            break;
        }
        short.push_str(cluster);
    }
    if width > 0 {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn long_words_and_wide_characters_are_broken() {
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
    }

    #[test]
    fn no_line_is_too_wide() {
        let text = "Zwölf Boxkämpfer jagen 👩‍👩‍👧‍👦 quer über den Sylter Deich https://example.com/x";
        for width in 2..40 {
            for line in wrap(text, width) {
                assert!(line.width() <= width, "{width}: {line:?}");
            }
        }
    }

    #[test]
    fn shortened_text_says_so() {
        assert_eq!(shorten("abc", 3), "abc");
        assert_eq!(shorten("abcd", 3), "ab…");
        assert_eq!(shorten("日本語", 4), "日…");
        assert_eq!(shorten("abc", 0), "");
    }
}
