//! What the compiler is told: recorded state and findings, one short value per model.

use nuages_schema::{BETWEEN, Backend, END};

use super::Output;
use crate::detect::{Declared, DeclaredModel, Finding, Place, ReadOff};
use crate::state::FieldState;

/// Tells what is recorded of each model, with the findings that belong to it.
///
/// After a build that found nothing, what is recorded is what was read, since
/// the pending migration makes up the difference.
pub(super) fn models(declared: &Declared, findings: &[Finding], out: &mut Output) {
    for model in &declared.models {
        out.say("rustc-env", format_args!("NUAGES_STATE:{}={}", model.path, value(model, findings)));
    }
}

fn value(model: &DeclaredModel, findings: &[Finding]) -> String {
    let mut value = String::new();
    let end = char::from(END);
    for finding in findings {
        let text = one_line(&finding.text);
        match &finding.place {
            Place::Model(name) if *name == model.state.name => value.push_str(&format!("!{text}{end}")),
            Place::Field(name, field) if *name == model.state.name => {
                value.push_str(&format!("{field}!{text}{end}"));
            }
            _ => {}
        }
    }
    for field in &model.state.fields {
        value.push_str(&read_off(model, field));
        let null = if field.nullable { "?" } else { "" };
        value.push_str(&format!("{}={}{null}{end}", field.name, field.data.word()));
    }
    for relation in &model.state.many_to_many {
        value.push_str(&format!("{}>{}{end}", relation.name, relation.to));
        if let Some(through) = &relation.through {
            value.push_str(&format!("{}%{through}{end}", relation.name));
        }
    }
    value
}

/// What was read off the type of a field, in front of its column.
fn read_off(model: &DeclaredModel, field: &FieldState) -> String {
    let (name, end) = (&field.name, char::from(END));
    let mut text = String::new();
    if let Some(to) = field.target() {
        text.push_str(&format!("{name}>{to}{end}"));
    }
    let Some(ReadOff { length, words }) = model.read_off.get(name) else { return text };
    if let Some(length) = length {
        let length = length.map(|length| length.to_string()).unwrap_or_default();
        text.push_str(&format!("{name}#{length}{end}"));
    }
    // A value for cargo is one line, so words that are not stay unproven.
    if let Some(words) = words.as_ref().filter(|words| !words.iter().any(|word| word.contains(['\n', '\r'])))
    {
        let words = words.join(&char::from(BETWEEN).to_string());
        text.push_str(&format!("{name}|{words}{end}"));
    }
    text
}

/// Tells the databases that `app!` names for all models.
pub(super) fn only(backends: &[Backend], out: &mut Output) {
    if !backends.is_empty() {
        let words: Vec<&str> = backends.iter().map(|backend| backend.word()).collect();
        out.say("rustc-env", format_args!("NUAGES_ONLY={}", words.join(",")));
    }
}

/// Tells what belongs to no model left in the source.
pub(super) fn app_findings(findings: &[String], has_app: bool, out: &mut Output) {
    if findings.is_empty() {
        return;
    }
    let texts: Vec<String> = findings.iter().map(|text| one_line(text)).collect();
    if has_app {
        out.say("rustc-env", format_args!("NUAGES_FINDINGS={}", texts.join("; ")));
    } else {
        // Nobody would read them, and the crate cannot be an app of a project yet anyway.
        let all = texts.join("; ");
        out.say("error", format_args!("{all} (write `nuages::app!();` in the crate, where this belongs)"));
    }
}

/// A value for cargo is one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
