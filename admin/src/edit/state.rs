//! What stands in a form, as it is posted: from a row, from defaults, or from what was typed.

use nuages::Result;
use nuages::backend::{Db, Row};
use nuages::form::{UploadedFile, Zone};
use nuages::query::ManyRelation;
use nuages::storage::get_valid_name;
use nuages::value::{ColumnKind, Value};
use nuages_schema::FieldSchema;

use super::spec::{FormSpec, Part};
use crate::address::Address;
use crate::asked::Posted;
use crate::digest::Digest;
use crate::list::columns::key_of;
use crate::text;

/// Bytes of a field that a form carries along for the merge page.
const REMEMBERED: usize = 1_000;

/// The texts of a form's fields, by name. Most have one; a many-to-many relation has one for each row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FormState(Vec<(&'static str, Vec<String>)>, Vec<(&'static str, UploadedFile)>);

impl FormState {
    /// The texts of a field.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.0.iter().find(|(known, _)| *known == name).map_or(&[], |(_, texts)| texts.as_slice())
    }

    /// The first text of a field; empty if there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// The file that came along for a field.
    pub(crate) fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.1.iter().find(|(known, _)| *known == name).map(|(_, file)| file)
    }

    /// Whether any file came along.
    pub(crate) fn has_files(&self) -> bool {
        !self.1.is_empty()
    }

    /// Replaces the texts of a field.
    pub(crate) fn set(&mut self, name: &'static str, texts: Vec<String>) {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, texts));
    }

    /// What a row holds; one statement for each many-to-many relation of the form.
    pub(crate) async fn of_row(db: &Db, form: &FormSpec, row: &Row, zone: Zone) -> Result<Self> {
        let mut state = Self::of_columns(form, row, zone)?;
        let schema = form.entry.schema;
        for spec in form.fields() {
            if let Part::Many(index, many) = spec.part {
                let owner = key_of(schema, row)?;
                let relation = ManyRelation { model: schema, index, reverse: false, owner };
                let mut keys: Vec<String> = relation.keys(db).await?.iter().map(text::plain).collect();
                keys.sort();
                state.0.push((many.name, keys));
            }
        }
        Ok(state)
    }

    /// What the columns of a row hold.
    pub(crate) fn of_columns(form: &FormSpec, row: &Row, zone: Zone) -> Result<Self> {
        let mut state = Self::default();
        for spec in form.fields() {
            if let Part::Column(index, field) = spec.part {
                let value = row.value(index, (field.kind)())?;
                state.0.push((field.name, vec![shown(spec.part, &value, zone)]));
            }
        }
        Ok(state)
    }

    /// What a new row begins with: defaults, and what the address says.
    pub(crate) fn initial(form: &FormSpec, address: &Address, zone: Zone) -> Self {
        let texts = |part: Part| {
            let given: Vec<String> = address.all(part.name()).map(str::to_owned).collect();
            if !given.is_empty() {
                return given;
            }
            match part {
                Part::Column(index, _) => {
                    let default = (form.entry.default)(index);
                    vec![default.map_or_else(String::new, |value| shown(part, &value, zone))]
                }
                Part::Many(..) => Vec::new(),
            }
        };
        Self(form.fields().map(|spec| (spec.part.name(), texts(spec.part))).collect(), Vec::new())
    }

    /// What was typed. Fields that may not be edited keep what `held` says.
    pub(crate) fn of_posted(form: &FormSpec, posted: &Posted, prefix: &str, held: &Self) -> Self {
        let texts = |part: Part| {
            let mut given: Vec<String> = posted
                .all(&format!("{prefix}{}", part.name()))
                .filter(|text| !text.is_empty() || matches!(part, Part::Column(..)))
                .map(|text| text.replace("\r\n", "\n"))
                .collect();
            match part {
                // Nobody says by a text which file of the storage a row has.
                Part::Column(_, field) if field.options.file.is_some() => {
                    vec![file_text(posted, prefix, field, held)]
                }
                Part::Column(..) => vec![given.into_iter().next().unwrap_or_default()],
                Part::Many(..) => {
                    given.sort();
                    given.dedup();
                    given
                }
            }
        };
        let of = |part: Part, editable| if editable { texts(part) } else { held.all(part.name()).to_vec() };
        let files = form.editable().filter(|part| part.is_file());
        let files = files.filter_map(|part| {
            Some((part.name(), posted.file(&format!("{prefix}{}", part.name()))?.clone()))
        });
        Self(
            form.fields().map(|spec| (spec.part.name(), of(spec.part, spec.editable))).collect(),
            files.collect(),
        )
    }

    /// Whether a field holds something else here than there.
    pub(crate) fn differs(&self, other: &Self, part: Part) -> bool {
        let clean = |texts: &[String]| texts.iter().map(|text| text.trim().to_owned()).collect::<Vec<_>>();
        let same = clean(self.all(part.name())) == clean(other.all(part.name()));
        // An empty password field means: as it was.
        self.file(part.name()).is_some() || !(same || part.is_password() && self.one(part.name()).is_empty())
    }

    /// A token for what the form was loaded with: a hash of each editable field.
    pub(crate) fn version(&self, form: &FormSpec) -> String {
        form.editable().map(|part| self.hash(part)).collect::<Vec<_>>().join(".")
    }

    /// What the editable fields hold, to be carried along in the form: a merge shows what was there when it
    /// was opened. Long texts stay out, so that the form does not carry everything twice.
    pub(crate) fn remembered(&self, form: &FormSpec) -> String {
        let short = |part: &Part| self.all(part.name()).iter().map(String::len).sum::<usize>() <= REMEMBERED;
        let parts = form.editable().filter(|part| !part.is_password()).filter(short);
        let texts: Vec<(&str, &[String])> = parts.map(|part| (part.name(), self.all(part.name()))).collect();
        serde_json::to_string(&texts).unwrap_or_default()
    }

    /// What a form carried along; only fields that hold what the form was loaded with.
    pub(crate) fn of_remembered(form: &FormSpec, text: &str, hashes: &[String]) -> Self {
        let texts: Vec<(String, Vec<String>)> = serde_json::from_str(text).unwrap_or_default();
        let mut state = Self::default();
        for (part, hash) in form.editable().zip(hashes) {
            let Some((_, texts)) = texts.iter().find(|(name, _)| *name == part.name()) else { continue };
            state.set(part.name(), texts.clone());
            if state.hash(part) != *hash {
                state.0.pop();
            }
        }
        state
    }

    /// Whether anything is known of a field.
    pub(crate) fn knows(&self, part: Part) -> bool {
        self.0.iter().any(|(name, _)| *name == part.name())
    }

    /// The hash of one field.
    pub(crate) fn hash(&self, part: Part) -> String {
        let texts = self.all(part.name()).iter();
        texts.fold(Digest::new(), |digest, text| digest.with(text)).short()
    }
}

