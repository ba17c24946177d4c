//! For every structure: what is written is read back the same, and no bytes make a reader panic.

mod common;

use std::ops::ControlFlow;

use common::{log_in, server_keys};
use dreiklang_crypto::SeededRng;
use dreiklang_wire::{
    api::{
        blob::{BlobQuery, BlobScope, MirrorDevice},
        directory,
        instance::Instance,
    },
    csp::{
        payload::{
            Flags, FromServer, Message, MessageRef, PushToken, ToServer, ToServerRef,
            set_created_at,
        },
        server::Handshake,
    },
    e2e::{
        BlobKey, BlobReference, Body, Container, Content, DeliveryReceipt, File, FileRendering,
        Location, MediaFacts, MessageType, OldAudio, OldImage, OldVideo, Poll, PollChoice,
        PollSetup, PollVote, ReceiptStatus, Scope, call, padding_length,
    },
    id::{BlobId, DeviceId, GroupId, Identity, MessageId, MessageNonce, PollId},
    spec,
};
use proptest::{collection::vec, option, prelude::*};

fn an_identity() -> impl Strategy<Value = Identity> {
    let first = proptest::sample::select(b"0189AMZ*".to_vec());
    let rest = proptest::array::uniform7(proptest::sample::select(b"0123456789ABCXYZ".to_vec()));
    (first, rest).prop_map(|(a, [b, c, d, e, f, g, h])| {
        Identity::try_from([a, b, c, d, e, f, g, h]).unwrap()
    })
}

fn bytes(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), length)
}

fn text(letters: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    vec(any::<char>(), letters).prop_map(|letters| letters.into_iter().collect())
}

/// Empty or longer than a tag.
fn metadata() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(Vec::new()), bytes(17..300)]
}

fn message() -> impl Strategy<Value = Message> {
    let ids = (
        an_identity(),
        an_identity(),
        any::<[u8; 8]>(),
        any::<u32>(),
        any::<u8>(),
    );
    let rest = (
        any::<[u8; 32]>(),
        metadata(),
        any::<[u8; 24]>(),
        bytes(17..500),
    );
    (ids, rest).prop_map(|((sender, receiver, id, created_at, flags), rest)| {
        let (nickname, metadata, nonce, body) = rest;
        Message {
            sender,
            receiver,
            id: MessageId(id),
            created_at,
            flags: Flags(flags),
            nickname,
            metadata,
            nonce: MessageNonce(nonce),
            body,
        }
    })
}

fn push_token() -> impl Strategy<Value = PushToken> {
    (any::<u8>(), bytes(0..256)).prop_map(|(kind, token)| PushToken { kind, token })
}

fn to_server() -> impl Strategy<Value = ToServer> {
    prop_oneof![
        bytes(0..100).prop_map(ToServer::EchoRequest),
        bytes(0..100).prop_map(ToServer::EchoResponse),
        message().prop_map(ToServer::Message),
        (an_identity(), any::<[u8; 8]>()).prop_map(|(sender, id)| ToServer::MessageAck {
            sender,
            id: MessageId(id)
        }),
        Just(ToServer::Unblock),
        push_token().prop_map(ToServer::PushToken),
        push_token().prop_map(ToServer::UrgentPushToken),
        vec(any::<u64>().prop_map(DeviceId), 0..9).prop_map(ToServer::DeletePushTokens),
        any::<u16>().prop_map(ToServer::IdleTimeout),
        Just(ToServer::ClearDeviceCookie),
    ]
}

fn from_server() -> impl Strategy<Value = FromServer> {
    prop_oneof![
        bytes(0..100).prop_map(FromServer::EchoRequest),
        bytes(0..100).prop_map(FromServer::EchoResponse),
        message().prop_map(FromServer::Message),
        (an_identity(), any::<[u8; 8]>()).prop_map(|(receiver, id)| FromServer::MessageAck {
            receiver,
            id: MessageId(id)
        }),
        Just(FromServer::QueueSendComplete),
        Just(FromServer::DeviceCookieChanged),
        (any::<bool>(), text(0..80)).prop_map(|(can_reconnect, text)| FromServer::CloseError {
            can_reconnect,
            text
        }),
        text(0..80).prop_map(FromServer::Alert),
    ]
}

