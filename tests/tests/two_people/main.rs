//! Two people, two terminal apps and a server, all as real processes.

mod kills;
mod stories;
mod world;
