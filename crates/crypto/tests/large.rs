//! Boxes that are sealed and opened in pieces are those that are made at once.

use dreiklang_crypto::{
    Error, Nonce, SharedKey, TAG_BYTES,
    large::{Checker, Opener, Sealer},
};
use proptest::{collection::vec, prelude::*};

/// Cuts at these places, in any order and as often as they say.
fn pieces<'a>(mut bytes: &'a mut [u8], cuts: &[prop::sample::Index]) -> Vec<&'a mut [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    places.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for place in places {
        let (piece, rest) = bytes.split_at_mut(place - start);
        pieces.push(piece);
        (bytes, start) = (rest, place);
    }
    pieces.push(bytes);
    pieces
}

fn sealed(key: &SharedKey, nonce: &Nonce, plain: &[u8], cuts: &[prop::sample::Index]) -> Vec<u8> {
    let mut sealer = Sealer::new(key, nonce);
    let mut body = plain.to_vec();
    for piece in pieces(&mut body, cuts) {
        sealer.seal(piece);
    }
    [&sealer.finish()[..], &body].concat()
}

fn checked(
    key: &SharedKey,
    nonce: &Nonce,
    sealed: &[u8],
    cuts: &[prop::sample::Index],
) -> Result<Opener, Error> {
    let mut checker = Checker::new(key, nonce);
    for piece in pieces(&mut sealed.to_vec(), cuts) {
        checker.check(piece);
    }
    checker.finish()
}

fn cuts() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    vec(any::<prop::sample::Index>(), 0..12)
}

/// Every way to cut a short box in two, and in single bytes.
#[test]
fn every_single_cut_gives_the_same_box() {
    let (key, nonce) = (SharedKey::from_bytes([3; 32]), [9; 24]);
    for length in [
        0_usize, 1, 15, 16, 17, 31, 32, 33, 63, 64, 95, 96, 97, 160, 200,
    ] {
        let plain: Vec<u8> = (0..length).map(|at| at.to_le_bytes()[0]).collect();
        let whole = key.seal(&nonce, &plain);
        for cut in 0..=plain.len() {
            let mut sealer = Sealer::new(&key, &nonce);
            let mut body = plain.clone();
            let (head, tail) = body.split_at_mut(cut);
            sealer.seal(head);
            for byte in tail {
                sealer.seal(std::slice::from_mut(byte));
            }
            assert_eq!(sealer.finish(), whole[..TAG_BYTES], "{length} cut at {cut}");
            assert_eq!(body, whole[TAG_BYTES..], "{length} cut at {cut}");
        }
        for cut in 0..=whole.len() {
            let mut checker = Checker::new(&key, &nonce);
            checker.check(&whole[..cut]);
            whole[cut..]
                .iter()
                .for_each(|byte| checker.check(std::slice::from_ref(byte)));
            let mut opener = checker.finish().unwrap();
            let mut body = whole[TAG_BYTES..].to_vec();
            let (head, tail) = body.split_at_mut(cut.min(length));
            opener.open(head);
            for byte in tail {
                opener.open(std::slice::from_mut(byte));
            }
            assert_eq!(body, plain, "{length} cut at {cut}");
            opener.finish().unwrap();
        }
    }
}

proptest! {
    #[test]
    fn pieces_make_the_box_that_is_made_at_once(
        key: [u8; 32],
        nonce: Nonce,
        plain in vec(any::<u8>(), 0..2_000),
        cuts in [cuts(), cuts(), cuts()],
    ) {
        let key = SharedKey::from_bytes(key);
        let whole = key.seal(&nonce, &plain);
        prop_assert_eq!(&sealed(&key, &nonce, &plain, &cuts[0]), &whole);
        let mut opener = checked(&key, &nonce, &whole, &cuts[1]).unwrap();
        let mut body = whole[TAG_BYTES..].to_vec();
        for piece in pieces(&mut body, &cuts[2]) {
            opener.open(piece);
        }
        prop_assert_eq!(opener.finish(), Ok(()));
        prop_assert_eq!(body, plain);
    }

    #[test]
    fn nothing_opens_what_was_changed_or_cut(
        key: [u8; 32],
        nonce: Nonce,
        plain in vec(any::<u8>(), 0..300),
        cuts in cuts(),
        place: prop::sample::Index,
        change in 1..=255u8,
    ) {
        let key = SharedKey::from_bytes(key);
        let mut box_ = key.seal(&nonce, &plain);
        let at = place.index(box_.len());
        prop_assert!(checked(&key, &nonce, &box_[..at], &cuts).is_err());
        box_[at] ^= change;
        prop_assert!(checked(&key, &nonce, &box_, &cuts).is_err());
        let mut other = nonce;
        other[at % 24] ^= change;
        box_[at] ^= change;
        prop_assert!(checked(&key, &other, &box_, &cuts).is_err());
    }

    /// What is opened must be what was checked, even if somebody changes it in between.
    #[test]
    fn a_box_that_changes_after_the_check_is_noticed(
        plain in vec(any::<u8>(), 1..300),
        place: prop::sample::Index,
        change in 1..=255u8,
        is_cut: bool,
    ) {
        let (key, nonce) = (SharedKey::from_bytes([5; 32]), [7; 24]);
        let whole = key.seal(&nonce, &plain);
        let mut opener = checked(&key, &nonce, &whole, &[]).unwrap();
        let mut body = whole[TAG_BYTES..].to_vec();
        let at = place.index(body.len());
        if is_cut {
            body.truncate(at);
        } else {
            body[at] ^= change;
        }
        opener.open(&mut body);
        prop_assert_eq!(opener.finish(), Err(Error));
    }
}

#[test]
fn keys_do_not_print() {
    let (key, nonce) = (SharedKey::from_bytes([5; 32]), [7; 24]);
    assert_eq!(format!("{:?}", Sealer::new(&key, &nonce)), "Sealer(…)");
    assert_eq!(format!("{:?}", Checker::new(&key, &nonce)), "Checker(…)");
}
