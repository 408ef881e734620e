//! Choosing a related row on a page of its own, for browsers without script. The unfinished
//! form travels along and comes back.

use axum::response::Response;
use nuages::model::ModelEntry;
use nuages::{Error, ErrorKind, Result};

use super::inline::InlineSpec;
use super::labels;
use super::spec::{FormSpec, Part};
use crate::asked::{Asked, Posted};
use crate::page::lookup::LookupPage;
use crate::registry::{heading, list_url, with_article};

/// What the page adds to the form.
const OWN: [&str; 8] =
    ["_lookup", "_q", "_picked", "_pick", "_unpick", "_back_to_form", "_save", "_continue"];

/// The page that offers the rows for a field.
pub(crate) async fn page(
    asked: &Asked,
    form: &FormSpec,
    inlines: &[InlineSpec],
    posted: &Posted,
    name: &str,
) -> Result<Response> {
    let missing = || Error::new(ErrorKind::BadRequest, "The form has no such field to choose for.");
    let (declared, part, target) = field(form, inlines, name).ok_or_else(missing)?;
    if !asked.may("view", target.schema) {
        let text = format!("You may not see {}.", target.schema.verbose_name_plural);
        return Err(Error::new(ErrorKind::PermissionDenied, text));
    }
    let query = posted.get("_q").unwrap_or_default().to_owned();
    let limit = (declared.limit_choices_to)(part.name());
    let (mut found, more) = labels::search(asked, target, &query, limit).await?;
    let many = matches!(part, Part::Many(..));
    for choice in &mut found {
        choice.selected = posted.all(name).any(|chosen| chosen == choice.value);
    }
    let schema = form.entry.schema;
    let title = format!("Choose {}", with_article(target.schema.verbose_name));
    asked.page(&LookupPage {
        shell: asked.shell(
            &title,
            &[(&heading(schema), &list_url(&asked.root, schema)), (&title, "")],
            Some(schema),
        )?,
        action: String::new(),
        carry: posted.carried(&OWN.into_iter().chain(form.passwords()).collect::<Vec<_>>()),
        field: name.to_owned(),
        noun: target.schema.verbose_name.to_owned(),
        query,
        found,
        more,
        many,
        optional: many || matches!(part, Part::Column(_, field) if field.nullable),
    })
}

/// Puts what was chosen into the form. Says whether the form comes back from that page.
pub(crate) fn take(posted: &mut Posted) -> bool {
    let first = |posted: &Posted, name| posted.get(name).map(str::to_owned);
    if let Some(field) = first(posted, "_pick") {
        let picked: Vec<(String, String)> =
            posted.all("_picked").map(|value| (field.clone(), value.to_owned())).collect();
        if !picked.is_empty() {
            posted.0.retain(|(name, _)| *name != field);
            posted.0.extend(picked);
        }
    } else if let Some(field) = first(posted, "_unpick") {
        posted.0.retain(|(name, _)| *name != field);
    } else if !posted.has("_back_to_form") {
        return false;
    }
    posted.0.retain(|(name, _)| !OWN.contains(&name.as_str()));
    true
}

/// The model with the field of this name, the field, and the model that it leads to.
fn field(
    form: &FormSpec,
    inlines: &[InlineSpec],
    name: &str,
) -> Option<(&'static ModelEntry, Part, &'static ModelEntry)> {
    let own = form.find(name).map(|spec| (form.entry, spec));
    let of_inline = || {
        inlines.iter().find_map(|inline| {
            let rest = name.strip_prefix(inline.prefix.as_str())?.strip_prefix('-')?;
            let (_, field) = rest.split_once('-')?;
            inline.form.find(field).map(|spec| (inline.form.entry, spec))
        })
    };
    let (declared, spec) = own.or_else(of_inline).filter(|(_, spec)| spec.editable)?;
    Some((declared, spec.part, labels::target(spec.part)?))
}
