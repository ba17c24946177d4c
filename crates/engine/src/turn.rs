//! One call of [`Engine::handle`](crate::Engine::handle): its time, its transaction, and what it
//! wants done after the commit.

use std::collections::BTreeMap;

use dreiklang_wire::{
    csp::payload::ToServer,
    id::{Identity, MessageId},
};
use rusqlite::{Connection, Transaction};

use crate::{
    Timestamp,
    command::{Refusal, Reply, Ticket},
    engine::Output,
    event::{DisconnectReason, Event},
    http::{HttpRequest, RequestId},
};

pub(crate) struct Turn<'a> {
    pub(crate) now: Timestamp,
    pub(crate) tx: &'a Connection,
    /// Whom to tell at the end of this turn that their messages arrived.
    pub(crate) delivered: BTreeMap<Identity, Vec<MessageId>>,
    outputs: Vec<Output>,
}

impl<'a> Turn<'a> {
    pub(crate) fn new(now: Timestamp, tx: &'a Transaction<'_>) -> Self {
        Self {
            now,
            tx,
            delivered: BTreeMap::new(),
            outputs: Vec::new(),
        }
    }

    pub(crate) fn into_outputs(self) -> Vec<Output> {
        self.outputs
    }

    pub(crate) fn send(&mut self, payload: ToServer) {
        self.outputs.push(Output::Send(payload));
    }

    pub(crate) fn http(&mut self, id: RequestId, request: HttpRequest) {
        self.outputs.push(Output::Http(id, request));
    }

    pub(crate) fn put(&mut self, output: Output) {
        self.outputs.push(output);
    }

    pub(crate) fn wake_at(&mut self, at: Timestamp) {
        self.outputs.push(Output::WakeAt(at));
    }

    pub(crate) fn notify(&mut self, event: Event) {
        self.outputs.push(Output::Notify(event));
    }

    pub(crate) fn reply(&mut self, ticket: Ticket, result: Result<Reply, Refusal>) {
        self.outputs.push(Output::Reply(ticket, result));
    }

    pub(crate) fn disconnect(&mut self, reason: DisconnectReason) {
        self.outputs.push(Output::Disconnect(reason));
    }
}
