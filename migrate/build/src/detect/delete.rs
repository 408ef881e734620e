//! What is gone from the source: constraints, relations, fields, models. Values only go with consent.

use super::{DeclaredModel, Detector, Place, text};
use crate::Operation;
use crate::state::{FieldState, IndexState, ManyToManyState, ModelState};

impl Detector<'_> {
    /// Everything that goes from models that stay.
    pub(super) fn remove(&mut self) {
        for (model, old) in self.pairs() {
            self.remove_constraints(model, &old);
            self.remove_relations(model, &old);
            self.remove_fields(model, &old);
            self.check_drops(model, &old);
        }
    }

    fn remove_constraints(&mut self, model: &DeclaredModel, old: &ModelState) {
        let (new, name) = (&model.state, model.name());
        for from in old.indexes.iter().filter(|old| !new.indexes.contains(old)) {
            let twin = new.indexes.iter().find(|one| one.fields == from.fields && !old.indexes.contains(one));
            let (model, from) = (name.to_owned(), from.clone());
            self.push(match twin.cloned() {
                Some(to) => Operation::RenameIndex { model, from, to },
                None => Operation::RemoveIndex { model, index: from },
            });
        }
        for from in old.uniques.iter().filter(|old| !new.uniques.contains(old)) {
            let twin = new.uniques.iter().find(|one| one.fields == from.fields && !old.uniques.contains(one));
            let (model, from) = (name.to_owned(), from.clone());
            self.push(match twin.cloned() {
                Some(to) => Operation::RenameUnique { model, from, to },
                None => Operation::RemoveUnique { model, unique: from },
            });
        }
        for from in old.checks.iter().filter(|old| !new.checks.contains(old)) {
            let twin = new.checks.iter().find(|one| one.sql == from.sql && !old.checks.contains(one));
            let (model, from) = (name.to_owned(), from.clone());
            self.push(match twin.cloned() {
                Some(to) => Operation::RenameCheck { model, from, to },
                None => Operation::RemoveCheck { model, check: from },
            });
        }
    }

    fn remove_relations(&mut self, model: &DeclaredModel, old: &ModelState) {
        let gone = |old: &&ManyToManyState| {
            model.state.relation(&old.name).is_none() && !model.unread.contains(&old.name)
        };
        for relation in old.many_to_many.iter().filter(gone) {
            if model.state.field(&relation.name).is_some() {
                self.find(
                    model.place(&relation.name),
                    text::other_shape(&relation.name, "a relation", "a column"),
                );
                continue;
            }
            // A relation through a model of the user's has no rows of its own to lose.
            if relation.through.is_none() && !model.drops.contains(&relation.name) {
                self.find(Place::Model(model.name().to_owned()), text::gone_field(&relation.name));
                continue;
            }
            let relation = relation.name.clone();
            self.push(Operation::RemoveManyToMany { model: model.name().to_owned(), relation });
        }
    }

    fn remove_fields(&mut self, model: &DeclaredModel, old: &ModelState) {
        // That another field is the key now is told at that field.
        let composite = old.keys().count() > 1;
        let gone = |old: &&FieldState| {
            let known = (old.primary_key && !composite) || model.unread.contains(&old.name);
            !known && model.state.field(&old.name).is_none()
        };
        for field in old.fields.iter().filter(gone) {
            if model.state.relation(&field.name).is_some() {
                self.find(model.place(&field.name), text::other_shape(&field.name, "a column", "a relation"));
                continue;
            }
            let place = Place::Model(model.name().to_owned());
            if field.primary_key {
                self.find(place, text::key_change(model.name()));
            } else if model.drops.contains(&field.name) {
                let (model, field) = (model.name().to_owned(), field.name.clone());
                self.push(Operation::RemoveField { model, field });
            } else {
                self.find(place, text::gone_field(&field.name));
            }
        }
    }

    fn check_drops(&mut self, model: &DeclaredModel, old: &ModelState) {
        for drop in &model.drops {
            let place = Place::Model(model.name().to_owned());
            if model.state.field(drop).is_some() || model.state.relation(drop).is_some() {
                self.find(place, text::early_drop(drop));
            } else if old.field(drop).is_none() && old.relation(drop).is_none() {
                self.spend(place, text::spent_drop(drop));
            }
        }
    }

    /// Models that are gone, those that refer to others first.
    pub(super) fn delete(&mut self) {
        let gone: Vec<ModelState> = self
            .state
            .app(&self.declared.app)
            .filter(|old| !self.models.contains_key(old.name.as_str()))
            .cloned()
            .collect();
        let mut agreed = Vec::new();
        for old in gone {
            if self.declared.drops.contains(&old.name) {
                agreed.push(old);
            } else {
                self.find(Place::App, text::gone_model(&old.name));
            }
        }
        self.delete_models(agreed);
        self.check_model_drops();
    }

    fn delete_models(&mut self, mut models: Vec<ModelState>) {
        for model in &models {
            for relation in &model.many_to_many {
                let (model, relation) = (model.name.clone(), relation.name.clone());
                self.push(Operation::RemoveManyToMany { model, relation });
            }
        }
        while !models.is_empty() {
            let free = models.iter().position(|model| !self.is_referred_to(&model.name));
            let model = models.remove(free.unwrap_or(0));
            if free.is_none() {
                self.cut_references(&model.name);
            }
            self.push(Operation::DeleteModel { model: model.name });
        }
    }

    fn is_referred_to(&self, name: &str) -> bool {
        let target = self.reference(name);
        self.state.referring(&target).any(|(from, _)| *from != target)
    }

    /// In a cycle of models that all go, the columns that refer to the first one go before it.
    fn cut_references(&mut self, name: &str) {
        let target = self.reference(name);
        let columns: Vec<(String, String)> = self
            .state
            .referring(&target)
            .filter(|(from, _)| **from != target && !self.models.contains_key(from.name.as_str()))
            .map(|(from, field)| (from.name.clone(), field.name.clone()))
            .collect();
        for (model, field) in columns {
            self.remove_dependents(&model, &field);
            self.push(Operation::RemoveField { model, field });
        }
    }

    /// Indexes and constraints over a column go before it.
    fn remove_dependents(&mut self, model: &str, field: &str) {
        let Some(old) = self.old(model).cloned() else { return };
        let column = old.field(field).map(|field| field.column.clone()).unwrap_or_default();
        let needs = |index: &IndexState| index.terms().any(|(term, _)| term.needs(field, &column));
        for index in old.indexes.into_iter().filter(needs) {
            self.push(Operation::RemoveIndex { model: model.to_owned(), index });
        }
        for unique in
            old.uniques.into_iter().filter(|unique| unique.terms().any(|term| term.needs(field, &column)))
        {
            self.push(Operation::RemoveUnique { model: model.to_owned(), unique });
        }
    }

    fn check_model_drops(&mut self) {
        for drop in &self.declared.drops {
            if self.models.contains_key(drop.as_str()) {
                self.find(Place::App, text::early_drop(drop));
            } else if !self
                .found
                .operations
                .iter()
                .any(|op| matches!(op, Operation::DeleteModel { model } if model == drop))
                && self.old(drop).is_none()
            {
                self.spend(Place::App, text::spent_drop(drop));
            }
        }
    }
}
