//! The macro that turns one commented struct into a configuration section and its documentation.

/// One key of a section, as the reference page and the sample file show it.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The name in the file.
    pub name: &'static str,
    /// The doc comment, one element per line.
    pub doc: &'static [&'static str],
}

/// Declares a section: the struct, its `Default`, its strict deserialiser and its key table.
///
/// The doc comments are the only place where a key is described; the sample file and the reference
/// page are printed from them, so they cannot disagree with the code.
macro_rules! section {
    (
        $(#[doc = $section_doc:literal])*
        $(#[expect($($expected:tt)*)])?
        pub struct $name:ident {
            $(
                $(#[doc = $doc:literal])*
                pub $key:ident: $type:ty = $default:expr,
            )*
        }
    ) => {
        $(#[doc = $section_doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        $(#[expect($($expected)*)])?
        pub struct $name {
            $(
                $(#[doc = $doc])*
                pub $key: $type,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }

        impl $name {
            /// What the section is for, one element per line.
            pub const DOC: &'static [&'static str] = &[$($section_doc),*];
            /// The keys in the order of the struct.
            pub const KEYS: &'static [$crate::config::section::Key] = &[
                $($crate::config::section::Key {
                    name: stringify!($key),
                    doc: &[$($doc),*],
                },)*
            ];
        }
    };
}

pub(crate) use section;
