//! Choosing: one of a few values, or rows of another table.

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
