//! Pushes mutated structures through the server's role: `mutate --count 1000000 [--seed 1]`.

#![expect(clippy::print_stdout, reason = "a command line tool tells its result")]

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/common/forge.rs"]
mod forge;
#[path = "../tests/common/mutate.rs"]
mod mutate;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut count, mut seed) = (20_000, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("a number must follow")?.parse()?;
        match name.as_str() {
            "--count" => count = value,
            "--seed" => seed = value,
            _ => return Err(format!("unknown argument {name}").into()),
        }
    }
    let mutate::Tally { accepted, refused } = mutate::run(seed, count);
    println!("{count} mutated structures, seed {seed}: {accepted} accepted, {refused} refused");
    Ok(())
}
