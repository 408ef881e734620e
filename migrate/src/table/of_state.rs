//! The tables that a recorded state comes to on one database.

use std::collections::BTreeMap;

use nuages::{Error, Result};
use nuages_build::state::{
    ColumnType, FieldState, ManyToManyState, ModelRef, ModelState, ProjectState, Term as StateTerm,
};
use nuages_schema::{Backend, ColumnKind, OnDelete, constraint_name};

use super::column_type::Value;
use super::{
    Action, Check, Column, Condition, Expression, ForeignKey, Index, Table, Term, Unique, column_type,
};

/// The tables of a model: its own and its join tables, by the relation's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// The model's own table.
    pub own: Option<Table>,
    /// The join tables by relation.
    pub joins: BTreeMap<String, Table>,
}

/// The tables that a model comes to on one database; none where migrations do not manage it.
///
/// # Errors
/// When it refers to a model that the state does not have.
pub fn tables_of(state: &ProjectState, name: &ModelRef, backend: Backend) -> Result<Tables> {
    let Some(model) = state.model(name).filter(|model| model.managed) else { return Ok(Tables::default()) };
    let name = state.resolve(name);
    let maker = Maker { state, backend };
    let relations = model.many_to_many.iter().filter(|relation| relation.through.is_none());
    let joins = relations.map(|relation| Ok((relation.name.clone(), maker.join(name, relation)?)));
    Ok(Tables { own: Some(maker.table(model)?), joins: joins.collect::<Result<_>>()? })
}

/// What a field's column holds, once keys have been followed to their targets.
pub(crate) fn value_of(state: &ProjectState, field: &FieldState) -> Result<Value> {
    let mut field = field;
    // A key may be a key itself; a circle of them is no table.
    for _ in 0..16 {
        match &field.data {
            ColumnType::Plain { kind, max_length, max_digits, decimal_places } => {
                let (max_length, max_digits, decimal_places) = (*max_length, *max_digits, *decimal_places);
                return Ok(Value { kind: *kind, max_length, max_digits, decimal_places });
            }
            ColumnType::Key { to, .. } => field = target(state, to)?.1,
        }
    }
    Err(Error::other(format!("the keys of `{}` refer to each other in a circle", field.name)))
}

/// A key compares as what it refers to.
fn collation_of(state: &ProjectState, field: &FieldState) -> Result<Option<String>> {
    let mut field = field;
    for _ in 0..16 {
        match &field.data {
            ColumnType::Plain { .. } => return Ok(field.collation.clone()),
            ColumnType::Key { to, .. } => field = target(state, to)?.1,
        }
    }
    Ok(None)
}

fn target<'a>(state: &'a ProjectState, to: &ModelRef) -> Result<(&'a ModelState, &'a FieldState)> {
    let missing = || {
        let hint = if to.is_current_user() {
            "no listed app has a model with `#[model(user)]`"
        } else {
            "list its app"
        };
        Error::other(format!(
            "a key refers to the model `{to}`, which no migration before it creates: {hint}"
        ))
    };
    let model = state.model(to).ok_or_else(missing)?;
    Ok((model, model.key().ok_or_else(missing)?))
}

struct Maker<'a> {
    state: &'a ProjectState,
    backend: Backend,
}

