//! The models of one or more apps at one point of history.

use std::collections::BTreeMap;

use super::{ColumnType, FieldState, ModelRef, ModelState};

/// The models of one or more apps at one point of history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectState {
    models: BTreeMap<ModelRef, ModelState>,
    /// Old names of renamed models, so that a migration written before a rename in another app still finds them.
    aliases: BTreeMap<ModelRef, ModelRef>,
}

/// An operation that does not fit the state it is applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError(pub(crate) String);

impl std::fmt::Display for StateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StateError {}

impl ProjectState {
    /// No models.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which model `CurrentUser` stands for. Another one than the framework's takes its place: the history
    /// that makes the framework's is the same for every project, but its tables are not made.
    pub fn set_current_user(&mut self, user: ModelRef) {
        self.aliases.insert(ModelRef::current_user(), user);
    }

    /// Whether this is the framework's user model in a project that has one of its own.
    #[must_use]
    pub fn is_replaced(&self, name: &ModelRef) -> bool {
        let user = self.aliases.get(&ModelRef::current_user());
        *name == ModelRef::default_user() && user.is_some_and(|user| user != name)
    }

    /// The name a model goes by now.
    #[must_use]
    pub fn resolve<'a>(&'a self, name: &'a ModelRef) -> &'a ModelRef {
        let mut name = name;
        // A chain of renames may come back to a name that is taken again, hence the look first.
        for _ in 0..=self.aliases.len() {
            if self.models.contains_key(name) {
                break;
            }
            match self.aliases.get(name) {
                Some(next) => name = next,
                None => break,
            }
        }
        name
    }

    /// The model of this name.
    #[must_use]
    pub fn model(&self, name: &ModelRef) -> Option<&ModelState> {
        self.models.get(self.resolve(name))
    }

    /// All models with their names, in order.
    pub fn models(&self) -> impl Iterator<Item = (&ModelRef, &ModelState)> {
        self.models.iter()
    }

    /// The models of one app, in order of their names.
    pub fn app<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a ModelState> {
        self.models.iter().filter(move |(name, _)| name.app == label).map(|(_, model)| model)
    }

    /// The models and fields whose column refers to `target`.
    pub fn referring<'a>(
        &'a self,
        target: &'a ModelRef,
    ) -> impl Iterator<Item = (&'a ModelRef, &'a FieldState)> {
        self.models.iter().flat_map(move |(name, model)| {
            let to_target =
                move |field: &&FieldState| field.target().is_some_and(|to| self.resolve(to) == target);
            model.fields.iter().filter(to_target).map(move |field| (name, field))
        })
    }

    /// What the key holds that a column refers to, where this state has its model.
    #[must_use]
    pub fn key_of<'a>(&'a self, data: &'a ColumnType) -> Option<&'a ColumnType> {
        let mut data = data;
        let mut found = None;
        // A key may be a key itself; a circle of them is no table.
        for _ in 0..16 {
            let ColumnType::Key { to, .. } = data else { return found };
            data = &self.model(to)?.key()?.data;
            found = Some(data);
        }
        None
    }

    /// Whether both hold the same models, however they came by them.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        let same = |(name, model): (&ModelRef, &ModelState)| {
            other.models.get(name).is_some_and(|one| one.same(model))
        };
        self.models.len() == other.models.len() && self.models.iter().all(same)
    }

    /// Puts a model in, as the reader and tests do.
    pub fn insert(&mut self, app: &str, model: ModelState) {
        self.models.insert(ModelRef::new(app, &model.name), model);
    }

    pub(super) fn take(&mut self, name: &ModelRef) -> Result<ModelState, StateError> {
        self.models.remove(name).ok_or_else(|| missing(name))
    }

    pub(super) fn model_mut(&mut self, name: &ModelRef) -> Result<&mut ModelState, StateError> {
        self.models.get_mut(name).ok_or_else(|| missing(name))
    }

    pub(super) fn contains(&self, name: &ModelRef) -> bool {
        self.models.contains_key(name)
    }

    /// Lets every reference follow a renamed model.
    pub(super) fn follow(&mut self, from: &ModelRef, to: &ModelRef) {
        for model in self.models.values_mut() {
            let relations = model.many_to_many.iter_mut();
            let relations = relations.flat_map(|r| std::iter::once(&mut r.to).chain(r.through.as_mut()));
            for target in model.fields.iter_mut().filter_map(FieldState::target_mut).chain(relations) {
                if target == from {
                    target.clone_from(to);
                }
            }
        }
        self.aliases.insert(from.clone(), to.clone());
    }
}

fn missing(name: &ModelRef) -> StateError {
    StateError(format!("there is no model `{name}` at this point of the history"))
}
