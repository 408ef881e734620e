//! Sessions: what the server remembers about a visitor between requests.
//!
//! The browser holds a random token, the database the token's hash beside the
//! data. A session costs nothing until it is used: no row is read before the
//! first use, and none is written unless something changed.
//!
//! ```
//! # async fn example(db: &nuages::Db, session: nuages::session::Session) -> nuages::Result<()> {
//! session.load(db).await?;                            // an argument `session: Session` of a view is loaded
//! let visits: i64 = session.get("visits")?.unwrap_or(0);
//! session.set("visits", visits + 1)?;                 // written once, at the end of the request
//! # Ok(())
//! # }
//! ```
//!
//! What keeps it safe: the token is new after login; a session that was ended
//! never comes back, because rows are updated only while they are there; two
//! requests that change different keys at the same time both succeed; idle and
//! absolute lifetime are kept by the server, whatever the cookie says.

mod commit;
mod csrf;
mod handle;
mod record;
mod settings;
mod statement;
mod store;
mod token;

pub use csrf::CsrfSecret;
pub use handle::Session;
pub use settings::{CookieChange, SessionExpiry, SessionSettings};
pub use store::{SessionStore, UserTable};
pub use token::SessionToken;

pub(crate) use record::key_text;
pub(crate) use statement::spelled;
