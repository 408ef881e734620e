//! What a database column holds, without saying how a database spells it.

/// The kind of a column: what the Rust type of a field stores.
///
/// Length and precision are options of the field, not of the kind, because
/// they come from attributes and not from the type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnKind {
    /// True or false.
    Bool,
    /// A signed integer of 16 bits.
    SmallInt,
    /// A signed integer of 32 bits.
    Integer,
    /// A signed integer of 64 bits.
    BigInt,
    /// A binary floating point number of 32 bits.
    Real,
    /// A binary floating point number of 64 bits.
    Double,
    /// An exact decimal number; `max_digits` and `decimal_places` are options of the field.
    Decimal,
    /// Text; a `max_length` makes it a bounded column.
    Text,
    /// A calendar date.
    Date,
    /// A time of day, to the microsecond.
    Time,
    /// An instant in UTC, to the microsecond.
    DateTime,
    /// A length of time, to the microsecond.
    Duration,
    /// A UUID.
    Uuid,
    /// A JSON document.
    Json,
    /// Bytes.
    Binary,
}

impl ColumnKind {
    /// The word for this kind in migration files and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::SmallInt => "small_int",
            Self::Integer => "integer",
            Self::BigInt => "big_int",
            Self::Real => "real",
            Self::Double => "double",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "datetime",
            Self::Duration => "duration",
            Self::Uuid => "uuid",
            Self::Json => "json",
            Self::Binary => "binary",
        }
    }

    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::Bool,
        Self::SmallInt,
        Self::Integer,
        Self::BigInt,
        Self::Real,
        Self::Double,
        Self::Decimal,
        Self::Text,
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::Duration,
        Self::Uuid,
        Self::Json,
        Self::Binary,
    ];

    /// The kind that [`word`](Self::word) names, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether values are whole numbers.
    #[must_use]
    pub const fn is_integer(self) -> bool {
        matches!(self, Self::SmallInt | Self::Integer | Self::BigInt)
    }

    /// Whether values are numbers of any sort.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Real | Self::Double | Self::Decimal) || self.is_integer()
    }

    /// Whether values have a calendar date.
    #[must_use]
    pub const fn has_date(self) -> bool {
        matches!(self, Self::Date | Self::DateTime)
    }
}

/// The three databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Backend {
    /// SQLite, embedded.
    Sqlite,
    /// PostgreSQL 14 and later.
    Postgres,
    /// MySQL 8.0.19 and later, MariaDB 10.6 and later.
    Mysql,
}

impl Backend {
    /// The word for this database in attributes, settings and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    /// The name people write.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL/MariaDB",
        }
    }
}

/// Whether a model lives on some of these databases and on no other: by its own `only(…)`, or by the app's,
/// which stands as words with commas between them.
#[must_use]
pub const fn lives_on(own: &[Backend], app: Option<&str>, backends: &[Backend]) -> bool {
    const ALL: [Backend; 3] = [Backend::Sqlite, Backend::Postgres, Backend::Mysql];
    let mut at = 0;
    while at < ALL.len() {
        let allowed = if own.is_empty() { named(app, ALL[at]) } else { has(own, ALL[at]) };
        if allowed && !has(backends, ALL[at]) {
            return false;
        }
        at += 1;
    }
    true
}

const fn has(backends: &[Backend], backend: Backend) -> bool {
    let mut at = 0;
    while at < backends.len() {
        if backends[at] as u8 == backend as u8 {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether the app's words name a database; where it says none, all.
const fn named(app: Option<&str>, backend: Backend) -> bool {
    let Some(words) = app else { return true };
    let (words, word) = (words.as_bytes(), backend.word().as_bytes());
    if words.is_empty() {
        return true;
    }
    let mut start = 0;
    while start + word.len() <= words.len() {
        let mut same = 0;
        while same < word.len() && words[start + same] == word[same] {
            same += 1;
        }
        if same == word.len() {
            return true;
        }
        start += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_lives_where_it_or_its_app_says() {
        const PARTIAL: &[Backend] = &[Backend::Sqlite, Backend::Postgres];
        assert!(!lives_on(&[], None, PARTIAL), "on all three");
        assert!(lives_on(&[Backend::Postgres], None, PARTIAL));
        assert!(lives_on(&[], Some("sqlite,postgres"), PARTIAL));
        assert!(!lives_on(&[], Some("mysql"), PARTIAL));
        assert!(
            !lives_on(&[Backend::Postgres, Backend::Mysql], Some("postgres"), PARTIAL),
            "its own word counts"
        );
    }
}
