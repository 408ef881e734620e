//! Tables that change hands: between apps, and from a relation to a model of its own.

use std::collections::BTreeMap;

use super::{DeclaredModel, Detector, Place, text};
use crate::Operation;
use crate::state::{ColumnType, FieldState, ManyToManyState, ModelRef, ModelState, UniqueState};

impl Detector<'_> {
    /// Models that another app has now.
    pub(super) fn release(&mut self) {
        for to in &self.declared.moved {
            let here = self.models.contains_key(to.name.as_str());
            let known = self.state.model(&self.reference(&to.name)).is_some();
            match (here, known) {
                (true, _) => self.find(Place::App, text::early_moved(&to.to_string())),
                (false, true) => {
                    self.push(Operation::ReleaseModel {
                        model: to.name.clone(),
                        to: to.clone(),
                        shape: None,
                    });
                }
                (false, false) => self.spend(Place::App, text::spent_moved(&to.to_string())),
            }
        }
    }

    /// The model of another app that a new model was, if it says so.
    pub(super) fn adopted(&self, model: &DeclaredModel) -> Option<ModelRef> {
        ModelRef::try_from(model.was.clone().filter(|was| was.contains('.'))?).ok()
    }

    /// Adoptions that are done.
    pub(super) fn spend_adoptions(&mut self) {
        for (model, _) in self.pairs() {
            if let Some(was) = model.was.as_ref().filter(|was| was.contains('.')) {
                self.spend(Place::Model(model.state.name.clone()), text::spent_was(was));
            }
        }
    }

    /// Join tables that become the tables of models, with their rows.
    pub(super) fn promote(&mut self) {
        for (model, old) in self.pairs() {
            for new in &model.state.many_to_many {
                let Some(known) = old.relation(&new.name).cloned() else { continue };
                if let Some(through) = self.promoted(&model.state, &known, new) {
                    let (model, relation) = (model.state.name.clone(), known.name);
                    self.push(Operation::PromoteRelation { model, relation, through });
                }
            }
        }
    }

    /// The join table as a model, under the names of the model that has it from now on.
    fn promoted(
        &self,
        model: &ModelState,
        old: &ManyToManyState,
        new: &ManyToManyState,
    ) -> Option<ModelState> {
        let through =
            new.through.as_ref().filter(|to| to.app == self.declared.app && old.through.is_none())?;
        let declared = &self.models.get(through.name.as_str()).filter(|_| old.to == new.to)?.state;
        if declared.table != old.table || self.state.model(through).is_some() {
            return None;
        }
        let end = |column: &str, to: &ModelRef| {
            let field = declared.fields.iter().find(|field| field.column == column)?;
            let plain = FieldState::new(&field.name, ColumnType::key(to.clone()));
            (field.target() == Some(to)).then(|| FieldState { column: column.to_owned(), ..plain })
        };
        let from = end(&old.from_column, &self.reference(&model.name))?;
        let to = end(&old.to_column, &old.to)?;
        let key = declared.key().filter(|key| key.column == "id" && key.auto)?;
        let mut state = ModelState::new(&declared.name, &old.table);
        state.uniques.push(UniqueState {
            name: None,
            fields: vec![from.name.clone(), to.name.clone()],
            ..UniqueState::default()
        });
        state.fields = vec![FieldState::auto_key(&key.name), from, to];
        Some(state)
    }

    /// No two models or relations share a table.
    pub(super) fn check_tables(&mut self) {
        let mut tables: BTreeMap<String, String> = BTreeMap::new();
        let mut shared = Vec::new();
        for model in self.models.values().map(|model| &model.state).filter(|model| model.managed) {
            let own = (&model.table, model.name.clone());
            let joins = model.many_to_many.iter().filter(|relation| relation.through.is_none());
            let joins = joins.map(|relation| (&relation.table, format!("{}.{}", model.name, relation.name)));
            for (table, owner) in std::iter::once(own).chain(joins) {
                // MySQL and SQLite do not tell the cases of names apart.
                if let Some(first) = tables.insert(table.to_lowercase(), owner.clone()) {
                    let place = Place::Model(model.name.clone());
                    shared.push((place, text::same_table(table, &first, &owner)));
                }
            }
        }
        shared.into_iter().for_each(|(place, text)| self.find(place, text));
    }
}
