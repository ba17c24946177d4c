//! The X25519 function itself (RFC 7748), from the fastest safe implementation of each platform.
//!
//! Outside `client`, only this crate asks for the platform, here and for the signatures of servers;
//! ADR 0003 says why.

use zeroize::Zeroizing;

pub(crate) use backend::{agree, public};

#[cfg(not(target_family = "wasm"))]
mod backend {
    //! aws-lc-rs, which is in every native build for TLS already.

    use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey, X25519};

    use super::Zeroizing;

    pub(crate) fn public(secret: &[u8; 32]) -> [u8; 32] {
        let public = import(secret)
            .compute_public_key()
            .expect("invariant: every X25519 secret has a public key");
        public
            .as_ref()
            .try_into()
            .expect("invariant: an X25519 public key has 32 bytes")
    }

    /// `None` if the result is zero, which a checked public key does not give.
    pub(crate) fn agree(secret: &[u8; 32], public: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        let public = UnparsedPublicKey::new(&X25519, public);
        agreement::agree(&import(secret), public, (), |point| {
            point.try_into().map_err(|_| ())
        })
        .ok()
        .map(Zeroizing::new)
    }

    fn import(secret: &[u8; 32]) -> PrivateKey {
        PrivateKey::from_private_key(&X25519, secret)
            .expect("invariant: any 32 bytes are an X25519 secret")
    }
}

#[cfg(target_family = "wasm")]
mod backend {
    //! x25519-dalek, which is pure Rust.

    use x25519_dalek::{PublicKey, StaticSecret};

    use super::Zeroizing;

    pub(crate) fn public(secret: &[u8; 32]) -> [u8; 32] {
        PublicKey::from(&StaticSecret::from(*secret)).to_bytes()
    }

    /// `None` if the result is zero, which a checked public key does not give.
    pub(crate) fn agree(secret: &[u8; 32], public: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        let point = StaticSecret::from(*secret).diffie_hellman(&PublicKey::from(*public));
        point
            .was_contributory()
            .then(|| Zeroizing::new(point.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{agree, public};

    fn bytes(hex: &str) -> [u8; 32] {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    /// RFC 7748, 5.2; the second point has its high bit set, which the function must ignore.
    #[test]
    fn multiplies_the_rfcs_points() {
        let cases = [
            [
                "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
            ],
            [
                "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
                "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
            ],
        ];
        for [scalar, point, product] in cases.map(|case| case.map(bytes)) {
            assert_eq!(*agree(&scalar, &point).unwrap(), product);
        }
    }

    /// RFC 7748, 5.2: the result of one round becomes the scalar, the scalar becomes the point.
    #[test]
    fn multiplies_a_thousand_times() {
        let (mut scalar, mut point) = (bytes(&format!("09{}", "00".repeat(31))), [0; 32]);
        point[0] = 9;
        for round in 0..1000 {
            let product = *agree(&scalar, &point).unwrap();
            (scalar, point) = (product, scalar);
            if round == 0 {
                let first = "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079";
                assert_eq!(scalar, bytes(first));
            }
        }
        let last = "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51";
        assert_eq!(scalar, bytes(last));
    }

    #[test]
    fn a_point_of_low_order_gives_nothing() {
        assert!(agree(&[7; 32], &[0; 32]).is_none());
    }

    proptest! {
        /// What native builds compute and what browser builds compute is the same.
        #[test]
        fn equals_the_other_backend(secret: [u8; 32], other: [u8; 32]) {
            let point = x25519_dalek::x25519(other, x25519_dalek::X25519_BASEPOINT_BYTES);
            prop_assert_eq!(public(&other), point);
            prop_assert_eq!(*agree(&secret, &point).unwrap(), x25519_dalek::x25519(secret, point));
        }
    }
}
