//! What models and views use all the time: `use nuages::prelude::*;`

pub use crate::app::Project;
pub use crate::auth::{AuthUser, Login, MaybeLogin, Permit};
pub use crate::backend::Db;
pub use crate::error::{Context, Error, ErrorKind, Result};
pub use crate::expr::{Expression, Q};
pub use crate::field::{ForeignKey, ManyToMany, OneToOne, PrimaryKey};
pub use crate::form::{Form, FormFields, FormState, Many, ModelValidation, NewValidation};
pub use crate::http::{Csrf, Redirect, RequestContext, redirect};
pub use crate::messages::Messages;
pub use crate::model::Model;
pub use crate::page::Page;
pub use crate::query::{ModelOperations, New, QuerySet};
pub use crate::session::Session;
pub use crate::site::{App, Command, CommandContext, Provided, Site};
pub use crate::value::{Date, DateTime, Decimal, Json, Time, Uuid};

pub use crate::dec;
pub use nuages_macros::{Choices, Field, Fields, Form, Model, Row, command, receiver, view};