fn blob() -> impl Strategy<Value = BlobReference> {
    (any::<[u8; 16]>(), any::<u32>(), any::<[u8; 32]>()).prop_map(|(id, size, key)| BlobReference {
        id: BlobId(id),
        size,
        key: BlobKey(key),
    })
}

fn line() -> impl Strategy<Value = String> {
    "[a-zA-Z ,äé🏔]{1,60}"
}

fn location() -> impl Strategy<Value = Location> {
    let place = option::of((option::of(line()), "[a-z,é \n]{1,60}"));
    (
        -90.0..=90.0_f64,
        -180.0..=180.0_f64,
        option::of(0.0..1e6_f64),
        place,
    )
        .prop_map(|(latitude, longitude, accuracy, place)| {
            let (name, address) = place.unzip();
            Location {
                latitude,
                longitude,
                accuracy,
                name: name.flatten(),
                address,
            }
        })
}

fn poll() -> impl Strategy<Value = PollSetup> {
    let choice = (
        any::<u32>(),
        text(0..50),
        any::<u32>(),
        bytes(0..5),
        option::of(any::<u32>()),
    )
        .prop_map(|(id, name, order, results, total)| PollChoice {
            id,
            name,
            order,
            results,
            total,
        });
    let settings = (0..2_u8, 0..2_u8, 0..2_u8, 0..2_u8);
    (
        any::<[u8; 8]>(),
        text(0..50),
        settings,
        vec(an_identity(), 0..4),
        vec(choice, 0..6),
    )
        .prop_map(|(id, description, settings, participants, choices)| {
            let (state, answer_type, announce_type, display_mode) = settings;
            let poll = Poll {
                description,
                state,
                answer_type,
                announce_type,
                display_mode,
                choice_type: 0,
                participants,
                choices,
            };
            PollSetup {
                id: PollId(id),
                poll,
            }
        })
}

fn file() -> impl Strategy<Value = File> {
    let rendering = proptest::sample::select(vec![
        FileRendering::File,
        FileRendering::Media,
        FileRendering::Sticker,
    ]);
    let keys = (
        any::<[u8; 32]>(),
        any::<[u8; 16]>(),
        option::of(any::<[u8; 16]>()),
    );
    let texts = (
        text(0..30),
        option::of(text(0..30)),
        option::of(text(0..60)),
    );
    let more = (
        any::<u64>(),
        option::of(text(0..300)),
        option::of(text(0..32)),
    );
    let facts = (
        option::of(any::<u32>()),
        option::of(any::<bool>()),
        option::of(0_u16..9000),
    );
    (rendering, keys, texts, more, facts).prop_map(|(rendering, keys, texts, more, facts)| {
        let (width, is_animated, duration) = facts;
        File {
            rendering,
            key: BlobKey(keys.0),
            blob: BlobId(keys.1),
            thumbnail: keys.2.map(BlobId),
            media_type: texts.0,
            thumbnail_media_type: texts.1,
            name: texts.2,
            size_bytes: more.0,
            caption: more.1,
            correlation: more.2,
            facts: MediaFacts {
                width,
                height: width,
                is_animated,
                duration: duration.map(|tenths| f64::from(tenths) / 8.0),
            },
        }
    })
}

fn status() -> impl Strategy<Value = ReceiptStatus> {
    (1..=4_u8).prop_map(|byte| ReceiptStatus::try_from(byte).unwrap())
}

