//! One order for all migrations: the same on every machine, each after those that it needs.

use std::collections::BTreeMap;

use nuages::{Error, Result};
use nuages_build::Operation;
use nuages_build::file::Migration;
use nuages_build::state::ModelRef;

use super::AppMigrations;

/// The order, and for each entry of it the entries that it needs.
pub(super) type Ordered = (Vec<(usize, usize)>, Vec<Vec<usize>>);

/// Takes the next migration of the first app, by label, whose needs are met, and so on.
pub(super) fn order(apps: &[AppMigrations], user: Option<&ModelRef>) -> Result<Ordered> {
    let mut sorter = Sorter {
        apps,
        user,
        next: vec![0; apps.len()],
        order: Vec::new(),
        needs: Vec::new(),
        at: BTreeMap::new(),
        made: BTreeMap::new(),
    };
    while sorter.step() {}
    match sorter.stuck() {
        Some((migration, need)) => Err(unmet(apps, migration, &need)),
        None => Ok((sorter.order, sorter.needs)),
    }
}

struct Sorter<'a> {
    apps: &'a [AppMigrations],
    user: Option<&'a ModelRef>,
    next: Vec<usize>,
    order: Vec<(usize, usize)>,
    needs: Vec<Vec<usize>>,
    /// Where each migration came, by its label.
    at: BTreeMap<String, usize>,
    /// Where each model was made or renamed to.
    made: BTreeMap<ModelRef, usize>,
}

impl<'a> Sorter<'a> {
    fn step(&mut self) -> bool {
        let mut moved = false;
        for app in 0..self.apps.len() {
            while let Some(needs) = self.candidate(app).and_then(|migration| self.met(migration).ok()) {
                self.take(app, needs);
                moved = true;
            }
        }
        moved
    }

    fn candidate(&self, app: usize) -> Option<&'a Migration> {
        self.apps[app].history.migrations().get(self.next[app])
    }

    /// The entries that a migration needs, or the first need that is not met.
    fn met(&self, migration: &Migration) -> Result<Vec<usize>, String> {
        let mut found = Vec::new();
        if let Some(parent) = &migration.parent {
            found.extend(self.at.get(&format!("{}.{parent}", migration.app)));
        }
        for need in &migration.needs {
            let name = if need.is_current_user() { self.user.unwrap_or(need) } else { need };
            if name.app == migration.app {
                continue;
            }
            found.push(*self.made.get(name).ok_or_else(|| name.to_string())?);
        }
        for after in &migration.after {
            found.push(*self.at.get(after).ok_or_else(|| after.clone())?);
        }
        Ok(found)
    }

    fn take(&mut self, app: usize, needs: Vec<usize>) {
        let Some(migration) = self.candidate(app) else { return };
        let at = self.order.len();
        let parts = |operation: &'a Operation| match operation {
            Operation::StateOnly { operations } => operations.iter().collect(),
            one => vec![one],
        };
        for operation in migration.operations.iter().flat_map(parts) {
            match operation {
                Operation::CreateModel { model }
                | Operation::AdoptModel { model, .. }
                | Operation::PromoteRelation { through: model, .. } => {
                    self.made.entry(ModelRef::new(&migration.app, &model.name)).or_insert(at);
                }
                Operation::RenameModel { to, .. } => {
                    self.made.entry(ModelRef::new(&migration.app, to)).or_insert(at);
                }
                _ => {}
            }
        }
        self.at.insert(migration.label(), at);
        // Other apps may name what this one stands for.
        for name in &migration.replaces {
            self.at.entry(format!("{}.{name}", migration.app)).or_insert(at);
        }
        self.order.push((app, self.next[app]));
        self.needs.push(needs);
        self.next[app] += 1;
    }

    fn stuck(&self) -> Option<(&'a Migration, String)> {
        (0..self.apps.len()).find_map(|app| {
            let migration = self.candidate(app)?;
            Some((migration, self.met(migration).err()?))
        })
    }
}

fn unmet(apps: &[AppMigrations], migration: &Migration, need: &str) -> Error {
    let label = need.split('.').next().unwrap_or_default();
    let text = match apps.iter().any(|app| app.label == label) {
        true => format!(
            "no migration of `{label}` comes to it: add one there, or the two apps need each other, and one of the \
             keys has to go into a later migration"
        ),
        false if label == ModelRef::current_user().name => {
            "no listed app has a model with `#[model(user)]`: list `nuages::auth::app()` or your own"
                .to_owned()
        }
        false => format!("the app `{label}` is not listed: add `.app({label}::app())` to the project"),
    };
    Error::other(format!("migration {} needs `{need}`, and {text}", migration.label()))
}
