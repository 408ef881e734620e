//! Tables of a catalogue as models.

use std::collections::BTreeMap;

use nuages::{Error, Result};
use nuages_build::state::{
    CheckState, ColumnType, FieldState, IndexState, ManyToManyState, ModelRef, ModelState, ProjectState,
    UniqueState,
};
use nuages_schema::{Backend, OnDelete};

use super::kind::kind_of;
use super::name::{self, Names};
use super::{Found, FoundField, FoundRelation, Inspection, Keys, is_join};
use crate::drift::{differences, tables_of_models};
use crate::table::{Action, Column, ForeignKey, Index, Table, Term, Unique};

/// The models of the tables, by table.
pub(super) fn models(
    backend: Backend,
    live: &BTreeMap<String, Table>,
    keys: &Keys,
    inspection: &Inspection,
) -> Result<Vec<Found>> {
    let own = |name: &str| name.starts_with("nuages_migration");
    let asked = |name: &str| inspection.tables.is_empty() || inspection.tables.iter().any(|one| one == name);
    if let Some(missing) = inspection.tables.iter().find(|name| !live.contains_key(*name)) {
        let known: Vec<&str> = live.keys().map(String::as_str).collect();
        return Err(Error::other(format!("there is no table `{missing}`; there are {}", known.join(", "))));
    }
    let tables: Vec<&Table> = live.values().filter(|table| !own(&table.name) && asked(&table.name)).collect();
    let mut names = Names::default();
    let structs = tables
        .iter()
        .filter(|table| !is_join(table, keys))
        .map(|table| (table.name.as_str(), names.free(name::model(&table.name, &inspection.app))))
        .collect();
    let reader = Reader { backend, live, keys, structs, app: &inspection.app };
    let mut found: Vec<Found> = tables
        .iter()
        .filter_map(|table| Some(reader.model(table, reader.structs.get(table.name.as_str())?)))
        .collect();
    for table in tables.iter().filter(|table| is_join(table, keys)) {
        reader.relation(table, &mut found);
    }
    judge(backend, live, inspection, &mut found)?;
    Ok(found)
}

/// Holds the models against the tables that they were read from.
fn judge(
    backend: Backend,
    live: &BTreeMap<String, Table>,
    inspection: &Inspection,
    found: &mut [Found],
) -> Result<()> {
    let mut state = ProjectState::new();
    for one in found.iter() {
        state.insert(&inspection.app, one.state.clone());
    }
    for one in found {
        let name = ModelRef::new(&inspection.app, &one.state.name);
        let expected = tables_of_models(&state, &[name], backend)?;
        one.differences = differences(backend, &expected, live);
        one.differences.retain(|difference| !difference.harmless);
        one.state.managed = inspection.managed && one.differences.is_empty() && !one.fields.is_empty();
        if !one.state.managed {
            // Nobody makes these columns, and they keep what they have.
            one.state.fields.iter_mut().for_each(|field| field.collation = None);
            one.fields.iter_mut().for_each(|field| field.state.collation = None);
        }
    }
    Ok(())
}

struct Reader<'a> {
    backend: Backend,
    live: &'a BTreeMap<String, Table>,
    keys: &'a Keys,
    structs: BTreeMap<&'a str, String>,
    app: &'a str,
}

