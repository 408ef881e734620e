//! What only the admin's forms have: rows of another table to choose from, and values that are only shown.
//! Everything around them is drawn as in every form.

use std::fmt;

use askama::Template;
use nuages::admin::Cell;
use nuages::form::{BoundField, DrawControl};

use super::choice::Combo;
use super::shell::Shell;

/// A row of another table, found by typing or on a page of its own.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// What is chosen, and from what.
    pub combo: Combo,
    /// Where the drawings come from.
    pub shell: Shell,
}

#[derive(Template)]
#[template(path = "combo.html")]
struct LookupTemplate<'a> {
    field: &'a BoundField,
    combo: &'a Combo,
    shell: &'a Shell,
}

impl DrawControl for Lookup {
    fn draw(&self, field: &BoundField, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &LookupTemplate { field, combo: &self.combo, shell: &self.shell })
    }
}

/// A value that is only shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The value.
    pub cell: Cell,
    /// Where the drawings come from.
    pub shell: Shell,
}

#[derive(Template)]
#[template(path = "shown.html")]
struct ShownTemplate<'a> {
    cell: &'a Cell,
    shell: &'a Shell,
}

impl DrawControl for Shown {
    fn draw(&self, _: &BoundField, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, &ShownTemplate { cell: &self.cell, shell: &self.shell })
    }

    fn is_editable(&self) -> bool {
        false
    }
}

fn write(f: &mut fmt::Formatter<'_>, template: &impl Template) -> fmt::Result {
    template.render_into(f).map_err(|_| fmt::Error)
}
