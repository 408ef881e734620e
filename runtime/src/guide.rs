//! The guide: chapters that are compiled and run like every other example.

#[doc = include_str!("../guide/admin.md")]
pub mod admin {}

#[doc = include_str!("../guide/files.md")]
pub mod files {}

#[doc = include_str!("../guide/forms.md")]
pub mod forms {}

#[doc = include_str!("../guide/models.md")]
pub mod models {}

#[doc = include_str!("../guide/migrations.md")]
pub mod migrations {}

#[doc = include_str!("../guide/queries.md")]
pub mod queries {}

#[doc = include_str!("../guide/relations.md")]
pub mod relations {}

#[doc = include_str!("../guide/users.md")]
pub mod users {}

#[doc = include_str!("../guide/web.md")]
pub mod web {}
