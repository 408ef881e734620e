//! Which migrations run, in which order and direction.

use std::collections::BTreeSet;

use nuages::{Error, Result};
use nuages_build::file::Migration;

use super::Migrations;

/// Where an app is to end up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every migration of every app.
    Everything,
    /// Every migration of one app, and what they need.
    App(String),
    /// One app at one migration, named by its name or the start of it.
    At(String, String),
    /// One app with no migration.
    Zero(String),
}

/// Forward or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The migration is applied.
    Forward,
    /// The migration is taken back.
    Backward,
}

/// One migration that runs.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The migration.
    pub migration: &'a Migration,
    /// Forward or back.
    pub direction: Direction,
}

/// What a command asks for, against what is applied.
#[derive(Clone, Debug)]
pub struct Goal<'a> {
    /// Where to end up.
    pub target: Target,
    /// The migrations that are applied, as `app.NNNN_name`.
    pub applied: &'a BTreeSet<String>,
}

impl Migrations {
    /// The migrations that run to reach a goal, in order.
    ///
    /// # Errors
    /// When the target names no app or migration, or several.
    pub fn plan(&self, goal: &Goal<'_>) -> Result<Vec<Move<'_>>> {
        let applied = |at: usize| goal.applied.contains(&self.at(at).label());
        match &goal.target {
            Target::Everything => Ok(self.forward(0..self.order.len(), applied)),
            Target::App(app) => match self.last_of(app)? {
                Some(last) => Ok(self.forward(self.with_needs(last), applied)),
                None => Ok(Vec::new()),
            },
            Target::At(app, name) => {
                let at = self.find(app, name)?;
                if !applied(at) {
                    return Ok(self.forward(self.with_needs(at), applied));
                }
                let later = self.of_app(app).filter(|other| *other > at).collect();
                Ok(self.backward(later, applied))
            }
            Target::Zero(app) => {
                self.last_of(app)?;
                Ok(self.backward(self.of_app(app).collect(), applied))
            }
        }
    }

    fn forward(
        &self,
        all: impl IntoIterator<Item = usize>,
        applied: impl Fn(usize) -> bool,
    ) -> Vec<Move<'_>> {
        let open = all.into_iter().filter(|at| !applied(*at));
        open.map(|at| Move { migration: self.at(at), direction: Direction::Forward }).collect()
    }

    /// Last first, with everything that needs one of them.
    fn backward(&self, mut taken: BTreeSet<usize>, applied: impl Fn(usize) -> bool) -> Vec<Move<'_>> {
        for at in 0..self.order.len() {
            if self.needs[at].iter().any(|need| taken.contains(need)) {
                taken.insert(at);
            }
        }
        let back = taken.into_iter().rev().filter(|at| applied(*at));
        back.map(|at| Move { migration: self.at(at), direction: Direction::Backward }).collect()
    }

    fn with_needs(&self, last: usize) -> BTreeSet<usize> {
        let mut needed = BTreeSet::from([last]);
        for at in (0..=last).rev() {
            if needed.contains(&at) {
                needed.extend(&self.needs[at]);
            }
        }
        needed
    }

    fn of_app<'a>(&'a self, app: &'a str) -> impl Iterator<Item = usize> + 'a {
        (0..self.order.len()).filter(move |at| self.at(*at).app == app)
    }

    fn last_of(&self, app: &str) -> Result<Option<usize>> {
        if self.app(app).is_none() {
            let known: Vec<&str> = self.apps.iter().map(|app| app.label.as_str()).collect();
            return Err(Error::other(format!("there is no app `{app}`; there are {}", known.join(", "))));
        }
        Ok(self.of_app(app).last())
    }

    /// The migration of an app with this name, or the only one that starts with it.
    ///
    /// # Errors
    /// When there is none, or several.
    pub fn migration(&self, app: &str, name: &str) -> Result<&Migration> {
        Ok(self.at(self.find(app, name)?))
    }

    fn find(&self, app: &str, name: &str) -> Result<usize> {
        self.last_of(app)?;
        let matches = |exact: bool| {
            let fits = move |at: &usize| {
                let known = &self.at(*at).name;
                if exact { known == name } else { known.starts_with(name) }
            };
            self.of_app(app).filter(fits).collect::<Vec<_>>()
        };
        let found = Some(matches(true)).filter(|found| !found.is_empty()).unwrap_or_else(|| matches(false));
        match found[..] {
            [only] => Ok(only),
            [] => Err(Error::other(format!(
                "`{app}` has no migration that starts with `{name}`; see `showmigrations`"
            ))),
            _ => Err(Error::other(format!(
                "several migrations of `{app}` start with `{name}`; write more of the name"
            ))),
        }
    }
}
