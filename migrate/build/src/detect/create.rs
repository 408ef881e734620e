//! New models: each after those that it refers to, and cycles split.

use std::collections::{BTreeMap, BTreeSet};

use super::{DeclaredModel, Detector};
use crate::Operation;
use crate::state::{FieldState, ModelState};

impl Detector<'_> {
    pub(super) fn create(&mut self) {
        let new: BTreeMap<&str, &DeclaredModel> =
            self.models.iter().filter(|(name, _)| self.old(name).is_none()).map(|(n, m)| (*n, *m)).collect();
        let mut order =
            Order { app: &self.declared.app, new: &new, state: BTreeMap::new(), done: Vec::new() };
        for name in new.keys() {
            order.visit(name);
        }
        let done = order.done;
        let mut later = Vec::new();
        for (model, cut) in done {
            match self.adopted(model) {
                Some(from) => self.push(Operation::AdoptModel { from, model: model.state.clone() }),
                None => later.extend(self.create_model(&model.state, &cut)),
            }
        }
        later.into_iter().for_each(|operation| self.push(operation));
        for model in new.values() {
            // What was adopted came with its relations.
            if self.adopted(model).is_some() {
                continue;
            }
            for relation in &model.state.many_to_many {
                let relation = relation.clone();
                self.push(Operation::AddManyToMany { model: model.name().to_owned(), relation });
            }
        }
    }

    /// Creates the table without the columns that close a cycle; they and what needs them come later.
    fn create_model(&mut self, whole: &ModelState, cut: &BTreeSet<String>) -> Vec<Operation> {
        let mut model = whole.clone();
        model.many_to_many.clear();
        let (fields, later): (Vec<FieldState>, Vec<FieldState>) =
            model.fields.into_iter().partition(|field| !cut.contains(&field.name));
        model.fields = fields;
        let mut operations = add_fields(&model.name, later);
        if !operations.is_empty() {
            operations.extend(add_constraints(&model));
            (model.indexes, model.uniques, model.checks) = (Vec::new(), Vec::new(), Vec::new());
        }
        self.push(Operation::CreateModel { model });
        operations
    }
}

fn add_fields(model: &str, fields: Vec<FieldState>) -> Vec<Operation> {
    let add = |field| Operation::AddField { model: model.to_owned(), field, backfill: None };
    fields.into_iter().map(add).collect()
}

fn add_constraints(model: &ModelState) -> Vec<Operation> {
    let name = || model.name.clone();
    let indexes = model.indexes.iter().cloned().map(|index| Operation::AddIndex { model: name(), index });
    let uniques = model.uniques.iter().cloned().map(|unique| Operation::AddUnique { model: name(), unique });
    let checks = model.checks.iter().cloned().map(|check| Operation::AddCheck { model: name(), check });
    indexes.chain(uniques).chain(checks).collect()
}

/// Depth first over references, in the order of names, so that the result is always the same.
struct Order<'a> {
    app: &'a str,
    new: &'a BTreeMap<&'a str, &'a DeclaredModel>,
    /// Whether a model that was visited is done.
    state: BTreeMap<&'a str, bool>,
    /// The models in order, each with the fields that refer to one that is not yet made.
    done: Vec<(&'a DeclaredModel, BTreeSet<String>)>,
}

impl<'a> Order<'a> {
    fn visit(&mut self, name: &'a str) {
        let Some(model) = self.new.get(name).filter(|_| !self.state.contains_key(name)) else { return };
        self.state.insert(name, false);
        let mut cut = BTreeSet::new();
        let app = self.app;
        if model.was.is_some() {
            // What is adopted brings its relations along.
            model.state.targets().filter(|to| to.app == app).for_each(|to| self.visit(&to.name));
        }
        for field in &model.state.fields {
            let Some(to) = field.target().filter(|to| to.app == self.app && to.name != name) else {
                continue;
            };
            self.visit(&to.name);
            if self.state.get(to.name.as_str()) == Some(&false) {
                cut.insert(field.name.clone());
            }
        }
        self.state.insert(name, true);
        self.done.push((model, cut));
    }
}