fn call() -> impl Strategy<Value = Content> {
    let description = || {
        (line(), text(0..200))
            .prop_map(|(sdp_type, sdp)| call::SessionDescription { sdp_type, sdp })
    };
    let features = || proptest::collection::btree_map(line(), Just(serde_json::Value::Null), 0..3);
    let candidate = (text(0..90), option::of(line()), option::of(any::<u16>())).prop_map(
        |(candidate, sdp_mid, sdp_line_index)| call::CallCandidate {
            candidate,
            sdp_mid: sdp_mid.clone(),
            sdp_line_index,
            ufrag: sdp_mid,
        },
    );
    let reference = || any::<u32>().prop_map(|call_id| call::CallReference { call_id });
    prop_oneof![
        (any::<u32>(), description(), features()).prop_map(|(call_id, offer, features)| {
            Content::CallOffer(call::CallOffer {
                call_id,
                offer,
                features,
            })
        }),
        (
            any::<u32>(),
            any::<u8>(),
            option::of(description()),
            option::of(any::<u8>()),
            features()
        )
            .prop_map(|(call_id, action, answer, reject_reason, features)| {
                let answer = call::CallAnswer {
                    call_id,
                    action,
                    answer,
                    reject_reason,
                    features,
                };
                Content::CallAnswer(answer)
            }),
        (any::<u32>(), any::<bool>(), vec(candidate, 0..4)).prop_map(
            |(call_id, removed, candidates)| {
                Content::CallCandidates(call::CallCandidates {
                    call_id,
                    removed,
                    candidates,
                })
            }
        ),
        reference().prop_map(Content::CallHangup),
        reference().prop_map(Content::CallRinging),
    ]
}

/// Contents that pass between two contacts.
fn contact_content() -> impl Strategy<Value = Content> {
    let ids = || vec(any::<[u8; 8]>().prop_map(MessageId), 1..20);
    let image =
        (any::<[u8; 16]>(), any::<u32>(), any::<[u8; 24]>()).prop_map(|(id, size, nonce)| {
            OldImage {
                id: BlobId(id),
                size,
                nonce: MessageNonce(nonce),
            }
        });
    prop_oneof![
        either_content(),
        call(),
        image.prop_map(Content::OldImage),
        Just(Content::RequestPicture),
        (status(), ids())
            .prop_map(|(status, ids)| Content::DeliveryReceipt(DeliveryReceipt { status, ids })),
        any::<bool>().prop_map(Content::Typing),
        bytes(0..50).prop_map(Content::ForwardSecurity),
        Just(Content::Empty),
        bytes(0..50).prop_map(Content::WorkSyncDelta),
        bytes(0..50).prop_map(Content::WebSessionResume),
        bytes(0..50).prop_map(|bytes| Content::Unknown(MessageType(0x77), bytes)),
    ]
}

