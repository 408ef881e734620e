//! What the databases that a model lives on must have, proved where the option stands.

use nuages_schema::{Backend, lives_on};

use super::Place;

impl Place {
    /// Stops the build where the model may live on a database that lacks something.
    ///
    /// # Panics
    /// In const code, with the text for the user.
    #[track_caller]
    #[expect(clippy::panic, reason = "const code tells the user by it, at the option's word")]
    pub const fn needs(self, backends: &[Backend], text: &str) {
        if !lives_on(self.only, self.app_only, backends) {
            panic!("{}", text);
        }
    }

    /// Stops the build where neither the model nor its app says which databases it lives on.
    ///
    /// # Panics
    /// In const code, with the text for the user.
    #[track_caller]
    #[expect(clippy::panic, reason = "const code tells the user by it, at the option's word")]
    pub const fn says(self, text: &str) {
        if self.only.is_empty() && self.app_only.is_none() {
            panic!("{}", text);
        }
    }

    /// Stops the build where the model may live on several databases.
    ///
    /// # Panics
    /// In const code, with the text for the user.
    #[track_caller]
    #[expect(clippy::panic, reason = "const code tells the user by it, at the option's word")]
    pub const fn lives_on_one(self, text: &str) {
        let sqlite = lives_on(self.only, self.app_only, &[Backend::Sqlite]);
        let postgres = lives_on(self.only, self.app_only, &[Backend::Postgres]);
        if !(sqlite || postgres || lives_on(self.only, self.app_only, &[Backend::Mysql])) {
            panic!("{}", text);
        }
    }
}
