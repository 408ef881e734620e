//! Plain SQL on the same data, and how two answers are compared.

use nuages::backend::Statement;
use nuages::prelude::*;
use nuages::schema::Backend;
use nuages::value::Value;
use nuages_schema::ColumnKind;

/// One value of an answer, as text that is the same whoever read it.
pub(crate) trait Cell {
    /// What plain SQL reads it as.
    const KIND: ColumnKind;
    /// The text.
    fn text(&self) -> String;
}

macro_rules! cells {
    ($($type:ty: $kind:ident, $text:expr;)*) => {$(
        impl Cell for $type {
            const KIND: ColumnKind = ColumnKind::$kind;

            fn text(&self) -> String {
                let text: fn(&$type) -> String = $text;
                text(self)
            }
        }
    )*};
}

cells! {
    i32: BigInt, |value| value.to_string();
    i64: BigInt, |value| value.to_string();
    String: Text, Clone::clone;
    f64: Double, |value| format!("{value:.6}");
    Decimal: Decimal, |value| value.normalize().to_string();
    DateTime: DateTime, |value| value.to_rfc3339();
    Date: Date, |value| value.to_string();
}

impl<T: Cell> Cell for Option<T> {
    const KIND: ColumnKind = T::KIND;

    fn text(&self) -> String {
        self.as_ref().map_or_else(|| "NULL".to_owned(), Cell::text)
    }
}

/// A row of an answer.
pub(crate) trait Cells {
    /// What its columns are read as.
    fn kinds() -> Vec<ColumnKind>;
    /// Its values as text.
    fn texts(&self) -> Vec<String>;
}

macro_rules! rows {
    ($(($($name:ident $at:tt),+))*) => {$(
        impl<$($name: Cell),+> Cells for ($($name,)+) {
            fn kinds() -> Vec<ColumnKind> {
                vec![$($name::KIND),+]
            }

            fn texts(&self) -> Vec<String> {
                vec![$(self.$at.text()),+]
            }
        }
    )*};
}

/// A row of one value is handed out bare.
macro_rules! bare {
    ($($type:ty),*) => {$(
        impl Cells for $type {
            fn kinds() -> Vec<ColumnKind> {
                vec![<$type as Cell>::KIND]
            }

            fn texts(&self) -> Vec<String> {
                vec![self.text()]
            }
        }
    )*};
}

bare!(i32, i64, Option<String>);
rows! { (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4) }

/// Fails unless the rows are those of the statement: in its order if it has one, else in any.
pub(crate) async fn same<T: Cells>(db: &Db, ours: Vec<T>, sql: &str) -> nuages::Result<()> {
    let mut ours: Vec<Vec<String>> = ours.iter().map(Cells::texts).collect();
    let mut theirs = plain(db, sql, &T::kinds()).await.map_err(|error| error.context(sql.to_owned()))?;
    assert!(!theirs.is_empty(), "a query that finds nothing proves nothing: {sql}");
    if !sql.contains("ORDER BY") {
        ours.sort();
        theirs.sort();
    }
    let differs = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
    assert!(differs.is_none(), "{:?}: first difference {differs:?}\n{sql}", db.backend());
    assert_eq!(ours.len(), theirs.len(), "{:?}: number of rows\n{sql}", db.backend());
    Ok(())
}

async fn plain(db: &Db, sql: &str, kinds: &[ColumnKind]) -> nuages::Result<Vec<Vec<String>>> {
    let sql = spelled(db.backend(), sql);
    let rows = db.fetch(Statement::new(sql, Vec::new())).await?;
    rows.iter()
        .map(|row| kinds.iter().enumerate().map(|(at, kind)| Ok(text(row.value(at, *kind)?))).collect())
        .collect()
}

fn text(value: Value) -> String {
    match value {
        Value::Null(_) => "NULL".to_owned(),
        Value::Int(value) => value.text(),
        Value::Float(value) => value.text(),
        Value::Decimal(value) => value.text(),
        Value::Text(value) => value,
        Value::Date(value) => value.text(),
        Value::DateTime(value) => value.text(),
        other => format!("{other:?}"),
    }
}

/// The words of the schema; the statements are written in the spelling of the PostgreSQL script.
const WORDS: &[(&str, &str)] = &[
    ("album", "Album"),
    ("artist", "Artist"),
    ("customer", "Customer"),
    ("employee", "Employee"),
    ("genre", "Genre"),
    ("invoice", "Invoice"),
    ("invoice_line", "InvoiceLine"),
    ("media_type", "MediaType"),
    ("playlist", "Playlist"),
    ("playlist_track", "PlaylistTrack"),
    ("track", "Track"),
    ("album_id", "AlbumId"),
    ("artist_id", "ArtistId"),
    ("customer_id", "CustomerId"),
    ("employee_id", "EmployeeId"),
    ("genre_id", "GenreId"),
    ("invoice_id", "InvoiceId"),
    ("invoice_line_id", "InvoiceLineId"),
    ("media_type_id", "MediaTypeId"),
    ("playlist_id", "PlaylistId"),
    ("track_id", "TrackId"),
    ("first_name", "FirstName"),
    ("last_name", "LastName"),
    ("reports_to", "ReportsTo"),
    ("hire_date", "HireDate"),
    ("support_rep_id", "SupportRepId"),
    ("invoice_date", "InvoiceDate"),
    ("billing_country", "BillingCountry"),
    ("unit_price", "UnitPrice"),
];

/// The statement in the dialect and the spelling of the script of this database.
fn spelled(backend: Backend, sql: &str) -> String {
    let [year, month, long, float] = match backend {
        Backend::Sqlite => ["0 + strftime('%Y', #)", "0 + strftime('%m', #)", "LENGTH(#)", "REAL"],
        Backend::Postgres => [
            "CAST(EXTRACT(YEAR FROM #) AS INT)",
            "CAST(EXTRACT(MONTH FROM #) AS INT)",
            "CHAR_LENGTH(#)",
            "FLOAT8",
        ],
        Backend::Mysql => ["YEAR(#)", "MONTH(#)", "CHAR_LENGTH(#)", "DOUBLE"],
    };
    let sql = [("YEAR", year), ("MONTH", month), ("CHARACTERS", long)]
        .into_iter()
        .fold(sql.replace("AS DOUBLE", &format!("AS {float}")), |sql, (name, call)| calls(&sql, name, call));
    match backend {
        Backend::Sqlite => pascal(&globs(&sql)),
        Backend::Postgres => sql,
        Backend::Mysql => pascal(&sql.replace(" LIKE '", " LIKE BINARY '")),
    }
}

/// Replaces calls of a function of one plain argument; `#` stands for the argument.
fn calls(sql: &str, name: &str, call: &str) -> String {
    let start = format!("{name}(");
    let mut parts = sql.split(&start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (argument, after) = part.split_once(')').unwrap();
        out += &call.replace('#', argument);
        out += after;
    }
    out
}

/// LIKE ignores case on SQLite; GLOB does not.
fn globs(sql: &str) -> String {
    let mut parts = sql.split(" LIKE '");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (pattern, after) = part.split_once('\'').unwrap();
        out += &format!(" GLOB '{}'{after}", pattern.replace('%', "*"));
    }
    out
}

fn pascal(sql: &str) -> String {
    let mut out = String::new();
    let mut rest = sql;
    while let Some(at) = rest.find(|c: char| c.is_ascii_lowercase()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        let in_text = out.matches('\'').count() % 2 == 1;
        let known = WORDS.iter().find(|(snake, _)| *snake == word && !in_text);
        out.push_str(known.map_or(word, |(_, pascal)| pascal));
        rest = after;
    }
    out + rest
}
