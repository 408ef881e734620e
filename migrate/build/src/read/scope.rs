//! What a path in the source leads to, by the rules that rustc goes by.
//!
//! Items and imports of a module come before what it imports by `*`, and what is nowhere in the crate is another
//! crate's. Conditions are not judged: what stands under different `cfg`s under one name is all found.

use std::collections::HashMap;

use super::tree::{Found, Name, Tree, What};

/// The names of all modules.
pub(super) struct Scope<'a> {
    modules: HashMap<&'a [String], Module<'a>>,
}

/// The names of one module.
#[derive(Default)]
struct Module<'a> {
    names: HashMap<&'a str, Vec<&'a Found<Name>>>,
    /// Imports of everything from somewhere.
    globs: Vec<&'a Found<Name>>,
}

/// What a path leads to.
#[derive(Clone, Debug)]
pub(super) enum Meaning<'a> {
    /// An item of the crate.
    Item(&'a Found<Name>),
    /// A module of the crate.
    Module(Vec<String>),
    /// A variant of an enumeration of the crate.
    Variant(&'a Found<Name>, String),
    /// Something of another crate, by its path there.
    Away(Vec<String>),
}

impl<'a> Scope<'a> {
    pub(super) fn new(tree: &'a Tree) -> Self {
        let mut modules: HashMap<&[String], Module<'_>> = HashMap::new();
        for found in &tree.names {
            let module = modules.entry(found.module.as_slice()).or_default();
            match found.item.what {
                What::Glob(_) => module.globs.push(found),
                _ => module.names.entry(found.item.name.as_str()).or_default().push(found),
            }
        }
        Self { modules }
    }

    /// All that a path leads to from a module; several where `cfg`s give one name to several items.
    ///
    /// A path into the crate that leads to nothing the source shows keeps its spelling behind `crate`.
    pub(super) fn path(&self, module: &[String], path: &[String]) -> Vec<Meaning<'a>> {
        let found = Walk { scope: self, under_way: Vec::new() }.path(module, path);
        if found.is_empty() { vec![Meaning::Away(hidden(path))] } else { found }
    }
}

/// The path of what a macro wrote, or what came with the `*` of another crate.
fn hidden(path: &[String]) -> Vec<String> {
    let root = (path.len() > 1).then(|| "crate".to_owned());
    root.into_iter().chain(path.iter().cloned()).collect()
}

/// One look-up, which knows what it is looking for already: imports may lead in circles.
struct Walk<'s, 'a> {
    scope: &'s Scope<'a>,
    under_way: Vec<(Vec<String>, String)>,
}

