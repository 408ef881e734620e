//! One field of a model: a column with the facts that attributes gave it.

use crate::{ColumnKind, FileSchema, ModelSchema, OnDelete};

/// A field that is a column of the model's own table.
#[derive(Clone, Copy)]
pub struct FieldSchema {
    /// The Rust name of the field.
    pub name: &'static str,
    /// The column's name in the database.
    pub column: &'static str,
    /// What the column holds. For a foreign key: what the target's key holds.
    pub kind: fn() -> ColumnKind,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What it refers to, if it is a foreign key.
    pub foreign: Option<ForeignSchema>,
    /// What the attributes said.
    pub options: FieldOptions,
}

/// What a foreign key refers to. The column refers to the target's primary key.
#[derive(Clone, Copy)]
pub struct ForeignSchema {
    /// The model it refers to. A plain function, because models may refer to each other.
    pub target: fn() -> &'static ModelSchema,
    /// What happens to this row when the target is deleted.
    pub on_delete: OnDelete,
    /// Whether at most one row refers to each target.
    pub one_to_one: bool,
    /// The name of the reverse relation on the target, if it has one.
    pub related_name: Option<&'static str>,
    /// Whether the database watches that the row it refers to is there.
    pub constraint: bool,
}

/// The options of a field, all off by default. Set with the `const` methods of [`FieldOptions`].
#[derive(Clone, Copy)]
pub struct FieldOptions {
    /// The primary key of the table.
    pub primary_key: bool,
    /// The database makes the value (the integer key).
    pub auto: bool,
    /// No two rows share a value.
    pub unique: bool,
    /// An index is kept.
    pub index: bool,
    /// The most characters a text may have.
    pub max_length: Option<u32>,
    /// The digits of a decimal, before and after the point together.
    pub max_digits: Option<u8>,
    /// The digits of a decimal after the point.
    pub decimal_places: Option<u8>,
    /// The least and greatest number allowed, as a check of forms and of the database.
    pub range: NumberRange,
    /// What a new row gets when nothing is said.
    pub default: Option<DefaultValue>,
    /// Set to now at each save.
    pub auto_now: bool,
    /// Set to now when the row is made.
    pub auto_now_add: bool,
    /// The database puts in a value where a new row says none.
    pub db_default: bool,
    /// The database computes it from other columns; nobody writes it.
    pub generated: bool,
    /// Counts the changes of the row, so that one that moved on is not overwritten.
    pub version: bool,
    /// Forms may leave it empty although the column is not NULL.
    pub blank: bool,
    /// Forms show it.
    pub editable: bool,
    /// The label for people.
    pub label: &'static str,
    /// A sentence for forms.
    pub help_text: &'static str,
    /// The values allowed with their labels, if the type is an enumeration.
    pub choices: fn() -> &'static [(&'static str, &'static str)],
    /// What the form shows: `"email"`, `"url"`, `"slug"`, `"textarea"`, `"password"` … or `""` for the kind's own.
    pub widget: &'static str,
    /// Sentences in the place of ours, by the rule that was broken, such as `required`.
    pub error_messages: &'static [(&'static str, &'static str)],
    /// Where its files lie, if it holds names of files.
    pub file: Option<FileSchema>,
}

/// The default of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// Text; also decimals, dates and the stored word of a choice.
    Text(&'static str),
    /// True or false.
    Bool(bool),
    /// A function of the user makes it; the runtime calls it through the model's hooks.
    Function,
}

/// The least and greatest value of a number, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct NumberRange {
    /// The least value allowed.
    pub min: Option<i64>,
    /// The greatest value allowed.
    pub max: Option<i64>,
}

const fn no_choices() -> &'static [(&'static str, &'static str)] {
    &[]
}

impl FieldOptions {
    /// No option set: an editable column with this label.
    #[must_use]
    pub const fn new(label: &'static str) -> Self {
        Self {
            primary_key: false,
            auto: false,
            unique: false,
            index: false,
            max_length: None,
            max_digits: None,
            decimal_places: None,
            range: NumberRange { min: None, max: None },
            default: None,
            auto_now: false,
            auto_now_add: false,
            db_default: false,
            generated: false,
            version: false,
            blank: false,
            editable: true,
            label,
            help_text: "",
            choices: no_choices,
            widget: "",
            error_messages: &[],
            file: None,
        }
    }
}

impl FieldSchema {
    /// Whether a new row needs a value from the user: not made by the database, not nullable, no default.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        let o = &self.options;
        let by_database = o.auto || o.db_default || o.generated;
        !(self.nullable || by_database || o.auto_now || o.auto_now_add || o.version || o.default.is_some())
    }
}
