//! Bodies of the work directory: what is left out, what is always there, what is refused.

use dreiklang_crypto::SecretKey;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    Error,
    api::directory::challenge::{Challenge, Realm},
};

fn key() -> PublicKey {
    PublicKey::from_bytes([9; 32]).unwrap()
}

fn contact() -> Contact {
    Contact {
        id: "ECHOECHO".parse().unwrap(),
        public_key: key(),
        first: String::new(),
        last: String::new(),
        job_title: None,
        department: None,
        availability: None,
    }
}

#[test]
fn names_are_texts_and_the_rest_is_left_out() {
    let json = serde_json::to_value(contact()).unwrap();
    let fields: Vec<_> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(fields, ["first", "id", "last", "pk"]);
    assert_eq!((&json["first"], &json["last"]), (&json!(""), &json!("")));
    for odd in [
        json!({"id": "ECHOECHO", "pk": json["pk"], "first": null}),
        json!({"id": "ECHOECHO", "pk": json["pk"], "jobTitle": null, "future": 1}),
    ] {
        assert_eq!(serde_json::from_value::<Contact>(odd).unwrap(), contact());
    }
}

#[test]
fn contacts_come_bare_or_wrapped() {
    let reply = ContactsReply {
        contacts: vec![contact()],
        time: 5,
    };
    let wrapped = serde_json::to_value(&reply).unwrap();
    assert_eq!(
        serde_json::from_value::<ContactsReply>(wrapped).unwrap(),
        reply
    );
    let bare = serde_json::to_value(reply.bare()).unwrap();
    assert_eq!(
        serde_json::from_value::<ContactsReply>(bare)
            .unwrap()
            .contacts,
        reply.contacts
    );
}

#[test]
fn a_synchronisation_is_read_with_everything_and_with_nothing() {
    let request: SyncRequest = serde_json::from_value(json!({
        "username": "u", "password": "p", "contacts": ["ECHOECHO", "nobody", 5]
    }))
    .unwrap();
    assert_eq!(request.contacts, [contact().id]);
    assert!(!format!("{request:?}").contains("\"p\""));
    let empty: SyncReply = serde_json::from_value(json!({})).unwrap();
    assert_eq!(empty.check_interval, 0);
    let full: SyncReply = serde_json::from_value(json!({
        "checkInterval": 86400, "org": {"name": "Here"}, "logo": {"light": null, "dark": "https://x"},
        "support": null, "directory": {"enabled": true, "cat": {"c1": "Staff"}},
        "mdm": {"override": true, "params": {"th_block_unknown": true, "th_safe_password": "12345678"}},
        "contacts": [contact()], "time": 1
    }))
    .unwrap();
    let again = serde_json::to_value(&full).unwrap();
    assert_eq!(again["support"], json!(null));
    assert_eq!(serde_json::from_value::<SyncReply>(again).unwrap(), full);
    let (parameters, dropped) = full.mdm.parameters(false);
    assert_eq!((parameters.len(), dropped.len()), (1, 1));
}

#[test]
fn searches_say_enough_or_are_refused() {
    let request = |query: &str, categories: &[&str]| {
        serde_json::from_value::<DirectoryRequest>(json!({
            "username": "u", "password": "p", "identity": "ECHOECHO", "query": query,
            "categories": categories, "sort": {"by": "firstName"}, "page": 2
        }))
        .unwrap()
    };
    let good = request("max", &[]);
    assert_eq!(good.check(), Ok(()));
    assert_eq!(
        good.sort,
        Sort {
            asc: true,
            by: SortBy::FirstName
        }
    );
    assert_eq!(request("*", &["c1"]).check(), Ok(()));
    for (query, categories) in [
        ("*", &[][..]),
        ("ma", &["c1"][..]),
        ("  m  ", &[]),
        ("", &[]),
    ] {
        assert!(request(query, categories).check().is_err(), "{query}");
    }
    assert_eq!(request(&"m".repeat(600), &[]).check(), Err(Error::TooLong));
}

#[test]
fn pages_are_consecutive() {
    let of = |page, total| {
        let paging = Paging::of(page, 10, total);
        (paging.prev, paging.next)
    };
    assert_eq!(of(0, 0), (None, None));
    assert_eq!(of(0, 10), (None, None));
    assert_eq!(of(0, 11), (None, Some(1)));
    assert_eq!(of(1, 11), (Some(0), None));
    assert_eq!(of(u32::MAX, u64::MAX), (Some(u32::MAX - 1), Some(u32::MAX)));
}

