//! One app of a project: a crate with models, views and migrations.

use crate::model::{ModelEntry, models};
use crate::statics::StaticDir;
use nuages_schema::Backend;

/// An app: what `nuages::app!()` makes of a crate, and `Project::app` lists.
///
/// The function that `app!` writes is `app()`; calling it is what links the
/// crate's models and views into the program.
#[derive(Clone, Debug)]
pub struct App {
    label: &'static str,
    module: &'static str,
    prefix: String,
    migrations: MigrationFolder,
    only: &'static [Backend],
    statics: Option<StaticDir>,
}

/// The migrations of one app, as the build embeds them: the label, the folder of the source (empty where
/// nothing may be written), and each file's name without the ending and its text. The one that is not
/// sealed yet is named `pending`.
///
/// A tuple, because the file that the build writes must not name this crate.
pub type MigrationFolder = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

impl App {
    /// An app with this label, of the crate (or module) at this path.
    #[must_use]
    pub fn new(label: &'static str, module: &'static str) -> Self {
        Self { label, module, prefix: String::new(), migrations: ("", "", &[]), only: &[], statics: None }
    }

    /// The migrations of this app, out of those that the build script of its crate embedded:
    /// `include!(concat!(env!("OUT_DIR"), "/nuages_migrations.rs"))`, which `nuages::app!()` writes.
    #[must_use]
    pub fn with_migrations(mut self, folders: &'static [MigrationFolder]) -> Self {
        if let Some(own) = folders.iter().find(|(label, ..)| *label == self.label) {
            self.migrations = *own;
        }
        self
    }

    /// The databases that every model of the app may live on; none is all.
    #[must_use]
    pub fn with_only(mut self, backends: &'static [Backend]) -> Self {
        self.only = backends;
        self
    }

    /// The app's static files, from `nuages::static_dir!(…)`.
    #[must_use]
    pub fn with_static(mut self, files: StaticDir) -> Self {
        self.statics = Some(files);
        self
    }

    /// Puts the app's routes under an address, such as `/shop`; its `url()`s follow.
    #[must_use]
    pub fn at(mut self, prefix: &str) -> Self {
        let prefix = prefix.trim_matches('/');
        self.prefix = if prefix.is_empty() { String::new() } else { format!("/{prefix}") };
        self
    }

    /// The label that prefixes tables and migration records.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// The path of the crate or module whose views belong to the app.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.module
    }

    /// The address before the app's routes: empty, or with a slash before and none behind.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The migrations.
    #[must_use]
    pub fn migrations(&self) -> MigrationFolder {
        self.migrations
    }

    /// Whether it has tables to make and no migration that makes them, because its crate has no build script.
    pub(crate) fn lacks_migrations(&self) -> bool {
        let mine = |entry: &&ModelEntry| entry.schema.app == self.label && entry.schema.managed;
        self.migrations.0.is_empty() && models().iter().any(mine)
    }

    /// The databases that the app may live on; empty is all.
    #[must_use]
    pub fn only(&self) -> &'static [Backend] {
        self.only
    }

    /// The static files.
    #[must_use]
    pub fn statics(&self) -> Option<StaticDir> {
        self.statics
    }

    /// How many segments of `module` this app's module covers, if it covers it.
    pub(crate) fn covers(&self, module: &str) -> Option<usize> {
        let rest = module.strip_prefix(self.module)?;
        let whole = rest.is_empty() || rest.starts_with("::");
        whole.then(|| self.module.split("::").count())
    }
}

/// The app whose module is the nearest above `module`.
pub(crate) fn owner<'a>(apps: &'a [App], module: &str) -> Option<&'a App> {
    apps.iter()
        .filter_map(|app| Some((app.covers(module)?, app)))
        .max_by_key(|(depth, _)| *depth)
        .map(|(_, app)| app)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_belongs_to_the_nearest_app_above_it() {
        let apps = [App::new("shop", "shop"), App::new("stock", "shop::stock"), App::new("sho", "sho")];
        let label = |module| owner(&apps, module).map(App::label);
        assert_eq!(label("shop::views"), Some("shop"));
        assert_eq!(label("shop::stock::views"), Some("stock"));
        assert_eq!(label("shop::stocktaking"), Some("shop"));
        assert_eq!(label("shops"), None);
    }

    #[test]
    fn a_prefix_has_one_slash_before_and_none_behind() {
        let prefix = |text| App::new("shop", "shop").at(text).prefix().to_owned();
        assert_eq!(prefix("shop/"), "/shop");
        assert_eq!(prefix("/a/b"), "/a/b");
        assert_eq!(prefix("/"), "");
    }
}
