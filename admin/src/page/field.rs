//! One field of a form: its label, its control and what is wrong with it.

use nuages::admin::Cell;

/// A field as a form shows it.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name it is posted under.
    pub name: String,
    /// Its label.
    pub label: String,
    /// A sentence under it.
    pub help: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What is wrong with what was typed.
    pub errors: Vec<String>,
    /// What it is edited with.
    pub control: Control,
}

/// What a field is edited with.
#[derive(Clone, Debug)]
pub enum Control {
    /// One line.
    Line(Line),
    /// Several lines; `mono` for JSON.
    Lines {
        /// What stands in it.
        value: String,
        /// Whether letters have fixed width.
        mono: bool,
        /// The most characters.
        max_length: Option<u32>,
    },
    /// Yes or no.
    Checkbox(bool),
    /// One of a few.
    Select(Vec<Choice>),
    /// A row of another table, found by typing or on a page of its own.
    Combo(Combo),
    /// Not editable here.
    Static(Cell),
}

/// A control of one line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The `type` of the input.
    pub kind: &'static str,
    /// What stands in it.
    pub value: String,
    /// The most characters.
    pub max_length: Option<u32>,
    /// The least number.
    pub min: Option<String>,
    /// The greatest number.
    pub max: Option<String>,
    /// The step of a number.
    pub step: Option<&'static str>,
    /// What the browser may fill in.
    pub autocomplete: &'static str,
    /// The keyboard that a phone shows: `decimal`, `numeric` or nothing.
    pub mode: &'static str,
}

impl Line {
    /// A line of this `type` holding this.
    pub fn new(kind: &'static str, value: impl Into<String>) -> Self {
        Self { kind, value: value.into(), autocomplete: "off", ..Self::default() }
    }

    /// Whether the value is short, so that the input need not be wide.
    #[must_use]
    pub fn is_short(&self) -> bool {
        matches!(self.kind, "number" | "date" | "time" | "datetime-local")
            || !self.mode.is_empty()
            || self.max_length.is_some_and(|length| length <= 24)
    }
}

/// One of a few values.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
    /// How many rows have it; empty where nobody asked.
    pub count: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>, selected: bool) -> Self {
        Self { value: value.into(), label: label.into(), selected, count: String::new() }
    }
}

/// A choice among the rows of another table.
#[derive(Clone, Debug, Default)]
pub struct Combo {
    /// What is chosen; one at most unless `many`.
    pub chosen: Vec<Choice>,
    /// Where the script searches.
    pub options_url: String,
    /// Whether several may be chosen.
    pub many: bool,
    /// What one of them is called.
    pub noun: String,
}

impl Combo {
    /// What is posted when one is chosen.
    #[must_use]
    pub fn value(&self) -> &str {
        self.chosen.first().map_or("", |choice| &choice.value)
    }

    /// What people read when one is chosen.
    #[must_use]
    pub fn label(&self) -> &str {
        self.chosen.first().map_or("", |choice| &choice.label)
    }
}

impl Field {
    /// An editable field without help and errors.
    pub fn new(name: impl Into<String>, label: impl Into<String>, control: Control) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: String::new(),
            required: false,
            errors: Vec::new(),
            control,
        }
    }

    /// The same field, which must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same field with a sentence under it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same field with something wrong.
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.errors.push(error.into());
        self
    }

    /// The `id` of its control.
    #[must_use]
    pub fn id(&self) -> String {
        format!("id_{}", self.name)
    }

    /// The `id`s of what describes it: errors first, then help.
    #[must_use]
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.errors.is_empty() {
            ids.push(format!("{}_error", self.id()));
        }
        if !self.help.is_empty() {
            ids.push(format!("{}_help", self.id()));
        }
        ids.join(" ")
    }

    /// Whether its control is narrow.
    #[must_use]
    pub fn is_short(&self) -> bool {
        match &self.control {
            Control::Line(line) => line.is_short(),
            Control::Select(_) => true,
            _ => false,
        }
    }

    /// Whether it is a checkbox, whose label stands behind it.
    #[must_use]
    pub fn is_checkbox(&self) -> bool {
        matches!(self.control, Control::Checkbox(_))
    }

    /// Whether it cannot be edited here.
    #[must_use]
    pub fn is_static(&self) -> bool {
        matches!(self.control, Control::Static(_))
    }
}
