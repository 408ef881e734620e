//! From the items of a crate to what its apps declare.

use std::collections::BTreeMap;
use std::path::Path;

use nuages_macros_core::attr::{CheckAttr, IndexAttr, Rows, Term, UniqueAttr};
use nuages_macros_core::model::{App, Field, Model, Shape};
use nuages_schema::{Backend, default_table, relation_table};
use syn::Ident;
use syn::ext::IdentExt;

use super::names::{Ambiguous, Names, Stored};
use super::tree::{Found, Tree, is_conditional};
use super::{Reading, Target, field};
use crate::detect::{Declared, DeclaredModel, Finding, Place, ReadOff, Source};
use crate::state::{
    CheckState, IndexState, ManyToManyState, ModelRef, ModelState, UniqueState, named_columns,
};

/// `None` when an attribute is wrong, which the derive reports at its token.
pub(super) fn declare(target: &Target, tree: &Tree) -> Option<Reading> {
    let app = App::from_tokens(tree.app.clone().unwrap_or_default()).ok()?;
    let label = app.label().unwrap_or_else(|| target.label.clone());
    let names = Names::new(tree, &label);
    let moved = app.options.moved.iter().filter_map(|path| names.model(&[], &path_type(path)).ok()?);
    let own = Declared {
        app: label.clone(),
        drops: app.options.drops.iter().map(text).collect(),
        moved: moved.collect(),
        ..Declared::default()
    };
    let mut reading = Reading {
        apps: BTreeMap::from([(label.clone(), own)]),
        has_app: tree.app.is_some(),
        target: target.name.clone(),
        findings: BTreeMap::new(),
        files: tree.files.clone(),
        only: app.options.only.iter().flat_map(|set| &set.value).map(|(_, backend)| *backend).collect(),
        label: label.clone(),
    };
    let only = app.options.only.as_ref();
    for found in &tree.models {
        let model = &found.item;
        let app = app_of(model, &label);
        let only = model.options.only.as_ref().or(only);
        let on_mysql = only.is_none_or(|only| only.value.iter().any(|(_, one)| *one == Backend::Mysql));
        let mut reader = ModelReader {
            app: &app,
            module: &found.module,
            model,
            names: &names,
            on_mysql,
            proofs: BTreeMap::new(),
            findings: Vec::new(),
        };
        let mut declared = reader.read(target, found.conditional);
        declared.at = Some(source(target, tree, found));
        reading.findings.entry(app.clone()).or_default().append(&mut reader.findings);
        declared_app(&mut reading, app).models.push(declared);
    }
    for step in &tree.steps {
        let (name, app) = &step.item;
        let app = app.clone().unwrap_or_else(|| reading.label.clone());
        declared_app(&mut reading, app).steps.insert(name.clone());
    }
    twice(&mut reading);
    Some(reading)
}

/// Two models of one name in one app would share a history, and in most cases a table.
fn twice(reading: &mut Reading) {
    for (app, declared) in &reading.apps {
        let models = &declared.models;
        for (at, model) in models.iter().enumerate() {
            let name = &model.state.name;
            let same = |other: &&DeclaredModel| other.state.name == *name;
            let Some(other) = models.iter().skip(at + 1).find(same) else { continue };
            let text = format!(
                "the app `{app}` has two models called `{name}`, `{}` and `{}`: rename one, or give it to another app with \
                 `#[model(app_label = \"…\")]`",
                model.path, other.path
            );
            let finding = Finding { place: Place::Model(name.clone()), text };
            let found = reading.findings.entry(app.clone()).or_default();
            if !found.iter().any(|one| one.place == finding.place) {
                found.push(finding);
            }
        }
    }
}

fn declared_app(reading: &mut Reading, app: String) -> &mut Declared {
    let empty = || Declared { app: app.clone(), ..Declared::default() };
    reading.apps.entry(app.clone()).or_insert_with(empty)
}

/// Where the model and its fields stand, for what cargo prints and rustc does not.
fn source(target: &Target, tree: &Tree, found: &Found<Model>) -> Source {
    let model = &found.item;
    let file = tree.files.get(found.file).cloned().unwrap_or_default();
    let file = file.strip_prefix(&target.folder).map(Path::to_owned).unwrap_or(file);
    let line = |ident: &Ident| ident.span().start().line;
    let fields = model.fields.iter().map(|field| (field.name(), line(&field.ident))).collect();
    Source { file, line: line(&model.ident), fields }
}

pub(super) fn app_of(model: &Model, own: &str) -> String {
    model.options.app_label.as_ref().map_or_else(|| own.to_owned(), |set| set.value.value())
}

/// Reads one model; what it cannot tell it finds.
pub(super) struct ModelReader<'a> {
    pub(super) app: &'a str,
    /// The modules that lead to what is read.
    module: &'a [String],
    pub(super) model: &'a Model,
    names: &'a Names<'a>,
    /// Whether the model may live on MySQL.
    on_mysql: bool,
    /// What was read off types, by field.
    pub(super) proofs: BTreeMap<String, ReadOff>,
    findings: Vec<Finding>,
}

