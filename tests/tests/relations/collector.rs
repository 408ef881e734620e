//! The delete collector against a model of Django's rules in memory, and the shapes that are easy to get wrong.

use std::collections::{BTreeMap, BTreeSet};

use nuages::backend::Statement;
use nuages::prelude::*;
use nuages::schema::{ModelSchema, OnDelete};

#[derive(Model, Clone, Debug)]
#[model(app_label = "col", display = "{id}")]
pub struct Hub {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = crew)]
    pub boss: Option<ForeignKey<Hub>>,
    #[field(on_delete = SetNull, related_name = guests)]
    pub home: Option<ForeignKey<Mid>>,
    #[field(on_delete = Restrict, related_name = patrons)]
    pub patron: Option<ForeignKey<Low>>,
}

#[derive(Model, Clone, Debug)]
#[model(app_label = "col", display = "{id}")]
pub struct Mid {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = mids)]
    pub hub: Option<ForeignKey<Hub>>,
    #[field(on_delete = SetNull, related_name = sides)]
    pub side: Option<ForeignKey<Hub>>,
    #[field(on_delete = Restrict, related_name = guarded)]
    pub guard: Option<ForeignKey<Hub>>,
    #[field(related_name = liked)]
    #[expect(dead_code, reason = "read by the derive")]
    pub fans: ManyToMany<Hub>,
}

#[derive(Model, Clone, Debug)]
#[model(app_label = "col", display = "{id}")]
pub struct Low {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = lows)]
    pub mid: Option<ForeignKey<Mid>>,
    #[field(on_delete = Cascade, related_name = lows)]
    pub hub: Option<ForeignKey<Hub>>,
    #[field(on_delete = Protect, related_name = kept)]
    pub keep: Option<ForeignKey<Mid>>,
    #[field(on_delete = SetDefault, default = first(), related_name = alts)]
    pub alt: Option<ForeignKey<Hub>>,
}

/// The hub that others fall back to.
fn first() -> ForeignKey<Hub> {
    ForeignKey::to(1)
}

/// Nothing hangs on it, and it can be reached by two ways.
#[derive(Model, Clone, Debug)]
#[model(app_label = "col", display = "{id}")]
pub struct Leaf {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = leaves)]
    pub mid: Option<ForeignKey<Mid>>,
    #[field(on_delete = Cascade, related_name = leaves)]
    pub low: Option<ForeignKey<Low>>,
    #[field(on_delete = SetNull, related_name = leaves)]
    pub hub: Option<ForeignKey<Hub>>,
}

/// Refers to its own table by columns that are never empty.
#[derive(Model, Clone, Debug)]
#[model(app_label = "col", display = "{id}")]
pub struct Tree {
    pub id: i64,
    #[field(on_delete = Cascade, related_name = children)]
    pub parent: ForeignKey<Tree>,
    #[field(on_delete = Cascade, related_name = kin)]
    pub other: ForeignKey<Tree>,
}