impl<'a> Walk<'_, 'a> {
    fn path(&mut self, module: &[String], path: &[String]) -> Vec<Meaning<'a>> {
        let Some((first, rest)) = path.split_first() else { return Vec::new() };
        let mut found = match first.as_str() {
            "" => return vec![Meaning::Away(rest.to_vec())],
            "crate" => vec![Meaning::Module(Vec::new())],
            "self" => vec![Meaning::Module(module.to_vec())],
            "super" => vec![Meaning::Module(parent(module))],
            name => self.first(module, name),
        };
        for name in rest {
            found = found.into_iter().flat_map(|one| self.step(one, name)).collect();
        }
        found
    }

    /// The first name of a path: of the module, or of a crate.
    fn first(&mut self, module: &[String], name: &str) -> Vec<Meaning<'a>> {
        let found = self.named(module, name, module);
        if !found.is_empty() {
            return found;
        }
        // `extern crate self as shop;`
        let root = self.scope.modules.get([].as_slice()).and_then(|root| root.names.get(name));
        match root.is_some_and(|all| all.iter().any(|one| one.item.what.is_own_crate())) {
            true => vec![Meaning::Module(Vec::new())],
            false => vec![Meaning::Away(vec![name.to_owned()])],
        }
    }

    fn step(&mut self, from: Meaning<'a>, name: &str) -> Vec<Meaning<'a>> {
        match from {
            Meaning::Module(module) if name == "super" => vec![Meaning::Module(parent(&module))],
            Meaning::Module(module) => self.named(&module, name, &module),
            Meaning::Item(item) => self.inside(item, name),
            Meaning::Variant(..) => Vec::new(),
            Meaning::Away(mut path) => {
                path.push(name.to_owned());
                vec![Meaning::Away(path)]
            }
        }
    }

    /// `Status::Draft`, also by an alias of `Status`.
    fn inside(&mut self, item: &'a Found<Name>, name: &str) -> Vec<Meaning<'a>> {
        match &item.item.what {
            What::Choices { choices, .. } if choices.variants.iter().any(|one| one.ident == name) => {
                vec![Meaning::Variant(item, name.to_owned())]
            }
            What::Alias(syn::Type::Path(alias)) => {
                let key = (item.module.clone(), item.item.name.clone());
                self.once(key, |walk| {
                    let found = walk.path(&item.module, &super::names::spelled(&alias.path));
                    found.into_iter().flat_map(|one| walk.step(one, name)).collect()
                })
            }
            _ => Vec::new(),
        }
    }

    /// What a module has under a name, as far as `viewer` may see it.
    fn named(&mut self, module: &[String], name: &str, viewer: &[String]) -> Vec<Meaning<'a>> {
        self.once((module.to_vec(), name.to_owned()), |walk| {
            let Some(known) = walk.scope.modules.get(module) else { return Vec::new() };
            let own = types(known.names.get(name).map_or(&[], Vec::as_slice));
            let seen = |one: &&&Found<Name>| one.item.is_seen_from(viewer);
            let mut found: Vec<Meaning<'a>> =
                own.iter().filter(seen).flat_map(|one| walk.meaning(one)).collect();
            // An item hides what `*` brings, unless it is there under a condition only.
            if own.iter().all(|one| one.chosen) {
                let globs: Vec<_> = known.globs.iter().filter(seen).copied().collect();
                found.extend(globs.iter().flat_map(|glob| walk.through(glob, name)));
            }
            distinct(found)
        })
    }

    fn meaning(&mut self, found: &'a Found<Name>) -> Vec<Meaning<'a>> {
        match &found.item.what {
            What::Use(path) => self.path(&found.module, path),
            What::Module => {
                let path = found.module.iter().cloned().chain([found.item.name.clone()]);
                vec![Meaning::Module(path.collect())]
            }
            _ => vec![Meaning::Item(found)],
        }
    }

    /// What `use path::*` brings under a name.
    fn through(&mut self, glob: &'a Found<Name>, name: &str) -> Vec<Meaning<'a>> {
        let What::Glob(path) = &glob.item.what else { return Vec::new() };
        let from = self.path(&glob.module, path);
        let each = from.into_iter().flat_map(|one| match one {
            Meaning::Module(module) => self.named(&module, name, &glob.module),
            Meaning::Item(item) => self.inside(item, name),
            Meaning::Variant(..) | Meaning::Away(_) => Vec::new(),
        });
        each.collect()
    }

    fn once(
        &mut self,
        key: (Vec<String>, String),
        look: impl FnOnce(&mut Self) -> Vec<Meaning<'a>>,
    ) -> Vec<Meaning<'a>> {
        if self.under_way.contains(&key) {
            return Vec::new();
        }
        self.under_way.push(key);
        let found = look(self);
        self.under_way.pop();
        found
    }
}

/// `mod get;` beside `use axum::routing::get;`: without a condition only one of several can be a type or a module, and
/// that an import is one the source of another crate would have to tell.
fn types<'a>(all: &[&'a Found<Name>]) -> Vec<&'a Found<Name>> {
    let is_import = |one: &&Found<Name>| matches!(one.item.what, What::Use(_));
    let sure = all.len() > 1 && !all.iter().any(|one| one.chosen) && !all.iter().all(is_import);
    all.iter().filter(|one| !(sure && is_import(one))).copied().collect()
}

fn parent(module: &[String]) -> Vec<String> {
    module.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default()
}

fn distinct(found: Vec<Meaning<'_>>) -> Vec<Meaning<'_>> {
    let mut kept: Vec<Meaning<'_>> = Vec::new();
    for one in found {
        if !kept.iter().any(|other| other.is(&one)) {
            kept.push(one);
        }
    }
    kept
}

impl Meaning<'_> {
    /// Whether both are the same thing, whatever way led there.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Item(a), Self::Item(b)) => std::ptr::eq(*a, *b),
            (Self::Variant(a, one), Self::Variant(b, two)) => std::ptr::eq(*a, *b) && one == two,
            (Self::Module(a), Self::Module(b)) | (Self::Away(a), Self::Away(b)) => a == b,
            _ => false,
        }
    }

    /// Its path, for people.
    pub(super) fn shown(&self) -> String {
        let here = |module: &[String], name: &[&str]| {
            let module = module.iter().map(String::as_str);
            std::iter::once("crate").chain(module).chain(name.iter().copied()).collect::<Vec<_>>().join("::")
        };
        match self {
            Self::Item(found) => here(&found.module, &[&found.item.name]),
            Self::Variant(found, variant) => here(&found.module, &[&found.item.name, variant]),
            Self::Module(path) => here(path, &[]),
            Self::Away(path) => path.join("::"),
        }
    }
}
