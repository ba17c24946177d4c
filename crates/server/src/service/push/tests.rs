//! Who is woken when, and where.

use super::*;

fn pushes() -> Pushes {
    Pushes {
        caller: None,
        hosts: Vec::new(),
        people: Mutex::default(),
        bell: Notify::new(),
    }
}

fn who(name: &str) -> Identity {
    name.parse().unwrap()
}

/// A clock of the test's own.
struct World {
    pushes: Pushes,
    now: Instant,
}

impl World {
    fn new() -> Self {
        Self {
            pushes: pushes(),
            now: Instant::now(),
        }
    }

    fn hint(&self, name: &str, certain: bool) {
        self.pushes.hint(who(name), certain, self.now);
    }

    fn settle(&self, call: Call, outcome: Option<Outcome>) {
        self.pushes.settle(call, outcome, self.now);
    }

    fn due(&mut self) -> Vec<Call> {
        self.now += GRACE;
        self.pushes.take_due(10, self.now).0
    }
}

#[test]
fn one_call_is_enough_until_they_come() {
    let mut world = World::new();
    world.hint(ALICE, true);
    assert_eq!(world.due(), [], "nobody who asked for it");
    world.pushes.watch(who(ALICE));
    world.hint(ALICE, false);
    assert_eq!(world.pushes.take_due(10, world.now).0, [], "not at once");
    world.hint(ALICE, true);
    let calls = world.due();
    assert!(calls.len() == 1 && calls[0].certain);
    world.hint(ALICE, true);
    assert_eq!(world.due(), [], "a call is under way");
    world.settle(calls[0], Some(Outcome::Taken));
    world.hint(ALICE, true);
    assert_eq!(world.due(), [], "woken is woken");
    world.pushes.seen(who(ALICE));
    assert_eq!(world.due(), []);
    world.hint(ALICE, true);
    assert_eq!(world.due().len(), 1, "and again the next time");
}

#[test]
fn who_comes_in_time_is_not_called_and_an_old_call_counts_no_more() {
    let mut world = World::new();
    world.pushes.watch(who(ALICE));
    world.hint(ALICE, true);
    world.pushes.seen(who(ALICE));
    assert_eq!(world.due(), []);
    world.hint(ALICE, true);
    let old = world.due()[0];
    world.pushes.seen(who(ALICE));
    world.hint(ALICE, true);
    world.settle(old, Some(Outcome::Gone));
    world.settle(old, Some(Outcome::Taken));
    assert_eq!(world.due().len(), 1);
}

#[test]
fn what_fails_is_tried_ever_more_rarely() {
    let mut world = World::new();
    world.pushes.watch(who(ALICE));
    world.hint(ALICE, true);
    let mut call = world.due()[0];
    let mut pauses = Vec::new();
    for _ in 0..9 {
        world.settle(call, Some(Outcome::Failed(Duration::ZERO)));
        let next = world.pushes.take_due(10, world.now).1.unwrap();
        pauses.push((next - world.now).as_secs());
        world.now = next;
        call = world.pushes.take_due(10, world.now).0[0];
    }
    assert_eq!(pauses[..4], [5, 20, 80, 320]);
    assert_eq!(pauses[6..], [20_480, 20_480, 20_480]);
    world.settle(call, Some(Outcome::Failed(Duration::from_hours(99))));
    let next = world.pushes.take_due(10, world.now).1.unwrap();
    assert_eq!(next - world.now, PAUSE_MAX, "whatever a service asks for");
    world.pushes.watch(who(ALICE));
    assert_eq!(
        world.pushes.take_due(10, next),
        (vec![], None),
        "another address"
    );
}

#[test]
fn who_is_gone_is_forgotten_and_the_rest_waits_its_turn() {
    let mut world = World::new();
    for name in [ALICE, "BOB00001", "CAROL001"] {
        world.pushes.watch(who(name));
        world.hint(name, true);
    }
    world.now += GRACE;
    let (first, next) = world.pushes.take_due(2, world.now);
    assert_eq!((first.len(), next), (2, Some(world.now)));
    world.settle(first[0], Some(Outcome::Gone));
    world.settle(first[1], None);
    assert_eq!(world.pushes.count(), 2);
    assert_eq!(world.pushes.take_due(2, world.now).0.len(), 1);
}

#[test]
fn only_services_of_the_list_are_called() {
    let hosts = ["push.example", "*.far.example", "http://127.0.0.1:81"].map(str::to_owned);
    for good in [
        "https://push.example/x",
        "https://PUSH.example:443/x",
        "https://a.b.far.example/x?y",
        "http://127.0.0.1:81/x",
    ] {
        assert!(is_allowed(&hosts, good), "{good}");
    }
    for bad in [
        "",
        "http://push.example/x",
        "https://push.example:8443/x",
        "https://push.example.evil.example/x",
        "https://evilpush.example/x",
        "https://far.example/x",
        "https://.far.example/x",
        "https://evilfar.example/x",
        "https://push.example@evil.example/x",
        "https://127.0.0.1:81/x",
        "http://127.0.0.1:8181/x",
        "http://127.0.0.1/x",
        "https://[::1]/x",
    ] {
        assert!(!is_allowed(&hosts, bad), "{bad}");
    }
}

const ALICE: &str = "ALICE001";
