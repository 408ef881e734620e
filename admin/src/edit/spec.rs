//! Which fields a form has, in which groups, and which of them may be edited.

use nuages::admin::{AdminRequest, Fieldset};
use nuages::form::{FormField, model_field};
use nuages::model::ModelEntry;
use nuages_schema::{FieldSchema, ManyToManySchema, ModelSchema};

/// Fields that give rights. Who is no superuser sees them and cannot change them, whatever else is permitted.
const RIGHTS: [&str; 5] = ["is_superuser", "is_staff", "groups", "user_permissions", "permissions"];

/// The form of a model for one user.
#[derive(Clone)]
pub(crate) struct FormSpec {
    pub(crate) entry: &'static ModelEntry,
    pub(crate) groups: Vec<GroupSpec>,
    /// Whether the row is new.
    pub(crate) adding: bool,
}

/// A group of fields.
#[derive(Clone)]
pub(crate) struct GroupSpec {
    pub(crate) title: &'static str,
    pub(crate) about: &'static str,
    pub(crate) folded: bool,
    pub(crate) fields: Vec<FieldSpec>,
}

/// A field of the form.
#[derive(Clone, Copy)]
pub(crate) struct FieldSpec {
    pub(crate) part: Part,
    pub(crate) editable: bool,
}

/// What of the model a field of the form is about.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// A column, by its position.
    Column(usize, &'static FieldSchema),
    /// A many-to-many relation, by its position.
    Many(usize, &'static ManyToManySchema),
}

impl Part {
    /// The name that it is posted under.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Column(_, field) => field.name,
            Self::Many(_, many) => many.name,
        }
    }

    /// What people call it.
    pub(crate) fn label(self) -> String {
        crate::registry::capital(match self {
            Self::Column(_, field) => field.options.label,
            Self::Many(_, many) => many.label,
        })
    }

    /// Whether it holds a file.
    pub(crate) fn is_file(self) -> bool {
        matches!(self, Self::Column(_, field) if field.options.file.is_some())
    }

    /// Whether it is the primary key.
    pub(crate) fn is_key(self, schema: &ModelSchema) -> bool {
        matches!(self, Self::Column(index, _) if schema.is_key(index))
    }

    /// Whether it is a password, which is never shown and is hashed before it is stored.
    pub(crate) fn is_password(self) -> bool {
        matches!(self, Self::Column(_, field) if crate::registry::is_password(field))
    }
}

impl FormSpec {
    /// The form for this user; nothing is editable where `may_save` is not.
    pub(crate) fn of(entry: &'static ModelEntry, by: &AdminRequest, adding: bool, may_save: bool) -> Self {
        let excluded = entry.admin.exclude.for_request(by).unwrap_or_default();
        let readonly = entry.admin.readonly_fields.for_request(by).unwrap_or_default();
        let editable = |part: Part| {
            may_save
                && can_be_edited(entry, part, adding)
                && !readonly.contains(&part.name())
                && (by.is_superuser || !gives_rights(entry, part))
        };
        let spec = |name: &&str| {
            let part = part(entry.schema, name)?;
            // What the program makes is not there yet on the page of a new row.
            if adding && !can_be_edited(entry, part, adding) {
                return None;
            }
            (!excluded.contains(name)).then(|| FieldSpec { part, editable: editable(part) })
        };
        let group = |set: &Fieldset| GroupSpec {
            title: set.title,
            about: set.description,
            folded: set.collapsed,
            fields: set.fields.iter().filter_map(spec).collect(),
        };
        let groups = match entry.admin.fieldsets.for_request(by) {
            Some(sets) => sets.iter().map(group).collect(),
            None => {
                let names = default_names(entry, adding);
                let fields = names.iter().filter_map(spec).collect();
                vec![GroupSpec { title: "", about: "", folded: false, fields }]
            }
        };
        Self { entry, groups, adding }
    }

    /// The form without the right to set passwords.
    pub(crate) fn without_passwords(mut self) -> Self {
        for field in self.groups.iter_mut().flat_map(|group| &mut group.fields) {
            field.editable &= !field.part.is_password();
        }
        self
    }