/// The name that a file asks for, nothing if the one there is to go, else the one there.
fn file_text(posted: &Posted, prefix: &str, field: &FieldSchema, held: &FormState) -> String {
    let name = format!("{prefix}{}", field.name);
    match posted.file(&name) {
        Some(file) => get_valid_name(&file.name),
        None if posted.has(&format!("{name}-clear")) => String::new(),
        None => held.one(field.name).to_owned(),
    }
}

/// The hash that a version token has for each editable field; none if the token is not one of this form.
pub(crate) fn hashes(form: &FormSpec, version: &str) -> Option<Vec<String>> {
    let all: Vec<String> = version.split('.').map(str::to_owned).collect();
    (all.len() == form.editable().count()).then_some(all)
}

/// A value as the form shows it. A stored password is never shown.
fn shown(part: Part, value: &Value, zone: Zone) -> String {
    let Part::Column(_, field) = part else { return String::new() };
    match value {
        _ if part.is_password() => String::new(),
        Value::Bool(yes) if !field.nullable => if *yes { "on" } else { "" }.to_owned(),
        Value::Json(json) => serde_json::to_string_pretty(json).unwrap_or_default(),
        value if (field.kind)() == ColumnKind::DateTime => text::posted(field, value, zone),
        value => text::posted(field, value, zone).trim().to_owned(),
    }
}
