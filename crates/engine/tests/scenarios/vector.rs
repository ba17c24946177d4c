//! Messages of another implementation (protocol.md C2; the bytes are published with the test
//! vectors of threema-ch/threema-android).

use dreiklang_crypto::SecretKey;
use dreiklang_engine::{
    Input, Timestamp,
    view::{self, Content},
};
use dreiklang_wire::{
    csp::payload::{FromServer, Message, ToServer},
    id::Identity,
};

use crate::common::{Device, Server};

const RECEIVER_KEY: &str = "5d31a1950a807edcd195ec16a7e980e525c8bafe315d3b9bd9b22b186b4096bd";
const SENDER_KEY: &str = "c113a3d85756852602cc82cb69314e87a01782c5ffdef3a953cf36ac7d6bc528";

const TEXT: &str = "\
    304441354d453736304850543945574489aa9a7eaff77d96cb732768010034000000000000000000\
    000000000000000000000000000000000000000000000000439039d79074fa4a0d0961d651af57b9\
    4b7245c4c686733aab55b7f2b049fa3a8a5fec982eaa27d37557beaadd802cfc2703d849b2d718b0\
    db179e3e3bcdbf3c2be997490a0349f2e4fbaa43712e263aab0c2c4a920182f01f810df063363191\
    b26c2c6404c0e84e73a3e005e327589702878e259642e1cf3b29e36db1c6a258f55ea73c842fddaf\
    ffd76a3057c0c13b6881bccc6522a0edee793f586fcb9ec5b398eb3be0af1a8c6111fe463ed25d91\
    6e66bea54955ca3398e27cbae25bfb6c16e26f326ecf8a4ba81aef9312b59f612b9e3355de6c14c0\
    434dc195e0a03462fc95d836a7bca74bda61d59be8489a9fdd9e626e7cb7324ac0724b0a42168a5b\
    ea525eaef17d3bf13bbd8551ab8c85f5892fa6ba9c32e01343c3bc8ed2ad59f54411de089b193dca\
    452b9699dafe34d124dfe521a956cce4adf58902a4c7b8bcf3d4548848dd2f1bee";

const LOCATION: &str = "\
    304441354d45373630485054394557446d6b2e0a01d312587458ee68010034000000000000000000\
    0000000000000000000000000000000000000000000000002891b9460574ca923a999cfefc0560e9\
    56f7b1d68ee817800ae6230b747a2b72a7f11de76ebbf889421e99d927c3008cfd14440c8326dff3\
    ad0296f74ab49c81dd9cc234f75580a99d19051cab78e5cba9aaf8761333e50510e6392eff140671\
    9f7aec01bf4bf347dedfce7e31fd7fe5874f6904723baaef574c8af07b635f900d1c6afdea7c6e36\
    671dd4a3b52f05c0bee93d525b3333eded57aeb027238ec4e746739a65cd5ef42dac5880b6232d5f\
    65f690e32ce61196dfa91ddfa598083439adeb4ac2bc77dfb503eef3a95938bf244122e1f4499dd9\
    cb19b3ec729ab70529014c3e0780734719a9cbeec521c7e22b41da13daa292078224aebec4670238\
    8f22e227c9429f2177770cd9e2a21aa3d04f6dc80cef550b54e2bd7fb79ff7cd511d6e2bd0cb2d2b\
    c1e34e0bb3861a80676d7c6c0089b72af08d7ee06b96824f33cf4d4c1677407804f49445e3cb192b\
    472a656ebd0790620d710593d3598d";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn key(hex: &str) -> [u8; 32] {
    bytes(hex).try_into().unwrap()
}

/// The receiver of the vectors, with its key and no contacts.
fn receiver() -> Device {
    let mut device = Device::new(1);
    let secret = SecretKey::from_bytes(key(RECEIVER_KEY));
    let sql = "INSERT INTO identity (slot, secret_key, identity, server_group, nickname,
                   device_cookie, feature_mask, is_revoked)
               VALUES (1, ?1, '0HPT9EWD', '01', '', zeroblob(16), 0, 0)";
    device.conn.execute(sql, [secret.expose()]).unwrap();
    device.restart();
    device
}

fn receive(hex: &str) -> (Device, Vec<view::Message>) {
    let sender: Identity = "0DA5ME76".parse().unwrap();
    let mut server = Server::new();
    server
        .keys
        .insert(sender, key(SENDER_KEY).as_slice().try_into().unwrap());
    // The receiver tells the directory what this version can do.
    let own = SecretKey::from_bytes(key(RECEIVER_KEY)).public();
    server.keys.insert("0HPT9EWD".parse().unwrap(), own);
    let mut device = receiver();
    let now = Timestamp::from_ms(1_790_000_000_000);
    let message = Message::decode(&bytes(hex)).unwrap();
    let ack = ToServer::MessageAck {
        sender,
        id: message.id,
    };
    device.give(now, Input::Connected);
    device.give(now, Input::Payloads(vec![FromServer::Message(message)]));
    while let Some((id, request)) = device.requests.pop_front() {
        let result = server.http(&request);
        device.give(now, Input::HttpDone(id, result));
    }
    assert!(device.uplink.contains(&ack));
    let timeline = view::timeline(&device.conn, &sender.into(), None, 10).unwrap();
    let contact = view::contact(&device.conn, sender).unwrap().unwrap();
    assert_eq!(contact.nickname, "lenny-test@pixel8a");
    (device, timeline)
}

#[test]
fn a_text_of_another_implementation_is_read() {
    assert_eq!(bytes(TEXT).len(), 393);
    let (_, timeline) = receive(TEXT);
    let [message] = &timeline[..] else {
        panic!("{timeline:?}")
    };
    assert_eq!(message.content, Content::Text("Hi".into()));
    assert_eq!(message.id.to_string(), "89aa9a7eaff77d96");
    assert_eq!(message.created_at, Timestamp::from_ms(1_747_416_011_868));
    assert_eq!(message.notes, view::Notes::default());
}

#[test]
fn a_place_of_another_implementation_is_shown_and_kept() {
    let (device, timeline) = receive(LOCATION);
    let [message] = &timeline[..] else {
        panic!("{timeline:?}")
    };
    let Content::Location(place) = &message.content else {
        panic!("{message:?}")
    };
    assert!(place.geo_link().starts_with("geo:47.202952,8.778079"));
    assert!(place.name.contains("Pfäffikon SZ"), "{}", place.name);
    assert_eq!(message.created_at, Timestamp::from_ms(1_760_450_676_889));
    let sql = "SELECT container FROM messages";
    let container: Vec<u8> = device.conn.query_row(sql, [], |row| row.get(0)).unwrap();
    let text = String::from_utf8(container[1..].to_vec()).unwrap();
    assert!(text.starts_with("47.202952,8.778079"), "{text}");
    assert!(text.contains("Pfäffikon SZ"), "{text}");
}
