//! Random queries about random rows, held against an evaluator in memory, on every database.
//!
//! The normal run is short and the same each time; `NUAGES_LONG=10000` asks for that many queries per
//! database. A query that fails is made smaller before it is shown.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::indexing_slicing, reason = "tests")]

mod data;
mod evaluate;
mod generate;
mod run;
mod schema;

use nuages::prelude::*;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use data::Data;
use generate::Tape;

/// Queries about one set of rows.
const QUERIES: usize = 5;

#[tokio::test]
async fn random_queries_find_what_the_evaluator_finds() -> Result<()> {
    let cases = std::env::var("NUAGES_LONG").ok().and_then(|n| n.parse().ok()).unwrap_or(150_usize);
    nuages::test::on_each_database(async |db| {
        db.execute_script(schema::tables(db.backend())).await?;
        let mut runner = runner();
        for _ in 0..cases.div_ceil(QUERIES) {
            let data = Data::random(&mut Tape::new(&tape(&mut runner, 160).current()));
            data.write(&db).await?;
            for _ in 0..QUERIES {
                attempt(&db, &data, &mut runner).await;
            }
        }
        Ok(())
    })
    .await
}

fn runner() -> TestRunner {
    let seed: u8 = std::env::var("NUAGES_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(7);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    TestRunner::new_with_rng(Config::default(), rng)
}

/// Choices to make something random of; fewer and lower ones make something smaller.
fn tape(runner: &mut TestRunner, length: usize) -> impl ValueTree<Value = Vec<u16>> + use<> {
    vec(0_u16..1000, length).new_tree(runner).expect("a tape")
}

async fn attempt(db: &Db, data: &Data, runner: &mut TestRunner) {
    let mut tree = tape(runner, 80);
    let Err(mut problem) = run::check(db, data, &mut Tape::new(&tree.current())).await else { return };
    let mut left = 400;
    let mut smaller = tree.simplify();
    while smaller && left > 0 {
        left -= 1;
        smaller = match run::check(db, data, &mut Tape::new(&tree.current())).await {
            Err(simpler) => {
                problem = simpler;
                tree.simplify()
            }
            Ok(()) => tree.complicate(),
        };
    }
    panic!("{problem}\n\nthe rows:\n{data}");
}
