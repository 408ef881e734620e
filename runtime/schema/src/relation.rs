//! How models refer to each other.

use crate::{ModelSchema, Name};

/// What happens to a row when the row it refers to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OnDelete {
    /// The collector deletes the referring rows too.
    Cascade,
    /// The collector refuses to delete while a referring row exists.
    Protect,
    /// As `Protect`, unless the referring row goes in the same deletion by another way.
    Restrict,
    /// The collector sets the key to NULL.
    SetNull,
    /// The collector sets the key to the field's default.
    SetDefault,
    /// The collector sets the key to a value that the relation names, or that a function of the user's gives.
    Set,
    /// The collector leaves the rows alone; the database may refuse.
    DoNothing,
    /// The database deletes the referring rows; the collector does not look below.
    DbCascade,
    /// The database sets the key to NULL; the collector does not look below.
    DbSetNull,
    /// The database sets the key to its own default (not MySQL); the collector does not look below.
    DbSetDefault,
}

impl OnDelete {
    /// Every rule with the word users write.
    pub const ALL: [(&'static str, Self); 10] = [
        ("Cascade", Self::Cascade),
        ("Protect", Self::Protect),
        ("Restrict", Self::Restrict),
        ("SetNull", Self::SetNull),
        ("SetDefault", Self::SetDefault),
        ("Set", Self::Set),
        ("DoNothing", Self::DoNothing),
        ("db::Cascade", Self::DbCascade),
        ("db::SetNull", Self::DbSetNull),
        ("db::SetDefault", Self::DbSetDefault),
    ];

    /// The rule a word names, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, rule)| rule)
    }

    /// The word users write.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cascade => "Cascade",
            Self::Protect => "Protect",
            Self::Restrict => "Restrict",
            Self::SetNull => "SetNull",
            Self::SetDefault => "SetDefault",
            Self::Set => "Set",
            Self::DoNothing => "DoNothing",
            Self::DbCascade => "db::Cascade",
            Self::DbSetNull => "db::SetNull",
            Self::DbSetDefault => "db::SetDefault",
        }
    }

    /// Whether the rule stands in the database's own schema.
    #[must_use]
    pub const fn in_database(self) -> bool {
        matches!(self, Self::DbCascade | Self::DbSetNull | Self::DbSetDefault)
    }
}

/// Two columns that refer to a row of any model: which model, and which row.
#[derive(Clone, Copy)]
pub struct GenericSchema {
    /// The model that has them.
    pub model: &'static ModelSchema,
    /// The position of the one that says which model.
    pub kind: usize,
    /// The position of the one that holds the key.
    pub object: usize,
}

/// A many-to-many relation, kept in a table of its own.
#[derive(Clone, Copy)]
pub struct ManyToManySchema {
    /// The field's name in the model that declares it.
    pub name: &'static str,
    /// The model at the other end.
    pub target: fn() -> &'static ModelSchema,
    /// The name of the reverse relation on the other end, if it has one.
    pub related_name: Option<&'static str>,
    /// The join table, where the attribute names one; otherwise it is `{table}_{name}`.
    pub table: Option<Name>,
    /// The column of the join table that refers to the declaring model, if it is named.
    pub from_column: Option<&'static str>,
    /// The column of the join table that refers to the other model, if it is named.
    pub to_column: Option<&'static str>,
    /// The model of the join table, if the user wrote one.
    pub through: Option<fn() -> &'static ModelSchema>,
    /// The fields of that model that refer to the declaring model and to the other one, if they are named.
    pub through_fields: Option<(&'static str, &'static str)>,
    /// A relation of a model to itself that holds both ways: who is joined with another is joined back.
    pub symmetrical: bool,
    /// The label for people.
    pub label: &'static str,
    /// A sentence for forms.
    pub help_text: &'static str,
}
