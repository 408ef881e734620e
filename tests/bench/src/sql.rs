//! How long it takes to write a statement: the query as a value, its text, and its values; nothing is sent.

use std::hint::black_box;
use std::time::Instant;

use nuages::prelude::*;
use nuages::{Database, DatabaseSettings};

use crate::orm::Item;

/// Statements in a round; the best of the rounds counts, since other programs only ever add to one.
const TIMES: u32 = 20_000;
const ROUNDS: u32 = 20;

/// Measures with SQLite's spelling; the others differ in a few characters.
pub(crate) async fn run() -> crate::Result<()> {
    let settings = DatabaseSettings::new("sqlite::memory:");
    let database = Database::connect(&settings).await.map_err(|error| error.to_string())?;
    let db = database.session();
    println!("{:<44}{:>12}{:>16}", "time to write a statement", "whole query", "its SQL alone");
    let by_key = |n: i64| Item::objects().filter(move |i| i.id.eq(n));
    line("by key", &db, by_key);
    line("five predicates, ordered, limited", &db, |n| {
        Item::objects()
            .filter(move |i| i.id.gt(n) & i.pages.lt(900) & i.pages.gte(100))
            .filter(|i| i.in_stock.eq(true) | i.rating.gt(0.5))
            .order_by(|i| (i.name, i.id.desc()))
            .limit(25)
    });
    line("five predicates, two of them left out", &db, |n| {
        let mut query = Item::objects().filter(move |i| i.id.gt(n));
        if n % 2 == 0 {
            query = query.filter(|i| i.in_stock.eq(true));
        }
        if n % 3 == 0 {
            query = query.filter(|i| i.rating.gt(0.5));
        }
        query.filter(|i| i.pages.lt(900)).exclude(|i| i.pages.lt(100))
    });
    Ok(())
}

fn line(name: &str, db: &Db, make: impl Fn(i64) -> QuerySet<Item>) {
    let whole = best(|n| drop(black_box(make(n).sql(db))));
    let queries: Vec<_> = (0..6).map(&make).collect();
    let alone = best(|n| drop(black_box(queries[n as usize % queries.len()].sql(db))));
    println!("{name:<44}{whole:>9.0} ns{alone:>13.0} ns");
}

fn best(run: impl Fn(i64)) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        for n in 0..TIMES {
            run(i64::from(n));
        }
        best = best.min(begin.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES));
    }
    best
}
