//! From a random schema with rows to a random schema, on every database: what is generated is applied, the catalogue
//! shows the state, rows keep their values, generating again gives nothing, and taking it back gives the first schema
//! and the rows of the columns that stayed.
//!
//! A short run with a fixed seed; `NUAGES_CASES=500 NUAGES_SEED=7` makes a long one with another, and
//! `NUAGES_CASE=17` runs one of them alone.
#![allow(clippy::cloned_ref_to_slice_refs, reason = "reads better")]
#![allow(missing_docs, clippy::unwrap_used)]

mod pairs;
mod rows;
mod schema;
#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use nuages::{Db, Result};
use nuages_build::History;
use nuages_build::file::Migration;
use nuages_build::state::ProjectState;
use nuages_migrate::run::Done;
use nuages_migrate::{Migrations, Target};
use pairs::{Pair, sealed};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rows::Rows;
use schema::{MODELS, any_schema};
use support::*;

/// One pair, on a database that it leaves empty; how many rows there were.
async fn case(db: Db, pair: Pair) -> Result<usize> {
    let Pair { old, new, .. } = &pair;
    let first = Pair { new: old.clone(), ..Pair::default() }.operations(&ProjectState::new());
    let second = pair.operations(&state(&line(std::slice::from_ref(&first)), 1));
    let migrations = line(&[first, second]);
    let rows = Rows::of(&pair);
    let to_first = || Target::At("shop".into(), "0001".into());
    run(&db, &migrations, to_first()).await?;
    assert_equal(&db, &sealed(old), "first").await;
    rows.insert(&db).await?;
    rows.assert_before(&db).await;
    up(&db, &migrations).await?;
    assert_equal(&db, &sealed(new), "second").await;
    rows.assert_after(&db).await;
    assert_eq!(pair.operations(&state(&migrations, 2)), [], "generating again gives nothing");
    assert_eq!(up(&db, &migrations).await?, Done::default(), "a second run does nothing");
    run(&db, &migrations, to_first()).await?;
    assert_equal(&db, &sealed(old), "taken back").await;
    rows.assert_back(&db).await;
    run(&db, &migrations, Target::Zero("shop".into())).await?;
    squashed(&db, &migrations, &sealed(new)).await?;
    Ok(rows.count())
}

/// One migration for both leads to the same.
async fn squashed(db: &Db, migrations: &Migrations, new: &ProjectState) -> Result<()> {
    let sealed = |one: &Migration| Migration { sealed: Some(one.checksum()), ..one.clone() };
    let history = History::new(migrations.ordered().map(sealed).collect()).unwrap();
    let one = nuages_build::squash::squash(&history, "0001", "0002").unwrap().migration;
    let squashed = line(&[one.operations]);
    up(db, &squashed).await?;
    assert_equal(db, new, "squashed").await;
    run(db, &squashed, Target::Zero("shop".into())).await.map(drop)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn pairs() -> Vec<(usize, Pair)> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number("NUAGES_SEED").unwrap_or(1).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let picks = vec(prop::option::of(any::<prop::sample::Index>()), MODELS.len());
    let strategy =
        (any_schema(), any_schema(), picks).prop_map(|(old, new, picks)| Pair::new(old, new, &picks));
    let cases = 0..number("NUAGES_CASES").unwrap_or(15);
    let all = cases.map(|_| strategy.new_tree(&mut runner).unwrap().current()).enumerate();
    let only = number("NUAGES_CASE");
    all.filter(|(at, _)| only.is_none_or(|only| only == *at as u64)).collect()
}

#[tokio::test]
async fn any_schema_leads_to_any_other_and_keeps_its_rows() -> Result<()> {
    let pairs = pairs();
    nuages::test::on_each_database(async |db| {
        let (start, mut slowest, mut rows) = (Instant::now(), Duration::ZERO, 0);
        let mut failed = Vec::new();
        for (at, pair) in &pairs {
            let began = Instant::now();
            // A task of its own, so that one that panics does not end the others.
            match tokio::spawn(case(db.clone(), pair.clone())).await {
                Ok(Ok(count)) => rows += count,
                Ok(Err(error)) => failed.push(format!("case {at}: {error}")),
                Err(error) => failed.push(format!("case {at}: {error}")),
            }
            if failed.last().is_some_and(|last| last.starts_with(&format!("case {at}:"))) {
                wipe(&db).await;
            }
            slowest = slowest.max(began.elapsed());
        }
        println!(
            "{}: {} pairs with {rows} rows in {:?}, the slowest {slowest:?}",
            db.backend().title(),
            pairs.len(),
            start.elapsed()
        );
        assert!(failed.is_empty(), "{} failed\n{}", failed.len(), failed.join("\n"));
        Ok(())
    })
    .await
}
