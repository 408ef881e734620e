//! What can be done with the selected rows of a list.

use std::collections::BTreeSet;

use futures_util::future::BoxFuture;
use nuages_schema::ModelSchema;

use crate::backend::Db;
use crate::error::Result;
use crate::expr::{Condition, Expr};
use crate::model::Model;
use crate::query::{QuerySet, Select};
use crate::value::Value;

/// An action of the list.
///
/// ```no_run
/// use nuages::admin::ActionRequest;
///
/// async fn nothing(request: ActionRequest) -> nuages::Result<String> {
///     Ok(format!("{} rows were left alone", request.keys.len()))
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Action {
    /// Its name in the form: the function's.
    pub name: &'static str,
    /// What the button says; empty to make it from the name.
    pub label: &'static str,
    /// The permission it needs: `change` of the model where nothing is said.
    pub permission: &'static str,
    /// The question of a page that is shown first; empty to run at once.
    pub confirm: &'static str,
    /// The function. It runs in a transaction, and what it answers is shown as a message.
    pub run: fn(ActionRequest) -> BoxFuture<'static, Result<String>>,
}

impl Action {
    /// An action that needs the permission to change the model.
    #[must_use]
    pub const fn new(
        name: &'static str,
        run: fn(ActionRequest) -> BoxFuture<'static, Result<String>>,
    ) -> Self {
        Self { name, label: "", permission: "", confirm: "", run }
    }

    /// What the button says.
    #[must_use]
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// The permission it needs, such as `shop.publish_book`.
    #[must_use]
    pub const fn permission(mut self, permission: &'static str) -> Self {
        self.permission = permission;
        self
    }

    /// Asks on a page of its own first, with this sentence and the rows that it is about.
    #[must_use]
    pub const fn confirm(mut self, question: &'static str) -> Self {
        self.confirm = question;
        self
    }

    /// What the button says.
    #[must_use]
    pub fn title(&self) -> String {
        if !self.label.is_empty() {
            return self.label.to_owned();
        }
        let words = self.name.replace('_', " ");
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

/// The rows an action is about.
#[derive(Clone)]
pub struct ActionRequest {
    /// The database session, inside the transaction of the action.
    pub db: Db,
    /// The model.
    pub model: &'static ModelSchema,
    /// The primary keys of the selected rows.
    pub keys: Vec<Value>,
    /// Who asks.
    pub by: AdminRequest,
}

impl ActionRequest {
    /// The selected rows as a query; of another model it is a query that finds nothing.
    pub fn objects<M: Model>(&self) -> QuerySet<M> {
        let mut select = Select::of(M::schema());
        let key = Expr::Column(select.key_column());
        select.nothing = M::schema() != self.model;
        select.filters.push(Condition::In(key, self.keys.clone()));
        QuerySet::from_select(select)
    }
}

/// Who asks the admin for what: what options that are functions get to see.
#[derive(Clone, Debug, Default)]
pub struct AdminRequest {
    /// The user's name.
    pub username: String,
    /// The user's primary key as text.
    pub user_key: String,
    /// Whether the user may do everything.
    pub is_superuser: bool,
    /// The permissions, such as `shop.change_book`.
    pub permissions: BTreeSet<String>,
    /// The key of the row on the page, as text; nothing on a list and for a new row.
    pub object: Option<String>,
}

impl AdminRequest {
    /// Whether the user has a permission such as `shop.change_book`.
    #[must_use]
    pub fn has_permission(&self, permission: &str) -> bool {
        self.is_superuser || self.permissions.contains(permission)
    }

    /// Whether the user may `add`, `change`, `delete` or `view` rows of a model.
    #[must_use]
    pub fn may(&self, verb: &str, model: &ModelSchema) -> bool {
        self.has_permission(&format!("{}.{verb}_{}", model.app, model.slug()))
    }
}

#[cfg(test)]
mod tests {
    use super::AdminRequest;

    #[test]
    fn nothing_is_permitted_unless_it_is_said() {
        let nobody = AdminRequest::default();
        assert!(!nobody.has_permission("shop.view_book"));
        let clerk =
            AdminRequest { permissions: ["shop.view_book".to_owned()].into(), ..AdminRequest::default() };
        assert!(clerk.has_permission("shop.view_book") && !clerk.has_permission("shop.change_book"));
        assert!(AdminRequest { is_superuser: true, ..nobody }.has_permission("shop.delete_book"));
    }
}