impl Reader<'_> {
    /// A table without a primary key comes without fields, and says why.
    fn model(&self, table: &Table, name: &str) -> Found {
        let state = ModelState::new(name, &table.name);
        let mut found = Found {
            state,
            fields: Vec::new(),
            relations: Vec::new(),
            differences: Vec::new(),
            notes: Vec::new(),
            backend: self.backend,
        };
        let key = match self.keys.get(&table.name).map(Vec::as_slice) {
            Some(key @ [_, ..]) => key,
            _ => {
                found.notes.push("it has no primary key".to_owned());
                return found;
            }
        };
        let mut names = Names::default();
        for column in &table.columns {
            match self.field(table, column, key, &mut names) {
                Some(field) => found.fields.push(field),
                None => found.notes.push(format!(
                    "column `{}` is left out: no field reads `{}`",
                    column.name, column.sql_type
                )),
            }
        }
        found.state.fields = found.fields.iter().map(|field| field.state.clone()).collect();
        if found.state.keys().count() < key.len() {
            found.fields.clear();
            found.notes.push("no field reads its whole primary key".to_owned());
            return found;
        }
        together(table, &mut found);
        found
    }

    fn field(
        &self,
        table: &Table,
        column: &Column,
        keys: &[String],
        names: &mut Names,
    ) -> Option<FoundField> {
        let (part, leads) = (keys.contains(&column.name), keys.first() == Some(&column.name));
        let key = leads && keys.len() == 1;
        let foreign = table.foreign_keys.iter().find(|one| one.column == column.name && self.is_plain(one));
        let alone = [column.name.as_str()];
        let unique =
            key || table.uniques.iter().any(|one| is_of_field(one) && one.columns() == Some(alone.to_vec()));
        let indexed = table.indexes.iter().any(|one| column_of(one) == Some(&column.name));
        let name = match key && foreign.is_none() {
            true => "id".to_owned(),
            false => name::field(&column.name, foreign.is_some()),
        };
        let name = names.free(name);
        let (rust, data, note) = match foreign {
            Some(foreign) => {
                let to = self.structs.get(foreign.table.as_str())?;
                let data = ColumnType::Key {
                    to: ModelRef::new(self.app, to),
                    on_delete: match foreign.on_delete {
                        Action::Cascade => Some(OnDelete::DbCascade),
                        Action::SetNull => Some(OnDelete::DbSetNull),
                        // The default itself is not told, and the rule is nothing without it.
                        Action::SetDefault | Action::Nothing => None,
                    },
                    constraint: true,
                };
                let kind = if unique { "OneToOne" } else { "ForeignKey" };
                (format!("{kind}<{to}>"), data, None)
            }
            None => {
                let kind = kind_of(self.backend, &column.sql_type)?;
                (kind.rust.to_owned(), kind.data, kind.note)
            }
        };
        let is_foreign = foreign.is_some();
        let state = FieldState {
            column: column.name.clone(),
            nullable: column.nullable && !part,
            primary_key: part,
            auto: key && column.auto,
            unique: unique && !key,
            index: if is_foreign { !unique && !leads } else { indexed && !unique },
            collation: column.collation.clone().filter(|_| !is_foreign),
            ..FieldState::new(&name, data)
        };
        let related_name = foreign.and_then(|foreign| self.reverse(table, foreign));
        Some(FoundField { state, rust, related_name, note })
    }

    /// Whether the key refers to a model's own key, which is what a field can say.
    fn is_plain(&self, foreign: &ForeignKey) -> bool {
        let key = self.keys.get(&foreign.table).map(Vec::as_slice);
        self.structs.contains_key(foreign.table.as_str())
            && matches!(key, Some([key]) if *key == foreign.to_column)
    }

    /// The way back, where no other key of the table goes the same way and the target has no such column.
    fn reverse(&self, table: &Table, foreign: &ForeignKey) -> Option<String> {
        let same = table.foreign_keys.iter().filter(|other| other.table == foreign.table).count();
        let name = name::plural(self.structs.get(table.name.as_str())?);
        let target = self.live.get(&foreign.table)?;
        let taken = target.columns.iter().any(|column| name::field(&column.name, false) == name);
        (same == 1 && !taken).then_some(name)
    }

    /// A join table becomes a relation of the model that its first key refers to.
    fn relation(&self, table: &Table, found: &mut [Found]) {
        let keys: Vec<&ForeignKey> = table
            .columns
            .iter()
            .filter_map(|column| table.foreign_keys.iter().find(|key| key.column == column.name))
            .collect();
        let [from, to] = keys[..] else { return };
        let (Some(owner), Some(target)) =
            (self.structs.get(from.table.as_str()), self.structs.get(to.table.as_str()))
        else {
            return;
        };
        let Some(model) = found.iter_mut().find(|one| one.state.name == *owner) else { return };
        let mut name = name::plural(target);
        if model.state.field(&name).is_some() || model.state.relation(&name).is_some() {
            name = name::field(&table.name, false);
        }
        let state = ManyToManyState {
            name,
            to: ModelRef::new(self.app, target),
            table: table.name.clone(),
            from_column: from.column.clone(),
            to_column: to.column.clone(),
            through: None,
        };
        let related_name = (owner != target).then(|| name::plural(owner));
        model.state.many_to_many.push(state.clone());
        model.relations.push(FoundRelation { state, to: target.clone(), related_name });
    }
}

