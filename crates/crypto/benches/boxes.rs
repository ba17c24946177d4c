//! What boxes and key agreements cost, ours beside the candidates weighed in ADR 0003.

fn main() {
    divan::main();
}

const SIZES: [usize; 5] = [25, 32, 164, 1100, 8192];
const NONCE: [u8; 24] = [7; 24];

/// XSalsa20-Poly1305 where the bytes are.
#[divan::bench_group(sample_size = 1000, sample_count = 100)]
mod seal {
    use divan::{Bencher, counter::BytesCount};
    use dreiklang_crypto::SharedKey;

    use super::{NONCE, SIZES};

    #[divan::bench(args = SIZES)]
    fn ours_prefixed(bencher: Bencher, size: usize) {
        let key = SharedKey::from_bytes([3; 32]).with_prefix(&[7; 16]);
        let (plain, mut out) = (vec![0x55; size], Vec::with_capacity(size + 16));
        bencher.counter(BytesCount::new(size)).bench_local(|| {
            out.clear();
            key.seal_into(42, divan::black_box(&plain), &mut out);
        });
    }

    #[divan::bench(args = SIZES)]
    fn ours_whole_nonce(bencher: Bencher, size: usize) {
        let key = SharedKey::from_bytes([3; 32]);
        let mut body = vec![0x55; size];
        bencher
            .counter(BytesCount::new(size))
            .bench_local(|| key.seal_in_place(&NONCE, divan::black_box(&mut body)));
    }

    #[divan::bench(args = SIZES)]
    fn rustcrypto_plain(bencher: Bencher, size: usize) {
        use poly1305::{Poly1305, universal_hash::KeyInit};
        use salsa20::{
            XSalsa20,
            cipher::{KeyIvInit, StreamCipher},
        };
        let mut body = vec![0x55; size];
        bencher.counter(BytesCount::new(size)).bench_local(|| {
            let mut cipher = XSalsa20::new(&[3; 32].into(), &NONCE.into());
            let mut tag_key = [0; 32];
            cipher.apply_keystream(&mut tag_key);
            cipher.apply_keystream(divan::black_box(&mut body));
            Poly1305::new(&tag_key.into()).compute_unpadded(&body)
        });
    }

    #[divan::bench(args = SIZES)]
    fn dryoc(bencher: Bencher, size: usize) {
        use ::dryoc::classic::crypto_secretbox::crypto_secretbox_easy;
        let (plain, mut out) = (vec![0x55; size], vec![0; size + 16]);
        bencher.counter(BytesCount::new(size)).bench_local(|| {
            let plain = divan::black_box(&plain);
            crypto_secretbox_easy(&mut out, plain, &NONCE, &[3; 32]).expect("it fits");
        });
    }
}

/// The way back, with the tag check.
#[divan::bench_group(sample_size = 1000, sample_count = 100)]
mod open {
    use divan::{Bencher, counter::BytesCount};
    use dreiklang_crypto::SharedKey;

    use super::SIZES;

    #[divan::bench(args = SIZES)]
    fn ours_prefixed(bencher: Bencher, size: usize) {
        let key = SharedKey::from_bytes([3; 32]).with_prefix(&[7; 16]);
        let mut sealed = Vec::new();
        key.seal_into(42, &vec![0x55; size], &mut sealed);
        let mut work = sealed.clone();
        bencher.counter(BytesCount::new(size)).bench_local(|| {
            work.copy_from_slice(&sealed);
            key.open_in_place(42, divan::black_box(&mut work))
                .map(|plain| plain.len())
        });
    }
}

/// Blobs in pieces: 4 MiB, in the pieces that files are read in.
#[divan::bench_group(sample_size = 1, sample_count = 20)]
mod large {
    use divan::{Bencher, counter::BytesCount};
    use dreiklang_crypto::{
        SharedKey, TAG_BYTES,
        large::{Checker, Opener, Sealer},
    };

    use super::NONCE;

    const BYTES: usize = 4 << 20;
    const PIECE_BYTES: usize = 64 << 10;

    fn key() -> SharedKey {
        SharedKey::from_bytes([3; 32])
    }

    fn opener(sealed: &[u8]) -> Opener {
        let mut checker = Checker::new(&key(), &NONCE);
        for piece in sealed.chunks(PIECE_BYTES) {
            checker.check(divan::black_box(piece));
        }
        checker.finish().expect("it is what was sealed")
    }

    #[divan::bench]
    fn seal(bencher: Bencher) {
        let mut body = vec![0x55; BYTES];
        bencher.counter(BytesCount::new(BYTES)).bench_local(|| {
            let mut sealer = Sealer::new(&key(), &NONCE);
            for piece in body.chunks_mut(PIECE_BYTES) {
                sealer.seal(divan::black_box(piece));
            }
            sealer.finish()
        });
    }

    #[divan::bench]
    fn check(bencher: Bencher) {
        let sealed = key().seal(&NONCE, &vec![0x55; BYTES]);
        bencher
            .counter(BytesCount::new(BYTES))
            .bench_local(|| opener(&sealed));
    }

    #[divan::bench]
    fn check_and_open(bencher: Bencher) {
        let sealed = key().seal(&NONCE, &vec![0x55; BYTES]);
        let mut body = sealed[TAG_BYTES..].to_vec();
        bencher.counter(BytesCount::new(BYTES)).bench_local(|| {
            body.copy_from_slice(&sealed[TAG_BYTES..]);
            let mut opener = opener(&sealed);
            for piece in body.chunks_mut(PIECE_BYTES) {
                opener.open(divan::black_box(piece));
            }
            opener.finish()
        });
    }
}

/// X25519: a fresh public key, and an agreement.
#[divan::bench_group(sample_size = 20, sample_count = 100)]
mod x25519 {
    use divan::Bencher;
    use dreiklang_crypto::{PublicKey, SecretKey, SeededRng};

    #[divan::bench]
    fn ours_base() -> PublicKey {
        divan::black_box(SecretKey::from_bytes([9; 32])).public()
    }

    #[divan::bench]
    fn ours_agree(bencher: Bencher) {
        let mut rng = SeededRng::new(1);
        let (mine, other) = (
            SecretKey::generate(&mut rng),
            SecretKey::generate(&mut rng).public(),
        );
        bencher.bench_local(|| mine.agree(divan::black_box(&other)));
    }

    #[divan::bench]
    fn dalek_base() -> [u8; 32] {
        *x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from([9; 32])).as_bytes()
    }

    #[divan::bench]
    fn dalek_variable(bencher: Bencher) {
        let other = *SecretKey::from_bytes([9; 32]).public().as_bytes();
        bencher.bench_local(|| x25519_dalek::x25519([8; 32], divan::black_box(other)));
    }

    #[divan::bench]
    fn aws_base() -> Vec<u8> {
        use aws_lc_rs::agreement::{PrivateKey, X25519};
        let key = PrivateKey::from_private_key(&X25519, &[9; 32]).expect("32 bytes are a key");
        key.compute_public_key()
            .expect("every key has one")
            .as_ref()
            .to_vec()
    }

    #[divan::bench]
    fn aws_variable(bencher: Bencher) {
        use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
        let other = *SecretKey::from_bytes([9; 32]).public().as_bytes();
        bencher.bench_local(|| {
            let key = PrivateKey::from_private_key(&X25519, &[8; 32]).expect("32 bytes are a key");
            let other = UnparsedPublicKey::new(&X25519, divan::black_box(other));
            agree(&key, other, (), |point| {
                <[u8; 32]>::try_from(point).map_err(|_| ())
            })
        });
    }
}
