//! The nouns of the interface in TypeScript, for the pages that speak it.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};

use ts_rs::{Config, TS, TypeVisitor};

use super::format;
use super::{EventLine, Request};

/// Collects types with everything that they are made of.
pub struct Declarations {
    config: Config,
    requests: Vec<String>,
    events: Vec<String>,
    seen: BTreeSet<TypeId>,
    texts: BTreeMap<String, String>,
    answers: BTreeMap<String, String>,
}

impl Default for Declarations {
    fn default() -> Self {
        Self {
            // Numbers of this interface stay below 2^53, where a number of JavaScript is exact.
            config: Config::new().with_large_int("number"),
            requests: Vec::new(),
            events: Vec::new(),
            seen: BTreeSet::new(),
            texts: BTreeMap::new(),
            answers: BTreeMap::new(),
        }
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() || !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = format!("{docs}export {}\n", T::decl(&self.config));
        self.texts.insert(T::name(&self.config), text);
        T::visit_dependencies(self);
    }
}

impl Declarations {
    /// Everything that a desk is asked and says.
    pub fn desk() -> Self {
        let mut all = Self::default();
        all.request::<Request>();
        all.event::<EventLine>();
        all.message_answers();
        all.other_answers();
        all
    }

    /// A set of requests.
    pub fn request<T: TS + 'static>(&mut self) {
        self.visit::<T>();
        self.requests.push(T::name(&self.config));
    }

    /// A set of events.
    pub fn event<T: TS + 'static>(&mut self) {
        self.visit::<T>();
        self.events.push(T::name(&self.config));
    }

    /// Commands and what answers them.
    pub fn answer<T: TS + 'static>(&mut self, commands: &[&'static str]) {
        self.visit::<T>();
        T::visit_dependencies(self);
        for command in commands {
            self.answers
                .insert((*command).to_owned(), T::name(&self.config));
        }
    }

    /// What answers all commands that were added with [`Self::request`] and have no answer yet.
    pub fn answer_others<T: TS + 'static>(&mut self) {
        self.visit::<T>();
        T::visit_dependencies(self);
        let declared = self.requests.iter().filter_map(|name| self.texts.get(name));
        for command in declared.flat_map(|text| commands(text)) {
            let answer = || T::name(&self.config);
            self.answers.entry(command).or_insert_with(answer);
        }
    }

    fn message_answers(&mut self) {
        self.answer::<format::Message>(&[
            "send",
            "send_location",
            "send_file",
            "poll_create",
            "forward",
            "resend",
            "send_card",
        ]);
        self.answer::<format::Changed>(&["react", "edit", "poll_vote", "poll_close"]);
        self.answer::<format::Done>(&[
            "delete",
            "star",
            "download",
            "cancel",
            "typing",
            "mark_read",
            "chat_visibility",
            "chat_mute",
            "chat_unread",
            "chat_draft",
            "chat_empty",
            "group_delete",
            "group_sync",
            "contact_remove",
            "contact_block",
            "contact_unblock",
            "contact_exclude",
            "contact_include",
            "contact_policy_reset",
            "nickname",
            "work_sync",
            "availability",
            "safe_backup",
            "reclaim",
            "clear_warning",
            "connect",
            "disconnect",
            "stop",
            "mark_played",
            "unstar_all",
            "set_picture",
            "set_group_picture",
            "clear_media",
            "safe_enable",
            "safe_disable",
            "revoke",
            "link_email",
            "check_email",
            "link_phone",
            "confirm_phone",
            "call_phone",
            "push_set",
        ]);
    }

    fn other_answers(&mut self) {
        self.answer::<format::Saved>(&["save"]);
        self.answer::<format::Messages>(&["starred"]);
        self.answer::<format::Found>(&["message"]);
        self.answer::<format::Groups>(&["groups"]);
        self.answer::<format::GroupDetails>(&["group"]);
        self.answer::<format::GroupReply>(&[
            "group_create",
            "group_clone",
            "group_rename",
            "group_add",
            "group_remove",
            "group_leave",
            "group_disband",
        ]);
        self.answer::<format::ContactReply>(&[
            "contact_add",
            "contact_verify",
            "contact_dismiss_warning",
            "contact_rename",
            "contact_policy",
        ]);
        self.answer::<format::ContactDetails>(&["contact"]);
        self.answer::<format::Blocked>(&["blocked"]);
        self.answer::<format::Matches>(&["match_contacts"]);
        self.answer::<format::Contacts>(&["contacts"]);
        self.answer::<format::Chats>(&["chats"]);
        self.answer::<format::Me>(&["me"]);
        self.answer::<format::Settings>(&["settings"]);
        self.answer::<format::Work>(&["work_status"]);
        self.answer::<format::Policy>(&["policy"]);
        self.screen_answers();
    }

    fn screen_answers(&mut self) {
        self.answer::<format::History>(&["history"]);
        self.answer::<format::MediaBytes>(&["media"]);
        self.answer::<format::Picture>(&["picture"]);
        self.answer::<format::Logo>(&["logo"]);
        self.answer::<format::QrText>(&["qr_read"]);
        self.answer::<format::QrSquares>(&["my_qr"]);
        self.answer::<format::Details>(&["details"]);
        self.answer::<format::Card>(&["card"]);
        self.answer::<format::Markup>(&["markup"]);
        self.answer::<format::Storage>(&["storage"]);
        self.answer::<format::Fetch>(&["auto_download"]);
        self.answer::<format::Abilities>(&["abilities"]);
        self.answer::<format::Safe>(&["safe"]);
        self.answer::<format::Links>(&["links"]);
        self.answer::<format::ExportedId>(&["export_id"]);
        self.answer::<format::FileMade>(&["my_data", "export_chat"]);
        self.answer::<format::Directory>(&["search_directory"]);
    }

    /// The text of the module.
    pub fn typescript(&self) -> String {
        let mut lines = vec![
            "// Made by `cargo xtask gen` from the Rust nouns; change those instead.".to_owned(),
            String::new(),
        ];
        for declaration in self.texts.values() {
            lines.extend(declaration.lines().map(|line| line.trim_end().to_owned()));
        }
        lines.push(format!(
            "\n/** What can be asked for. */\nexport type Request = {};",
            self.requests.join(" | ")
        ));
        lines.push(format!(
            "\n/** What happens. */\nexport type CoreEvent = {};",
            self.events.join(" | ")
        ));
        lines.push("\n/** What answers which command. */\nexport type Answers = {".to_owned());
        for (command, name) in &self.answers {
            lines.push(format!("  {command}: {name};"));
        }
        lines.push("};\n".to_owned());
        lines.join("\n")
    }
}

/// The commands of a declared set of requests.
fn commands(declared: &str) -> Vec<String> {
    let pieces = declared.split("\"command\": \"").skip(1);
    pieces
        .filter_map(|rest| Some(rest.split('"').next()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_an_answer() {
        let all = Declarations::desk();
        let request = &all.texts["DeskRequest"];
        let commands: BTreeSet<_> = commands(request).into_iter().collect();
        assert!(commands.len() > 60, "{request}");
        let answered: BTreeSet<_> = all.answers.keys().cloned().collect();
        assert_eq!(commands, answered);
    }

    #[test]
    fn numbers_are_numbers_and_defaults_may_be_left_out() {
        let text = Declarations::desk().typescript();
        assert!(!text.contains("bigint"), "{text}");
        assert!(text.contains("for_everyone?: boolean"), "{text}");
        assert!(text.contains("\"in\" | \"out\""));
    }
}
