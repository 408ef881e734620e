//! Pages to log in, log out and change one's password, for a project to mount:
//!
//! ```no_run
//! use nuages::Project;
//!
//! # async fn main_() -> nuages::Result<()> {
//! Project::from_env()?.mount("/accounts", nuages::auth::accounts()).run().await
//! # }
//! ```
//!
//! | address | method | |
//! |---|---|---|
//! | `/accounts/login` | GET, POST | `?next=` says where to go after |
//! | `/accounts/logout` | POST | a link cannot log anybody out |
//! | `/accounts/password_change` | GET, POST | for who is logged in |
//! | `/accounts/password_change/done` | GET | |

mod login;
mod password;

use super::settings::ACCOUNTS;
use crate::site::{Plugin, Site};
use axum::Router;
use axum::routing::{get, post};

/// The plugin that [`accounts`] makes.
#[derive(Clone, Copy, Debug)]
pub struct Accounts(());

/// Pages to log in, log out and change one's password.
#[must_use]
pub fn accounts() -> Accounts {
    Accounts(())
}

impl Plugin for Accounts {
    fn name(&self) -> &'static str {
        ACCOUNTS
    }

    fn router(&self, _prefix: &str) -> Option<Router<Site>> {
        let router = Router::new()
            .route("/login", get(login::show).post(login::submit))
            .route("/logout", post(login::logout))
            .route("/password_change", get(password::show).post(password::submit))
            .route("/password_change/done", get(password::done));
        Some(router)
    }
}
