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
