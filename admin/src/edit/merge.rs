//! Two people changed one row: nothing is overwritten that nobody looked at.

use axum::http::StatusCode;
use axum::response::Response;
use nuages::Result;
use nuages::backend::Db;

use super::labels::Labels;
use super::save::in_words;
use super::spec::FormSpec;
use super::state::{FormState, hashes};
use crate::asked::{Asked, Posted};
use crate::log;
use crate::page::Link;
use crate::page::merge::{Difference, MergePage};
use crate::registry::{heading, list_url};

/// Fields that two people changed to different values.
pub(crate) struct Conflict {
    fields: Vec<Difference>,
    /// Files came along, which cannot wait on a page.
    files: bool,
    version: String,
    remembered: String,
}

/// Compares what the form was loaded with to what the row holds now. Fields that only one of
/// the two touched are merged into `state`. A form that does not say what it was loaded with, or that had other
/// fields then, may have been loaded with anything: whatever differs in it is asked about.
pub(crate) async fn check(
    asked: &Asked,
    db: &Db,
    form: &FormSpec,
    posted: &Posted,
    held: &FormState,
    state: &mut FormState,
) -> Result<Option<Conflict>> {
    let unknown = || vec![String::new(); form.editable().count()];
    let loaded = posted.get("_version").and_then(|version| hashes(form, version)).unwrap_or_else(unknown);
    let was = FormState::of_remembered(form, posted.get("_was").unwrap_or_default(), &loaded);
    let mut differing = Vec::new();
    for (part, loaded) in form.editable().zip(loaded) {
        let theirs = held.hash(part) != loaded;
        if !theirs || part.is_password() {
            continue;
        }
        if state.hash(part) == loaded {
            state.set(part.name(), held.all(part.name()).to_vec());
        } else if state.differs(held, part) {
            differing.push(part);
        }
    }
    if differing.is_empty() {
        return Ok(None);
    }
    let specs: Vec<_> = differing.iter().filter_map(|part| form.find(part.name())).collect();
    let labels = Labels::load(db, [(specs.clone(), held), (specs.clone(), &was), (specs, &*state)]).await?;
    let pair = |part, of: &FormState| {
        let read = in_words(part, of, &labels, asked.zone());
        let typed = of.all(part.name()).join(",");
        (typed.clone(), read.unwrap_or(typed))
    };
    let fields = differing.into_iter().map(|part| Difference {
        name: part.name().to_owned(),
        label: part.label(),
        was: was.knows(part).then(|| pair(part, &was).1),
        theirs: pair(part, held),
        yours: pair(part, state),
        keep_yours: !part.is_file(),
    });
    Ok(Some(Conflict {
        fields: fields.collect(),
        files: state.has_files(),
        version: held.version(form),
        remembered: held.remembered(form),
    }))
}

/// The page that asks what to keep.
pub(crate) async fn page(
    asked: &Asked,
    form: &FormSpec,
    posted: &Posted,
    conflict: Conflict,
    key: &str,
) -> Result<Response> {
    let schema = form.entry.schema;
    let last = log::of_row(&asked.db, schema, key, None, 1).await?.pop();
    let names: Vec<String> = conflict.fields.iter().map(|field| field.name.clone()).collect();
    let mut without: Vec<&str> = names.iter().map(String::as_str).collect();
    for password in form.passwords() {
        without.push(password);
    }
    without.extend(["_version", "_was", "_save", "_continue", "_another"]);
    let mut carry = posted.carried(&without);
    carry.push(("_version".to_owned(), conflict.version));
    carry.push(("_was".to_owned(), conflict.remembered));
    let url = format!("{}{}/", list_url(&asked.root, schema), crate::address::segment(key));
    let list = list_url(&asked.root, schema);
    let title = format!("Two versions of this {}", schema.verbose_name);
    asked.page_with(
        StatusCode::CONFLICT,
        &MergePage {
            shell: asked.shell(&title, &[(&heading(schema), &list), (&title, "")], Some(schema))?,
            noun: schema.verbose_name.to_owned(),
            who: last.map(|entry| entry.username),
            action: url.clone(),
            carry,
            fields: conflict.fields,
            files: conflict.files,
            theirs: Link::new(key, url),
        },
    )
}
