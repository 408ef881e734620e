//! A planned deletion in the words of its page.

use nuages::admin::Tone;
use nuages::model::ModelEntry;
use nuages::query::PlannedRows;

use super::plan::Planned;
use crate::page::delete::Effect;
use crate::registry::{counted, grouped, heading};

/// From here on, the count has to be typed.
const MANY: usize = 1_000;

/// Rows of one model together, whichever way they were found.
pub(super) fn merged(planned: &[PlannedRows]) -> Vec<PlannedRows> {
    let mut all: Vec<PlannedRows> = Vec::new();
    for rows in planned {
        match all
            .iter_mut()
            .find(|known| known.entry.schema == rows.entry.schema && known.field == rows.field)
        {
            Some(known) => known.keys.extend(rows.keys.iter().cloned()),
            None => all.push(rows.clone()),
        }
    }
    all
}

fn label_of(rows: &PlannedRows) -> String {
    rows.field.map_or("", |index| rows.entry.schema.fields[index].options.label).to_lowercase()
}

/// What happens, model by model.
pub(super) fn effects(planned: &Planned, entry: &ModelEntry) -> Vec<Effect> {
    let mut effects = Vec::new();
    let more = if planned.cut_off() { "+" } else { "" };
    let mut push = |rows: &PlannedRows, tone, what: String| {
        effects.push(Effect {
            nouns: heading(rows.entry.schema),
            count: format!("{}{more}", grouped(rows.keys.len() as u64)),
            tone,
            what,
        });
    };
    for rows in merged(&planned.plan.blocked) {
        push(&rows, Tone::Warning, "in the way".to_owned());
    }
    for rows in merged(&planned.plan.deleted) {
        let own = rows.entry.schema == entry.schema && rows.field.is_none();
        push(&rows, Tone::Bad, if own { "deleted" } else { "deleted with it" }.to_owned());
    }
    for rows in merged(&planned.by_database.deleted) {
        push(&rows, Tone::Bad, "deleted with it, by the database".to_owned());
    }
    for rows in merged(&planned.plan.changed) {
        let to = match &rows.value {
            None => "to another row",
            Some(value) if value.is_null() => "empty",
            Some(_) => "to its default",
        };
        push(&rows, Tone::Note, format!("kept, {} set {to}", label_of(&rows)));
    }
    for rows in merged(&planned.by_database.changed) {
        push(&rows, Tone::Note, format!("kept, {} set empty by the database", label_of(&rows)));
    }
    effects.extend(planned.links.iter().map(|links| Effect {
        nouns: links.nouns.clone(),
        count: links.count(),
        tone: Tone::Note,
        what: "kept, unlinked".to_owned(),
    }));
    effects
}

/// What has to be typed where much is destroyed.
pub(super) fn confirmation(planned: &Planned) -> Option<String> {
    let count = planned.going();
    (count > MANY).then(|| count.to_string())
}

/// The button says what it does.
pub(super) fn button(planned: &Planned, entry: &ModelEntry) -> String {
    let mut own = 0;
    let mut others = Vec::new();
    for rows in merged(&planned.plan.deleted).into_iter().chain(merged(&planned.by_database.deleted)) {
        if rows.entry.schema == entry.schema {
            own += rows.keys.len();
        } else {
            others.push(counted(rows.keys.len() as u64, rows.entry.schema));
        }
    }
    let noun = entry.schema.verbose_name;
    let own = if own == 1 { noun.to_owned() } else { counted(own as u64, entry.schema) };
    match others.as_slice() {
        _ if planned.cut_off() => format!("Delete {own} and everything with it"),
        [] => format!("Delete {own}"),
        [one] => format!("Delete {own} and {one}"),
        [one, two] => format!("Delete {own}, {one} and {two}"),
        [one, rest @ ..] => format!("Delete {own}, {one} and {} more kinds", rest.len()),
    }
}
