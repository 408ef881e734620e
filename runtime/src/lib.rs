//! Nuages: annotated structs become tables, typed queries, forms, pages and an admin.

// Generated code names `::nuages`; inside this crate that is the crate itself.
extern crate self as nuages;

pub mod admin;
pub mod app;
pub mod auth;
pub mod backend;
mod error;
pub mod expr;
pub mod field;
pub mod form;
pub mod guide;
pub mod http;
pub mod messages;
pub mod middleware;
pub mod model;
pub mod page;
pub mod path;
pub mod prelude;
pub mod query;
pub mod routing;
pub mod session;
pub mod settings;
pub mod signing;
pub mod site;
pub(crate) mod sql;
pub mod statics;
pub mod storage;
#[cfg(feature = "test")]
pub mod test;
pub mod value;
pub mod views;

#[doc(hidden)]
pub mod __private;

pub use nuages_schema as schema;

pub use app::{Project, Server};
pub use backend::{Database, DatabaseSettings, Db};
pub use error::{Context, Error, ErrorKind, Result, Violation};
pub use expr::functions;
pub use http::{Redirect, RequestContext, redirect};
pub use model::Model;
pub use page::Page;
pub use settings::Settings;
pub use site::{App, Command, CommandContext, Finding, Plugin, Provided, Site};

pub use clap;

pub use nuages_macros::{Choices, Field, Fields, Form, Model, Row, app, command, receiver, view};