    /// The form with just these fields, for a row of an inline.
    pub(crate) fn only(
        entry: &'static ModelEntry,
        names: &[&str],
        without: usize,
        by: &AdminRequest,
        may_save: bool,
    ) -> Self {
        let mut form = Self::of(entry, by, true, may_save);
        let mut fields: Vec<FieldSpec> = if names.is_empty() {
            form.fields().filter(|spec| matches!(spec.part, Part::Column(..))).collect()
        } else {
            let all: Vec<FieldSpec> = form.fields().collect();
            let find = |name: &&str| {
                let known = all.iter().find(|spec| spec.part.name() == *name).copied();
                known.or_else(|| part(entry.schema, name).map(|part| FieldSpec { part, editable: false }))
            };
            names.iter().filter_map(find).collect()
        };
        fields.retain(|spec| !matches!(spec.part, Part::Column(index, _) if index == without));
        form.groups = vec![GroupSpec { title: "", about: "", folded: false, fields }];
        form
    }

    /// Every field.
    pub(crate) fn fields(&self) -> impl Iterator<Item = FieldSpec> {
        self.groups.iter().flat_map(|group| group.fields.iter().copied())
    }

    /// The fields that may be edited.
    pub(crate) fn editable(&self) -> impl Iterator<Item = Part> {
        self.fields().filter(|spec| spec.editable).map(|spec| spec.part)
    }

    /// What the field takes, as every form of the model has it: the same parsing, the same rules, the same sentences.
    /// None for a password, and for what no form can take.
    pub(crate) fn rules(&self, part: Part) -> Option<FormField> {
        model_field(self.entry, part.name()).ok().filter(|_| !part.is_password())
    }

    /// The names of passwords, which are never sent back.
    pub(crate) fn passwords(&self) -> impl Iterator<Item = &'static str> {
        self.fields().filter(|spec| spec.part.is_password()).map(|spec| spec.part.name())
    }

    /// The field of a name.
    pub(crate) fn find(&self, name: &str) -> Option<FieldSpec> {
        self.fields().find(|spec| spec.part.name() == name)
    }
}

fn part(schema: &'static ModelSchema, name: &str) -> Option<Part> {
    let column = schema.position(name).map(|index| Part::Column(index, &schema.fields[index]));
    let many = || schema.many_to_many.iter().position(|many| many.name == name);
    column.or_else(|| many().map(|index| Part::Many(index, &schema.many_to_many[index])))
}

/// What can be edited at all, whoever asks: what any form of the model can have, and a password, which is set anew.
fn can_be_edited(entry: &'static ModelEntry, part: Part, adding: bool) -> bool {
    let fixed = part.is_key(entry.schema) && !adding;
    !fixed && (part.is_password() || model_field(entry, part.name()).is_ok())
}

/// Columns that give rights under other names are found by what they do, once they are written: see `rights`.
fn gives_rights(entry: &ModelEntry, part: Part) -> bool {
    let named = RIGHTS.contains(&part.name());
    let leads_there = matches!(part, Part::Many(_, many) if (many.target)().app == "auth");
    (crate::registry::is_user(entry) || entry.schema.app == "auth") && (named || leads_there)
}

fn default_names(entry: &'static ModelEntry, adding: bool) -> Vec<&'static str> {
    let schema = entry.schema;
    let columns = schema.fields.iter().enumerate();
    let columns = columns.filter(|(index, field)| can_be_edited(entry, Part::Column(*index, field), adding));
    let mut names: Vec<&'static str> = columns.map(|(_, field)| field.name).collect();
    let name_field = nuages::auth::UserEntry::current().name_field();
    // The password of a user stands behind the name.
    if let (Some(password), Some(name)) =
        (names.iter().position(|name| is_password(schema, name)), schema.field(name_field))
    {
        let password = names.remove(password);
        let at = names.iter().position(|known| *known == name.name).map_or(names.len(), |at| at + 1);
        names.insert(at, password);
    }
    let many = schema.many_to_many.iter().filter(|many| many.through.is_none());
    names.extend(many.map(|many| many.name));
    names
}

fn is_password(schema: &ModelSchema, name: &str) -> bool {
    schema.field(name).is_some_and(crate::registry::is_password)
}
