//! Pages: askama templates rendered with the request at hand.
//!
//! A view answers with [`Page`]. While it is rendered, templates may call
//! [`csrf`], [`user`], [`messages`], [`nonce`], [`static_url`] and [`file_url`]:
//!
//! ```html
//! <link rel="stylesheet" href="{{ nuages::page::static_url("css/site.css")? }}">
//! <form method="post">{{ nuages::page::csrf()? }} … </form>
//! ```

mod error_pages;
mod functions;
mod person;
mod render;
mod scope;

pub use error_pages::ErrorPages;
pub use functions::{CsrfInput, csrf, csrf_token, file_url, language, messages, nonce, static_url, user};
pub use person::{PageMessage, PageUser};
pub use render::Page;
pub use scope::NoRequest;

pub(crate) use functions::stored_url;
pub(crate) use render::{finish, html, is_waiting};
