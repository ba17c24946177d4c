//! What the app may offer now: everything, but for what the organisation took away. A program that
//! shows the app asks here instead of reading parameters.

use dreiklang_wire::mdm::{Parameter, Policy, SafeRule, Value};
use rusqlite::Connection;

use crate::{command::License, db, error::Result, policy};

/// What may be offered. Where something is forbidden, the parameter says by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Change nickname, picture and links, and end the identity.
    pub edit_profile: Ability,
    /// Send the own picture.
    pub send_profile_picture: Ability,
    /// Add people by hand.
    pub add_contact: Ability,
    /// Look into the directory of the organisation.
    pub search_directory: Ability,
    /// Make groups.
    pub create_group: Ability,
    /// Export conversations.
    pub export_chats: Ability,
    /// Save received media by itself.
    pub save_media: Ability,
    /// Save or share media out of the app.
    pub share_media: Ability,
    /// Let the screen be photographed.
    pub screenshots: Ability,
    /// Show what a message says in a notification.
    pub message_preview: Ability,
    /// Call.
    pub calls: Ability,
    /// Call with video.
    pub video_calls: Ability,
    /// Call groups.
    pub group_calls: Ability,
    /// Use the web client.
    pub web: Ability,
    /// Link further devices.
    pub further_devices: Ability,
    /// Export the identity.
    pub export_identity: Ability,
    /// Back up what the app keeps.
    pub data_backup: Ability,
    /// Leave what the app keeps in the system's backups.
    pub system_backup: Ability,
    /// Leave the key in the system's backups.
    pub system_backup_of_key: Ability,
    /// Whether the remote secret locks what the app keeps.
    pub remote_secret: bool,
    /// What is to be done about Safe.
    pub safe: SafeAbility,
    /// Days after which messages are deleted; none keeps them.
    pub keep_messages_days: Option<u32>,
    /// The only hosts the web client may use; none for any.
    pub web_hosts: Option<Vec<String>>,
}

/// Whether something may be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It may.
    Allowed,
    /// It may not, by this parameter.
    Forbidden(Parameter),
}

/// What the organisation says about Safe.
#[derive(Clone, PartialEq, Eq)]
pub struct SafeAbility {
    /// Whether it must, may or cannot be used.
    pub rule: SafeRule,
    /// Where backups are kept; none for the usual place.
    pub server_url: Option<String>,
    /// The credentials for that place.
    pub server_license: Option<License>,
    /// The password, if the organisation gave one.
    pub password: Option<String>,
    /// A regular expression the person's password must match.
    pub password_pattern: Option<String>,
    /// What the person reads if it does not.
    pub password_message: Option<String>,
}

/// What a set-up shall do.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupPlan {
    /// Nothing is asked that has an answer already.
    pub is_wizard_skipped: bool,
    /// The credentials, if the device's management gave them.
    pub license: Option<License>,
    /// The address of the provisioning file.
    pub server: Option<String>,
    /// The nickname to begin with.
    pub nickname: Option<String>,
    /// An exported identity to restore, and its password.
    pub id_export: Option<(String, String)>,
    /// Whether restoring from Safe is offered.
    pub is_safe_restore_offered: bool,
    /// The identity that is restored from Safe at once.
    pub safe_restore: Option<String>,
}

impl Ability {
    /// Whether it may be offered.
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }

    fn unless(policy: &Policy, parameter: Parameter) -> Self {
        let is_forbidden = policy.value(parameter).and_then(Value::as_bool);
        Self::from((is_forbidden == Some(true)).then_some(parameter))
    }
}

impl From<Option<Parameter>> for Ability {
    fn from(forbidden_by: Option<Parameter>) -> Self {
        forbidden_by.map_or(Self::Allowed, Self::Forbidden)
    }
}