const MODELS: [fn() -> &'static ModelSchema; 5] =
    [Hub::schema, Mid::schema, Low::schema, Leaf::schema, Tree::schema];
/// The models of the random test; the tree has a test of its own.
const WORLD: usize = 4;

/// The rows of each model: their keys, and what their foreign keys hold, in the order of the schema.
#[derive(Clone, Debug, Default, PartialEq)]
struct World {
    rows: [BTreeMap<i64, Vec<Option<i64>>>; WORLD],
    fans: BTreeSet<(i64, i64)>,
}

/// A row: the model's number and the key.
type Place = (usize, i64);

/// The foreign keys of a model: the rule, the number of the target.
fn keys(model: usize) -> Vec<(OnDelete, usize)> {
    let number = |schema: &ModelSchema| MODELS.iter().position(|model| model() == schema).unwrap();
    let foreign = MODELS[model]().fields.iter().filter_map(|field| field.foreign);
    foreign.map(|foreign| (foreign.on_delete, number((foreign.target)()))).collect()
}

impl World {
    /// Rows that refer to a row about to go, by one of these rules.
    fn referring(&self, going: &BTreeSet<Place>, rule: OnDelete) -> BTreeSet<Place> {
        let mut found = BTreeSet::new();
        for (model, rows) in self.rows.iter().enumerate() {
            for (id, values) in rows {
                let held = keys(model).into_iter().zip(values);
                let mut held = held.filter_map(|((own, target), value)| Some((own, (target, (*value)?))));
                if held.any(|(own, place)| own == rule && going.contains(&place)) {
                    found.insert((model, *id));
                }
            }
        }
        found
    }

    /// What Django does: the world after it and how many rows of each model went, or nothing if it refuses.
    fn delete(&self, roots: &BTreeSet<Place>) -> Option<(Self, BTreeMap<usize, u64>)> {
        let mut going = roots.clone();
        loop {
            let more = self.referring(&going, OnDelete::Cascade);
            if more.is_subset(&going) {
                break;
            }
            going.extend(more);
        }
        let restricted = self.referring(&going, OnDelete::Restrict);
        if !self.referring(&going, OnDelete::Protect).is_empty() || !restricted.is_subset(&going) {
            return None;
        }
        let mut after = self.clone();
        for (model, rows) in after.rows.iter_mut().enumerate() {
            rows.retain(|id, _| !going.contains(&(model, *id)));
            for values in rows.values_mut() {
                for ((rule, target), value) in keys(model).into_iter().zip(values) {
                    if value.is_some_and(|id| going.contains(&(target, id))) {
                        *value = if rule == OnDelete::SetDefault { Some(1) } else { None };
                        if *value == Some(1) && going.contains(&(0, 1)) {
                            return None; // The database refuses.
                        }
                    }
                }
            }
        }
        after.fans.retain(|(mid, hub)| !going.contains(&(1, *mid)) && !going.contains(&(0, *hub)));
        let mut counts = BTreeMap::new();
        for (model, _) in going {
            *counts.entry(model).or_default() += 1;
        }
        Some((after, counts))
    }

    async fn write(&self, db: &Db) -> Result<()> {
        for (model, rows) in self.rows.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            let ids: Vec<String> = rows.keys().map(|id| format!("({id})")).collect();
            run(db, format!("INSERT INTO {} (id) VALUES {}", table(model), ids.join(", "))).await?;
        }
        for (model, rows) in self.rows.iter().enumerate() {
            for (id, values) in rows.iter().filter(|(_, values)| values.iter().any(Option::is_some)) {
                let set: Vec<String> = columns(model)
                    .zip(values)
                    .map(|(column, value)| {
                        format!("{column} = {}", value.map_or("NULL".into(), |v| v.to_string()))
                    })
                    .collect();
                run(db, format!("UPDATE {} SET {} WHERE id = {id}", table(model), set.join(", "))).await?;
            }
        }
        for (mid, hub) in &self.fans {
            run(db, format!("INSERT INTO col_mid_fans (mid_id, hub_id) VALUES ({mid}, {hub})")).await?;
        }
        Ok(())
    }

    async fn read(db: &Db) -> Result<Self> {
        let mut world = Self::default();
        for (model, rows) in world.rows.iter_mut().enumerate() {
            let names: Vec<&str> = columns(model).collect();
            let sql = format!("SELECT id, {} FROM {}", names.join(", "), table(model));
            for row in db.fetch(Statement::new(sql, vec![])).await? {
                let values = (1..=names.len()).map(|at| row.i64(at)).collect::<Result<_>>()?;
                rows.insert(row.i64(0)?.unwrap(), values);
            }
        }
        for row in db.fetch("SELECT mid_id, hub_id FROM col_mid_fans".into()).await? {
            world.fans.insert((row.i64(0)?.unwrap(), row.i64(1)?.unwrap()));
        }
        Ok(world)
    }

    /// Empties the tables, foreign keys first.
    async fn clear(db: &Db) -> Result<()> {
        run(db, "DELETE FROM col_mid_fans".into()).await?;
        for model in 0..WORLD {
            let set: Vec<String> = columns(model).map(|column| format!("{column} = NULL")).collect();
            run(db, format!("UPDATE {} SET {}", table(model), set.join(", "))).await?;
        }
        for model in 0..WORLD {
            run(db, format!("DELETE FROM {}", table(model))).await?;
        }
        Ok(())
    }
}

async fn run(db: &Db, sql: String) -> Result<u64> {
    db.execute(Statement::new(sql, vec![])).await
}

fn table(model: usize) -> &'static str {
    MODELS[model]().table.as_str()
}

fn columns(model: usize) -> impl Iterator<Item = &'static str> {
    MODELS[model]().fields.iter().filter(|field| field.foreign.is_some()).map(|field| field.column)
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn id(&mut self, sides: u64) -> i64 {
        i64::try_from(self.roll(sides)).unwrap() + 1
    }
}

