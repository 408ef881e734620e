//! What a schema says of a type, as one value.

use nuages_schema::{ColumnKind, FileSchema, ModelSchema, Typed};

use super::Field;

/// What a schema says of a column type.
#[derive(Clone, Copy)]
pub struct Facts {
    /// What the column holds, as a value of const code.
    pub kind: ColumnKind,
    /// The same as a function: models refer to each other, and constants that do are a cycle.
    pub kind_of: fn() -> ColumnKind,
    /// Whether NULL is a value of the type.
    pub nullable: bool,
    /// Whether the column is a foreign key.
    pub foreign: bool,
    /// Whether a value is several columns, as only the key of a model may be.
    pub composite: bool,
    /// What it refers to.
    pub target: Option<Target>,
    /// The most characters, where the type itself tells.
    pub max_length: Option<u32>,
    /// Where its files lie, if it holds names of files.
    pub file: Option<FileSchema>,
    /// The words with their labels, where the type itself is an enumeration of choices: in const code.
    pub words: &'static [(&'static str, &'static str)],
    /// The values allowed with their labels, if the type is an enumeration.
    pub choices: fn() -> &'static [(&'static str, &'static str)],
}

/// The model that a column refers to.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its schema.
    pub schema: fn() -> &'static ModelSchema,
    /// Its app and its name; neither for a model that no derive wrote.
    pub named: (&'static str, &'static str),
    /// Whether at most one row refers to each of its rows.
    pub one_to_one: bool,
}

impl Facts {
    /// The facts of a type.
    #[must_use]
    pub const fn of<T: Field>() -> Self {
        Self {
            kind: T::KIND,
            kind_of: T::kind,
            nullable: T::NULLABLE,
            foreign: T::FOREIGN,
            composite: T::COMPOSITE,
            target: T::TARGET,
            max_length: T::MAX_LENGTH,
            file: T::FILE,
            words: T::WORDS,
            choices: T::choices,
        }
    }

    /// What is proved against the recorded migrations.
    #[must_use]
    pub const fn typed(self) -> Typed<'static> {
        let target = match self.target {
            Some(Target { named, .. }) if !named.1.is_empty() => Some(named),
            _ => None,
        };
        let Self { kind, foreign, nullable, max_length, words, .. } = self;
        Typed { kind, foreign, nullable, max_length, choices: words, target }
    }
}
