//! The autodetector: from the recorded state and the models to operations and findings.
//!
//! [`detect`] is a pure function, so the same sealed migrations and the same
//! models always give the same pending migration. It never guesses: what it
//! may not decide becomes a [`Finding`] that names the attribute to write.

mod create;
mod delete;
mod fields;
mod fits;
mod moves;
mod narrow;
mod relations;
mod renames;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::state::{ModelRef, ModelState, ProjectState, apply};
use crate::{Backfill, Literal, Operation};

/// What the source of an app says.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The app's label.
    pub app: String,
    /// Its models.
    pub models: Vec<DeclaredModel>,
    /// The models whose tables may be dropped: `nuages::app!(drop(OldModel))`.
    pub drops: Vec<String>,
    /// The models that another app has now: `nuages::app!(moved(other_app::Model))`.
    pub moved: Vec<ModelRef>,
    /// The functions marked `#[data_step]`.
    pub steps: BTreeSet<String>,
}

/// Where a model stands in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The file, from the crate's folder.
    pub file: PathBuf,
    /// The line of the model's name.
    pub line: usize,
    /// The line of each field's name.
    pub fields: BTreeMap<String, usize>,
}

/// One model with what it says of its own history.
#[derive(Clone, Debug)]
pub struct DeclaredModel {
    /// The table.
    pub state: ModelState,
    /// `crate::module::Model`, which keys what the compiler is told.
    pub path: String,
    /// Where it stands, if it was read from source.
    pub at: Option<Source>,
    /// The former name: `#[model(was = "Old")]`.
    pub was: Option<String>,
    /// The fields that may be dropped: `#[model(drop(old_field))]`.
    pub drops: Vec<String>,
    /// What the fields say, by name; a field that says nothing is not here.
    pub intents: BTreeMap<String, Intent>,
    /// What was read off the types of fields, for the compiler to prove.
    pub read_off: BTreeMap<String, ReadOff>,
    /// The fields that are there and could not be read, which is told of them.
    pub unread: BTreeSet<String>,
}

/// What was read off the type of a field and stands in no attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOff {
    /// The most characters of a text, or none.
    pub length: Option<Option<u32>>,
    /// The words that the database checks.
    pub words: Option<Vec<String>>,
}

/// What one field says of its own history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Intent {
    /// The former name: `#[field(was = "old")]`.
    pub was: Option<String>,
    /// What rows get that are there already: `#[field(backfill = …)]`.
    pub backfill: Option<Backfill>,
    /// The default for new rows, where it is a literal and can be frozen.
    pub default: Option<Literal>,
    /// The default is made by a function, which cannot be frozen.
    pub computed: bool,
    /// The program writes the present moment: `auto_now` or `auto_now_add`.
    pub now: bool,
    /// Consent to a change that may lose data: `#[field(narrow)]`.
    pub narrow: bool,
}

/// What [`detect`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detection {
    /// The operations that lead from the recorded state to the models.
    pub operations: Vec<Operation>,
    /// What stops the build.
    pub findings: Vec<Finding>,
    /// Renames, backfills and consents that are done, and approve nothing any more.
    pub spent: Vec<Finding>,
}

/// A sentence for the user, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What to do.
    pub text: String,
}

/// Where a finding belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `nuages::app!()`, for what no model in the source is left for.
    App,
    /// A model.
    Model(String),
    /// A field of a model.
    Field(String, String),
}

impl Declared {
    /// `src/models.rs:12` for a place, where the source is known.
    #[must_use]
    pub fn source(&self, place: &Place) -> Option<String> {
        let (model, field) = match place {
            Place::App => return None,
            Place::Model(model) => (model, None),
            Place::Field(model, field) => (model, Some(field)),
        };
        let Source { file, line, fields } =
            self.models.iter().find(|known| known.name() == model)?.at.as_ref()?;
        let line = field.and_then(|field| fields.get(field)).unwrap_or(line);
        Some(format!("{}:{line}", file.display()))
    }
}

impl DeclaredModel {
    /// A model that says nothing of its history.
    #[must_use]
    pub fn new(state: ModelState) -> Self {
        Self {
            path: state.name.clone(),
            state,
            at: None,
            was: None,
            drops: Vec::new(),
            intents: BTreeMap::new(),
            read_off: BTreeMap::new(),
            unread: BTreeSet::new(),
        }
    }

    /// What a field says.
    #[must_use]
    pub fn intent(&self, field: &str) -> Option<&Intent> {
        self.intents.get(field)
    }

    fn name(&self) -> &str {
        &self.state.name
    }

    /// Where a finding for a field belongs. The compiler proves columns one by one; what is said of a
    /// many-to-many relation stands at the model.
    fn place(&self, field: &str) -> Place {
        match self.state.relation(field) {
            Some(_) => Place::Model(self.name().to_owned()),
            None => Place::Field(self.name().to_owned(), field.to_owned()),
        }
    }
}

/// The operations that lead from `sealed`, the state of all sealed migrations of the app, to its models.
#[must_use]
pub fn detect(sealed: &ProjectState, declared: &Declared) -> Detection {
    let mut detector = Detector::new(sealed, declared);
    detector.rename();
    detector.spend_adoptions();
    detector.release();
    detector.promote();
    detector.remove();
    detector.create();
    detector.change();
    detector.delete();
    if detector.found.findings.is_empty() {
        detector.prove();
    }
    detector.found
}

/// The work in progress. Each operation is applied to `state` when it is written down.
struct Detector<'a> {
    declared: &'a Declared,
    /// The models by name.
    models: BTreeMap<&'a str, &'a DeclaredModel>,
    state: ProjectState,
    found: Detection,
}

impl<'a> Detector<'a> {
    fn new(sealed: &ProjectState, declared: &'a Declared) -> Self {
        let models = declared.models.iter().map(|model| (model.name(), model)).collect();
        Self { declared, models, state: sealed.clone(), found: Detection::default() }
    }

    /// The recorded model of this name, as the operations so far leave it.
    fn old(&self, name: &str) -> Option<&ModelState> {
        self.state.model(&self.reference(name))
    }

    fn reference(&self, name: &str) -> ModelRef {
        ModelRef::new(&self.declared.app, name)
    }

    /// The models that are in the source and in the recorded state, with both.
    fn pairs(&self) -> Vec<(&'a DeclaredModel, ModelState)> {
        let pair = |model: &&'a DeclaredModel| Some((*model, self.old(model.name())?.clone()));
        self.models.values().filter_map(pair).collect()
    }

    fn push(&mut self, operation: Operation) {
        match apply(&mut self.state, &self.declared.app, &operation) {
            Ok(()) => self.found.operations.push(operation),
            Err(error) => self.find(Place::App, error.to_string()),
        }
    }

    fn find(&mut self, place: Place, text: String) {
        self.found.findings.push(Finding { place, text });
    }

    fn spend(&mut self, place: Place, text: String) {
        self.found.spent.push(Finding { place, text });
    }

    /// The operations must lead to the models; anything else is a fault of this module, and is told.
    fn prove(&mut self) {
        self.check_tables();
        for model in self.models.clone().into_values().filter(|model| model.unread.is_empty()) {
            if !self.old(model.name()).is_some_and(|old| old.same(&model.state)) {
                let text = text::not_reached(model.name());
                self.find(Place::Model(model.name().to_owned()), text);
            }
        }
    }
}

#[cfg(test)]
mod tests;
