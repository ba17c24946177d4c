//! The JSON of the directory, letter by letter, and the traps that clients set.

use dreiklang_crypto::{PublicKey, SecretKey};
use dreiklang_wire::{
    Error,
    api::directory::{
        AccountType, Challenge, CheckReply, CheckRevocationKeyReply, CreateReply, CreateRequest,
        Failure, FeatureMasksReply, FetchBulkReply, FetchPrivateReply, FetchPrivateRequest,
        Identities, IdentityRecord, IdentityRequest, License, Outcome, Proof, RevocationKey,
        RevokeByKeyRequest, SetFeatureMaskRequest, SetRevocationKeyRequest, State, Success,
        TwoPhase, challenge::Realm, from_json,
    },
    id::Identity,
    spec,
};

const KEY: &str = "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn key() -> PublicKey {
    let mut bytes = [0; 32];
    bytes[0] = 9;
    PublicKey::from_bytes(bytes).unwrap()
}

fn identity() -> Identity {
    "ECHOECHO".parse().unwrap()
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

/// Written as `text`, and read from it, also with a field that nobody knows.
fn round_trip<T>(value: &T, text: &str)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    assert_eq!(json(value), text);
    assert_eq!(&from_json::<T>(text.as_bytes()).unwrap(), value);
    let more = text
        .replacen('{', r#"{"later":{"x":[null]},"#, 1)
        .replace(",}", "}");
    assert_eq!(&from_json::<T>(more.as_bytes()).unwrap(), value, "{more}");
}

#[test]
fn requests_have_the_published_layout() {
    round_trip(
        &TwoPhase::first(CreateRequest {
            public_key: key(),
            license: License::default(),
        }),
        &format!(r#"{{"publicKey":"{KEY}"}}"#),
    );
    let license = License {
        license_username: Some("u".into()),
        license_password: Some("p".into()),
        ..License::default()
    };
    assert!(!format!("{license:?}").contains("\"p\""));
    round_trip(
        &TwoPhase::first(CreateRequest {
            public_key: key(),
            license,
        }),
        &format!(r#"{{"publicKey":"{KEY}","licenseUsername":"u","licensePassword":"p"}}"#),
    );
    round_trip(
        &SetFeatureMaskRequest {
            identity: identity(),
            feature_mask: 0x7ff,
        },
        r#"{"identity":"ECHOECHO","featureMask":2047}"#,
    );
    let app_variant = Some("work".into());
    round_trip(
        &FetchPrivateRequest {
            identity: identity(),
            app_variant,
        },
        r#"{"identity":"ECHOECHO","appVariant":"work"}"#,
    );
    let revocation_key = RevocationKey::from_password("");
    round_trip(
        &SetRevocationKeyRequest {
            identity: identity(),
            revocation_key,
        },
        r#"{"identity":"ECHOECHO","revocationKey":"47DEQg=="}"#,
    );
    round_trip(
        &RevokeByKeyRequest {
            identity: identity(),
            revocation_key,
        },
        r#"{"identity":"ECHOECHO","revocationKey":"47DEQg=="}"#,
    );
}

#[test]
fn replies_have_the_published_layout() {
    let record = IdentityRecord {
        identity: identity(),
        public_key: key(),
        feature_level: 3,
        feature_mask: 1,
        state: State::Inactive,
        account_type: AccountType::Work,
    };
    let text = format!(
        r#"{{"identity":"ECHOECHO","publicKey":"{KEY}","featureLevel":3,"featureMask":1,"state":1,"type":1}}"#
    );
    round_trip(&record, &text);
    round_trip(
        &FetchBulkReply {
            identities: vec![record],
        },
        &format!(r#"{{"identities":[{text}]}}"#),
    );
    round_trip(
        &Outcome::Success(CreateReply {
            identity: identity(),
            server_group: "01".into(),
        }),
        r#"{"success":true,"identity":"ECHOECHO","serverGroup":"01"}"#,
    );
    round_trip(
        &CheckReply {
            check_interval: 86_400,
            states: vec![State::Active, State::Invalid],
            types: vec![AccountType::Regular, AccountType::Regular],
            feature_masks: vec![Some(3), None],
        },
        r#"{"checkInterval":86400,"states":[0,2],"types":[0,0],"featureMasks":[3,null]}"#,
    );
    round_trip(
        &FeatureMasksReply {
            feature_masks: vec![None, Some(0)],
        },
        r#"{"featureMasks":[null,0]}"#,
    );
    round_trip(&Outcome::Success(Success {}), r#"{"success":true}"#);
    let failure = Failure {
        error: "Nein".into(),
        error_type: Some("invalid-token".into()),
    };
    round_trip(
        &Outcome::<Success>::Failure(failure),
        r#"{"success":false,"error":"Nein","errorType":"invalid-token"}"#,
    );
}

#[test]
fn a_refusal_is_seen_whatever_reply_was_expected() {
    let read = |text: &str| from_json::<Outcome<FetchPrivateReply>>(text.as_bytes());
    let refused = read(r#"{"error":"rate"}"#).unwrap();
    assert_eq!(refused, Outcome::failure("rate"));
    assert_eq!(read(r#"{"success":false}"#).unwrap(), Outcome::failure(""));
    let fine = r#"{"identity":"ECHOECHO","serverGroup":"01","email":null,"error":null}"#;
    assert!(read(fine).unwrap().into_result().is_ok());
    assert!(read(r#"{"success":true}"#).is_err());
    assert!(read("[]").is_err());
}

#[test]
fn the_second_round_repeats_the_request_with_a_proof() {
    let (client, server) = (
        SecretKey::from_bytes([1; 32]),
        SecretKey::from_bytes([2; 32]),
    );
    let text = format!(
        r#"{{"token":"dG9rZW4","tokenRespKeyPub":"{}"}}"#,
        b64(&server.public())
    );
    let Outcome::Success(challenge) = from_json::<Outcome<Challenge>>(text.as_bytes()).unwrap()
    else {
        panic!("a challenge")
    };
    let request = IdentityRequest {
        identity: identity(),
    };
    let proof = challenge.answer(Realm::Directory, &client).unwrap();
    let second = json(&TwoPhase::second(request.clone(), proof));
    let read: TwoPhase<IdentityRequest> = from_json(second.as_bytes()).unwrap();
    assert_eq!(read.request, request);
    let proof: Proof = read.proof().unwrap().expect("a second round");
    assert_eq!(proof.token.0, b"token");
    proof
        .verify(Realm::Directory, &server, &client.public())
        .unwrap();

    let first: TwoPhase<IdentityRequest> = from_json(json(&request).as_bytes()).unwrap();
    assert_eq!(first.proof(), Ok(None));
    for half in [r#""token":"AAAA""#, r#""response":"AAAA""#] {
        let text = format!(r#"{{"identity":"ECHOECHO",{half}}}"#);
        let half: TwoPhase<IdentityRequest> = from_json(text.as_bytes()).unwrap();
        assert_eq!(half.proof(), Err(Error::Malformed("proof")));
    }
}

fn b64(key: &PublicKey) -> String {
    #[derive(serde::Serialize)]
    struct Text(dreiklang_wire::api::Base64);
    let text = json(&Text(dreiklang_wire::api::Base64(key.as_bytes().to_vec())));
    text.trim_matches('"').to_owned()
}

#[test]
fn lists_keep_the_place_of_what_is_no_identity() {
    let list: Identities =
        from_json(br#"{"identities":["ECHOECHO","echoecho",[80,79],null,"*3MAPUSH"]}"#).unwrap();
    let is_some: Vec<bool> = list.identities.iter().map(Option::is_some).collect();
    assert_eq!(is_some, [true, false, false, false, true]);
    let own: Identities = [identity()].into_iter().collect();
    assert_eq!(json(&own), r#"{"identities":["ECHOECHO"]}"#);
}

#[test]
fn bodies_and_keys_have_limits() {
    let long = vec![b' '; spec::DIRECTORY_BODY_BYTES_MAX + 1];
    assert_eq!(from_json::<Identities>(&long), Err(Error::TooLong));
    for bad in [
        "",
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "CQ==",
        "?",
    ] {
        let text = format!(r#"{{"publicKey":"{bad}"}}"#);
        assert!(
            from_json::<CreateRequest>(text.as_bytes()).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn the_time_of_a_revocation_key_is_optional() {
    let read = |text: &str| from_json::<CheckRevocationKeyReply>(text.as_bytes()).unwrap();
    assert_eq!(read(r#"{"revocationKeySet":false}"#).last_changed, None);
    let set = read(r#"{"revocationKeySet":true,"lastChanged":"2017-02-15T16:12:52+0000"}"#);
    assert_eq!(
        set.last_changed.as_deref(),
        Some("2017-02-15T16:12:52+0000")
    );
}
