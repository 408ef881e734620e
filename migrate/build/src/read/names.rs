//! What a name in the source stands for, as far as the source tells. The compiler proves it afterwards.

use std::collections::{BTreeMap, BTreeSet};

use nuages_macros_core::model::{Choices, Group, Newtype, kind_of, length_of};
use nuages_schema::ColumnKind;
use syn::ext::IdentExt;
use syn::{DeriveInput, Path, Type};

use super::tree::{Found, Tree};
use crate::state::ModelRef;

/// How many aliases and newtypes may stand inside each other.
const DEPTH: usize = 16;

/// The names of a crate.
pub(super) struct Names<'a> {
    tree: &'a Tree,
    choices: BTreeMap<String, Choices>,
    newtypes: BTreeMap<String, Newtype>,
    groups: BTreeMap<String, (&'a Found<DeriveInput>, Group)>,
    aliases: BTreeMap<String, &'a Type>,
    imports: BTreeMap<(&'a [String], &'a str), &'a [String]>,
    modules: BTreeSet<&'a str>,
    /// The app of each model of the crate.
    models: BTreeMap<String, String>,
}

/// What a type is stored as.
pub(super) struct Stored {
    pub(super) kind: ColumnKind,
    /// The most characters, where the type itself tells.
    pub(super) max_length: Option<u32>,
    /// The words of a `Choices` enumeration.
    pub(super) words: Option<Vec<String>>,
}

impl<'a> Names<'a> {
    /// `None` when an item is wrong in itself, which the derive reports better.
    pub(super) fn new(tree: &'a Tree, models: BTreeMap<String, String>) -> Option<Self> {
        let choices = tree.choices.iter().map(|found| Choices::from_derive_input(&found.item).ok());
        let choices = choices.map(|one| one.map(|one| (one.ident.unraw().to_string(), one)));
        let newtypes = tree.newtypes.iter().map(|found| Newtype::from_derive_input(&found.item).ok());
        let newtypes = newtypes.map(|one| one.map(|one| (one.ident.unraw().to_string(), one)));
        let groups =
            tree.groups.iter().map(|found| Some((found, Group::from_derive_input(&found.item).ok()?)));
        let groups = groups.map(|one| one.map(|one| (one.1.ident.unraw().to_string(), one)));
        let imports = tree.imports.iter();
        let imports = imports
            .map(|found| ((found.module.as_slice(), found.item.name.as_str()), found.item.path.as_slice()));
        Some(Self {
            tree,
            choices: choices.collect::<Option<_>>()?,
            newtypes: newtypes.collect::<Option<_>>()?,
            groups: groups.collect::<Option<_>>()?,
            aliases: tree.aliases.iter().map(|found| (found.item.0.clone(), &found.item.1)).collect(),
            imports: imports.collect(),
            modules: tree.modules.iter().map(String::as_str).collect(),
            models,
        })
    }

    /// What a type is stored as, through aliases, newtypes and choices of the crate.
    pub(super) fn stored(&self, module: &[String], ty: &Type) -> Option<Stored> {
        self.stored_within(module, ty, DEPTH)
    }

    fn stored_within(&self, module: &[String], ty: &Type, depth: usize) -> Option<Stored> {
        let depth = depth.checked_sub(1)?;
        if let Type::Group(group) = ty {
            return self.stored_within(module, &group.elem, depth);
        }
        let name = match ty {
            Type::Path(path) => self.local(module, &path.path),
            _ => None,
        };
        // A type of the crate may carry the name of one of ours, so the crate's own come first.
        if let Some(name) = &name {
            if let Some(choices) = self.choices.get(name) {
                let words = choices.variants.iter().map(|variant| variant.value.clone()).collect();
                let max_length = Some(room(choices.longest()));
                return Some(Stored { kind: ColumnKind::Text, max_length, words: Some(words) });
            }
            if let Some(newtype) = self.newtypes.get(name) {
                return self.stored_within(module, &newtype.inner, depth);
            }
            if let Some(alias) = self.aliases.get(name) {
                return self.stored_within(module, alias, depth);
            }
        }
        kind_of(ty).map(|kind| Stored { kind, max_length: length_of(ty), words: None })
    }