impl ModelReader<'_> {
    fn read(&mut self, target: &Target, conditional: bool) -> DeclaredModel {
        let model = self.model;
        let table = model.db_table().unwrap_or_else(|| default_table(self.app, &model.name()));
        let mut state = ModelState::new(&model.name(), &table);
        state.managed = model.managed();
        self.check_conditions(conditional);
        let mut declared = DeclaredModel::new(state);
        for one in &model.fields {
            match one.shape {
                Shape::Group => self.group(one, &mut declared),
                Shape::ManyToMany { .. } => match self.relation(one, &table) {
                    Some(relation) => declared.state.many_to_many.push(relation),
                    None => declared.unread.extend([one.name()]),
                },
                _ => self.column(one, model.is_key(one), &mut declared),
            }
            if let Some(intent) = field::intent(self, one) {
                declared.intents.insert(one.name(), intent);
            }
        }
        declared.state.indexes = model.options.indexes.iter().map(|one| index(model, one)).collect();
        declared.state.uniques = model.options.uniques.iter().map(|one| unique(model, one)).collect();
        let check = |check: &CheckAttr| CheckState {
            name: check.name.value(),
            sql: model.quoted(&check.sql.value()),
        };
        declared.state.checks = model.options.checks.iter().map(check).collect();
        self.check_counted(&declared.state);
        declared.was = model.options.was.as_ref().map(|set| set.value.value());
        declared.drops = model.options.drops.iter().map(text).collect();
        declared.path = self.path(target);
        declared.read_off = std::mem::take(&mut self.proofs);
        declared
    }

    /// `module_path!()::Model`
    fn path(&self, target: &Target) -> String {
        let modules = self.module.iter().map(String::as_str);
        std::iter::once(target.name.as_str())
            .chain(modules)
            .chain([self.model.name().as_str()])
            .collect::<Vec<_>>()
            .join("::")
    }

    pub(super) fn find(&mut self, field: Option<&Field>, text: String) {
        let model = self.model.name();
        let place = match field {
            Some(field) if field.is_column() => Place::Field(model, field.name()),
            _ => Place::Model(model),
        };
        let finding = Finding { place, text };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// What the type of a field is stored as, as far as the source tells without doubt.
    pub(super) fn stored(&mut self, field: &Field) -> Option<Stored> {
        let found = self.names.stored(self.module, &field.inner);
        let stored = self.sure(field, found)?;
        if let Some(name) = &stored.conditional {
            let text = format!(
                "variants of `{name}` depend on a `cfg`, and the history of a table must not: keep all of them, and put the \
                 `cfg` on what uses them"
            );
            self.find(Some(field), text);
        }
        Some(stored)
    }

    /// The word of a variant, if the path leads to one.
    pub(super) fn variant(&self, path: &syn::Path) -> Option<String> {
        self.names.variant(self.module, path)
    }

    /// What `cfg`s make of a name differs, so a history that follows one of them would be wrong for the other.
    fn sure<T>(&mut self, field: &Field, found: Result<Option<T>, Ambiguous>) -> Option<T> {
        match found {
            Ok(found) => found,
            Err(Ambiguous(which)) => {
                let name = field.name();
                let text = format!(
                    "the type of `{name}` is {which}, as `cfg`s go, and they come to different columns: the history of a \
                     table must not depend on a `cfg`, so give both one shape, or name one of them by its full path"
                );
                self.find(Some(field), text);
                None
            }
        }
    }

    /// Whether something was found for a field.
    pub(super) fn is_found(&self, field: &Field) -> bool {
        let place = Place::Field(self.model.name(), field.name());
        self.findings.iter().any(|finding| finding.place == place)
    }

    /// History must not depend on features: the same models on every machine.
    fn check_conditions(&mut self, conditional: bool) {
        const TEXT: &str = "depends on a `cfg`, and the history of a table must not: two builds would write two \
                            histories. Take the `cfg` away, or put it on what uses the";
        let model = self.model;
        if conditional {
            self.find(None, format!("model `{}` {TEXT} model", model.name()));
        }
        for field in model.fields.iter().filter(|field| is_conditional(&field.attrs)) {
            self.find(Some(field), format!("field `{}` {TEXT} field", field.name()));
        }
    }

    /// MySQL and MariaDB refuse a check over the column that they count up.
    fn check_counted(&mut self, state: &ModelState) {
        let Some(key) = state.key().filter(|key| key.auto && self.on_mysql) else { return };
        for check in &state.checks {
            if named_columns(&check.sql).contains(&key.column) {
                let (check, key) = (&check.name, &key.name);
                self.find(
                    None,
                    format!(
                        "the check `{check}` names `{key}`, which the database counts up, and MySQL has no such checks: \
                         leave `{key}` out of it, or write `#[model(only(sqlite, postgres))]`"
                    ),
                );
            }
        }
    }

    fn column(&mut self, field: &Field, is_key: bool, declared: &mut DeclaredModel) {
        match field::state(self, field, is_key) {
            Some(state) => declared.state.fields.push(state),
            None => declared.unread.extend([field.name()]),
        }
    }

    /// The columns of a group, read where the group stands.
    fn group(&mut self, field: &Field, declared: &mut DeclaredModel) {
        let found = self.names.group(self.module, &field.ty);
        let Some((found, group)) = self.sure(field, found) else {
            if !self.findings.iter().any(|one| one.place == Place::Model(self.model.name())) {
                let name = field.name();
                self.find(
                    None,
                    format!(
                        "the build cannot see the fields of the group `{name}`: a group stands in the crate of the models \
                         that have it"
                    ),
                );
            }
            return;
        };
        let mut reader = ModelReader {
            app: self.app,
            module: &found.module,
            model: self.model,
            names: self.names,
            on_mysql: self.on_mysql,
            proofs: BTreeMap::new(),
            findings: Vec::new(),
        };
        for one in &group.fields {
            reader.column(one, false, declared);
            if let Some(intent) = field::intent(&mut reader, one) {
                declared.intents.insert(one.name(), intent);
            }
        }
        self.findings.append(&mut reader.findings);
        self.proofs.append(&mut reader.proofs);
    }

    fn relation(&mut self, field: &Field, table: &str) -> Option<ManyToManyState> {
        let to = self.target(field)?;
        let given = |set: &Option<nuages_macros_core::attr::Set<syn::LitStr>>| {
            set.as_ref().map(|set| set.value.value())
        };
        let (from, other) = (self.model.name().to_lowercase(), to.name.to_lowercase());
        let own = to.app == self.app && to.name == self.model.name();
        let (from, other) = if own { (format!("from_{from}"), format!("to_{other}")) } else { (from, other) };
        let through = match &field.options.through {
            Some(set) => {
                let found = self.names.model(self.module, &path_type(&set.value));
                self.sure(field, found)
            }
            None => None,
        };
        Some(ManyToManyState {
            name: field.name(),
            to,
            table: given(&field.options.db_table).unwrap_or_else(|| relation_table(table, &field.name())),
            from_column: given(&field.options.from_column).unwrap_or_else(|| format!("{from}_id")),
            to_column: given(&field.options.to_column).unwrap_or_else(|| format!("{other}_id")),
            through,
        })
    }

    /// The model that a relation leads to.
    pub(super) fn target(&mut self, field: &Field) -> Option<ModelRef> {
        let target = field.shape.target()?;
        if let Some(to) = &field.options.to {
            // The derive has looked at the text.
            return ModelRef::try_from(to.value.value()).ok();
        }
        if matches!(target, syn::Type::Path(path) if path.path.is_ident("Self")) {
            return Some(ModelRef::new(self.app, &self.model.name()));
        }
        let found = self.names.model(self.module, target);
        let found = self.sure(field, found);
        if found.is_none() && !self.is_found(field) {
            let name = field.name();
            self.find(
                Some(field),
                format!(
                    "the build cannot tell which app the model of `{name}` is in: write its full path, such as \
                     `ForeignKey<other_app::Model>`, or import it by name with `use other_app::Model;`"
                ),
            );
        }
        found
    }
}