#[test]
fn the_work_challenge_is_the_directorys_in_another_realm() {
    let (client, server) = (
        SecretKey::from_bytes([1; 32]),
        SecretKey::from_bytes([2; 32]),
    );
    let challenge = WorkChallenge::from(Challenge {
        token: Base64(b"meow".to_vec()),
        response_key: server.public(),
    });
    let json = serde_json::to_value(&challenge).unwrap();
    assert!(json.get("challengePublicKey").is_some() && json.get("challenge").is_some());
    let step = WorkStep::second(
        UserPropertiesRequest {
            identity: contact().id,
            credentials: Credentials {
                username: "u".into(),
                password: "p".into(),
            },
            properties: Base64(vec![]),
        },
        challenge.answer(&client).unwrap(),
    );
    let json = serde_json::to_value(&step).unwrap();
    let read: WorkStep<UserPropertiesRequest> = serde_json::from_value(json.clone()).unwrap();
    let proof = read.proof().unwrap().unwrap();
    assert_eq!(proof.verify(Realm::Work, &server, &client.public()), Ok(()));
    assert!(
        proof
            .verify(Realm::Directory, &server, &client.public())
            .is_err()
    );
    let mut half = json;
    half.as_object_mut().unwrap().remove("response");
    let half: WorkStep<UserPropertiesRequest> = serde_json::from_value(half).unwrap();
    assert!(half.proof().is_err());
    assert_eq!(WorkStep::first(half.request).proof(), Ok(None));
}

#[test]
fn work_info_takes_null_and_limits_texts() {
    let mut request: UpdateWorkInfoRequest = serde_json::from_value(json!({
        "identity": "ECHOECHO", "licenseUsername": "u", "licensePassword": "hunter2",
        "version": "1.0k;A;de/CH;x;;m", "jobTitle": null, "department": null, "firstName": "Max"
    }))
    .unwrap();
    assert_eq!(request.check(), Ok(()));
    assert!(!format!("{request:?}").contains("hunter2"));
    assert!(
        serde_json::to_value(&request)
            .unwrap()
            .get("jobTitle")
            .is_none()
    );
    request.csi = Some("x".repeat(2000));
    assert_eq!(request.check(), Err(Error::TooLong));
}

#[test]
fn failures_have_the_published_codes() {
    let failure = WorkFailure {
        code: WorkFailureCode::InvalidChallengeResponse,
    };
    let json = serde_json::to_value(failure).unwrap();
    assert_eq!(json, json!({"code": "invalid-challenge-response"}));
}

#[test]
fn availability_is_protobuf() {
    let status = Availability {
        category: WorkCategory::Busy,
        description: "x".repeat(200),
    };
    let bytes = status.encode().unwrap();
    assert_eq!(bytes.get(..5), Some(&[0x08, 2, 0x12, 0xc8, 0x01][..]));
    assert_eq!(Availability::decode(&bytes).unwrap(), status);
    let properties = status.to_properties().unwrap();
    assert_eq!(
        Availability::from_properties(&properties).unwrap(),
        Some(status)
    );
    assert_eq!(Availability::from_properties(&[]), Ok(None));
    assert_eq!(
        Availability::from_properties(&[0x0a, 0]),
        Ok(Some(Availability::default()))
    );
    for bad in [
        &[0x0a, 5, 1][..],
        &[0x0a],
        &[0x12, 0],
        &[0x0a, 2, 8, 9],
        &[0x0a, 0, 0],
    ] {
        assert!(Availability::from_properties(bad).is_err(), "{bad:?}");
    }
    let long = Availability {
        description: "x".repeat(257),
        ..Availability::default()
    };
    assert_eq!(long.encode(), Err(Error::TooLong));
}

#[test]
fn remote_secrets_have_their_length_and_do_not_print() {
    let mut request: RemoteSecretCreateRequest = serde_json::from_value(json!({
        "identity": "ECHOECHO", "username": "u", "password": "p",
        "secret": Base64(vec![7; 32])
    }))
    .unwrap();
    assert_eq!(request.secret(), Ok([7; 32]));
    request.secret = Base64(vec![7; 31]);
    assert!(request.secret().is_err());
    let reply = RemoteSecretFetchReply {
        secret: Base64(vec![7; 32]),
        check_interval_s: 2,
        n_missed_checks_max: 5,
    };
    assert_eq!(reply.check_interval(), 10);
    let json = serde_json::to_value(&reply).unwrap();
    assert_eq!(json["checkIntervalS"], json!(2));
    assert_eq!(json["nMissedChecksMax"], json!(5));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Availability::decode(&bytes);
        let _ = Availability::from_properties(&bytes);
        let _ = serde_json::from_slice::<SyncReply>(&bytes);
    }

    #[test]
    fn availability_is_read_back(category in 0..3_u8, description in ".{0,40}") {
        let category = match category {
            0 => WorkCategory::None,
            1 => WorkCategory::Unavailable,
            _ => WorkCategory::Busy,
        };
        let status = Availability { category, description };
        prop_assert_eq!(Availability::decode(&status.encode().unwrap()), Ok(status));
    }
}