/// A few rows of each model that refer to each other as it happens, cycles among them.
fn world(dice: &mut Dice) -> World {
    let mut world = World::default();
    let sizes = [3 + dice.roll(4), 2 + dice.roll(4), 2 + dice.roll(4), dice.roll(6)];
    // Few rows protect or restrict, so that about half of the deletions go through.
    let dense = 1 + dice.roll(4);
    for (model, size) in sizes.iter().enumerate() {
        for id in 1..=i64::try_from(*size).unwrap() {
            let values = keys(model).into_iter().map(|(rule, target)| {
                let rare = matches!(rule, OnDelete::Protect | OnDelete::Restrict);
                let some = dice.roll(if rare { 8 * dense } else { dense }) == 0;
                some.then(|| dice.id(sizes[target]))
            });
            let values = values.collect();
            world.rows[model].insert(id, values);
        }
    }
    for _ in 0..dice.roll(5) {
        world.fans.insert((dice.id(sizes[1]), dice.id(sizes[0])));
    }
    world
}

async fn delete(db: &Db, model: usize, ids: &[i64]) -> Result<nuages::query::Deleted> {
    let ids = ids.to_vec();
    match model {
        0 => Hub::objects().filter(|h| h.id.is_in(ids)).delete(db).await,
        1 => Mid::objects().filter(|m| m.id.is_in(ids)).delete(db).await,
        2 => Low::objects().filter(|l| l.id.is_in(ids)).delete(db).await,
        _ => Leaf::objects().filter(|l| l.id.is_in(ids)).delete(db).await,
    }
}

async fn each(test: impl AsyncFn(Db) -> Result<()>) -> Result<()> {
    nuages::test::on_each_database(async |db| {
        nuages_tests::tables::create(&db, &MODELS).await?;
        test(db).await
    })
    .await
}

