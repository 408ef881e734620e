//! Many-to-many relations of models that stay.

use super::{DeclaredModel, Detector, text};
use crate::Operation;
use crate::state::{ManyToManyState, ModelState};

impl Detector<'_> {
    pub(super) fn change_relations(&mut self, model: &DeclaredModel, old: &ModelState) {
        for relation in &model.state.many_to_many {
            match old.relation(&relation.name) {
                None => self.push(Operation::AddManyToMany {
                    model: model.name().to_owned(),
                    relation: relation.clone(),
                }),
                Some(known) => self.alter_relation(model, known, relation),
            }
        }
    }

    fn alter_relation(&mut self, model: &DeclaredModel, old: &ManyToManyState, new: &ManyToManyState) {
        let place = model.place(&new.name);
        let consent = model.intent(&new.name).is_some_and(|intent| intent.narrow);
        let of = || model.name().to_owned();
        let loses = old.through.is_none() && (old.to != new.to || old.through != new.through);
        if consent && !loses {
            self.spend(place.clone(), text::SPENT_NARROW.to_owned());
        }
        if old == new {
            return;
        }
        if old.to == new.to && old.through == new.through {
            let (from, relation) = (old.name.clone(), new.clone());
            return self.push(Operation::AlterManyToMany { model: of(), from, relation });
        }
        if loses && !consent {
            return self.find(place, text::narrowing(&new.name, "has another join table"));
        }
        self.push(Operation::RemoveManyToMany { model: of(), relation: old.name.clone() });
        self.push(Operation::AddManyToMany { model: of(), relation: new.clone() });
    }
}
