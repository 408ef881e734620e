//! From a random schema to a random schema, on every database: what is generated is applied, the catalogue
//! shows the state, generating again gives nothing, and taking it back gives the first one again.
//!
//! A short run with a fixed seed; `NUAGES_CASES=200 NUAGES_SEED=7` makes a long one with another.
#![allow(clippy::cloned_ref_to_slice_refs, reason = "reads better")]
#![allow(missing_docs, clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nuages::{Db, Result};
use nuages_build::detect::{Declared, DeclaredModel, Intent, detect};
use nuages_build::file::Migration;
use nuages_build::state::{
    CheckState, ColumnType, FieldState, IndexState, ModelState, ProjectState, UniqueState, apply,
};
use nuages_build::{Backfill, History, Literal, Operation};
use nuages_migrate::{Migrations, Target};
use nuages_schema::{ColumnKind, OnDelete};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use support::*;

const MODELS: [&str; 4] = ["Author", "Book", "Tag", "Shelf"];

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

fn any_schema() -> impl Strategy<Value = Vec<ModelState>> {
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
            to: nuages_build::state::ModelRef::new("shop", to.get::<&str>(models)),
            on_delete: match rule {
                0 => None,
                1 => Some(OnDelete::DbCascade),
                _ => any.nullable.then_some(OnDelete::DbSetNull),
            },
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

/// Former names of fields, by model and name.
type Was = BTreeMap<(String, String), String>;

/// Some fields get another name with `was`, and those that no database can turn into what they are to be another without.
fn rename(
    old: &[ModelState],
    new: &[ModelState],
    picks: &[Option<prop::sample::Index>],
) -> (Vec<ModelState>, Was) {
    let (mut state, mut was) = (sealed(new), Was::new());
    for (known, model) in
        old.iter().filter_map(|known| Some((known, new.iter().find(|new| new.name == known.name)?)))
    {
        let shared = |field: &&FieldState| !field.primary_key && known.field(&field.name).is_some();
        let (ways, none): (Vec<&FieldState>, Vec<&FieldState>) =
            model.fields.iter().filter(shared).partition(|field| is_possible(known, field));
        let mut give = |field: &FieldState, name: String| {
            let foreign = field.target().is_some();
            let operation = Operation::RenameField {
                model: model.name.clone(),
                from: field.name.clone(),
                column: nuages_schema::column_name(&name, foreign),
                to: name.clone(),
            };
            apply(&mut state, "shop", &operation).unwrap();
            name
        };
        none.into_iter().for_each(|field| drop(give(field, format!("new_{}", field.name))));
        let at = MODELS.iter().position(|name| *name == model.name).unwrap();
        if let Some(pick) = picks[at].filter(|_| !ways.is_empty()) {
            let field = *pick.get(&ways);
            let name = give(field, format!("was_{}", field.name));
            was.insert((model.name.clone(), name), field.name.clone());
        }
    }
    (state.app("shop").cloned().collect(), was)
}

/// Whether a database can make the one column of the other.
fn is_possible(known: &ModelState, field: &FieldState) -> bool {
    let mut after = known.clone();
    let at = known.fields.iter().position(|old| old.name == field.name).unwrap();
    after.fields[at] = FieldState { nullable: true, ..field.clone() };
    let mut one = DeclaredModel::new(after);
    one.intents.insert(field.name.clone(), Intent { narrow: true, ..Intent::default() });
    let declared = Declared { app: "shop".into(), models: vec![one], ..Declared::default() };
    let found = detect(&sealed(&[known.clone()]), &declared);
    !found.findings.iter().any(|finding| finding.text.contains("no database makes"))
}

/// The models with every consent and a value for every column, so that nothing is left to ask.
fn declared(old: &[ModelState], new: &[ModelState], was: &Was) -> Declared {
    let gone = |name: &str| !new.iter().any(|model| model.name == name);
    let mut declared = Declared { app: "shop".into(), ..Declared::default() };
    declared.drops = old.iter().filter(|model| gone(&model.name)).map(|model| model.name.clone()).collect();
    for model in new {
        let mut one = DeclaredModel::new(model.clone());
        if let Some(known) = old.iter().find(|known| known.name == model.name) {
            let fields = known.fields.iter().map(|field| &field.name);
            let all = fields.chain(known.many_to_many.iter().map(|relation| &relation.name));
            one.drops = all
                .filter(|name| model.field(name).is_none() && model.relation(name).is_none())
                .filter(|name| !was.iter().any(|((of, _), old)| *of == model.name && old == *name))
                .cloned()
                .collect();
        }
        for field in &model.fields {
            let backfill = (!field.nullable).then(|| match field.unique {
                // The same value in each row would be refused, though there is no row.
                true => Backfill::Sql { sql: "NULL".into() },
                false => Backfill::Value(value(field)),
            });
            let was = was.get(&(model.name.clone(), field.name.clone())).cloned();
            one.intents
                .insert(field.name.clone(), Intent { backfill, was, narrow: true, ..Intent::default() });
        }
        one.intents.insert("tags".into(), Intent { narrow: true, ..Intent::default() });
        declared.models.push(one);
    }
    declared
}

fn value(field: &FieldState) -> Literal {
    let text = |text: &str| Literal::Text(text.into());
    match &field.data {
        ColumnType::Key { .. } => Literal::Int(1),
        ColumnType::Plain { kind, .. } => match kind {
            ColumnKind::Bool => Literal::Bool(true),
            ColumnKind::Real | ColumnKind::Double => Literal::Float(0.5),
            ColumnKind::Decimal => text("1.00"),
            ColumnKind::Text => text("it's"),
            ColumnKind::Date => text("2020-01-31"),
            ColumnKind::Time => text("12:30:00"),
            ColumnKind::DateTime => text("2020-01-31 12:30:00"),
            ColumnKind::Uuid => text("6f9619ff-8b86-d011-b42d-00c04fc964ff"),
            ColumnKind::Json => text("{}"),
            ColumnKind::Binary => text("x"),
            _ => Literal::Int(3),
        },
    }
}

fn sealed(models: &[ModelState]) -> ProjectState {
    let mut state = ProjectState::new();
    models.iter().for_each(|model| state.insert("shop", model.clone()));
    state
}

fn operations(state: &ProjectState, old: &[ModelState], new: &[ModelState], was: &Was) -> Vec<Operation> {
    let found = detect(state, &declared(old, new, was));
    assert_eq!(found.findings, [], "{old:#?}\n{new:#?}");
    found.operations
}

/// One pair, on a database that it leaves empty.
async fn case(db: &Db, old: &[ModelState], new: &[ModelState], was: &Was) -> Result<()> {
    let first = operations(&ProjectState::new(), &[], old, &Was::new());
    let first_state = state(&line(std::slice::from_ref(&first)), 1);
    let second = operations(&first_state, old, new, was);
    let migrations = line(&[first, second]);
    run(db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    assert_equal(db, &sealed(old), "first").await;
    up(db, &migrations).await?;
    assert_equal(db, &sealed(new), "second").await;
    assert_eq!(operations(&state(&migrations, 2), new, new, was), [], "generating again gives nothing");
    run(db, &migrations, Target::At("shop".into(), "0001".into())).await?;
    assert_equal(db, &sealed(old), "taken back").await;
    run(db, &migrations, Target::Zero("shop".into())).await?;
    // One migration for both leads to the same.
    let squashed =
        nuages_build::squash::squash(&History::new(sealed_line(&migrations)).unwrap(), "0001", "0002");
    let squashed = line(&[squashed.unwrap().migration.operations]);
    up(db, &squashed).await?;
    assert_equal(db, &sealed(new), "squashed").await;
    run(db, &squashed, Target::Zero("shop".into())).await.map(drop)
}

/// The migrations with their checksums, which only sealed ones have.
fn sealed_line(migrations: &Migrations) -> Vec<Migration> {
    migrations.ordered().map(|one| Migration { sealed: Some(one.checksum()), ..one.clone() }).collect()
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[tokio::test]
async fn any_schema_leads_to_any_other() -> Result<()> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number("NUAGES_SEED", 1).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let cases = number("NUAGES_CASES", 25);
    let picks = vec(prop::option::of(any::<prop::sample::Index>()), MODELS.len());
    let strategy = (any_schema(), any_schema(), picks).prop_map(|(old, new, picks)| {
        let (new, was) = rename(&old, &new, &picks);
        (old, new, was)
    });
    let pairs: Vec<_> = (0..cases).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    nuages::test::on_each_database(async |db| {
        let (start, mut slowest) = (Instant::now(), Duration::ZERO);
        for (at, (old, new, was)) in pairs.iter().enumerate() {
            let began = Instant::now();
            case(&db, old, new, was)
                .await
                .map_err(|error| error.context(format!("case {at}: {old:#?}\nto {new:#?}")))?;
            slowest = slowest.max(began.elapsed());
        }
        println!("{}: {cases} pairs in {:?}, the slowest {slowest:?}", db.backend().title(), start.elapsed());
        Ok(())
    })
    .await
}
