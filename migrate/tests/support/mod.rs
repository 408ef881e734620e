//! What the tests of migrations share: models by hand, a history that grows, and the comparison with the catalogue.
#![allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used)]

use std::collections::BTreeMap;

use nuages::{Db, Result};
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_build::state::{
    ColumnType, FieldState, ManyToManyState, ModelRef, ModelState, ProjectState, apply,
};
use nuages_migrate::introspect::introspect;
use nuages_migrate::run::{Done, Quiet};
use nuages_migrate::table::{Table, tables_of};
use nuages_migrate::{AppMigrations, DataSteps, Migrations, Options, Target, migrate};
use nuages_schema::ColumnKind;

pub(crate) fn model(name: &str, fields: &[FieldState]) -> ModelState {
    let mut model = ModelState::new(name, &nuages_schema::default_table("shop", name));
    model.fields.push(FieldState::auto_key("id"));
    model.fields.extend_from_slice(fields);
    model
}

pub(crate) fn text(name: &str) -> FieldState {
    FieldState::new(name, ColumnType::text(100))
}

pub(crate) fn plain(name: &str, kind: ColumnKind) -> FieldState {
    FieldState::new(name, ColumnType::plain(kind))
}

pub(crate) fn int(name: &str) -> FieldState {
    plain(name, ColumnKind::Integer)
}

pub(crate) fn null(field: FieldState) -> FieldState {
    FieldState { nullable: true, ..field }
}

pub(crate) fn key(name: &str, to: &str) -> FieldState {
    FieldState::new(name, ColumnType::key(ModelRef::new("shop", to)))
}

pub(crate) fn relation(model: &str, name: &str, to: &str) -> ManyToManyState {
    ManyToManyState {
        name: name.into(),
        to: ModelRef::new("shop", to),
        table: format!("shop_{}_{name}", model.to_lowercase()),
        from_column: format!("{}_id", model.to_lowercase()),
        to_column: format!("{}_id", to.to_lowercase()),
        through: None,
    }
}

pub(crate) fn create(model: ModelState) -> Operation {
    Operation::CreateModel { model }
}

/// A line of migrations of one app, one for each list of operations.
pub(crate) fn line(steps: &[Vec<Operation>]) -> Migrations {
    let mut migrations: Vec<Migration> = Vec::new();
    for (at, operations) in steps.iter().enumerate() {
        let parent = migrations.last().map(|last| last.name.clone());
        let mut migration = Migration::pending("shop", parent.as_deref(), operations.clone());
        migration.name = format!("{:04}_step", at + 1);
        migrations.push(migration);
    }
    Migrations::new(vec![AppMigrations::new("shop", migrations).unwrap()], None).unwrap()
}

pub(crate) async fn run(db: &Db, migrations: &Migrations, target: Target) -> Result<Done> {
    let options = Options { target, ..Options::default() };
    migrate(db.database(), migrations, &DataSteps::registered(), &options, &Quiet).await
}

pub(crate) async fn up(db: &Db, migrations: &Migrations) -> Result<Done> {
    run(db, migrations, Target::Everything).await
}

/// The state that the first migrations make.
pub(crate) fn state(migrations: &Migrations, count: usize) -> ProjectState {
    let mut state = ProjectState::new();
    for migration in migrations.ordered().take(count) {
        for operation in &migration.operations {
            apply(&mut state, &migration.app, operation).unwrap();
        }
    }
    state
}

/// The tables that a state comes to on this database.
pub(crate) fn expected(db: &Db, state: &ProjectState) -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    for (name, _) in state.models() {
        let of = tables_of(state, name, db.backend()).unwrap();
        for table in of.own.into_iter().chain(of.joins.into_values()) {
            tables.insert(table.name.clone(), table.comparable());
        }
    }
    tables
}

/// The tables that are there, without those of the executor.
pub(crate) async fn live(db: &Db) -> BTreeMap<String, Table> {
    let tables = introspect(db).await.unwrap().into_iter();
    let own = |name: &str| name.starts_with("nuages_migration");
    tables.filter(|(name, _)| !own(name)).map(|(name, table)| (name, table.comparable())).collect()
}

/// Holds the catalogue against the state, table by table.
pub(crate) async fn assert_equal(db: &Db, state: &ProjectState, what: &str) {
    let (expected, live) = (expected(db, state), live(db).await);
    let names = |tables: &BTreeMap<String, Table>| tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&live), names(&expected), "{what}: tables on {}", db.backend().title());
    for (name, table) in &expected {
        assert_eq!(&live[name], table, "{what}: table {name} on {}", db.backend().title());
    }
}

pub(crate) async fn sql(db: &Db, sql: &str) {
    let text =
        if db.backend() == nuages_schema::Backend::Mysql { sql.replace('"', "`") } else { sql.to_owned() };
    db.execute_script(text).await.unwrap();
}

/// The first column of all rows, as text, in order.
pub(crate) async fn column(db: &Db, sql: &str) -> Vec<String> {
    let mysql = db.backend() == nuages_schema::Backend::Mysql;
    let text = if mysql { sql.replace('"', "`") } else { sql.to_owned() };
    let text = if mysql { text.replace(" AS TEXT)", " AS CHAR)") } else { text };
    // A connection of its own: PostgreSQL refuses statements that were prepared before a column changed its type.
    let own = db.database().dedicated().await.unwrap();
    let rows = own.fetch(text.into()).await.unwrap();
    own.close().await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().unwrap_or_else(|| "NULL".into())).collect()
}

/// Takes away every table but the record, which it empties: what a failure has left.
pub(crate) async fn wipe(db: &Db) {
    let tables = live(db).await;
    let own = db.database().dedicated().await.unwrap();
    let cascade = match own.backend() {
        nuages_schema::Backend::Sqlite => {
            sql(&own, "PRAGMA foreign_keys = OFF").await;
            ""
        }
        nuages_schema::Backend::Mysql => {
            sql(&own, "SET FOREIGN_KEY_CHECKS = 0").await;
            ""
        }
        nuages_schema::Backend::Postgres => " CASCADE",
    };
    for table in tables.keys() {
        sql(&own, &format!("DROP TABLE \"{table}\"{cascade}")).await;
    }
    for table in introspect(&own).await.unwrap().keys() {
        sql(&own, &format!("DELETE FROM {table}")).await;
    }
    own.close().await.unwrap();
}
