//! The guard against a query per row: which place of the code sent the same statement again and again, and what
//! to write there instead.

use std::fmt;

use nuages_schema::ModelSchema;

use crate::backend::{FoundBy, Place, Purpose, QueryRecord};
use crate::model::{ReferrerKind, referrers};

/// So often may one place send one statement before it is spoken of.
pub const HANDFUL: usize = 5;

/// A statement that one place sent more than a [handful](HANDFUL) of times.
#[derive(Clone, Debug)]
pub struct Repeat {
    /// Where, and what for.
    pub place: Place,
    /// How many times.
    pub count: usize,
    /// The statement.
    pub sql: String,
    /// What to write instead.
    pub advice: String,
}

/// Says where it is, how often, and what to do about it.
impl fmt::Display for Repeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, count, advice, .. } = self;
        write!(f, "{place}: the same statement {count} times; {advice}", place = place.caller)
    }
}

/// The repeated statements of a session's [records](crate::Db::queries), the most frequent first.
/// Places are known in debug builds, so a release build finds none.
#[must_use]
pub fn repeats(records: &[QueryRecord]) -> Vec<Repeat> {
    let mut found: Vec<(Place, &str, usize)> = Vec::new();
    for record in records {
        let Some(place) = record.place else { continue };
        let known = found.iter_mut().find(|(known, sql, _)| same_place(*known, place) && *sql == record.sql);
        match known {
            Some((_, _, count)) => *count += 1,
            None => found.push((place, &record.sql, 1)),
        }
    }
    found.retain(|(_, _, count)| *count > HANDFUL);
    found.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    let repeat = |(place, sql, count): (Place, &str, usize)| Repeat {
        place,
        count,
        sql: sql.to_owned(),
        advice: advice(place, &models_read(records, place)),
    };
    found.into_iter().map(repeat).collect()
}

fn same_place(one: Place, other: Place) -> bool {
    let place = |place: Place| (place.caller.file(), place.caller.line(), place.caller.column());
    place(one) == place(other)
}

/// The models whose rows other places read: there a relation could have been loaded along.
fn models_read(records: &[QueryRecord], except: Place) -> Vec<&'static ModelSchema> {
    let mut models: Vec<&'static ModelSchema> = Vec::new();
    let places = records.iter().filter_map(|record| record.place);
    for place in places.filter(|place| !same_place(*place, except)) {
        if matches!(place.purpose, Purpose::Read { .. }) && !models.contains(&place.model) {
            models.push(place.model);
        }
    }
    models
}

fn advice(place: Place, read: &[&'static ModelSchema]) -> String {
    let model = place.model;
    match place.purpose {
        Purpose::Create => format!("make the rows together: `{}::objects().bulk_create(&db, …)`", model.name),
        Purpose::Write => {
            format!("write the rows together: `{}::objects().filter(…).update(&db, …)`", model.name)
        }
        Purpose::Read { by: FoundBy::Key, .. } => by_key(model, read),
        Purpose::Read { by: FoundBy::ForeignKey(index), counts } => {
            let field = &model.fields[index];
            let Some(foreign) = field.foreign else { return together(model) };
            to_many((foreign.target)(), foreign.related_name, foreign.one_to_one, counts, model)
        }
        Purpose::Read { by: FoundBy::ManyToMany { relation, forward: false }, counts } => {
            let many = &model.many_to_many[relation];
            to_many((many.target)(), many.related_name, false, counts, model)
        }
        Purpose::Read { by: FoundBy::ManyToMany { relation, forward: true }, counts } => {
            many_to_many(model, relation, read, counts)
        }
        Purpose::Read { by: FoundBy::Other, .. } => together(model),
    }
}

fn together(model: &ModelSchema) -> String {
    format!("read the rows together, for instance by `is_in(…)` in one query about `{}`", model.name)
}

/// Rows found by their key: a foreign key leads to them.
fn by_key(model: &'static ModelSchema, read: &[&'static ModelSchema]) -> String {
    let foreign =
        referrers(model).iter().filter(|referrer| matches!(referrer.relation, ReferrerKind::Foreign(_)));
    let (near, far): (Vec<_>, Vec<_>) = foreign.partition(|referrer| read.contains(&referrer.model));
    let ways: Vec<String> = if near.is_empty() { far } else { near }
        .into_iter()
        .map(|way: &crate::model::Referrer| {
            let (name, letter) = (way.model.name, letter(way.model));
            format!(
                "`.select_related(|{letter}| {letter}.{})` on the query about `{name}`",
                way.model.fields[way.index].name
            )
        })
        .collect();
    let bulk = format!("`{}::objects().in_bulk(&db, keys)` reads many by key", model.name);
    if ways.is_empty() { bulk } else { format!("load it along with {}; or {bulk}", ways.join(" or ")) }
}

/// Rows that refer to one row each time.
fn to_many(
    owner: &ModelSchema,
    related_name: Option<&str>,
    one: bool,
    counts: bool,
    model: &ModelSchema,
) -> String {
    let Some(related) = related_name else {
        return format!(
            "give the relation of `{}` to `{}` a `related_name`, and load it along",
            model.name, owner.name
        );
    };
    let letter = letter(owner);
    let way = match (counts, one) {
        (true, _) => format!("`.annotate(|{letter}| {letter}.{related}().count())`"),
        (false, true) => format!("`.select_related(|{letter}| {letter}.{related}())`"),
        (false, false) => format!("`.prefetch_related(|{letter}| {letter}.{related}())`"),
    };
    format!("load it along with {way} on the query about `{}`", owner.name)
}

/// The far rows of a many-to-many field of one row each time.
fn many_to_many(
    model: &'static ModelSchema,
    relation: usize,
    read: &[&'static ModelSchema],
    counts: bool,
) -> String {
    let owners = referrers(model).iter().filter_map(|referrer| match referrer.relation {
        ReferrerKind::ManyToMany(many) if referrer.index == relation => Some((referrer.model, many.name)),
        _ => None,
    });
    let mut owners: Vec<_> = owners.collect();
    if owners.iter().any(|(owner, _)| read.contains(owner)) {
        owners.retain(|(owner, _)| read.contains(owner));
    }
    let Some((owner, name)) = owners.first() else { return together(model) };
    let letter = letter(owner);
    let way = if counts {
        format!("`.annotate(|{letter}| {letter}.{name}.count())`")
    } else {
        format!("`.prefetch_related(|{letter}| {letter}.{name})`")
    };
    format!("load it along with {way} on the query about `{}`", owner.name)
}

fn letter(model: &ModelSchema) -> char {
    model.name.chars().next().map_or('x', |first| first.to_ascii_lowercase())
}
