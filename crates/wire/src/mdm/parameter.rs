//! The table of parameters.

use core::{fmt, str::FromStr};

use super::{Invalid, Value, ValueKind};
use crate::Error;

/// What is special about a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Traits {
    /// It is a secret: only the device's own management may set it, never a server.
    pub is_device_only: bool,
    /// It is looked at when the app is set up, and changes nothing later.
    pub is_setup_only: bool,
    /// Only apps of an organisation's own instance know it.
    pub is_onprem_only: bool,
    /// It is a preset that the user may change, unless the profile is read-only.
    pub is_user_editable: bool,
}

const PLAIN: Traits = Traits {
    is_device_only: false,
    is_setup_only: false,
    is_onprem_only: false,
    is_user_editable: false,
};
const SETUP: Traits = Traits {
    is_setup_only: true,
    ..PLAIN
};
const SECRET: Traits = Traits {
    is_device_only: true,
    ..PLAIN
};
const SETUP_SECRET: Traits = Traits {
    is_device_only: true,
    ..SETUP
};
const ONPREM: Traits = Traits {
    is_onprem_only: true,
    ..PLAIN
};
const ONPREM_SETUP: Traits = Traits {
    is_onprem_only: true,
    ..SETUP
};
const PRESET: Traits = Traits {
    is_user_editable: true,
    ..SETUP
};

const NAME: ValueKind = ValueKind::Text { min: 0, max: 255 };
const LONG: ValueKind = ValueKind::Text {
    min: 0,
    max: crate::spec::MDM_TEXT_BYTES_MAX,
};
const BOOL: ValueKind = ValueKind::Bool;

macro_rules! parameters {
    ($($variant:ident, $name:literal, $kind:expr, $traits:expr, $doc:literal;)+) => {
        /// A parameter of the app configuration.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Parameter {
            $(#[doc = $doc] $variant,)+
        }

        impl Parameter {
            /// Every parameter, in the order of the table.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it takes.
            pub const fn kind(self) -> ValueKind {
                match self { $(Self::$variant => $kind,)+ }
            }

            /// What is special about it.
            pub const fn traits(self) -> Traits {
                match self { $(Self::$variant => $traits,)+ }
            }

            /// One sentence about it, for an administrator.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $doc,)+ }
            }
        }
    };
}

