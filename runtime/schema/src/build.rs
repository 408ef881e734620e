//! How a schema is put together: `const` methods that set one option each.

use crate::{
    CheckSchema, DefaultValue, Deferrable, FieldSchema, IndexSchema, ManyToManySchema, ModelSchema, Name,
    NumberRange, OnDelete, UniqueSchema,
};

impl FieldSchema {
    /// The column, where it is not named as the field is.
    #[must_use]
    pub const fn column(mut self, name: &'static str) -> Self {
        self.column = name;
        self
    }

    /// The primary key of the table.
    #[must_use]
    pub const fn primary_key(mut self) -> Self {
        self.options.primary_key = true;
        self
    }

    /// The primary key, with values that the database makes.
    #[must_use]
    pub const fn auto_key(mut self) -> Self {
        self.options.primary_key = true;
        self.options.auto = true;
        self
    }

    /// No two rows share a value.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.options.unique = true;
        self
    }

    /// An index is kept.
    #[must_use]
    pub const fn index(mut self) -> Self {
        self.options.index = true;
        self
    }

    /// The most characters a text may have.
    #[must_use]
    pub const fn max_length(mut self, characters: u32) -> Self {
        self.options.max_length = Some(characters);
        self
    }

    /// The digits of a decimal, and how many of them stand after the point.
    #[must_use]
    pub const fn digits(mut self, digits: u8, places: u8) -> Self {
        self.options.max_digits = Some(digits);
        self.options.decimal_places = Some(places);
        self
    }

    /// The least and greatest number allowed.
    #[must_use]
    pub const fn range(mut self, min: Option<i64>, max: Option<i64>) -> Self {
        self.options.range = NumberRange { min, max };
        self
    }

    /// A new row gets this number.
    #[must_use]
    pub const fn default_int(mut self, value: i64) -> Self {
        self.options.default = Some(DefaultValue::Int(value));
        self
    }

    /// A new row gets this number.
    #[must_use]
    pub const fn default_float(mut self, value: f64) -> Self {
        self.options.default = Some(DefaultValue::Float(value));
        self
    }

    /// A new row gets this text; also a decimal, a date or the word of a choice.
    #[must_use]
    pub const fn default_text(mut self, value: &'static str) -> Self {
        self.options.default = Some(DefaultValue::Text(value));
        self
    }

    /// A new row gets this.
    #[must_use]
    pub const fn default_bool(mut self, value: bool) -> Self {
        self.options.default = Some(DefaultValue::Bool(value));
        self
    }

    /// A new row gets what the model's entry makes.
    #[must_use]
    pub const fn default_fn(mut self) -> Self {
        self.options.default = Some(DefaultValue::Function);
        self
    }

    /// Set to now at each save.
    #[must_use]
    pub const fn auto_now(mut self) -> Self {
        self.options.auto_now = true;
        self
    }

    /// Set to now when the row is made.
    #[must_use]
    pub const fn auto_now_add(mut self) -> Self {
        self.options.auto_now_add = true;
        self
    }

    /// The database puts in a value where a new row says none.
    #[must_use]
    pub const fn db_default(mut self) -> Self {
        self.options.db_default = true;
        self
    }

    /// The database computes it from other columns.
    #[must_use]
    pub const fn generated(mut self) -> Self {
        self.options.generated = true;
        self
    }

    /// Counts the changes of the row.
    #[must_use]
    pub const fn version(mut self) -> Self {
        self.options.version = true;
        self
    }

    /// Sentences in the place of ours, by the rule that was broken.
    #[must_use]
    pub const fn error_messages(mut self, texts: &'static [(&'static str, &'static str)]) -> Self {
        self.options.error_messages = texts;
        self
    }

    /// Forms may leave it empty although the column is not NULL.
    #[must_use]
    pub const fn blank(mut self) -> Self {
        self.options.blank = true;
        self
    }

    /// Forms do not show it.
    #[must_use]
    pub const fn not_editable(mut self) -> Self {
        self.options.editable = false;
        self
    }

    /// A sentence for forms.
    #[must_use]
    pub const fn help_text(mut self, text: &'static str) -> Self {
        self.options.help_text = text;
        self
    }

    /// What the form shows.
    #[must_use]
    pub const fn widget(mut self, word: &'static str) -> Self {
        self.options.widget = word;
        self
    }

    /// What happens to this row when the one it refers to is deleted. Does nothing on other columns.
    #[must_use]
    pub const fn on_delete(mut self, rule: OnDelete) -> Self {
        if let Some(foreign) = &mut self.foreign {
            foreign.on_delete = rule;
        }
        self
    }

    /// The database does not watch that the row it refers to is there. Does nothing on other columns.
    #[must_use]
    pub const fn unconstrained(mut self) -> Self {
        if let Some(foreign) = &mut self.foreign {
            foreign.constraint = false;
        }
        self
    }

    /// The name of the way back. Does nothing on other columns.
    #[must_use]
    pub const fn related_name(mut self, name: &'static str) -> Self {
        if let Some(foreign) = &mut self.foreign {
            foreign.related_name = Some(name);
        }
        self
    }
}

