//! Tests of what identifies a message.

use super::*;

fn payload(id: u8, metadata: u16, nonce: u8) -> Vec<u8> {
    let mut bytes = b"ALICE001BOB00001".to_vec();
    bytes.extend_from_slice(&[id; 8]);
    bytes.extend_from_slice(&[1, 2, 3, 4, 5, 0]);
    bytes.extend_from_slice(&metadata.to_le_bytes());
    bytes.extend_from_slice(&[0; 32]);
    bytes.extend(std::iter::repeat_n(6, usize::from(metadata)));
    bytes.extend_from_slice(&[nonce; 24]);
    bytes.extend_from_slice(&[8; 20]);
    bytes
}

#[test]
fn header_fields_are_read() {
    let message = NewMessage::new(payload(9, 30, 4), 1, 2).unwrap();
    assert_eq!(message.sender().as_str(), "ALICE001");
    assert_eq!(message.receiver().as_str(), "BOB00001");
    assert_eq!(message.id(), MessageId::from([9; 8]));
    assert_eq!(message.flags(), 5);
}

#[test]
fn malformed_payloads_are_refused() {
    let whole = payload(1, 30, 1);
    for cut in 0..whole.len() - 20 {
        assert!(
            NewMessage::new(whole[..cut].to_vec(), 1, 2).is_err(),
            "cut at {cut}"
        );
    }
    let mut no_identity = whole.clone();
    no_identity[0] = b'a';
    assert!(NewMessage::new(no_identity, 1, 2).is_err());
    let mut beyond = whole.clone();
    beyond[31] = 0xff;
    assert!(NewMessage::new(beyond, 1, 2).is_err());
    let mut long = whole;
    long.resize(BYTES_MAX + 1, 0);
    assert!(NewMessage::new(long, 1, 2).is_err());
}

#[test]
fn only_addresses_id_and_nonce_identify_a_message() {
    let one = payload(1, 30, 1);
    let mut other_time = one.clone();
    other_time[24] ^= 0xff;
    assert!(is_same_message(&one, &other_time));
    assert!(is_same_message(&one, &payload(1, 40, 1)));
    assert!(!is_same_message(&one, &payload(2, 30, 1)));
    assert!(!is_same_message(&one, &payload(1, 30, 2)));
    for address in [0, 8] {
        let mut other = one.clone();
        other[address] = b'Z';
        assert!(!is_same_message(&one, &other));
    }
}

#[test]
fn hash_is_keyed_and_follows_the_key_of_the_message() {
    let hasher = Deduplicator::new([1; 32], -1);
    let hash = |bytes| hasher.hash(&NewMessage::new(bytes, 1, 2).unwrap());
    assert_eq!(hash(payload(1, 30, 1)), hash(payload(1, 40, 1)));
    assert_ne!(hash(payload(1, 30, 1)), hash(payload(1, 30, 2)));
    assert_ne!(hash(payload(1, 30, 1)), hash(payload(2, 30, 1)));
    let other = Deduplicator::new([2; 32], -1);
    let message = NewMessage::new(payload(1, 30, 1), 1, 2).unwrap();
    assert_ne!(hasher.hash(&message), other.hash(&message));
}