/// Whether a unique constraint is one that a field says itself.
fn is_of_field(unique: &Unique) -> bool {
    let Unique { name: _, terms, condition, include, nulls_equal, deferrable } = unique;
    terms.len() == 1
        && !unique.is_index()
        && condition.is_none()
        && include.is_empty()
        && !nulls_equal
        && deferrable.is_none()
}

/// The column of an index that a field says itself: over one column upwards, and over all rows.
fn column_of(index: &Index) -> Option<&str> {
    match index.terms.as_slice() {
        [(term, false)] if index.condition.is_none() && index.include.is_empty() => term.column(),
        _ => None,
    }
}

/// Constraints and indexes that no field says, under the names that they have. One over a column that no field reads
/// is told.
fn together(table: &Table, found: &mut Found) {
    let terms = Terms { table, fields: &found.state.fields };
    let (mut uniques, mut indexes, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for unique in table.uniques.iter().filter(|one| !is_of_field(one)) {
        match terms.unique(unique) {
            Some(state) => uniques.push(state),
            None => notes.push(format!(
                "the unique constraint `{}` is left out: no field reads a column of it",
                unique.name
            )),
        }
    }
    // A key has its index anyway.
    for index in table.indexes.iter().filter(|one| column_of(one).is_none()) {
        match terms.index(index) {
            Some(state) => indexes.push(state),
            None => {
                notes.push(format!("the index `{}` is left out: no field reads a column of it", index.name))
            }
        }
    }
    let check = |check: &crate::table::Check| CheckState { name: check.name.clone(), sql: check.sql.clone() };
    found.state.checks = table.checks.iter().map(check).collect();
    found.state.uniques = uniques;
    found.state.indexes = indexes;
    found.notes.extend(notes);
}

/// What indexes of a catalogue are over, as models say it.
struct Terms<'a> {
    table: &'a Table,
    fields: &'a [FieldState],
}

impl Terms<'_> {
    fn unique(&self, unique: &Unique) -> Option<UniqueState> {
        Some(UniqueState {
            name: Some(unique.name.clone()),
            fields: unique.terms.iter().map(|term| self.term(term)).collect::<Option<_>>()?,
            condition: unique.condition.as_ref().map(|one| self.sql(&one.0)),
            include: self.names(&unique.include)?,
            nulls_equal: unique.nulls_equal,
            deferrable: unique.deferrable,
        })
    }

    fn index(&self, index: &Index) -> Option<IndexState> {
        let term = |(term, descending): &(Term, bool)| {
            Some(if *descending { format!("-{}", self.term(term)?) } else { self.term(term)? })
        };
        Some(IndexState {
            name: Some(index.name.clone()),
            fields: index.terms.iter().map(term).collect::<Option<_>>()?,
            condition: index.condition.as_ref().map(|one| self.sql(&one.0)),
            include: self.names(&index.include)?,
        })
    }

    fn term(&self, term: &Term) -> Option<String> {
        match term {
            Term::Column(name) => self.name(name),
            Term::Computed(sql) => Some(format!("({})", self.sql(sql))),
        }
    }

    fn name(&self, column: &str) -> Option<String> {
        self.fields.iter().find(|field| field.column == column).map(|field| field.name.clone())
    }

    fn names(&self, columns: &[String]) -> Option<Vec<String>> {
        columns.iter().map(|name| self.name(name)).collect()
    }

    fn sql(&self, sql: &str) -> String {
        quoted_columns(sql, |word| self.table.column(word).is_some())
    }
}

/// The SQL of a catalogue with quotes around the columns that it names without.
fn quoted_columns(sql: &str, is_column: impl Fn(&str) -> bool) -> String {
    let (mut out, mut rest) = (String::with_capacity(sql.len()), sql);
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |at| at + 2),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (part, after) = rest.split_at(end);
        // A type behind `::` and a function before `(` are no columns.
        let plain = !out.ends_with("::") && !after.starts_with('(');
        match plain && is_column(part) {
            true => out.push_str(&format!("\"{part}\"")),
            false => out.push_str(part),
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_catalogue_get_quotes() {
        let quoted = |sql: &str| quoted_columns(sql, |word| ["text", "lower", "Email"].contains(&word));
        assert_eq!(quoted("lower((text)::text) <> 'text'"), "lower((\"text\")::text) <> 'text'");
        assert_eq!(quoted("\"Email\" || lower"), "\"Email\" || \"lower\"");
    }
}
