//! Default names of tables, columns and constraints: Django's, so that a Django database can be taken over.

/// A name made at compile time, such as a table's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Name {
    bytes: [u8; Self::MAX],
    length: usize,
}

impl Name {
    /// The longest name: what PostgreSQL keeps of an identifier.
    pub const MAX: usize = 63;

    /// A name given by the user.
    #[must_use]
    pub const fn new(text: &str) -> Self {
        Self::join("", "", text)
    }

    /// The default name of a model's table: `{app}_{model in lower case}`.
    #[must_use]
    pub const fn of_table(app: &str, model: &str) -> Self {
        let mut name = Self::join(app, "_", model);
        let mut at = app.len();
        while at < name.length {
            name.bytes[at] = name.bytes[at].to_ascii_lowercase();
            at += 1;
        }
        name
    }

    /// The label of an app: the one given, or the package's name with `-` as `_`.
    #[must_use]
    pub const fn of_app(given: Option<&str>, package: &str) -> Self {
        if let Some(given) = given {
            return Self::new(given);
        }
        let mut name = Self::new(package);
        let mut at = 0;
        while at < name.length {
            if name.bytes[at] == b'-' {
                name.bytes[at] = b'_';
            }
            at += 1;
        }
        name
    }

    const fn join(first: &str, between: &str, last: &str) -> Self {
        let mut name = Self { bytes: [0; Self::MAX], length: 0 };
        name.push(first);
        name.push(between);
        name.push(last);
        name
    }

    const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        assert!(
            self.length + bytes.len() <= Self::MAX,
            "a table's name has at most 63 bytes; write a shorter one with `db_table`"
        );
        let mut at = 0;
        while at < bytes.len() {
            self.bytes[self.length + at] = bytes[at];
            at += 1;
        }
        self.length += bytes.len();
    }

    /// The name as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            // Only whole strings are pushed, so this cannot be reached.
            Err(_) => "",
        }
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// `HTTPServer` and `BookReview` in lower case with underscores.
#[must_use]
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let after_lower = at > 0 && !chars[at - 1].is_uppercase();
        let before_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        if c.is_uppercase() && at > 0 && chars[at - 1] != '_' && (after_lower || before_lower) {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The default name of a model's table, at run time.
#[must_use]
pub fn default_table(app: &str, model: &str) -> String {
    format!("{app}_{}", model.to_lowercase())
}

/// The default column of a field: its name, with `_id` for a foreign key.
#[must_use]
pub fn column_name(field: &str, foreign: bool) -> String {
    let field = field.strip_prefix("r#").unwrap_or(field);
    if foreign { format!("{field}_id") } else { field.to_owned() }
}

/// The default join table of a many-to-many field.
#[must_use]
pub fn relation_table(table: &str, field: &str) -> String {
    format!("{table}_{field}")
}

/// The default name of an index or constraint: table, columns, a hash that keeps
/// long names apart, and a suffix (`idx`, `uniq`, `fk`, `check`); at most 63 bytes.
#[must_use]
pub fn constraint_name(table: &str, columns: &[&str], suffix: &str) -> String {
    let whole = format!("{table}_{}", columns.join("_"));
    let hash = fnv(&format!("{whole}/{suffix}"));
    let room = Name::MAX - suffix.len() - 10;
    let mut end = whole.len().min(room);
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash:08x}_{suffix}", &whole[..end])
}

/// FNV-1a, folded to 32 bits: stable between builds and machines, which `std`'s hasher is not.
fn fnv(text: &str) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ (hash >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_named_as_django_names_them() {
        assert_eq!(Name::of_table("shop", "BookReview").as_str(), "shop_bookreview");
        assert_eq!(Name::of_app(None, "book-shop").as_str(), "book_shop");
        assert_eq!(Name::of_app(Some("shop"), "book-shop").as_str(), "shop");
        assert_eq!(default_table("shop", "BookReview"), "shop_bookreview");
        assert_eq!(column_name("author", true), "author_id");
        assert_eq!(column_name("r#type", false), "type");
    }

    #[test]
    fn words_are_split_at_capitals() {
        assert_eq!(snake("BookReview"), "book_review");
        assert_eq!(snake("HTTPServer"), "http_server");
        assert_eq!(snake("OutOfPrint"), "out_of_print");
    }

    #[test]
    fn long_constraint_names_stay_apart_and_fit() {
        let long = "a".repeat(80);
        let one = constraint_name(&long, &["b"], "idx");
        let two = constraint_name(&long, &["c"], "idx");
        assert!(one.len() <= Name::MAX && one != two, "{one} {two}");
    }
}
