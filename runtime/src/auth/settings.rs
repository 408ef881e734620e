//! How a project wants its logins: `Project::with(AuthSettings { … })`.

use super::ThrottleSettings;
use super::hash::PasswordHasher;
use super::validators::PasswordPolicy;
use crate::session::SessionSettings;
use crate::site::Site;
use std::sync::Arc;

/// How a project wants its logins. What is not said stays as it is:
///
/// ```
/// use nuages::auth::AuthSettings;
///
/// let settings = AuthSettings { login_redirect_url: "/books".into(), ..AuthSettings::default() };
/// assert_eq!(settings.throttle.account_and_peer, 5);
/// ```
#[derive(Clone)]
pub struct AuthSettings {
    /// Where visitors are sent to log in; if nothing is said, to the login page that was
    /// mounted ([`accounts`](super::accounts)), or the admin's.
    pub login_url: Option<String>,
    /// Where they go after logging in, if they came from nowhere.
    pub login_redirect_url: String,
    /// Where they go after logging out; if nothing is said, to the login page.
    pub logout_redirect_url: Option<String>,
    /// What a new password must be.
    pub password_policy: PasswordPolicy,
    /// How many logins may fail.
    pub throttle: ThrottleSettings,
    /// How long sessions live.
    pub sessions: SessionSettings,
    /// What hashes passwords.
    pub hasher: PasswordHasher,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            login_url: None,
            login_redirect_url: "/".into(),
            logout_redirect_url: None,
            password_policy: PasswordPolicy::default(),
            throttle: ThrottleSettings::default(),
            sessions: SessionSettings::default(),
            hasher: PasswordHasher::shared(),
        }
    }
}

/// The plugin with login and logout pages has this name.
pub(super) const ACCOUNTS: &str = "accounts";

impl AuthSettings {
    /// What the project was given, or the defaults.
    #[must_use]
    pub fn of(site: &Site) -> Arc<Self> {
        match site.provided::<Self>() {
            Some(settings) => Arc::new(settings.clone()),
            None => {
                let sessions =
                    SessionSettings { idle: site.settings().session_age, ..SessionSettings::default() };
                Arc::new(Self { sessions, ..Self::default() })
            }
        }
    }

    /// The address of the login page.
    #[must_use]
    pub fn login_url(&self, site: &Site) -> String {
        let mounted = || {
            let prefix = site.mounted_at(ACCOUNTS).or_else(|| site.mounted_at("admin"));
            format!("{}/login", prefix.unwrap_or("/accounts").trim_end_matches('/'))
        };
        self.login_url.clone().unwrap_or_else(mounted)
    }
}

impl std::fmt::Debug for AuthSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthSettings").field("throttle", &self.throttle).finish_non_exhaustive()
    }
}