/// What may be offered now.
pub fn abilities(conn: &Connection) -> Result<Abilities> {
    let policy = policy::stored(conn)?;
    let unless = |parameter| Ability::unless(&policy, parameter);
    let backup = |parameter| match unless(Parameter::DisableBackups) {
        Ability::Allowed => unless(parameter),
        forbidden @ Ability::Forbidden(_) => forbidden,
    };
    let days = policy.keep_messages_days().filter(|days| *days > 0);
    Ok(Abilities {
        edit_profile: unless(Parameter::ReadonlyProfile),
        send_profile_picture: unless(Parameter::DisableSendProfilePicture),
        add_contact: unless(Parameter::DisableAddContact),
        search_directory: unless(Parameter::DisableWorkDirectory),
        create_group: unless(Parameter::DisableCreateGroup),
        export_chats: unless(Parameter::DisableExport),
        save_media: unless(Parameter::DisableSaveToGallery),
        share_media: unless(Parameter::DisableShareMedia),
        screenshots: unless(Parameter::DisableScreenshots),
        message_preview: unless(Parameter::DisableMessagePreview),
        calls: unless(Parameter::DisableCalls),
        video_calls: policy.video_forbidden_by().into(),
        group_calls: policy.group_calls_forbidden_by().into(),
        web: unless(Parameter::DisableWeb),
        further_devices: policy.multidevice_forbidden_by().into(),
        export_identity: policy.id_export_forbidden_by().into(),
        data_backup: policy.data_backup_forbidden_by().into(),
        system_backup: backup(Parameter::DisableSystemBackups),
        system_backup_of_key: match backup(Parameter::DisableSystemBackups) {
            Ability::Allowed => unless(Parameter::DisableSystemBackupsIdKey),
            forbidden @ Ability::Forbidden(_) => forbidden,
        },
        remote_secret: policy.enable_remote_secret() == Some(true),
        safe: safe(&policy),
        keep_messages_days: days.and_then(|days| u32::try_from(days).ok()),
        web_hosts: policy.web_hosts().map(hosts),
    })
}

/// What a set-up shall do, by what the device's management and the server have said so far.
pub fn setup_plan(conn: &Connection) -> Result<SetupPlan> {
    let policy = policy::stored(conn)?;
    let text = |value: Option<&str>| value.map(str::to_owned);
    let license = match (policy.license_username(), policy.license_password()) {
        (Some(_), Some(_)) => policy::license(&policy, conn)?,
        _ => None,
    };
    let export = policy.id_backup().zip(policy.id_backup_password());
    let has_identity = db::identity::find(conn)?.is_some_and(|row| row.identity.is_some());
    let may_restore = policy.may_restore_safe() && !has_identity;
    Ok(SetupPlan {
        is_wizard_skipped: policy.skip_wizard() == Some(true),
        license,
        server: text(policy.onprem_server()),
        nickname: text(policy.nickname()),
        id_export: export
            .filter(|_| !has_identity)
            .map(|(export, password)| (export.to_owned(), password.to_owned())),
        is_safe_restore_offered: may_restore,
        safe_restore: text(policy.safe_restore_id()).filter(|_| may_restore),
    })
}

fn safe(policy: &Policy) -> SafeAbility {
    let text = |value: Option<&str>| value.map(str::to_owned);
    let credentials = policy
        .safe_server_username()
        .zip(policy.safe_server_password());
    SafeAbility {
        rule: policy.safe().0,
        server_url: text(policy.safe_server_url()),
        server_license: credentials.map(|(username, password)| License {
            username: username.to_owned(),
            password: password.to_owned(),
        }),
        password: text(policy.safe_password()),
        password_pattern: text(policy.safe_password_pattern()),
        password_message: text(policy.safe_password_message()),
    }
}

fn hosts(list: &str) -> Vec<String> {
    list.split(',')
        .map(|host| host.trim().to_lowercase())
        .filter(|host| !host.is_empty())
        .collect()
}

// Passwords must not end in a log by way of `{:?}`.
impl std::fmt::Debug for SafeAbility {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SafeAbility")
            .field("rule", &self.rule)
            .field("server_url", &self.server_url)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SetupPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetupPlan")
            .field("is_wizard_skipped", &self.is_wizard_skipped)
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}
