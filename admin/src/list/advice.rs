//! What helps a list that takes too long.

use std::time::Duration;

use nuages::backend::Backend;
use nuages::value::ColumnKind;

use super::query::ListQuery;
use crate::registry::grouped;

/// Why the page is not what was asked for, and what would help.
pub(crate) fn slow(list: &ListQuery, limit: Option<Duration>, backend: Backend) -> String {
    let time = limit.map(seconds).unwrap_or_default();
    let trigrams = trigrams(list, backend);
    let names: Vec<&str> = list.sorted.iter().map(|(key, _)| key.as_str()).collect();
    let sorted = names.join(", ");
    if names.is_empty() {
        return format!(
            "This search took longer than {time} and was given up. Narrow it down by a filter with an index.{trigrams}"
        );
    }
    let index = if names.iter().any(|name| name.contains('.')) {
        format!("Sorting by a column of another model ({sorted}) cannot use an index of this one.")
    } else {
        format!("This sort needs an index on {sorted}: index(fields({sorted})) in the model.")
    };
    let filter = if list.is_narrowed() { " So may the search or the filter." } else { "" };
    format!(
        "This took longer than {time}, so the rows stand in the order of their key. {index}{filter}{trigrams}"
    )
}

/// The index that finds parts of words, by the first text of the model's own that is searched.
fn trigrams(list: &ListQuery, backend: Backend) -> String {
    if list.address.get("q").is_none() {
        return String::new();
    }
    let own = list.search.iter().find(|column| column.hops.is_none());
    let text = own.map(nuages::field::ColumnRef::field).filter(|field| (field.kind)() == ColumnKind::Text);
    let Some(field) = text.filter(|_| backend == Backend::Postgres) else { return String::new() };
    let (table, column) = (list.entry.schema.table.as_str(), field.column);
    format!(
        " PostgreSQL finds parts of words by an index of trigrams on each text that is searched: \
         CREATE EXTENSION pg_trgm; CREATE INDEX ON {table} USING gin ({column} gin_trgm_ops);"
    )
}

/// A limit in words.
pub(crate) fn seconds(limit: Duration) -> String {
    match (limit.as_millis(), limit.subsec_millis()) {
        (1_000, _) => "1 second".to_owned(),
        (_, 0) => format!("{} seconds", limit.as_secs()),
        (millis, _) => format!("{millis} ms"),
    }
}

/// An estimate, with no more digits than it is worth: 9,870,123 is about 9.9 million.
pub(crate) fn about(count: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = (count + unit / 20) / (unit / 10);
        if tenths.is_multiple_of(10) {
            grouped(tenths / 10)
        } else {
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    };
    match count {
        1_000_000_000.. => format!("{} billion", tenths(1_000_000_000)),
        999_500.. => format!("{} million", tenths(1_000_000)),
        _ => grouped((count + 500) / 1_000 * 1_000),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{about, seconds};

    #[test]
    fn an_estimate_has_two_digits_or_so() {
        assert_eq!(about(9_870_123), "9.9 million");
        assert_eq!(about(1_012_000), "1 million");
        assert_eq!(about(999_600), "1 million");
        assert_eq!(about(3_322_674_000), "3.3 billion");
        assert_eq!(about(123_456), "123,000");
    }

    #[test]
    fn a_limit_is_said_as_people_say_it() {
        assert_eq!(seconds(Duration::from_secs(2)), "2 seconds");
        assert_eq!(seconds(Duration::from_secs(1)), "1 second");
        assert_eq!(seconds(Duration::from_millis(1)), "1 ms");
    }
}
