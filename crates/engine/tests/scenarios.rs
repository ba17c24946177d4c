//! Two or three people, one server, and what can go wrong between them.

mod common;

#[path = "scenarios/world.rs"]
mod world;

#[path = "scenarios/attacks.rs"]
mod attacks;
#[path = "scenarios/backup.rs"]
mod backup;
#[path = "scenarios/contacts.rs"]
mod contacts;
#[path = "scenarios/crash.rs"]
mod crash;
#[path = "scenarios/directory.rs"]
mod directory;
#[path = "scenarios/eth.rs"]
mod eth;
#[path = "scenarios/groups.rs"]
mod groups;
#[path = "scenarios/hostile.rs"]
mod hostile;
#[path = "scenarios/media.rs"]
mod media;
#[path = "scenarios/messages.rs"]
mod messages;
#[path = "scenarios/names.rs"]
mod names;
#[path = "scenarios/parameters.rs"]
mod parameters;
#[path = "scenarios/pictures.rs"]
mod pictures;
#[path = "scenarios/privacy.rs"]
mod privacy;
#[path = "scenarios/push.rs"]
mod push;
#[path = "scenarios/remote_secret.rs"]
mod remote_secret;
#[path = "scenarios/talk.rs"]
mod talk;
#[path = "scenarios/trust.rs"]
mod trust;
#[path = "scenarios/vector.rs"]
mod vector;
#[path = "scenarios/work.rs"]
mod work;
