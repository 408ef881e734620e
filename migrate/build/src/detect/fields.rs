//! Fields of models that stay: added, altered; and constraints that are new.

use std::collections::BTreeSet;

use super::narrow::{Loss, loss};
use super::{DeclaredModel, Detector, Intent, Place, fits, text};
use crate::state::{FieldState, ModelState};
use crate::{Backfill, Operation};

impl Detector<'_> {
    pub(super) fn change(&mut self) {
        let created: BTreeSet<String> = self.found.operations.iter().filter_map(created).collect();
        for (model, old) in self.pairs() {
            let new_table = created.contains(model.name());
            for field in &model.state.fields {
                match old.field(&field.name) {
                    Some(known) => self.alter_field(model, known, field, new_table),
                    // What was a relation is told where the relation goes.
                    None if old.relation(&field.name).is_some() => {}
                    None => self.add_field(model, field),
                }
            }
            self.change_relations(model, &old);
            self.add_constraints(model, &old);
        }
    }

    fn add_field(&mut self, model: &DeclaredModel, field: &FieldState) {
        let intent = model.intent(&field.name);
        let place = Place::Field(model.name().to_owned(), field.name.clone());
        if field.primary_key {
            return self.find(place, text::key_change(model.name()));
        }
        if intent.is_some_and(|intent| intent.narrow) {
            self.spend(place.clone(), text::SPENT_NARROW.to_owned());
        }
        let backfill = intent.and_then(value_for_rows);
        // What the database puts in or computes, rows that are there get too.
        let filled = field.db_default.is_some() || field.generated.is_some();
        if backfill.is_none() && !field.nullable && !filled {
            return self.find(place, text::no_value(&field.name, intent));
        }
        if let Some(wrong) = backfill.as_ref().and_then(|value| wrong_value(field, value)) {
            return self.find(place, wrong);
        }
        // NULL is what rows get of a nullable column, unless a `backfill` says otherwise.
        let backfill =
            if field.nullable { intent.and_then(|intent| intent.backfill.clone()) } else { backfill };
        self.push(Operation::AddField { model: model.name().to_owned(), field: field.clone(), backfill });
    }

    fn alter_field(&mut self, model: &DeclaredModel, old: &FieldState, new: &FieldState, new_table: bool) {
        let place = || Place::Field(model.name().to_owned(), new.name.clone());
        let none = Intent::default();
        let intent = model.intent(&new.name).unwrap_or(&none);
        let fills = old.nullable && !new.nullable;
        let loss = loss(old, new, |data| self.state.key_of(data));
        if intent.backfill.is_some() && !fills && !new_table {
            self.spend(place(), text::SPENT_BACKFILL.to_owned());
        }
        if intent.narrow && loss.is_none() && !new_table {
            self.spend(place(), text::SPENT_NARROW.to_owned());
        }
        if old == new {
            return;
        }
        if old.primary_key != new.primary_key {
            return self.find(place(), text::key_change(model.name()));
        }
        match loss {
            Some(Loss::Never(why)) => return self.find(place(), text::no_cast(&new.name, &why)),
            Some(Loss::May(why)) if !intent.narrow => {
                return self.find(place(), text::narrowing(&new.name, &why));
            }
            _ => {}
        }
        if fills && intent.backfill.is_none() {
            return self.find(place(), text::no_value_for_null(&new.name));
        }
        let backfill = intent.backfill.clone().filter(|_| fills);
        if let Some(wrong) = backfill.as_ref().and_then(|value| wrong_value(new, value)) {
            return self.find(place(), wrong);
        }
        self.push(Operation::AlterField { model: model.name().to_owned(), field: new.clone(), backfill });
    }

    fn add_constraints(&mut self, model: &DeclaredModel, old: &ModelState) {
        let (new, name) = (&model.state, model.name());
        let known = self.old(name).cloned().unwrap_or_else(|| old.clone());
        for index in new.indexes.iter().filter(|index| !known.indexes.contains(index)) {
            self.push(Operation::AddIndex { model: name.to_owned(), index: index.clone() });
        }
        for unique in new.uniques.iter().filter(|unique| !known.uniques.contains(unique)) {
            self.push(Operation::AddUnique { model: name.to_owned(), unique: unique.clone() });
        }
        for check in new.checks.iter().filter(|check| !known.checks.contains(check)) {
            self.push(Operation::AddCheck { model: name.to_owned(), check: check.clone() });
        }
    }
}

/// What a new column holds in rows that are there: the backfill, or the default where it is a literal.
fn value_for_rows(intent: &Intent) -> Option<Backfill> {
    intent.backfill.clone().or_else(|| intent.default.clone().map(Backfill::Value))
}

/// A value that its column cannot hold, or that only one row of a table may have.
fn wrong_value(field: &FieldState, backfill: &Backfill) -> Option<String> {
    let Backfill::Value(value) = backfill else { return None };
    match fits::misfit(field, value) {
        Some(why) => Some(text::misfit(&field.name, value, &why)),
        None => field.unique.then(|| text::same_for_all(&field.name, value)),
    }
}

fn created(operation: &Operation) -> Option<String> {
    match operation {
        Operation::CreateModel { model } => Some(model.name.clone()),
        _ => None,
    }
}
