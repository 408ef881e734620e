//! Which models the admin shows, what they are called and where they are.

use nuages::model::{ModelEntry, models};
use nuages::site::Site;
use nuages::value::Value;
use nuages_schema::{FieldSchema, ModelSchema};

use crate::address::segment;
use crate::text::plain;

/// Tables of the framework that have no pages: rows of them are made and read elsewhere.
const HIDDEN: [(&str, &str); 4] =
    [("auth", "Permission"), ("auth", "StoredSession"), ("auth", "LoginThrottle"), ("admin", "LogEntry")];

/// Apps of the framework, shown last.
const SYSTEM: [&str; 2] = ["auth", "admin"];

/// The models of the apps that the project lists: apps in their order, the framework's own last.
pub(crate) fn shown(site: &Site) -> Vec<(String, Vec<&'static ModelEntry>)> {
    let mut groups: Vec<(String, Vec<&'static ModelEntry>)> = Vec::new();
    let mut system = Vec::new();
    for app in site.apps() {
        let of_app =
            models().iter().copied().filter(|entry| entry.schema.app == app.label() && is_shown(entry));
        if SYSTEM.contains(&app.label()) {
            system.extend(of_app);
        } else {
            let of_app: Vec<_> = of_app.collect();
            groups.extend((!of_app.is_empty()).then(|| (words(app.label()), of_app)));
        }
    }
    if !system.is_empty() {
        groups.push(("System".to_owned(), system));
    }
    groups
}

/// The model that an address names.
pub(crate) fn find(site: &Site, app: &str, slug: &str) -> Option<&'static ModelEntry> {
    site.app(app)?;
    models()
        .iter()
        .copied()
        .find(|entry| entry.schema.app == app && entry.schema.slug() == slug && is_shown(entry))
}

/// Whether rows of the model can log in: the project's user model, or the default one.
pub(crate) fn is_user(entry: &ModelEntry) -> bool {
    entry.is_user || nuages::auth::UserEntry::current().schema() == entry.schema
}

/// Whether the field holds a stored password: by its widget, or because the project's users log in with it.
pub(crate) fn is_password(field: &FieldSchema) -> bool {
    let user = nuages::auth::UserEntry::current();
    let of_users = user.schema().field(user.password_field());
    field.options.widget == "password" || of_users.is_some_and(|known| std::ptr::eq(known, field))
}

/// Whether the model has pages.
pub(crate) fn is_shown(entry: &ModelEntry) -> bool {
    !HIDDEN.contains(&(entry.schema.app, entry.schema.name))
}

/// The address of a model's list.
pub(crate) fn list_url(root: &str, schema: &ModelSchema) -> String {
    format!("{root}/{}/{}/", schema.app, schema.slug())
}

/// The address of a row's form.
pub(crate) fn object_url(root: &str, schema: &ModelSchema, key: &Value) -> String {
    format!("{}{}/", list_url(root, schema), segment(&plain(key)))
}

/// What many rows are called, as a heading.
pub(crate) fn heading(schema: &ModelSchema) -> String {
    capital(schema.verbose_name_plural)
}

/// A name of a program as words.
pub(crate) fn words(name: &str) -> String {
    capital(&name.replace('_', " "))
}

/// With a capital at the start.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `1 book`, `2 books`.
pub(crate) fn counted(count: u64, schema: &ModelSchema) -> String {
    let noun = if count == 1 { schema.verbose_name } else { schema.verbose_name_plural };
    format!("{} {noun}", grouped(count))
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// "a book", "an author".
pub(crate) fn with_article(noun: &str) -> String {
    let vowel = noun.chars().next().is_some_and(|first| "aeiouAEIOU".contains(first));
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::{capital, grouped, words};

    #[test]
    fn names_become_words() {
        assert_eq!(words("order_line"), "Order line");
        assert_eq!(capital("ärger"), "Ärger");
        assert_eq!(
            (grouped(0), grouped(999), grouped(1_000), grouped(10_001)),
            ("0".into(), "999".into(), "1,000".into(), "10,001".into())
        );
    }
}
