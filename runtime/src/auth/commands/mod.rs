//! Commands around users: `createsuperuser`, `changepassword`, `clearsessions`.

mod change_password;
mod clear_sessions;
mod create_superuser;
mod prompt;

use crate::site::Command;

/// All of them.
pub(super) fn commands() -> Vec<Command> {
    vec![create_superuser::command(), change_password::command(), clear_sessions::command()]
}
