//! What a user may do: permissions of the user and of the user's groups.

use super::UserEntry;
use super::user::AnyUser;
use crate::backend::{Backend, Statement, quote_identifier};
use crate::model::Model;
use crate::session::spelled;
use crate::{Db, Result};
use nuages_schema::{ManyToManySchema, ModelSchema, relation_table};
use std::collections::BTreeSet;

/// The permissions of one user, read with one statement and kept for the request.
///
/// Permissions are named as Django names them: `shop.add_book`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    active: bool,
    superuser: bool,
    of_user: BTreeSet<String>,
    of_groups: BTreeSet<String>,
}

impl Permissions {
    /// The permissions of nobody.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads the permissions of a user. A superuser and one who is not active need no query.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(db: &Db, user: &dyn AnyUser) -> Result<Self> {
        let mut found = Self { active: user.active(), superuser: user.superuser(), ..Self::default() };
        if !found.active || found.superuser {
            return Ok(found);
        }
        let Some(statement) = select(db.backend(), user)? else { return Ok(found) };
        for row in db.fetch(statement).await? {
            let name = format!("{}.{}", row.text(1)?.unwrap_or_default(), row.text(2)?.unwrap_or_default());
            let set = if row.i64(0)? == Some(0) { &mut found.of_user } else { &mut found.of_groups };
            set.insert(name);
        }
        Ok(found)
    }

    /// Whether the user may do this, such as `shop.add_book`.
    #[must_use]
    pub fn has_perm(&self, permission: &str) -> bool {
        self.active
            && (self.superuser || self.of_user.contains(permission) || self.of_groups.contains(permission))
    }

    /// Whether the user may do all of these.
    #[must_use]
    pub fn has_perms<'a>(&self, permissions: impl IntoIterator<Item = &'a str>) -> bool {
        permissions.into_iter().all(|permission| self.has_perm(permission))
    }

    /// Whether the user may do anything in this app.
    #[must_use]
    pub fn has_module_perms(&self, app: &str) -> bool {
        let in_app = |name: &&String| name.split_once('.').is_some_and(|(label, _)| label == app);
        self.active
            && (self.superuser || self.of_user.iter().chain(&self.of_groups).any(|name| in_app(&name)))
    }

    /// What the user was given, by itself and by groups. A superuser has more than is listed here.
    #[must_use]
    pub fn get_all_permissions(&self) -> BTreeSet<&str> {
        self.of_user.iter().chain(&self.of_groups).map(String::as_str).collect()
    }

    /// What the user was given by itself.
    #[must_use]
    pub fn get_user_permissions(&self) -> &BTreeSet<String> {
        &self.of_user
    }

    /// What the user was given by groups.
    #[must_use]
    pub fn get_group_permissions(&self) -> &BTreeSet<String> {
        &self.of_groups
    }
}

/// The one statement: the user's own permissions, and those of the groups; none for a
/// user model that has neither relation.
fn select(backend: Backend, user: &dyn AnyUser) -> Result<Option<Statement>> {
    let schema = UserEntry::schema(&user.entry());
    let mut branches = Vec::new();
    if let Some(own) = Join::between(schema, super::Permission::schema()) {
        branches.push(format!("SELECT 0, p.app_label, p.codename {}", own.permissions(backend, "= ?")?));
    }
    let groups = Join::between(schema, super::Group::schema());
    let given = Join::between(super::Group::schema(), super::Permission::schema());
    if let (Some(groups), Some(given)) = (groups, given) {
        let members = format!("IN ({})", groups.owned_by(backend, "= ?")?);
        branches.push(format!("SELECT 1, p.app_label, p.codename {}", given.permissions(backend, &members)?));
    }
    if branches.is_empty() {
        return Ok(None);
    }
    let args = vec![user.key_value(); branches.len()];
    Ok(Some(spelled(backend, &branches.join(" UNION ALL "), args)))
}

/// A join table with its two columns.
struct Join {
    table: String,
    from: String,
    to: String,
}

impl Join {
    /// The join table of the first relation from one model to another.
    fn between(from: &'static ModelSchema, to: &'static ModelSchema) -> Option<Self> {
        let relation: &ManyToManySchema =
            from.many_to_many.iter().find(|relation| (relation.target)() == to)?;
        let column = |named: Option<&'static str>, model: &ModelSchema| {
            named.map_or_else(|| format!("{}_id", model.slug()), str::to_owned)
        };
        let table = relation.table.map(|table| table.to_string());
        Some(Self {
            table: table.unwrap_or_else(|| relation_table(from.table.as_str(), relation.name)),
            from: column(relation.from_column, from),
            to: column(relation.to_column, to),
        })
    }

    /// `FROM auth_permission p JOIN … WHERE owner …`
    fn permissions(&self, backend: Backend, owner: &str) -> Result<String> {
        let quote = |name: &str| quote_identifier(backend, name);
        let permission = super::Permission::schema();
        let (table, key) = (quote(permission.table.as_str())?, quote(permission.key_field().column)?);
        let (join, from, to) = (quote(&self.table)?, quote(&self.from)?, quote(&self.to)?);
        Ok(format!("FROM {table} p JOIN {join} j ON j.{to} = p.{key} WHERE j.{from} {owner}"))
    }

    /// `SELECT target FROM … WHERE owner …`
    fn owned_by(&self, backend: Backend, owner: &str) -> Result<String> {
        let quote = |name: &str| quote_identifier(backend, name);
        let (join, from, to) = (quote(&self.table)?, quote(&self.from)?, quote(&self.to)?);
        Ok(format!("SELECT g.{to} FROM {join} g WHERE g.{from} {owner}"))
    }
}

/// The permission to do something with a model, such as `shop.add_book`.
#[must_use]
pub fn permission_name(schema: &ModelSchema, action: &str) -> String {
    format!("{}.{action}_{}", schema.app, schema.slug())
}