/// `NUAGES_COLLECTOR_CASES` makes it longer.
#[tokio::test]
async fn random_rows_go_as_in_django() -> Result<()> {
    let cases = std::env::var("NUAGES_COLLECTOR_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    each(async |db| {
        let (mut went, mut refused, mut rows) = (0, 0, 0);
        for seed in 0..cases {
            let mut dice = Dice(seed * 7919 + 13);
            let before = world(&mut dice);
            before.write(&db).await?;
            let model = usize::try_from(dice.roll(3))?;
            let size = before.rows[model].len() as u64;
            let ids: Vec<i64> = (0..1 + dice.roll(2)).map(|_| dice.id(size)).collect();
            let roots = ids.iter().map(|id| (model, *id)).collect();
            let outcome = delete(&db, model, &ids).await;
            let after = World::read(&db).await?;
            match (before.delete(&roots), outcome) {
                (Some((expected, counts)), Ok(deleted)) => {
                    assert_eq!(after, expected, "seed {seed}: {ids:?} of {} in {before:?}", table(model));
                    let told: BTreeMap<String, u64> = deleted.per_model.into_iter().collect();
                    let counts: BTreeMap<String, u64> =
                        counts.iter().map(|(model, count)| (MODELS[*model]().label(), *count)).collect();
                    assert_eq!(told, counts, "seed {seed}");
                    assert_eq!(deleted.total, counts.values().sum::<u64>());
                    went += 1;
                    rows += deleted.total;
                }
                (None, Err(error)) => {
                    assert_eq!(error.kind(), ErrorKind::ForeignKey, "seed {seed}: {error}");
                    assert_eq!(after, before, "seed {seed}: what is refused changes nothing");
                    refused += 1;
                }
                (expected, outcome) => panic!(
                    "seed {seed}: {ids:?} of {} in {before:?}\nexpected {expected:?}\ncame {outcome:?}",
                    table(model)
                ),
            }
            World::clear(&db).await?;
        }
        println!("{:?}: {went} deletions of {rows} rows, {refused} refused", db.backend());
        assert!(went > cases / 4 && refused > cases / 20, "the cases are of every sort");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_that_restricts_goes_by_another_way() -> Result<()> {
    each(async |db| {
        // As in Django's documentation of RESTRICT: artist, album, song.
        let artist = NewHub {}.create(&db).await?;
        let other = NewHub {}.with(|h| h.boss.set(&artist)).create(&db).await?;
        NewMid {}.with(|m| (m.hub.set(&artist), m.guard.set(&other))).create(&db).await?;
        let error = other.delete(&db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ForeignKey);
        assert_eq!(error.to_string(), "this hub is still referred to by 1 mid through `guard`");
        let deleted = artist.delete(&db).await?;
        assert_eq!(deleted.total, 3, "{deleted:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_that_stands_in_the_way_is_named() -> Result<()> {
    each(async |db| {
        let hub = NewHub {}.create(&db).await?;
        let mid = NewMid {}.with(|m| m.hub.set(&hub)).create(&db).await?;
        for _ in 0..2 {
            NewMid {}.with(|m| m.guard.set(&hub)).create(&db).await?;
        }
        NewLow {}.with(|l| l.keep.set(&mid)).create(&db).await?;
        let error = hub.delete(&db).await.unwrap_err().to_string();
        for part in ["this hub is still referred to by ", "2 mids through `guard`", "1 low through `keep`"] {
            assert!(error.contains(part), "{error}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn deep_and_wide() -> Result<()> {
    each(async |db| {
        let root = NewHub {}.create(&db).await?;
        let mut above = root.clone();
        for _ in 0..150 {
            above = NewHub {}.with(|h| h.boss.set(&above)).create(&db).await?;
        }
        let wide = (0..2500).map(|_| NewMid {}.with(|m| m.hub.set(&above)));
        Mid::objects().bulk_create(&db, wide).await?;
        let mids: Vec<i64> = Mid::objects().values(|m| m.id).all(&db).await?;
        let leaves = mids.iter().map(|id| NewLeaf {}.with(|l| l.mid.set(*id)));
        Leaf::objects().bulk_create(&db, leaves).await?;
        let deleted = root.delete(&db).await?;
        let mut per_model = deleted.per_model;
        per_model.sort();
        let expected = [("col.Hub".into(), 151), ("col.Leaf".into(), 2500), ("col.Mid".into(), 2500)];
        assert_eq!(per_model, expected);
        assert_eq!(Hub::objects().count(&db).await? + Leaf::objects().count(&db).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tree_whose_keys_are_never_empty() -> Result<()> {
    each(async |db| {
        let (mut dice, mut going) = (Dice(7), BTreeSet::from([2]));
        for id in 1..=80 {
            let up = u64::try_from(id - 1)?.max(1);
            let (parent, other) = (dice.id(up), dice.id(up));
            let sql =
                format!("INSERT INTO col_tree (id, parent_id, other_id) VALUES ({id}, {parent}, {other})");
            run(&db, sql).await?;
            if going.contains(&parent) || going.contains(&other) {
                going.insert(id);
            }
        }
        let deleted = Tree::objects().filter(|t| t.id.eq(2)).delete(&db).await?;
        assert_eq!(deleted.total, going.len() as u64);
        assert!(going.len() > 20);
        let left: Vec<i64> = Tree::objects().order_by(|t| t.id).values(|t| t.id).all(&db).await?;
        assert_eq!(left, (1..=80).filter(|id| !going.contains(id)).collect::<Vec<_>>());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_that_nothing_hangs_on_go_in_one_statement() -> Result<()> {
    each(async |db| {
        let mid = NewMid {}.create(&db).await?;
        for _ in 0..3 {
            NewLeaf {}.with(|l| l.mid.set(&mid)).create(&db).await?;
        }
        let count = db.query_count();
        let deleted = Leaf::objects().filter(|l| l.mid.hub.is_null()).delete(&db).await?;
        assert_eq!((deleted.total, db.query_count() - count), (3, 1));
        Ok(())
    })
    .await
}

/// MySQL checks each row at once, and has nothing to check at the end. Where it cannot be helped, it is said.
#[tokio::test]
async fn rings_of_keys_that_are_never_empty() -> Result<()> {
    each(async |db| {
        let mysql = db.backend() == nuages::backend::Backend::Mysql;
        run(
            &db,
            "INSERT INTO col_tree (id, parent_id, other_id) VALUES (1, 1, 1), (2, 1, 1), (3, 2, 2)".into(),
        )
        .await?;
        run(&db, "UPDATE col_tree SET parent_id = 3 WHERE id = 2".into()).await?;
        // The one refers to itself, the two others to each other.
        for (root, gone) in [(2, 2), (1, 1)] {
            match Tree::objects().filter(|t| t.id.eq(root)).delete(&db).await {
                Ok(deleted) => assert!(!mysql && deleted.total == gone, "{deleted:?}"),
                Err(error) => {
                    assert!(mysql && error.kind() == ErrorKind::ForeignKey, "{error:?}");
                    let text = error.to_string();
                    assert!(text.contains("`col.Tree.parent`") && text.contains("an `Option`"), "{text}");
                }
            }
        }
        assert_eq!(Tree::objects().count(&db).await?, if mysql { 3 } else { 0 });
        Ok(())
    })
    .await
}