parameters! {
    LicenseUsername, "th_license_username", ValueKind::Text { min: 1, max: 255 }, SECRET,
        "User name of the licence.";
    LicensePassword, "th_license_password", ValueKind::Text { min: 1, max: 4096 }, SECRET,
        "Password of the licence.";
    OnpremServer, "th_onprem_server", ValueKind::Url, ONPREM_SETUP,
        "URL of the provisioning file.";
    SkipWizard, "th_skip_wizard", BOOL, SETUP,
        "The app is set up without asking anything.";
    Nickname, "th_nickname", ValueKind::Text { min: 0, max: 32 }, PRESET,
        "Nickname that others see before they know a name.";
    FirstName, "th_firstname", NAME, PLAIN,
        "First name, for the organisation and its directory.";
    LastName, "th_lastname", NAME, PLAIN,
        "Last name, for the organisation and its directory.";
    Csi, "th_csi", NAME, PLAIN,
        "The organisation's own mark, such as a number of staff.";
    Category, "th_category", LONG, PLAIN,
        "Categories of the user, separated by commas.";
    JobTitle, "th_job_title", NAME, PLAIN,
        "Job title, for the directory.";
    Department, "th_department", NAME, PLAIN,
        "Department, for the directory.";
    LinkedEmail, "th_linked_email", ValueKind::Email, PRESET,
        "E-mail address to link with the ID.";
    LinkedPhone, "th_linked_phone", ValueKind::Phone, PRESET,
        "Phone number to link with the ID.";
    ReadonlyProfile, "th_readonly_profile", BOOL, PLAIN,
        "The user cannot change nickname, picture and links, nor delete the ID.";
    DisableSendProfilePicture, "th_disable_send_profile_picture", BOOL, PLAIN,
        "The user's own picture is not sent.";
    ContactSync, "th_contact_sync", BOOL, PLAIN,
        "Synchronising the address book is always on (true) or always off (false).";
    BlockUnknown, "th_block_unknown", BOOL, PLAIN,
        "Messages from unknown IDs are always blocked (true) or never (false).";
    DisableAddContact, "th_disable_add_contact", BOOL, PLAIN,
        "The user cannot add contacts by hand.";
    HideInactiveIds, "th_hide_inactive_ids", BOOL, PLAIN,
        "Inactive and revoked IDs are always hidden (true) or always shown (false).";
    DisableWorkDirectory, "th_disable_work_directory", BOOL, PLAIN,
        "The directory of the organisation is hidden.";
    DisableCreateGroup, "th_disable_create_group", BOOL, PLAIN,
        "The user cannot create groups.";
    DisableExport, "th_disable_export", BOOL, PLAIN,
        "Chats cannot be exported.";
    DisableSaveToGallery, "th_disable_save_to_gallery", BOOL, PLAIN,
        "Media is not saved by itself.";
    DisableShareMedia, "th_disable_share_media", BOOL, PLAIN,
        "Media cannot be saved or shared out of the app.";
    DisableScreenshots, "th_disable_screenshots", BOOL, PLAIN,
        "Screenshots are not possible.";
    DisableMessagePreview, "th_disable_message_preview", BOOL, PLAIN,
        "Notifications do not show what a message says.";
    KeepMessagesDays, "th_keep_messages_days", ValueKind::Days, PLAIN,
        "Days after which messages are deleted; 0 keeps them.";
    DisableCalls, "th_disable_calls", BOOL, PLAIN,
        "No calls.";
    DisableVideoCalls, "th_disable_video_calls", BOOL, PLAIN,
        "No video in calls.";
    DisableGroupCalls, "th_disable_group_calls", BOOL, PLAIN,
        "No group calls.";
    DisableWeb, "th_disable_web", BOOL, PLAIN,
        "No web client; and no further device, unless th_disable_multidevice is set.";
    DisableMultidevice, "th_disable_multidevice", BOOL, PLAIN,
        "No further device can be linked, and linked ones are dropped.";
    WebHosts, "th_web_hosts", ValueKind::Hosts, PLAIN,
        "Signalling hosts that the web client may use.";
    DisableBackups, "th_disable_backups", BOOL, PLAIN,
        "No backups of any kind.";
    DisableIdExport, "th_disable_id_export", BOOL, PLAIN,
        "The ID cannot be exported.";
    DisableDataBackups, "th_disable_data_backups", BOOL, PLAIN,
        "No backup of the app's data.";
    DisableSystemBackups, "th_disable_system_backups", BOOL, PLAIN,
        "The app's data is left out of the system's backups.";
    DisableSystemBackupsIdKey, "th_disable_ios_system_backups_id_key_inclusion", BOOL, PLAIN,
        "The key of the ID is left out of the system's backups.";
    SafeEnable, "th_safe_enable", BOOL, PLAIN,
        "Safe must be used (true) or cannot be used (false).";
    SafeServerUrl, "th_safe_server_url", ValueKind::Url, PLAIN,
        "Where Safe backups are kept.";
    SafeServerUsername, "th_safe_server_username", NAME, PLAIN,
        "User name for that server.";
    SafeServerPassword, "th_safe_server_password", ValueKind::Text { min: 0, max: 4096 }, PLAIN,
        "Password for that server.";
    SafePassword, "th_safe_password", ValueKind::Password { min: 8, max: 4096 }, SECRET,
        "Password of the Safe backup.";
    SafePasswordPattern, "th_safe_password_pattern", ValueKind::Text { min: 1, max: 1024 }, PLAIN,
        "Regular expression that the password of the Safe backup must match.";
    SafePasswordMessage, "th_safe_password_message", LONG, PLAIN,
        "What the user reads if it does not match.";
    SafeRestoreEnable, "th_safe_restore_enable", BOOL, SETUP,
        "Restoring from Safe is offered at set-up.";
    SafeRestoreId, "th_safe_restore_id", ValueKind::Identity, SETUP,
        "ID that is restored from Safe at set-up.";
    IdBackup, "th_id_backup", ValueKind::Text { min: 1, max: 1024 }, SETUP_SECRET,
        "ID export that is restored at set-up.";
    IdBackupPassword, "th_id_backup_password", ValueKind::Text { min: 1, max: 4096 }, SETUP_SECRET,
        "Password of that ID export.";
    EnableRemoteSecret, "th_enable_remote_secret", BOOL, ONPREM,
        "What the app keeps is locked unless the server unlocks it.";
}

impl Parameter {
    /// Would an app take this value? For whoever is about to save one; what an app does with an odd
    /// value that it was sent is [`Parameter::read`].
    pub fn check(self, value: &Value) -> Result<(), Invalid> {
        self.kind().check(value)
    }

    /// The value as an app understands it: too few days become the fewest.
    pub fn read(self, value: Value) -> Result<Value, Invalid> {
        let value = match value {
            Value::Integer(days) if self.kind() == ValueKind::Days => {
                Value::Integer(super::value::days_of_app(days))
            }
            value => value,
        };
        self.check(&value)?;
        Ok(value)
    }
}

impl FromStr for Parameter {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|parameter| parameter.name() == name)
            .ok_or(Error::Malformed("parameter name"))
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl serde::Serialize for Parameter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