/// Contents that pass between contacts and in groups alike.
fn either_content() -> impl Strategy<Value = Content> {
    let video = (any::<u16>(), any::<[u8; 16]>(), any::<u32>(), blob()).prop_map(
        |(duration, id, size, thumbnail)| OldVideo {
            duration,
            id: BlobId(id),
            size,
            thumbnail,
        },
    );
    let audio = (any::<u16>(), blob()).prop_map(|(duration, blob)| OldAudio { duration, blob });
    let vote = (
        an_identity(),
        any::<[u8; 8]>(),
        vec((any::<u32>(), any::<bool>()), 0..9),
    )
        .prop_map(|(creator, id, choices)| PollVote {
            creator,
            id: PollId(id),
            choices,
        });
    prop_oneof![
        text(0..1500).prop_map(Content::Text),
        location().prop_map(Content::Location),
        video.prop_map(Content::OldVideo),
        audio.prop_map(Content::OldAudio),
        poll().prop_map(Content::PollSetup),
        vote.prop_map(Content::PollVote),
        file().prop_map(Content::File),
        bytes(0..50).prop_map(Content::Reaction),
        bytes(0..50).prop_map(Content::Edit),
        bytes(0..50).prop_map(Content::Delete),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let member = || {
        (an_identity(), any::<[u8; 8]>()).prop_map(|(creator, group)| Scope::GroupMember {
            creator,
            group: GroupId(group),
        })
    };
    let creator = || {
        any::<[u8; 8]>().prop_map(|group| Scope::GroupCreator {
            group: GroupId(group),
        })
    };
    let by_creator = prop_oneof![
        vec(an_identity(), 0..20).prop_map(Content::GroupSetup),
        text(0..60).prop_map(Content::GroupName),
        blob().prop_map(Content::SetPicture),
        Just(Content::DeletePicture),
        Just(Content::GroupSyncRequest),
    ];
    let by_member = prop_oneof![
        either_content(),
        blob().prop_map(Content::OldGroupImage),
        Just(Content::GroupLeave),
        bytes(0..50).prop_map(Content::GroupCallStart),
        vec(any::<[u8; 8]>().prop_map(MessageId), 1..9).prop_map(|ids| {
            Content::DeliveryReceipt(DeliveryReceipt {
                status: ReceiptStatus::Declined,
                ids,
            })
        }),
    ];
    let to_contact = prop_oneof![
        contact_content(),
        blob().prop_map(Content::SetPicture),
        Just(Content::DeletePicture),
    ];
    prop_oneof![
        to_contact.prop_map(Body::contact),
        (member(), by_member).prop_map(|(scope, content)| Body { scope, content }),
        (creator(), by_creator).prop_map(|(scope, content)| Body { scope, content }),
    ]
}

proptest! {
    #[test]
    fn payloads_to_the_server_come_back(payload in to_server()) {
        let container = payload.encode().unwrap();
        prop_assert_eq!(ToServer::decode(&container), Ok(payload));
    }

    #[test]
    fn payloads_from_the_server_come_back(payload in from_server()) {
        let container = payload.encode().unwrap();
        prop_assert_eq!(FromServer::decode(&container), Ok(payload));
    }

    #[test]
    fn payloads_pass_frames(
        payloads in vec(to_server(), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let (mut client, mut server) = log_in(&mut SeededRng::new(3));
        let mut bytes = Vec::new();
        for payload in &payloads {
            client.seal_frame(&payload.encode().unwrap(), &mut bytes).unwrap();
        }
        let mut received = Vec::new();
        let cut = cut.index(bytes.len());
        let (head, tail) = bytes.split_at_mut(cut);
        for part in [head, tail] {
            let flow = server.open_frames(part, |container| {
                received.push(ToServer::decode(container).unwrap());
                ControlFlow::<()>::Continue(())
            });
            prop_assert_eq!(flow, Ok(ControlFlow::Continue(())));
        }
        prop_assert_eq!(received, payloads);
    }

    #[test]
    fn messages_are_converted_without_touching_the_rest(
        message in message(),
        time in any::<u32>(),
    ) {
        let bytes = message.encode().unwrap();
        let view = MessageRef::parse(&bytes).unwrap();
        prop_assert_eq!(view.parts(None, false).join(), bytes.clone());
        let legacy = Message { created_at: time, metadata: Vec::new(), ..message.clone() };
        prop_assert_eq!(view.parts(Some(time), true).join(), legacy.encode().unwrap());
        let mut changed = bytes;
        set_created_at(&mut changed, time).unwrap();
        let expected = Message { created_at: time, ..message };
        prop_assert_eq!(Message::decode(&changed), Ok(expected));
    }

    #[test]
    fn bodies_come_back(body in body(), random in any::<u8>()) {
        let (kind, bytes) = body.encode().unwrap();
        let container = Container { kind, body: &bytes };
        let plain = container.encode(padding_length(bytes.len(), random)).unwrap();
        prop_assert!(plain.len() > spec::PADDED_BODY_BYTES_MIN);
        let read = Container::decode(&plain).unwrap();
        prop_assert_eq!(read, container);
        prop_assert_eq!(Body::decode(read), Ok(body));
    }

    #[test]
    fn blob_queries_come_back(
        persist in option::of(any::<bool>()),
        mirror in option::of((any::<u64>(), any::<[u8; 32]>(), any::<bool>())),
    ) {
        let mirror = mirror.map(|(device, group, is_local)| MirrorDevice {
            device: DeviceId(device),
            group,
            scope: if is_local { BlobScope::Local } else { BlobScope::Public },
        });
        let query = BlobQuery { persist, mirror };
        prop_assert_eq!(BlobQuery::parse(&query.to_query()), Ok(query));
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in bytes(0..600), kind in any::<u8>()) {
        drop(ToServer::decode(&bytes));
        drop(FromServer::decode(&bytes));
        let typed = [&[kind, 0, 0, 0], bytes.as_slice()].concat();
        if let Ok(payload) = ToServerRef::decode(&typed) {
            drop(payload.into_owned().encode());
        }
        if let Ok(payload) = FromServer::decode(&typed) {
            drop(payload.encode());
        }
        if let Ok(message) = Message::decode(&bytes) {
            prop_assert!(message.encode().is_ok());
        }
        if let Ok(container) = Container::decode(&bytes) {
            drop(Body::decode(container));
        }
        drop(Body::decode(Container { kind: MessageType(kind), body: &bytes }));
        drop(PushToken { kind, token: bytes.clone() }.target());
        drop(Instance::from_json(&bytes));
        drop(directory::from_json::<directory::Outcome<directory::CheckReply>>(&bytes));
        let _ = BlobQuery::parse(&String::from_utf8_lossy(&bytes));
        let mut handshake = Handshake::generate(&mut SeededRng::new(1), server_keys());
        drop(handshake.handle(&bytes));
        drop(handshake.handle(&bytes));
    }
}

#[test]
fn every_known_type_refuses_or_takes_the_empty_body() {
    for byte in 0..=255 {
        let container = Container {
            kind: MessageType(byte),
            body: &[],
        };
        if let Ok(body) = Body::decode(container) {
            let (kind, bytes) = body.encode().unwrap();
            assert_eq!(kind, container.kind);
            // Calls without an id are written with one.
            assert!(bytes.is_empty() || matches!(byte, 0x63 | 0x64), "{kind:?}");
        } else {
            assert_ne!(byte, 0x77, "unknown types are kept");
        }
    }
}

#[test]
fn contents_do_not_leave_their_scope() {
    let group = GroupId([1; 8]);
    let wrong = [
        Body {
            scope: Scope::GroupCreator { group },
            content: Content::Text("x".into()),
        },
        Body {
            scope: Scope::GroupCreator { group },
            content: Content::Typing(true),
        },
        Body::contact(Content::GroupLeave),
        Body::contact(Content::GroupSetup(Vec::new())),
        Body::contact(Content::Unknown(MessageType::TEXT, Vec::new())),
        Body::contact(Content::Unknown(MessageType::AUTH_TOKEN, Vec::new())),
    ];
    for body in wrong {
        assert!(body.encode().is_err(), "{body:?}");
    }
}

#[test]
fn limits_hold_when_writing() {
    let ids = |count| vec![MessageId([1; 8]); count];
    let receipt = |count| {
        let receipt = DeliveryReceipt {
            status: ReceiptStatus::Read,
            ids: ids(count),
        };
        Body::contact(Content::DeliveryReceipt(receipt))
            .encode()
            .is_ok()
    };
    assert!(receipt(875) && !receipt(876) && !receipt(0));
    assert!(Body::text("x".repeat(6000)).encode().is_ok());
    assert!(Body::text("x".repeat(6001)).encode().is_err());
    let token = |length| {
        ToServer::PushToken(PushToken {
            kind: 1,
            token: vec![1; length],
        })
    };
    assert!(token(255).encode().is_ok() && token(256).encode().is_err());
    assert!(ToServer::EchoRequest(vec![0; 8172]).encode().is_ok());
    assert!(ToServer::EchoRequest(vec![0; 8173]).encode().is_err());
}