impl Maker<'_> {
    fn table(&self, model: &ModelState) -> Result<Table> {
        let mut table = Table::new(&model.table);
        for field in &model.fields {
            self.field(&mut table, field)?;
        }
        let column =
            |field: &str| model.field(field).map_or_else(|| field.to_owned(), |field| field.column.clone());
        let term = |one: StateTerm<'_>| match one {
            StateTerm::Field(name) => Term::Column(column(name)),
            StateTerm::Expression(sql) => Term::Computed(sql.to_owned()),
        };
        for index in &model.indexes {
            let terms: Vec<(Term, bool)> =
                index.terms().map(|(one, descending)| (term(one), descending)).collect();
            let names: Vec<&str> = terms.iter().filter_map(|(term, _)| term.column()).collect();
            let name = named(index.name.as_ref(), &table.name, &names, "idx");
            let condition = index.condition.clone().map(Condition);
            let include = index.include.iter().map(|field| column(field)).collect();
            table.indexes.push(Index { name, terms, condition, include });
        }
        for unique in &model.uniques {
            let terms: Vec<Term> = unique.terms().map(term).collect();
            let names: Vec<&str> = terms.iter().filter_map(Term::column).collect();
            let name = named(unique.name.as_ref(), &table.name, &names, "uniq");
            table.uniques.push(Unique {
                name,
                terms,
                condition: unique.condition.clone().map(Condition),
                include: unique.include.iter().map(|field| column(field)).collect(),
                nulls_equal: unique.nulls_equal,
                deferrable: unique.deferrable,
            });
        }
        let checks =
            model.checks.iter().map(|check| Check { name: check.name.clone(), sql: check.sql.clone() });
        table.checks.extend(checks);
        Ok(table)
    }

    fn field(&self, table: &mut Table, field: &FieldState) -> Result<()> {
        let FieldState {
            name: _,
            column,
            data,
            nullable,
            primary_key,
            auto,
            unique,
            index,
            min,
            max,
            choices,
            ..
        } = field;
        let value = value_of(self.state, field)?;
        let sql_type = self.type_of(value, *auto);
        table.columns.push(Column {
            name: column.clone(),
            sql_type,
            // MariaDB says of no generated column that it is never NULL.
            nullable: *nullable || (field.generated.is_some() && self.backend == Backend::Mysql),
            auto: *auto,
            default: field.db_default.clone().map(Expression),
            generated: field.generated.as_ref().map(|one| (Expression(one.sql.clone()), one.stored)),
            collation: collation_of(self.state, field)?,
        });
        let name = |suffix| constraint_name(&table.name, &[column], suffix);
        if *primary_key {
            table.key.push(column.clone());
        }
        if *unique {
            table.uniques.push(Unique {
                name: name("uniq"),
                terms: vec![Term::Column(column.clone())],
                ..Unique::default()
            });
        }
        if *index {
            let terms = vec![(Term::Column(column.clone()), false)];
            table.indexes.push(Index { name: name("idx"), terms, ..Index::default() });
        }
        if let Some(sql) = range(column, *min, *max) {
            table.checks.push(Check { name: name("check"), sql });
        }
        if let Some(words) = choices {
            table.checks.push(Check { name: name("choices"), sql: one_of(column, words) });
        }
        if let ColumnType::Key { to, on_delete, constraint: true } = data {
            let key = self.foreign_key(&table.name, column, to, *on_delete)?;
            table.foreign_keys.extend(key);
        }
        Ok(())
    }

    /// SQLite makes keys only for the one type `integer`.
    fn type_of(&self, value: Value, auto: bool) -> String {
        let kind = if auto && self.backend == Backend::Sqlite { ColumnKind::Integer } else { value.kind };
        column_type(self.backend, kind, value.max_length, value.max_digits, value.decimal_places)
    }

    fn foreign_key(
        &self,
        table: &str,
        column: &str,
        to: &ModelRef,
        rule: Option<OnDelete>,
    ) -> Result<Option<ForeignKey>> {
        let (model, key) = target(self.state, to)?;
        Ok(Some(ForeignKey {
            name: constraint_name(table, &[column], "fk"),
            column: column.to_owned(),
            table: model.table.clone(),
            to_column: key.column.clone(),
            on_delete: match rule {
                Some(OnDelete::DbCascade) => Action::Cascade,
                Some(OnDelete::DbSetNull) => Action::SetNull,
                Some(OnDelete::DbSetDefault) => Action::SetDefault,
                _ => Action::Nothing,
            },
        }))
    }

    /// A join table as Django makes it: a key of its own, the two columns, each pair once.
    fn join(&self, own: &ModelRef, relation: &ManyToManyState) -> Result<Table> {
        let ManyToManyState { name: _, to, table: name, from_column, to_column, through: _ } = relation;
        let mut table = Table::new(name);
        self.field(&mut table, &FieldState::auto_key("id"))?;
        for (column, to) in [(from_column, own), (to_column, to)] {
            let field =
                FieldState { column: column.clone(), ..FieldState::new(column, ColumnType::key(to.clone())) };
            self.field(&mut table, &field)?;
        }
        let terms = vec![Term::Column(from_column.clone()), Term::Column(to_column.clone())];
        let unique = constraint_name(name, &[from_column, to_column], "uniq");
        table.uniques.push(Unique { name: unique, terms, ..Unique::default() });
        Ok(table)
    }
}

fn named(given: Option<&String>, table: &str, columns: &[&str], suffix: &str) -> String {
    given.cloned().unwrap_or_else(|| constraint_name(table, columns, suffix))
}

/// Words are of the user's source, and stand in the literal's quotes on every database.
fn one_of(column: &str, words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| super::quoted(Backend::Sqlite, word)).collect();
    format!("\"{column}\" IN ({})", words.join(", "))
}

fn range(column: &str, min: Option<i64>, max: Option<i64>) -> Option<String> {
    let parts: Vec<String> = min
        .map(|min| format!("\"{column}\" >= {min}"))
        .into_iter()
        .chain(max.map(|max| format!("\"{column}\" <= {max}")))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" AND "))
}
