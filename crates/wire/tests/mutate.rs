//! A deterministic mutation run; the same with many more rounds is `examples/mutate.rs`.

mod common;
#[path = "common/forge.rs"]
mod forge;
#[path = "common/mutate.rs"]
mod mutate;

/// Enough to meet every decoder hundreds of times and still finish in seconds.
const COUNT: u64 = 20_000;

#[test]
fn mutated_structures_never_panic() {
    let tally = mutate::run(1, COUNT);
    assert_eq!(tally.accepted + tally.refused, COUNT);
    // Both must happen a lot, otherwise the mutations are too tame or too wild.
    assert!(
        tally.accepted > COUNT / 10 && tally.refused > COUNT / 10,
        "{tally:?}"
    );
}

#[test]
fn the_same_seed_does_the_same() {
    assert_eq!(mutate::run(2, 500), mutate::run(2, 500));
    assert_ne!(mutate::run(2, 500), mutate::run(3, 500));
}
