//! Renames, only as declared; and tables with another name.

use super::{DeclaredModel, Detector, Place, text};
use crate::Operation;
use crate::state::{FieldState, ManyToManyState, ModelState};

/// What a declared former name comes to.
enum Former {
    Rename,
    Done,
    Wrong(String),
}

impl Detector<'_> {
    pub(super) fn rename(&mut self) {
        for model in self.models.clone().into_values() {
            // A name with its app is of another app's model, which is adopted where models are created.
            if let Some(was) = model.was.as_ref().filter(|was| !was.contains('.')) {
                self.rename_model(model, was);
            }
        }
        for (model, old) in self.pairs() {
            self.alter_table(model, &old);
            self.rename_fields(model, &old);
        }
    }

    fn rename_model(&mut self, model: &DeclaredModel, was: &str) {
        let place = Place::Model(model.name().to_owned());
        let known: Vec<String> = self.state.app(&self.declared.app).map(|old| old.name.clone()).collect();
        let still = self.models.contains_key(was);
        match former("model", model.name(), was, still, &known) {
            Former::Rename => self.push(Operation::RenameModel {
                from: was.to_owned(),
                to: model.name().to_owned(),
                table: model.state.table.clone(),
            }),
            Former::Done => self.spend(place, text::spent_was(was)),
            Former::Wrong(text) => self.find(place, text),
        }
    }

    fn alter_table(&mut self, model: &DeclaredModel, old: &ModelState) {
        let new = &model.state;
        if (&old.table, old.managed) != (&new.table, new.managed) {
            let (model, table) = (new.name.clone(), new.table.clone());
            self.push(Operation::AlterTable { model, table, managed: new.managed });
        }
    }

    fn rename_fields(&mut self, model: &DeclaredModel, old: &ModelState) {
        for (name, intent) in &model.intents {
            let Some(was) = &intent.was else { continue };
            let place = model.place(name);
            let still = model.state.field(was).is_some() || model.state.relation(was).is_some();
            match former("field", name, was, still, &names(old)) {
                Former::Rename => self.rename_field(model, old, was, name),
                Former::Done => self.spend(place, text::spent_was(was)),
                Former::Wrong(text) => self.find(place, text),
            }
        }
    }

    fn rename_field(&mut self, model: &DeclaredModel, old: &ModelState, was: &str, name: &str) {
        let (of, from, to) = (model.name().to_owned(), was.to_owned(), name.to_owned());
        if let (Some(_), Some(FieldState { column, .. })) = (old.field(was), model.state.field(name)) {
            self.push(Operation::RenameField { model: of, from, to, column: column.clone() });
        } else if let (Some(known), Some(new)) = (old.relation(was), model.state.relation(name)) {
            let relation =
                ManyToManyState { to: known.to.clone(), through: known.through.clone(), ..new.clone() };
            self.push(Operation::AlterManyToMany { model: of, from, relation });
        } else {
            let text = format!(
                "`was = \"{was}\"`: a column cannot become a many-to-many relation, nor the other way"
            );
            self.find(model.place(name), text);
        }
    }
}

fn former(kind: &str, name: &str, was: &str, still: bool, known: &[String]) -> Former {
    let has = |name: &str| known.iter().any(|known| known == name);
    match (has(name), has(was)) {
        (true, false) => Former::Done,
        (_, true) if still => Former::Wrong(text::taken_was(kind, was)),
        (false, true) => Former::Rename,
        (true, true) => Former::Wrong(format!(
            "`was = \"{was}\"`: the recorded migrations have both `{was}` and `{name}`; drop one of them instead"
        )),
        (false, false) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            Former::Wrong(text::unknown_was(kind, was, &known))
        }
    }
}

fn names(old: &ModelState) -> Vec<String> {
    let fields = old.fields.iter().map(|field| &field.name);
    fields.chain(old.many_to_many.iter().map(|relation| &relation.name)).cloned().collect()
}