    /// A group of fields of this crate, and where it stands.
    pub(super) fn group(&self, module: &[String], ty: &Type) -> Option<(&'a Found<DeriveInput>, &Group)> {
        let Type::Path(path) = ty else { return None };
        let name = self.local(module, &path.path)?;
        if let Some((found, group)) = self.groups.get(&name) {
            return Some((found, group));
        }
        self.group(module, self.aliases.get(&name).copied()?)
    }

    /// The word that a variant of choices is stored as.
    pub(super) fn variant(&self, module: &[String], path: &Path) -> Option<String> {
        let (variant, rest) = path
            .segments
            .iter()
            .collect::<Vec<_>>()
            .split_last()
            .map(|(l, r)| (l.ident.clone(), r.to_vec()))?;
        let name = rest.last()?.ident.unraw().to_string();
        let name = self.imported(module, &name).and_then(<[String]>::last).cloned().unwrap_or(name);
        let choices = self.choices.get(&name)?;
        choices.variants.iter().find(|known| known.ident == variant).map(|known| known.value.clone())
    }

    /// The model that a relation leads to.
    pub(super) fn model(&self, module: &[String], ty: &Type) -> Option<ModelRef> {
        let Type::Path(path) = ty else { return None };
        let spelled: Vec<String> =
            path.path.segments.iter().map(|part| part.ident.unraw().to_string()).collect();
        if let Some(name) = self.local(module, &path.path) {
            if let Some(app) = self.models.get(&name) {
                return Some(ModelRef::new(app, &name));
            }
            if let Some(Type::Path(alias)) = self.aliases.get(&name).copied() {
                return self.model(module, &Type::Path(alias.clone()));
            }
        }
        if spelled.last().is_some_and(|last| *last == ModelRef::current_user().name) {
            return Some(ModelRef::current_user());
        }
        foreign(self.imported(module, spelled.first()?).filter(|_| spelled.len() == 1).unwrap_or(&spelled))
    }

    /// The last name of a path that leads into this crate.
    fn local(&self, module: &[String], path: &Path) -> Option<String> {
        let first = path.segments.first()?.ident.unraw().to_string();
        let last = path.segments.last()?.ident.unraw().to_string();
        if path.leading_colon.is_some() {
            return None;
        }
        if path.segments.len() > 1 {
            return self.is_here(&first).then_some(last);
        }
        match self.imported(module, &last) {
            Some(path) if path.len() > 1 => {
                if self.is_here(path.first()?) {
                    path.last().cloned()
                } else {
                    None
                }
            }
            _ => Some(last),
        }
    }

    fn is_here(&self, first: &str) -> bool {
        ["crate", "self", "super"].contains(&first) || self.modules.contains(first)
    }

    fn imported(&self, module: &[String], name: &str) -> Option<&'a [String]> {
        self.imports.get(&(module, name)).copied()
    }

    /// The tree that the names are of.
    pub(super) fn tree(&self) -> &'a Tree {
        self.tree
    }
}

/// `other_crate::module::Model` is `other_crate.Model`; apps inside Nuages go by their modules.
fn foreign(path: &[String]) -> Option<ModelRef> {
    match path {
        [krate, app, .., name] if krate == "nuages" => Some(ModelRef::new(app, name)),
        [krate, .., name] => Some(ModelRef::new(krate, name)),
        _ => None,
    }
}

/// Room for words: in steps, so that a variant more or less seldom changes the column.
fn room(longest: usize) -> u32 {
    u32::try_from(longest.next_multiple_of(16)).unwrap_or(u32::MAX)
}
