//! The tree itself keeps the rules of the house, so plain `cargo test` tells too.

#[test]
fn the_tree_keeps_the_rules() {
    let violations = xtask::tidy::violations().expect("the tree can be read");
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}
