//! Closed groups against clients that keep to no rule of an app: what matters is the server's.

use dreiklang_server::worker::flush_closed_groups;
use dreiklang_store::OrgId;
use dreiklang_wire::csp::payload::{Flags, FromServer, Message, ToServer};

use crate::orgs;
use crate::world::{Client, User, World, ack_of};

const WORK: &str = "6.0k;A;en/US;test";

/// A member, another member, a listed contact and a stranger.
struct Company {
    org: OrgId,
    ann: User,
    ben: User,
    contact: User,
    stranger: User,
}

impl Company {
    async fn new(world: &World) -> Self {
        let app = world.app();
        let org = orgs::org(app, "Acme").await;
        let credential = orgs::credential(app, org, "acme").await;
        let company = Self {
            org,
            ann: world.user("ANN00001").await,
            ben: world.user("BEN00001").await,
            contact: world.user("CONTACT1").await,
            stranger: world.user("STRANGE1").await,
        };
        for member in [&company.ann, &company.ben] {
            orgs::attach(app, org, credential, member.identity).await;
        }
        orgs::list_contact(app, org, company.contact.identity, true).await;
        company
    }

    async fn connect(&self, world: &World, user: &User) -> Client {
        let is_member = [self.ann.identity, self.ben.identity].contains(&user.identity);
        let login = world.login(user);
        if is_member {
            login.info(WORK).connect().await
        } else {
            login.connect().await
        }
    }

    async fn listen(&self, world: &World, user: &User) -> Client {
        let mut client = self.connect(world, user).await;
        client.send(&ToServer::Unblock).await;
        assert_eq!(client.receive().await, FromServer::QueueSendComplete);
        client
    }

    async fn dropped(&self, world: &World) -> u64 {
        flush_closed_groups::flush(world.app()).await;
        let org = world.store().org(self.org).await.unwrap();
        org.unwrap().messages_dropped
    }
}

fn flagged(mut message: Message, flags: Flags) -> Message {
    message.flags = flags;
    message
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_and_members_do_not_reach_each_other() {
    let world = World::new().await;
    let company = Company::new(&world).await;
    orgs::set_closed(world.app(), company.org, true).await;
    let mut listening_ann = company.listen(&world, &company.ann).await;
    let mut listening_stranger = company.listen(&world, &company.stranger).await;
    let mut expected = 0;
    for flags in [
        Flags::PUSH,
        Flags::NO_QUEUE,
        Flags::NO_QUEUE | Flags::NO_ACK,
        Flags::SHORT_LIVED,
    ] {
        // In: acknowledged as always, so that a stranger's queue does not stall.
        let message = flagged(listening_stranger.message(&company.ann, expected), flags);
        listening_stranger.offer(&message).await;
        if !flags.contains(Flags::NO_ACK) {
            assert_eq!(listening_stranger.receive().await, ack_of(&message));
        }
        listening_stranger.expect_silence().await;
        listening_ann.expect_silence().await;
        // Out.
        let message = flagged(listening_ann.message(&company.stranger, expected), flags);
        listening_ann.offer(&message).await;
        if !flags.contains(Flags::NO_ACK) {
            assert_eq!(listening_ann.receive().await, ack_of(&message));
        }
        listening_ann.expect_silence().await;
        listening_stranger.expect_silence().await;
        expected += 2;
    }
    assert_eq!(world.queued(&company.ann).await, 0);
    assert_eq!(world.queued(&company.stranger).await, 0);
    assert_eq!(company.dropped(&world).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_and_listed_contacts_reach_each_other() {
    let world = World::new().await;
    let company = Company::new(&world).await;
    orgs::set_closed(world.app(), company.org, true).await;
    let mut ann = company.listen(&world, &company.ann).await;
    let mut ben = company.listen(&world, &company.ben).await;
    let mut contact = company.listen(&world, &company.contact).await;
    let message = ann.message(&company.ben, 1);
    ann.deposit_live(&message, &mut ben).await;
    let message = ann.message(&company.contact, 2);
    ann.deposit_live(&message, &mut contact).await;
    let message = contact.message(&company.ben, 3);
    contact.deposit_live(&message, &mut ben).await;
    // Taken off the list, the contact is a stranger at once, on the connections that are open.
    orgs::list_contact(world.app(), company.org, company.contact.identity, false).await;
    let message = contact.message(&company.ann, 4);
    contact.deposit(&message).await;
    ann.expect_silence().await;
    assert_eq!(company.dropped(&world).await, 1);
    // Two strangers are nobody's business.
    let mut stranger = company.listen(&world, &company.stranger).await;
    let message = contact.message(&company.stranger, 5);
    contact.deposit_live(&message, &mut stranger).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_when_the_group_was_closed_is_not_delivered() {
    let mut world = World::new().await;
    let company = Company::new(&world).await;
    let mut stranger = company.connect(&world, &company.stranger).await;
    let mut ben = company.connect(&world, &company.ben).await;
    let mut contact = company.connect(&world, &company.contact).await;
    for number in 0..5 {
        let message = stranger.message(&company.ann, number);
        stranger.deposit(&message).await;
    }
    let internal = ben.message(&company.ann, 10);
    ben.deposit(&internal).await;
    let listed = contact.message(&company.ann, 11);
    contact.deposit(&listed).await;
    let outward = ben.message(&company.stranger, 12);
    ben.deposit(&outward).await;

    orgs::set_closed(world.app(), company.org, true).await;
    assert_eq!(world.queued(&company.stranger).await, 0);
    let mut ann = company.connect(&world, &company.ann).await;
    ann.send(&ToServer::Unblock).await;
    assert_eq!(ann.receive_queue().await, [internal, listed]);
    assert_eq!(company.dropped(&world).await, 6);
    drop(ann);
    // The rule outlives the server.
    world.restart().await;
    let mut stranger = company.connect(&world, &company.stranger).await;
    let message = stranger.message(&company.ann, 20);
    stranger.deposit(&message).await;
    assert_eq!(company.dropped(&world).await, 7);
    // Opened again, everybody gets through; what was dropped does not come back.
    orgs::set_closed(world.app(), company.org, false).await;
    let message = stranger.message(&company.ben, 21);
    stranger.deposit(&message).await;
    assert_eq!(world.queued(&company.ben).await, 1);
    assert_eq!(company.dropped(&world).await, 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_the_company_is_a_stranger_to_it() {
    let world = World::new().await;
    let company = Company::new(&world).await;
    let app = world.app();
    orgs::set_closed(app, company.org, true).await;
    orgs::detach(app, company.org, company.ben.identity).await;
    let ben = company.ben.identity;
    let moved = dreiklang_server::service::moves::take_private(app, ben).await;
    assert_eq!(moved, Ok(dreiklang_server::service::moves::Taken::Moved));
    let mut ben = world.login(&company.ben).connect().await;
    let message = ben.message(&company.ann, 1);
    ben.deposit(&message).await;
    assert_eq!(world.queued(&company.ann).await, 0);
    assert_eq!(company.dropped(&world).await, 1);
}
