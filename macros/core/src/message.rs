//! The texts of our errors, in one place: lower case, our words in backticks, and what to write instead.

use nuages_schema::Backend;

use crate::nearest::nearest;
use crate::symbol::{Place, Word};

/// An option that the place does not take.
pub(crate) fn unknown_option(key: &str, place: &Place) -> String {
    match nearest(key, place.names()) {
        Some(near) => format!("`{}` has no option `{key}`; did you mean `{near}`?", place.title),
        None => format!("`{}` has no option `{key}`; it takes {}", place.title, list(place.names())),
    }
}

/// An option given twice.
pub(crate) fn repeated(word: Word) -> String {
    format!("`{}` is given twice; keep one", word.name)
}

/// An option written in another form than it takes.
pub(crate) fn usage(word: Word) -> String {
    if word.name == word.usage {
        format!("`{}` takes no value; write it alone", word.name)
    } else {
        format!("`{}` is written `{}`", word.name, word.usage)
    }
}

/// A name of a field that the struct lacks.
pub(crate) fn no_field<'a>(name: &str, model: &str, fields: impl Iterator<Item = &'a str> + Clone) -> String {
    match nearest(name, fields.clone()) {
        Some(near) => format!("`{model}` has no field `{name}`; did you mean `{near}`?"),
        None => format!("`{model}` has no field `{name}`; its fields are {}", list(fields)),
    }
}

/// What only some databases have, on a model that may live on all.
pub(crate) fn needs_only(what: &str, backends: &[Backend]) -> String {
    let titles: Vec<&str> = backends.iter().map(|backend| backend.title()).collect();
    let words: Vec<&str> = backends.iter().map(|backend| backend.word()).collect();
    let have = if titles.len() == 1 { "has" } else { "have" };
    let words = words.join(", ");
    format!(
        "only {} {have} {what}: say `#[model(only({words}))]`, or `only({words})` in `app!` for all models",
        titles.join(" and ")
    )
}

/// An index over what is computed, on a model that says nothing of its databases.
pub(crate) const COMPUTED_INDEX: &str = "MariaDB has no index over what is computed, and the other databases have: say `#[model(only(sqlite, postgres))]`, with `mysql` in it for MySQL 8, or index a column that is `generated`";

/// A collation on a model that may live on several databases.
pub(crate) const COLLATION: &str =
    "each database has collations of its own: say `#[model(only(…))]` with the one that has this";

/// A word that is none of the known ones.
pub(crate) fn no_choice(what: &str, given: &str, known: &[&str]) -> String {
    match nearest(given, known.iter().copied()) {
        Some(near) => format!("there is no {what} `{given}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{given}`; choose {}", list(known.iter().copied())),
    }
}

/// The names in backticks, with commas.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What an app's label is.
pub(crate) const LABEL: &str =
    "an app's label starts with a letter and holds lower-case letters, digits and `_`";

/// A rule that sets a key, without what it is set to.
pub(crate) const SET_TO_WHAT: &str = "say what the key is set to: `on_delete = Set(7)`, or `on_delete = SetWith(function)` with an async function that gives it";

/// A data step in a crate without our build script.
pub(crate) const STEP_WITHOUT_APP: &str = "no build script says which app this crate is: call `nuages_build::run()` in build.rs, or write `#[data_step(app = \"shop\")]`";
