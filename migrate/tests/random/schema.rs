//! Random schemas, and what makes of two of them a pair that a database can be led along.

use std::collections::BTreeMap;

use nuages_build::state::{
    CheckState, ColumnType, FieldState, IndexState, ModelRef, ModelState, UniqueState,
};
use nuages_schema::{ColumnKind, OnDelete};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::support::{model, relation};

pub(crate) const MODELS: [&str; 4] = ["Author", "Book", "Tag", "Shelf"];

/// What a field may be, before it is known which models there are.
#[derive(Clone, Debug)]
struct AnyField {
    data: AnyData,
    nullable: bool,
    unique: bool,
    index: bool,
    range: bool,
}

#[derive(Clone, Debug)]
enum AnyData {
    Kind(ColumnKind),
    Text(u32),
    Decimal(u8, u8),
    Key(prop::sample::Index, u8),
}

#[derive(Clone, Debug)]
struct AnyModel {
    big_key: bool,
    fields: BTreeMap<u8, AnyField>,
    index: Vec<(prop::sample::Index, bool)>,
    unique: Vec<prop::sample::Index>,
    check: Option<prop::sample::Index>,
    tags: Option<prop::sample::Index>,
}

fn any_field() -> impl Strategy<Value = AnyField> {
    let data = prop_oneof![
        4 => prop::sample::select(ColumnKind::ALL.to_vec())
            .prop_filter("has options", |kind| *kind != ColumnKind::Decimal).prop_map(AnyData::Kind),
        2 => (10_u32..200).prop_map(AnyData::Text),
        1 => (4_u8..12, 0_u8..4).prop_map(|(digits, places)| AnyData::Decimal(digits, places)),
        3 => (any::<prop::sample::Index>(), 0_u8..3).prop_map(|(to, rule)| AnyData::Key(to, rule)),
    ];
    (data, any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.3), prop::bool::weighted(0.3))
        .prop_map(|(data, nullable, unique, index, range)| AnyField { data, nullable, unique, index, range })
}

fn any_model() -> impl Strategy<Value = AnyModel> {
    let index = any::<prop::sample::Index>;
    (
        prop::bool::weighted(0.8),
        btree_map(0_u8..6, any_field(), 0..5),
        vec((index(), any::<bool>()), 0..3),
        vec(index(), 0..3),
        prop::option::weighted(0.3, index()),
        prop::option::weighted(0.4, index()),
    )
        .prop_map(|(big_key, fields, index, unique, check, tags)| AnyModel {
            big_key,
            fields,
            index,
            unique,
            check,
            tags,
        })
}

pub(crate) fn any_schema() -> impl Strategy<Value = Vec<ModelState>> {
    btree_map(prop::sample::select(MODELS.to_vec()), any_model(), 0..=MODELS.len()).prop_map(|models| {
        let names: Vec<&str> = models.keys().copied().collect();
        models.iter().map(|(name, any)| build(name, any, &names)).collect()
    })
}

fn build(name: &str, any: &AnyModel, models: &[&str]) -> ModelState {
    let mut model = model(name, &[]);
    if !any.big_key {
        model.fields[0].data = ColumnType::plain(ColumnKind::Integer);
    }
    model.fields.extend(any.fields.iter().map(|(at, field)| build_field(&format!("f{at}"), field, models)));
    let indexable: Vec<&FieldState> = model.fields.iter().filter(|field| is_indexable(field)).collect();
    let pick = |index: &prop::sample::Index| index.get(&indexable).name.clone();
    let mut columns: Vec<String> = Vec::new();
    for (at, descending) in &any.index {
        let name = pick(at);
        if !columns.iter().any(|known| known.trim_start_matches('-') == name) {
            columns.push(if *descending { format!("-{name}") } else { name });
        }
    }
    let mut together: Vec<String> = any.unique.iter().map(pick).collect();
    together.dedup();
    // MySQL has no checks over the column that it counts up, nor over keys with rules.
    let checkable: Vec<&FieldState> =
        model.fields.iter().filter(|field| !field.auto && field.target().is_none()).collect();
    let check = any.check.as_ref().filter(|_| !checkable.is_empty()).map(|at| {
        let column = &at.get(&checkable).column;
        CheckState {
            name: format!("{}_check", name.to_lowercase()),
            sql: format!("\"{column}\" IS NOT NULL OR 1 = 1"),
        }
    });
    if columns.len() > 1 {
        model.indexes.push(IndexState { name: None, fields: columns, ..IndexState::default() });
    }
    if together.len() > 1 && together[0] != together[together.len() - 1] {
        model.uniques.push(UniqueState {
            name: Some(format!("{}_both", name.to_lowercase())),
            fields: together,
            ..UniqueState::default()
        });
    }
    model.checks.extend(check);
    if let Some(to) = &any.tags {
        model.many_to_many.push(relation(name, "tags", to.get::<&str>(models)));
        let relation = &mut model.many_to_many[0];
        if relation.from_column == relation.to_column {
            relation.from_column = format!("from_{}", relation.from_column);
        }
    }
    model
}

fn build_field(name: &str, any: &AnyField, models: &[&str]) -> FieldState {
    let data = match &any.data {
        AnyData::Kind(kind) => ColumnType::plain(*kind),
        AnyData::Text(length) => ColumnType::text(*length),
        AnyData::Decimal(digits, places) => ColumnType::decimal(*digits, *places),
        AnyData::Key(to, rule) => ColumnType::Key {
            to: ModelRef::new("shop", to.get::<&str>(models)),
            on_delete: match rule {
                0 => None,
                1 => Some(OnDelete::DbCascade),
                _ => any.nullable.then_some(OnDelete::DbSetNull),
            },
            constraint: true,
        },
    };
    let mut field = FieldState { nullable: any.nullable, ..FieldState::new(name, data) };
    if is_indexable(&field) {
        field.unique = any.unique;
        field.index = !any.unique && (field.index || any.index);
    }
    let integer = matches!(&field.data, ColumnType::Plain { kind, .. } if kind.is_integer());
    if any.range && integer {
        (field.min, field.max) = (Some(-5), Some(100));
    }
    if any.range && matches!(any.data, AnyData::Text(_)) {
        field.choices = Some(vec!["it's".into(), "other".into()]);
    }
    field
}

/// What every database can index.
fn is_indexable(field: &FieldState) -> bool {
    match &field.data {
        ColumnType::Key { .. } => true,
        ColumnType::Plain { kind: ColumnKind::Text, max_length, .. } => max_length.is_some(),
        ColumnType::Plain { kind, .. } => !matches!(kind, ColumnKind::Json | ColumnKind::Binary),
    }
}
