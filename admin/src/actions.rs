//! What is done with selected rows of a list: deleting them, and the actions of the project.

use std::collections::HashSet;

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
use crate::page::choice::Choice;
use crate::page::confirm::ConfirmPage;
use crate::registry::{counted, grouped, heading, list_url};
use crate::text;

/// Rows that one action takes at most.
const MOST: u64 = 10_000;
/// The name of the action that every model has.
pub(crate) const DELETE: &str = "delete_selected";
/// The field that says that everything that matches is meant, and the one that says what that was.
const ALL: &str = "_all";
const MATCH: &str = "_match";
/// Rows that a question names.
const NAMED: usize = 20;

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
    let list = ListQuery::new(entry, &asked.by, address, asked.zone(), asked.limit());
    let all = posted.get(ALL) == Some("1");
    let keys = if all { list.keys(&asked.db, MOST).await? } else { selected(entry, posted) };
    if keys.is_empty() {
        asked.tell(false, "Nothing was selected, so nothing was done.", None)?;
        return Ok(redirect(back).into_response());
    }
    if keys.len() as u64 > MOST {
        let text = format!(
            "That is more than {} rows. Narrow the list down first; nothing was done.",
            grouped(MOST)
        );
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
    let seen = if all { seen(asked, &list, posted) } else { Some(keys.len() as u64) };
    let same = seen.is_some_and(|seen| is_close(seen, keys.len() as u64));
    let asks = !action.confirm.is_empty() && !posted.has("_confirm");
    if asks || !same {
        let question = Question { action, keys, all, seen: seen.filter(|_| !same), back };
        return question.page(asked, &list).await;
    }
    perform(asked, entry, action, keys, back).await
}

/// The keys that were ticked, each once.
fn selected(entry: &'static ModelEntry, posted: &Posted) -> Vec<Value> {
    let mut known = HashSet::new();
    let texts = posted.all("_selected").filter(|text| known.insert((*text).to_owned()));
    texts.filter_map(|text| key(entry, text)).take(MOST as usize + 1).collect()
}

/// What "all that match" meant on the page that was looked at: the filter with the count, signed, so that
/// neither another address nor a list that grew meanwhile is taken for it.
pub(crate) fn seal(asked: &Asked, list: &ListQuery, count: u64) -> String {
    asked.signer("admin.action").sign(&format!("{count} {}", list.narrowing()))
}

/// The count that was looked at, if the page was about this very list.
fn seen(asked: &Asked, list: &ListQuery, posted: &Posted) -> Option<u64> {
    let signer = asked.signer("admin.action");
    let (count, narrowing) = signer.unsign(posted.get(MATCH)?).ok()?.split_once(' ')?;
    (narrowing == list.narrowing()).then(|| count.parse().ok())?
}

/// At most one in a hundred more or less is no reason to ask again.
fn is_close(seen: u64, now: u64) -> bool {
    seen.abs_diff(now).saturating_mul(100) <= seen
}

/// An action that asks on a page of its own before it runs.
struct Question {
    action: Action,
    keys: Vec<Value>,
    all: bool,
    /// The count that was looked at, where it is another one now.
    seen: Option<u64>,
    back: String,
}

impl Question {
    async fn page(&self, asked: &Asked, list: &ListQuery) -> Result<Response> {
        let (entry, schema) = (list.entry, list.entry.schema);
        let count = self.keys.len() as u64;
        let mut carry = vec![("_action".to_owned(), self.action.name.to_owned())];
        if self.all {
            carry.push((ALL.to_owned(), "1".to_owned()));
            carry.push((MATCH.to_owned(), seal(asked, list, count)));
        } else {
            carry.extend(self.keys.iter().map(|key| ("_selected".to_owned(), text::plain(key))));
        }
        let first = &self.keys[..self.keys.len().min(NAMED)];
        let names = names(&asked.db, entry, first).await?;
        let title = format!("{}: {}?", self.action.title(), counted(count, schema));
        let own = list_url(&asked.root, schema);
        let changed = match self.seen {
            Some(seen) => format!(
                "{} matched when you looked; now it is {}. Nothing was done yet.",
                counted(seen, schema),
                grouped(count)
            ),
            None if self.action.confirm.is_empty() => "Nothing was done yet.".to_owned(),
            None => String::new(),
        };
        asked.page(&ConfirmPage {
            shell: asked.shell(
                &title,
                &[(&heading(schema), &own), (&self.action.title(), "")],
                Some(schema),
            )?,
            question: self.action.confirm.to_owned(),
            changed,
            carry,
            objects: names.into_iter().map(|(_, name)| name).collect(),
            more: count.saturating_sub(first.len() as u64),
            button: format!("{} ({})", self.action.title(), counted(count, schema)),
            cancel: self.back.clone(),
        })
    }
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

#[cfg(test)]
mod tests {
    use super::is_close;

    #[test]
    fn one_in_a_hundred_is_close() {
        assert!(is_close(200, 200) && is_close(200, 202) && is_close(200, 198));
        assert!(!is_close(200, 203) && !is_close(99, 100) && !is_close(0, 1));
    }
}
