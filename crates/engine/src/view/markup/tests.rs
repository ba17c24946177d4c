//! What the published apps show, and what hostile texts must not do.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// The text as a screen shows it: bold in `<b>`, italic in `<i>`, struck in `<s>`, links in `[]`.
fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut open = Style::default();
    for span in markup(text)
        .into_iter()
        .filter(|span| span.kind != SpanKind::Mark)
    {
        for (was, is, tag) in [
            (open.is_bold, span.style.is_bold, 'b'),
            (open.is_italic, span.style.is_italic, 'i'),
            (open.is_struck, span.style.is_struck, 's'),
        ] {
            match (was, is) {
                (true, false) => write!(out, "</{tag}>").unwrap(),
                (false, true) => write!(out, "<{tag}>").unwrap(),
                _ => {}
            }
        }
        open = span.style;
        match span.kind {
            SpanKind::Link(_) => write!(out, "[{}]", span.text).unwrap(),
            _ => out.push_str(span.text),
        }
    }
    for (is, tag) in [
        (open.is_bold, 'b'),
        (open.is_italic, 'i'),
        (open.is_struck, 's'),
    ] {
        if is {
            write!(out, "</{tag}>").unwrap();
        }
    }
    out
}

fn warning(text: &str) -> Option<LinkWarning> {
    let links = markup(text).into_iter().filter_map(|span| match span.kind {
        SpanKind::Link(warning) => Some(warning),
        _ => None,
    });
    let links: Vec<_> = links.collect();
    assert_eq!(links.len(), 1, "{text}");
    links[0]
}

#[test]
fn marks_at_the_borders_of_words_count() {
    for (text, expected) in [
        ("hello *there*", "hello <b>there</b>"),
        ("hello _there_", "hello <i>there</i>"),
        ("hello ~there~", "hello <s>there</s>"),
        ("two *bold* *parts*", "two <b>bold</b> <b>parts</b>"),
        ("*bold with _italic_*", "<b>bold with <i>italic</b></i>"),
        ("(*bold*)", "(<b>bold</b>)"),
        (
            "¡*Threema* es fantástico!",
            "¡<b>Threema</b> es fantástico!",
        ),
        ("«_great_ service»", "«<i>great</i> service»"),
        ("*bold*…", "<b>bold</b>…"),
        (
            "*bold_but_no~strike~through*",
            "<b>bold_but_no~strike~through</b>",
        ),
        (
            "_*first line*\n*second* line_",
            "_<b>first line</b>\n<b>second</b> line_",
        ),
        ("*a _b* c_", "<b>a _b</b> c_"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn other_marks_are_characters() {
    for text in [
        "so not_really_italic",
        "invalid*bold*stuff",
        "no~strike~through",
        "<_< >_>",
        "*invalid markup (do not parse)_",
        "random *asterisk",
        "*First line\n and a new one.*",
        "*\nbegins with a line end*",
        "*ends with one\n*",
        "2 * 3 * 4",
        "***",
        "*** so what ***",
        "**",
        "*",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn nothing_counts_inside_an_address() {
    for (text, expected) in [
        (
            "https://example.com/_output_/",
            "[https://example.com/_output_/]",
        ),
        (
            "see HTTP://example.com?_a=1.",
            "see [HTTP://example.com?_a=1].",
        ),
        (
            "https://en.wikipedia.org/wiki/Java_class_file *nice*",
            "[https://en.wikipedia.org/wiki/Java_class_file] <b>nice</b>",
        ),
        ("(https://e.example/a_(b))", "([https://e.example/a_(b)])"),
        (
            "_<a href=\"https://e.example\">T</a>_",
            "<i><a href=\"[https://e.example]\">T</a></i>",
        ),
        ("ftp://e.example/_a_ _b_", "ftp://e.example/_a_ <i>b</i>"),
        ("https:// nothing, https://", "https:// nothing, https://"),
        ("http://[::1]:80/x", "[http://[::1]:80/x]"),
        ("xhttps://e.example", "xhttps://e.example"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn mentions_name_one_or_all() {
    let alice: Identity = "ALICE000".parse().unwrap();
    let text = "*@[ALICE000]* and @[@@@@@@@@], not @[alice000], @[ALICE00] or @[ALICE000";
    assert_eq!(mentions(text), [Mention::One(alice), Mention::Everybody]);
    let spans = markup(text);
    let mention = spans
        .iter()
        .find(|span| span.kind == SpanKind::Mention(Mention::One(alice)))
        .unwrap();
    assert!(mention.style.is_bold);
    assert_eq!(mentions("https://e.example/@[ALICE000]"), []);
}

#[test]
fn links_that_seem_to_lead_elsewhere_are_marked() {
    for (text, expected) in [
        ("https://wikipedia.org/a@b", None),
        ("https://人人贷.公司", None),
        ("https://gfrör.li", None),
        ("https://a-ü.ch", None),
        (
            "https://bank.example@evil.example",
            Some(LinkWarning::UserName),
        ),
        ("https://threemа.com", Some(LinkWarning::Lookalike)), // a Cyrillic а
        ("https://раураl.com", Some(LinkWarning::Lookalike)),  // all but the l Cyrillic
        ("https://соре.com", Some(LinkWarning::Lookalike)),    // Cyrillic altogether
        ("https://繁а.com", Some(LinkWarning::Lookalike)),     // Han and Cyrillic
        ("https://b%61nk.example", Some(LinkWarning::Lookalike)),
        (
            "https://www.xn--80ak6aa92e.com/",
            Some(LinkWarning::Punycode),
        ),
        (
            "https://www.XN--80ak6aa92e.com/",
            Some(LinkWarning::Punycode),
        ),
    ] {
        assert_eq!(warning(text), expected, "{text}");
    }
}

#[test]
fn long_texts_of_marks_take_no_time() {
    for piece in ["*a ", "_*~", "a", "https://", "http://a)", "@[", "(", "*_ "] {
        let text = piece.repeat(200_000 / piece.len());
        let all: usize = markup(&text).iter().map(|span| span.text.len()).sum();
        assert_eq!(all, text.len());
    }
}

proptest! {
    #[test]
    fn the_pieces_are_the_text(text: String) {
        let joined: String = markup(&text).iter().map(|span| span.text).collect();
        prop_assert_eq!(joined, text);
    }

    #[test]
    fn also_where_there_is_something_to_find(
        text in "([*_~ \n.a()é]|https?://|@\\[[A-Z@]{8}\\]|xn--|[@:/%аα]){0,60}"
    ) {
        let spans = markup(&text);
        let joined: String = spans.iter().map(|span| span.text).collect();
        prop_assert_eq!(&joined, &text);
        prop_assert!(spans.iter().all(|span| !span.text.is_empty()));
        let marks = spans.iter().filter(|span| span.kind == SpanKind::Mark).count();
        prop_assert_eq!(marks % 2, 0);
    }
}
