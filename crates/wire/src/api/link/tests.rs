//! Spellings of addresses and numbers, and the shapes of replies.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::api::directory::hash;

#[test]
fn one_address_has_one_spelling() {
    for (written, canonical) in [
        (" Test@Threema.CH ", "test@threema.ch"),
        ("max.muster@googlemail.com", "max.muster@gmail.com"),
        ("max.muster@GMail.com", "max.muster@gmail.com"),
        ("info@Bücher.example", "info@xn--bcher-kva.example"),
        ("info@bu\u{308}cher.example", "info@xn--bcher-kva.example"),
        ("a@münchen.de", "a@xn--mnchen-3ya.de"),
        ("a@例え.jp", "a@xn--r8jz45g.jp"),
        (
            "a@点心和烤鸭.w3.example",
            "a@xn--0trv4xfvn8el34t.w3.example",
        ),
        ("first+tag@example.com", "first+tag@example.com"),
    ] {
        assert_eq!(email(written).unwrap(), canonical, "{written}");
        assert_eq!(email(canonical).unwrap(), canonical);
    }
    for bad in [
        "",
        "@",
        "a@",
        "@b.ch",
        "a b@c.ch",
        "a@b",
        "a@b..ch",
        "a@-b.ch",
        "a@b_c.ch",
        "a@b.ch,c@d.ch",
        "a\r\nBcc: x@b.ch",
        "a@b c.ch",
        "<a@b.ch>",
        "a@b.ch.",
    ] {
        assert!(email(bad).is_err(), "{bad}");
    }
    assert_eq!(
        email(&format!("{}@b.ch", "a".repeat(300))),
        Err(Error::TooLong)
    );
}

#[test]
fn one_number_has_one_spelling() {
    for written in [
        "+41791234567",
        " +41 79 123 45 67 ",
        "0041 (79) 123-45-67",
        "+41.79.123.45.67",
        "+41 [79] 123/45\u{2011}67",
    ] {
        assert_eq!(phone(written).unwrap(), "41791234567", "{written}");
        assert_eq!(international_phone(written).unwrap(), "41791234567");
    }
    assert_eq!(international_phone("41791234567").unwrap(), "41791234567");
    for bad in [
        "",
        "+",
        "079 123 45 67",
        "41791234567",
        "+0791234567",
        "00 0",
        "+41 79 x",
        "+123456",
        "+1234567890123456",
        "++41791234567",
        "+41\u{0667}91234567",
    ] {
        assert!(phone(bad).is_err(), "{bad}");
    }
    assert!(international_phone("0791234567").is_err());
}

#[test]
fn hashes_are_those_of_other_clients() {
    // Vectors of the gateway's Python client.
    for (hash, expected) in [
        (
            hash::email(&email("Test@threema.ch").unwrap()),
            "1ea093239cc5f0e1b6ec81b866265b921f26dc4033025410063309f4d1a8ee2c",
        ),
        (
            hash::phone(&phone("+41 79 123 45 67").unwrap()),
            "ad398f4d7ebe63c6550a486cc6e07f9baa09bd9d8b3d8cb9d9be106d35a7fdbc",
        ),
    ] {
        assert_eq!(crate::id::Hex(&hash).to_string(), expected);
    }
}

#[test]
fn a_reply_always_says_whether_it_is_linked() {
    let key = PublicKey::from_bytes([9; 32]).unwrap();
    let challenge = Challenge {
        token: Base64(vec![1, 2, 3]),
        response_key: key,
    };
    for (reply, linked, fields) in [
        (LinkReply::Linked, true, 1),
        (LinkReply::NotLinked, false, 1),
        (LinkReply::Challenged(challenge), false, 3),
    ] {
        let json = serde_json::to_value(&reply).unwrap();
        assert_eq!(json["linked"], json!(linked));
        assert_eq!(json.as_object().unwrap().len(), fields);
        assert_eq!(serde_json::from_value::<LinkReply>(json).unwrap(), reply);
    }
    assert!(serde_json::from_value::<LinkReply>(json!({"token": "AQID"})).is_err());
}

#[test]
fn the_scheme_may_be_a_truth_or_a_name() {
    for (sent, read) in [
        (json!(true), Some(UrlScheme::Own(true))),
        (
            json!("threemawork"),
            Some(UrlScheme::Named("threemawork".to_owned())),
        ),
        (json!(null), None),
    ] {
        let request: LinkPhoneRequest = serde_json::from_value(json!({
            "identity": "ECHOECHO", "mobileNo": "41791234567", "lang": "de", "httpsUrl": true,
            "urlScheme": sent
        }))
        .unwrap();
        assert_eq!(request.url_scheme, read);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in ".{0,80}") {
        if let Ok(canonical) = email(&text) {
            prop_assert_eq!(email(&canonical), Ok(canonical));
        }
        if let Ok(digits) = phone(&text) {
            prop_assert_eq!(international_phone(&digits), Ok(digits));
        }
    }

    #[test]
    fn any_domain_is_read_without_panic(domain in "\\PC{1,20}\\.\\PC{1,10}") {
        if let Ok(canonical) = email(&format!("a@{domain}")) {
            prop_assert!(canonical.is_ascii());
            prop_assert_eq!(email(&canonical), Ok(canonical));
        }
    }
}
