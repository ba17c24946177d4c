//! Breaking text into lines of a given width, counted in columns of a terminal.

use std::ops::Range;

use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Lines of at most `width` columns, broken between words where there are some.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    text.split('\n')
        .flat_map(|line| {
            let ranges = ranges(line, width.max(2));
            ranges.into_iter().map(|range| line[range].to_owned())
        })
        .collect()
}

/// The same for a line with styles.
pub(crate) fn wrap_line(line: &Line<'_>, width: usize) -> Vec<Vec<Span<'static>>> {
    let text: String = line
        .spans
        .iter()
        .map(|span| span.content.as_ref())
        .collect();
    let rows = ranges(&text, width.max(2)).into_iter().map(|range| {
        let mut row = Vec::new();
        let mut start = 0;
        for span in &line.spans {
            let end = start + span.content.len();
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                let style = line.style.patch(span.style);
                row.push(Span::styled(text[from..to].to_owned(), style));
            }
            start = end;
        }
        row
    });
    rows.collect()
}

/// The places in a line that become lines of their own.
fn ranges(line: &str, width: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut columns = 0;
    for (at, word) in line.split_word_bound_indices() {
        let word_columns = word.width();
        if columns + word_columns <= width {
            columns += word_columns;
            continue;
        }
        // The space that a line breaks at is the break.
        if word.trim().is_empty() {
            ranges.push(start..at);
            start = at + word.len();
            columns = 0;
            continue;
        }
        if start < at {
            ranges.push(start..start + line[start..at].trim_end().len());
            start = at;
            columns = 0;
        }
        for (inside, cluster) in word.grapheme_indices(true) {
            let cluster_columns = cluster.width();
            if columns + cluster_columns > width && start < at + inside {
                ranges.push(start..at + inside);
                start = at + inside;
                columns = 0;
            }
            columns += cluster_columns;
        }
    }
    ranges.push(start..line.len());
    ranges
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
