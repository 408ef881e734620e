//! What is done with selected rows of a list: deleting them, and the actions of the project.

use axum::response::{IntoResponse, Response};
use nuages::admin::{Action, ActionRequest, AdminRequest, rows};
use nuages::http::redirect;
use nuages::model::ModelEntry;
use nuages::value::Value;
use nuages::{Error, ErrorKind, Result};

use crate::address::Address;
use crate::asked::{Asked, Posted};
use crate::delete;
use crate::edit::key;
use crate::list::{ListQuery, key_of};
use crate::log::{self, Entry, Verb};
use crate::page::field::Choice;
use crate::registry::{counted, list_url};
use crate::text;

/// Rows that one action takes at most.
const MOST: u64 = 10_000;
/// The name of the action that every model has.
pub(crate) const DELETE: &str = "delete_selected";

/// The actions that the user may run; `selected` marks the one that destroys.
pub(crate) fn offered(entry: &'static ModelEntry, by: &AdminRequest) -> Vec<Choice> {
    let mut offered = Vec::new();
    if by.may("delete", entry.schema) {
        offered.push(Choice::new(DELETE, "Delete", true));
    }
    let own = entry.admin.actions.for_request(by).unwrap_or_default();
    let permitted = own.into_iter().filter(|action| may_run(action, entry, by));
    offered.extend(permitted.map(|action| Choice::new(action.name, action.title(), false)));
    offered
}

fn may_run(action: &Action, entry: &ModelEntry, by: &AdminRequest) -> bool {
    match action.permission {
        "" => by.may("change", entry.schema),
        permission => by.has_permission(permission),
    }
}

/// Runs an action that was posted from a list.
pub(crate) async fn run(
    asked: &Asked,
    entry: &'static ModelEntry,
    address: Address,
    posted: &Posted,
) -> Result<Response> {
    let name = posted.get("_action").unwrap_or_default();
    if !offered(entry, &asked.by).iter().any(|offer| offer.value == name) {
        return Err(Error::new(
            ErrorKind::PermissionDenied,
            "There is no such action, or it needs a permission you do not have.",
        ));
    }
    let back = format!("{}{}", list_url(&asked.root, entry.schema), address.url());
    let keys = keys(asked, entry, address, posted).await?;
    if keys.is_empty() {
        asked.tell(false, "Nothing was selected, so nothing was done.", None)?;
        return Ok(redirect(back).into_response());
    }
    if keys.len() as u64 > MOST {
        let text = format!("More than {MOST} rows match. Narrow the list down first; nothing was done.");
        asked.tell(false, text, None)?;
        return Ok(redirect(back).into_response());
    }
    if name == DELETE {
        return delete::selected(asked, entry, keys, posted, &back).await;
    }
    let own = entry.admin.actions.for_request(&asked.by).unwrap_or_default();
    let Some(action) = own.into_iter().find(|action| action.name == name) else {
        return Err(Error::new(ErrorKind::BadRequest, "There is no such action."));
    };
    perform(asked, entry, action, keys, back).await
}

async fn keys(
    asked: &Asked,
    entry: &'static ModelEntry,
    address: Address,
    posted: &Posted,
) -> Result<Vec<Value>> {
    if posted.get("_all") == Some("1") {
        return ListQuery::new(entry, &asked.by, address, asked.offset()).keys(&asked.db, MOST).await;
    }
    Ok(posted.all("_selected").filter_map(|text| key(entry, text)).take(MOST as usize + 1).collect())
}

/// Runs a function of the project in a transaction, with an entry in the history of each row.
async fn perform(
    asked: &Asked,
    entry: &'static ModelEntry,
    action: Action,
    keys: Vec<Value>,
    back: String,
) -> Result<Response> {
    let count = keys.len() as u64;
    let done = asked
        .db
        .atomic(async |db| {
            let names = names(&db, entry, &keys).await?;
            let request = ActionRequest {
                db: db.clone(),
                model: entry.schema,
                keys: keys.clone(),
                by: asked.by.clone(),
            };
            let said = (action.run)(request).await?;
            let source = format!("by the action {}", action.title());
            let entries: Vec<Entry<'_>> = names
                .iter()
                .map(|(key, object)| Entry {
                    schema: entry.schema,
                    key: key.clone(),
                    object,
                    verb: Verb::Changed,
                    source: &source,
                    changes: &[],
                })
                .collect();
            log::write(&db, asked, &entries).await?;
            Ok(said)
        })
        .await;
    match done {
        Ok(said) if said.is_empty() => {
            asked.tell(true, format!("{}: {}.", action.title(), counted(count, entry.schema)), None)?;
        }
        Ok(said) => asked.tell(true, said, None)?,
        Err(error) if error.is_validation() => asked.tell(false, error.to_string(), None)?,
        Err(error) => return Err(error),
    }
    Ok(redirect(back).into_response())
}

/// What rows are called, by key.
pub(crate) async fn names(
    db: &nuages::Db,
    entry: &'static ModelEntry,
    keys: &[Value],
) -> Result<Vec<(String, String)>> {
    let mut names = Vec::new();
    for chunk in keys.chunks(1_000) {
        for row in rows::fetch(db, &rows::by_keys(entry.schema, chunk.to_vec())).await? {
            names.push((text::plain(&key_of(entry.schema, &row)?), (entry.describe)(&row, 0)?));
        }
    }
    Ok(names)
}