impl ManyToManySchema {
    /// The name of the way back.
    #[must_use]
    pub const fn related_name(mut self, name: &'static str) -> Self {
        self.related_name = Some(name);
        self
    }

    /// The join table.
    #[must_use]
    pub const fn table(mut self, name: &'static str) -> Self {
        self.table = Some(Name::new(name));
        self
    }

    /// The column of the join table that refers to the declaring model.
    #[must_use]
    pub const fn from_column(mut self, name: &'static str) -> Self {
        self.from_column = Some(name);
        self
    }

    /// The column of the join table that refers to the other model.
    #[must_use]
    pub const fn to_column(mut self, name: &'static str) -> Self {
        self.to_column = Some(name);
        self
    }

    /// The model of the join table.
    #[must_use]
    pub const fn through(mut self, model: fn() -> &'static ModelSchema) -> Self {
        self.through = Some(model);
        self
    }

    /// The fields of the join model that refer to the declaring model and to the other one.
    #[must_use]
    pub const fn through_fields(mut self, from: &'static str, to: &'static str) -> Self {
        self.through_fields = Some((from, to));
        self
    }

    /// Who is joined with another is joined back.
    #[must_use]
    pub const fn symmetrical(mut self) -> Self {
        self.symmetrical = true;
        self
    }

    /// A sentence for forms.
    #[must_use]
    pub const fn help_text(mut self, text: &'static str) -> Self {
        self.help_text = text;
        self
    }
}

impl IndexSchema {
    /// What is computed and in it.
    #[must_use]
    pub const fn computed(mut self, sql: &'static [&'static str]) -> Self {
        self.computed = sql;
        self
    }

    /// The rows that are in it.
    #[must_use]
    pub const fn condition(mut self, sql: &'static str) -> Self {
        self.condition = Some(sql);
        self
    }

    /// Columns that are kept beside.
    #[must_use]
    pub const fn include(mut self, fields: &'static [usize]) -> Self {
        self.include = fields;
        self
    }
}

impl UniqueSchema {
    /// What is computed and unique.
    #[must_use]
    pub const fn computed(mut self, sql: &'static [&'static str]) -> Self {
        self.computed = sql;
        self
    }

    /// The rows it is about.
    #[must_use]
    pub const fn condition(mut self, sql: &'static str) -> Self {
        self.condition = Some(sql);
        self
    }

    /// Columns that its index keeps beside.
    #[must_use]
    pub const fn include(mut self, fields: &'static [usize]) -> Self {
        self.include = fields;
        self
    }

    /// NULL is the same as NULL.
    #[must_use]
    pub const fn nulls_equal(mut self) -> Self {
        self.nulls_distinct = false;
        self
    }

    /// When it is checked.
    #[must_use]
    pub const fn deferrable(mut self, when: Deferrable) -> Self {
        self.deferrable = Some(when);
        self
    }

    /// What a person is told who breaks it.
    #[must_use]
    pub const fn message(mut self, text: &'static str) -> Self {
        self.message = Some(text);
        self
    }
}

impl CheckSchema {
    /// What a person is told who breaks it.
    #[must_use]
    pub const fn message(mut self, text: &'static str) -> Self {
        self.message = Some(text);
        self
    }
}