fn index(model: &Model, index: &IndexAttr) -> IndexState {
    IndexState {
        name: index.name.as_ref().map(syn::LitStr::value),
        fields: index.terms.iter().map(|one| term(model, one)).collect(),
        condition: condition(model, &index.rows),
        include: include(&index.rows),
    }
}

fn unique(model: &Model, unique: &UniqueAttr) -> UniqueState {
    UniqueState {
        name: unique.name.as_ref().map(syn::LitStr::value),
        fields: unique.terms.iter().map(|one| term(model, one)).collect(),
        condition: condition(model, &unique.rows),
        include: include(&unique.rows),
        nulls_equal: unique.nulls_distinct.as_ref().is_some_and(|set| !set.value),
        deferrable: unique.deferrable.as_ref().map(|set| set.value),
    }
}

/// `title`, `-published`, `(lower("title"))`
fn term(model: &Model, term: &Term) -> String {
    let name = match term {
        Term::Field(term) => term.path.names.last().map(text).unwrap_or_default(),
        Term::Computed(_, computed) => format!("({})", model.computed(computed)),
    };
    if term.minus().is_some() { format!("-{name}") } else { name }
}

fn condition(model: &Model, rows: &Rows) -> Option<String> {
    rows.condition.as_ref().map(|set| model.quoted(&set.value.value()))
}

fn include(rows: &Rows) -> Vec<String> {
    rows.include.iter().flat_map(|set| &set.value).map(text).collect()
}

fn path_type(path: &syn::Path) -> syn::Type {
    syn::Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path: path.clone() })
}

fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}
