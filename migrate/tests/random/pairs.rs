//! Two schemas as a history: what is renamed, what may go, and what rows get that are there.

use std::collections::BTreeMap;

use nuages_build::Operation;
use nuages_build::detect::{Declared, DeclaredModel, Intent, detect};
use nuages_build::state::{ColumnType, FieldState, ModelState, ProjectState, apply};
use nuages_schema::ColumnKind;

use crate::rows;
use crate::schema::MODELS;

/// Former names of fields, by model and name.
pub(crate) type Was = BTreeMap<(String, String), String>;

/// Two schemas, and which fields of the second were called otherwise in the first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pair {
    pub(crate) old: Vec<ModelState>,
    pub(crate) new: Vec<ModelState>,
    pub(crate) was: Was,
}

impl Pair {
    /// Some fields get another name with `was`, and those that no database can turn into what they are to be another
    /// without.
    pub(crate) fn new(
        old: Vec<ModelState>,
        new: Vec<ModelState>,
        picks: &[Option<proptest::sample::Index>],
    ) -> Self {
        let mut pair = Self { old, new, was: Was::new() };
        let (mut state, mut was) = (sealed(&pair.new), Was::new());
        for (known, model) in pair.stay() {
            let shared = |field: &&FieldState| !field.primary_key && known.field(&field.name).is_some();
            let (ways, none): (Vec<&FieldState>, Vec<&FieldState>) =
                model.fields.iter().filter(shared).partition(|field| pair.is_possible(known, field));
            let mut give = |field: &FieldState, name: String| {
                let operation = Operation::RenameField {
                    model: model.name.clone(),
                    from: field.name.clone(),
                    column: nuages_schema::column_name(&name, field.target().is_some()),
                    to: name.clone(),
                };
                apply(&mut state, "shop", &operation).unwrap();
                name
            };
            none.into_iter().for_each(|field| drop(give(field, format!("new_{}", field.name))));
            let at = MODELS.iter().position(|name| *name == model.name).unwrap();
            if let Some(pick) = picks[at].filter(|_| !ways.is_empty()) {
                let field = *pick.get(&ways);
                let name = give(field, format!("was_{}", field.name));
                was.insert((model.name.clone(), name), field.name.clone());
            }
        }
        (pair.new, pair.was) = (state.app("shop").cloned().collect(), was);
        pair.leave_room();
        pair
    }

    /// The models of both sides, first and second.
    fn stay(&self) -> Vec<(&ModelState, &ModelState)> {
        let twin = |known: &&ModelState| self.new.iter().find(|new| new.name == known.name);
        self.old.iter().filter_map(|known| Some((known, twin(&known)?))).collect()
    }

    pub(crate) fn is_old(&self, model: &str) -> bool {
        self.old.iter().any(|known| known.name == model)
    }

    pub(crate) fn later_model(&self, model: &str) -> Option<&ModelState> {
        self.new.iter().find(|new| new.name == model)
    }

    /// What a field of the first schema was, by the model and name of the second.
    pub(crate) fn former(&self, model: &str, field: &str) -> Option<&FieldState> {
        let name = self.was.get(&(model.to_owned(), field.to_owned())).map_or(field, String::as_str);
        self.old.iter().find(|known| known.name == model)?.field(name)
    }

    /// What a field of the first schema becomes.
    pub(crate) fn later(&self, model: &str, field: &str) -> Option<&FieldState> {
        let fields = &self.later_model(model)?.fields;
        fields.iter().find(|new| self.former(model, &new.name).is_some_and(|old| old.name == field))
    }

    /// Whether a database can make the one column of the other, and some values survive that, there and back.
    fn is_possible(&self, known: &ModelState, field: &FieldState) -> bool {
        let at = known.fields.iter().position(|old| old.name == field.name).unwrap();
        let old = &known.fields[at];
        if rows::samples(old, field).is_none() {
            return false;
        }
        // Rows refer to rows that are there, before, after and when it is taken back.
        let there = |to: &str| self.is_old(to) && self.later_model(to).is_some();
        if [old, field].iter().filter_map(|one| one.target()).any(|to| !there(&to.name)) {
            return false;
        }
        let mut after = known.clone();
        after.fields[at] = FieldState { nullable: true, ..field.clone() };
        let mut one = DeclaredModel::new(after);
        one.intents.insert(field.name.clone(), Intent { narrow: true, ..Intent::default() });
        let declared = Declared { app: "shop".into(), models: vec![one], ..Declared::default() };
        let found = detect(&sealed(&[known.clone()]), &declared);
        !found.findings.iter().any(|finding| finding.text.contains("no database makes"))
    }

    /// What comes back has no values, and what is new has one only if it can be said once for all rows: such columns
    /// take NULL, since a table with rows refuses them otherwise.
    fn leave_room(&mut self) {
        let pair = self.clone();
        for model in self.old.iter_mut().filter(|model| pair.later_model(&model.name).is_some()) {
            let gone = |field: &&mut FieldState| pair.later(&model.name, &field.name).is_none();
            model.fields.iter_mut().filter(gone).for_each(|field| field.nullable = true);
        }
        for model in self.new.iter_mut().filter(|model| pair.is_old(&model.name)) {
            for field in &mut model.fields {
                let new = pair.former(&model.name, &field.name).is_none();
                if new && !has_value_for_rows(&pair, field) {
                    field.nullable = true;
                }
            }
        }
    }

    /// The second schema as the source says it, with every consent and a value for every column, so that nothing is
    /// left to ask.
    pub(crate) fn declared(&self) -> Declared {
        let mut declared = Declared { app: "shop".into(), ..Declared::default() };
        let gone = self.old.iter().filter(|model| self.later_model(&model.name).is_none());
        declared.drops = gone.map(|model| model.name.clone()).collect();
        for model in &self.new {
            let mut one = DeclaredModel::new(model.clone());
            if let Some(known) = self.old.iter().find(|known| known.name == model.name) {
                let fields = known.fields.iter().map(|field| &field.name);
                let all = fields.chain(known.many_to_many.iter().map(|relation| &relation.name));
                one.drops = all
                    .filter(|name| model.field(name).is_none() && model.relation(name).is_none())
                    .filter(|name| !self.was.iter().any(|((of, _), old)| *of == model.name && old == *name))
                    .cloned()
                    .collect();
            }
            for field in &model.fields {
                let backfill = rows::backfill(self, model, field);
                let was = self.was.get(&(model.name.clone(), field.name.clone())).cloned();
                one.intents
                    .insert(field.name.clone(), Intent { backfill, was, narrow: true, ..Intent::default() });
            }
            one.intents.insert("tags".into(), Intent { narrow: true, ..Intent::default() });
            declared.models.push(one);
        }
        declared
    }

    /// What leads from a state to the second schema.
    pub(crate) fn operations(&self, state: &ProjectState) -> Vec<Operation> {
        let found = detect(state, &self.declared());
        assert_eq!(found.findings, [], "{self:#?}");
        found.operations
    }
}

fn has_value_for_rows(pair: &Pair, field: &FieldState) -> bool {
    match &field.data {
        ColumnType::Key { to, .. } => !field.unique && pair.is_old(&to.name),
        ColumnType::Plain { kind: ColumnKind::Binary, .. } => false,
        ColumnType::Plain { kind, .. } => !field.unique || kind.is_number() || *kind == ColumnKind::Text,
    }
}

pub(crate) fn sealed(models: &[ModelState]) -> ProjectState {
    let mut state = ProjectState::new();
    models.iter().for_each(|model| state.insert("shop", model.clone()));
    state
}
