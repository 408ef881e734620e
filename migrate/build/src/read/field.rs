//! One field: its column, and what it says of its history.

use nuages_macros_core::attr::{Default, DefaultKind, Literal as Read};
use nuages_macros_core::model::{Field, Shape};
use nuages_schema::ColumnKind;

use super::declare::ModelReader;
use super::names::Stored;
use crate::detect::{Intent, ReadOff};
use crate::state::{ColumnType, FieldState, Generated};
use crate::{Backfill, Literal};

/// The column of a field; `None` where the source does not tell, which is then found.
pub(super) fn state(reader: &mut ModelReader<'_>, field: &Field, is_key: bool) -> Option<FieldState> {
    let options = &field.options;
    let data = match &field.shape {
        Shape::Column => plain(reader, field)?,
        _ => ColumnType::Key {
            to: reader.target(field)?,
            on_delete: options.on_delete.as_ref().map(|set| set.value).filter(|rule| rule.in_database()),
            constraint: options.db_constraint.as_ref().is_none_or(|set| set.value),
        },
    };
    let leads = is_key && reader.model.key_field().is_some_and(|key| key.ident == field.ident);
    let alone = leads && reader.model.key_parts.is_empty();
    let unique = !alone && (options.unique.is_some() || matches!(field.shape, Shape::OneToOne { .. }));
    let state = FieldState {
        name: field.name(),
        column: field.column(),
        data,
        nullable: field.nullable,
        primary_key: is_key,
        auto: is_key && field.is_auto(),
        unique,
        // The key's own index begins with its first part.
        index: !leads && !unique && (options.index.is_some() || field.shape.is_foreign()),
        min: options.min.as_ref().map(|set| set.value),
        max: options.max.as_ref().map(|set| set.value),
        choices: choices(reader, field),
        collation: options.db_collation.as_ref().map(|set| set.value.value()),
        db_default: options.db_default.as_ref().and_then(|given| db_default(&given.kind)),
        generated: options.generated.as_ref().map(|set| Generated {
            sql: reader.model.quoted(&set.value.value()),
            stored: options.persist.as_ref().is_none_or(|set| set.value),
        }),
    };
    check_length(reader, field, &state);
    Some(state)
}

/// A default of the database as SQL that all databases read the same.
fn db_default(given: &DefaultKind) -> Option<String> {
    Some(match given {
        DefaultKind::Literal(Read::Int(value)) => value.to_string(),
        DefaultKind::Literal(Read::Float(value)) => format!("{value:?}"),
        DefaultKind::Literal(Read::Bool(value)) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DefaultKind::Literal(Read::Decimal(value)) => value.clone(),
        DefaultKind::Literal(Read::Text(value)) => format!("'{}'", value.replace('\'', "''")),
        DefaultKind::Sql(sql) => sql.value(),
        // The derive refuses them.
        DefaultKind::Path(_) | DefaultKind::Call => return None,
    })
}

/// MySQL cannot index a text without a limit, so no database gets one.
fn check_length(reader: &mut ModelReader<'_>, field: &Field, state: &FieldState) {
    let no_limit = matches!(state.data, ColumnType::Plain { kind: ColumnKind::Text, max_length: None, .. });
    if no_limit && (state.unique || state.index || state.primary_key) {
        let text = format!(
            "`{}` is indexed, so its text needs a limit: write `#[field(max_length = …)]`",
            state.name
        );
        reader.find(Some(field), text);
    }
}

/// The words that the database checks, where the field says `check_choices`.
fn choices(reader: &mut ModelReader<'_>, field: &Field) -> Option<Vec<String>> {
    field.options.check_choices.as_ref()?;
    let words = reader.stored(field).and_then(|stored| stored.words);
    if words.is_none() && !reader.is_found(field) {
        let text = format!(
            "the type of `{}` is no `Choices` enumeration of this crate, so there are no words to check: delete \
             `check_choices`",
            field.name()
        );
        reader.find(Some(field), text);
    }
    if words.is_some() {
        read_off(reader, field).words.clone_from(&words);
    }
    words
}

/// What is noted of a field for the compiler to prove.
fn read_off<'r>(reader: &'r mut ModelReader<'_>, field: &Field) -> &'r mut ReadOff {
    reader.proofs.entry(field.name()).or_default()
}

fn plain(reader: &mut ModelReader<'_>, field: &Field) -> Option<ColumnType> {
    let options = &field.options;
    let said = options.column.as_ref().map(|set| Stored::plain(set.value));
    let proven = said.is_none() && options.max_length.is_none();
    let Some(stored) = said.or_else(|| reader.stored(field)) else {
        if reader.is_found(field) {
            return None;
        }
        let name = field.name();
        reader.find(
            Some(field),
            format!(
                "the build cannot tell what the type of `{name}` is stored as: say it with `#[field(column = …)]`, \
                 such as `column = text`"
            ),
        );
        return None;
    };
    let is = |kind| stored.kind == kind;
    if proven && is(ColumnKind::Text) {
        read_off(reader, field).length = Some(stored.max_length);
    }
    let length = options.max_length.as_ref().map(|set| set.value).or(stored.max_length);
    let number = |set: &Option<nuages_macros_core::attr::Set<u8>>| set.as_ref().map(|set| set.value);
    Some(ColumnType::Plain {
        kind: stored.kind,
        max_length: length.filter(|_| is(ColumnKind::Text)),
        max_digits: number(&options.max_digits).filter(|_| is(ColumnKind::Decimal)),
        decimal_places: number(&options.decimal_places).filter(|_| is(ColumnKind::Decimal)),
    })
}

/// What a field says of its history, if anything.
pub(super) fn intent(reader: &mut ModelReader<'_>, field: &Field) -> Option<Intent> {
    let options = &field.options;
    let intent = Intent {
        was: options.was.as_ref().map(|set| set.value.value()),
        backfill: options.backfill.as_ref().and_then(|given| backfill(reader, field, given)),
        default: options.default.as_ref().and_then(|given| literal(reader, given)),
        computed: options.default.as_ref().is_some_and(|given| literal(reader, given).is_none()),
        now: options.auto_now.is_some() || options.auto_now_add.is_some(),
        narrow: options.narrow.is_some(),
    };
    (intent != Intent::default()).then_some(intent)
}

fn backfill(reader: &mut ModelReader<'_>, field: &Field, given: &Default) -> Option<Backfill> {
    if let DefaultKind::Sql(sql) = &given.kind {
        return Some(Backfill::Sql { sql: sql.value() });
    }
    let value = literal(reader, given);
    if value.is_none() {
        let text = "a `backfill` is frozen into the migration, so it is a literal, `dec!(…)`, a variant of a `Choices` \
                    enumeration of this crate, or `sql(\"…\")`";
        reader.find(Some(field), text.to_owned());
    }
    value.map(Backfill::Value)
}

fn literal(reader: &ModelReader<'_>, given: &Default) -> Option<Literal> {
    match &given.kind {
        DefaultKind::Literal(Read::Int(value)) => Some(Literal::Int(*value)),
        DefaultKind::Literal(Read::Float(value)) => Some(Literal::Float(*value)),
        DefaultKind::Literal(Read::Bool(value)) => Some(Literal::Bool(*value)),
        DefaultKind::Literal(Read::Text(value) | Read::Decimal(value)) => Some(Literal::Text(value.clone())),
        DefaultKind::Path(path) => reader.variant(path).map(Literal::Text),
        DefaultKind::Sql(_) | DefaultKind::Call => None,
    }
}
