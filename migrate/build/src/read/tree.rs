//! Walks the modules of a crate and collects the items that matter.

use std::path::{Path, PathBuf};

use nuages_macros_core::model::{DataStep, derives};
use nuages_macros_core::symbol::derive;
use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Attribute, DeriveInput, Item, ItemMod, Type, UseTree};

use super::Target;

/// The items of a crate that matter.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) models: Vec<Found<DeriveInput>>,
    pub(super) choices: Vec<Found<DeriveInput>>,
    pub(super) newtypes: Vec<Found<DeriveInput>>,
    pub(super) groups: Vec<Found<DeriveInput>>,
    pub(super) aliases: Vec<Found<(String, Type)>>,
    pub(super) imports: Vec<Found<Import>>,
    /// The functions marked `#[data_step]`, with the app that they name.
    pub(super) steps: Vec<Found<(String, Option<String>)>>,
    /// The arguments of `nuages::app!`.
    pub(super) app: Option<TokenStream>,
    /// The names of all modules.
    pub(super) modules: Vec<String>,
    /// The files that were read.
    pub(super) files: Vec<PathBuf>,
}

/// An item and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Found<T> {
    /// The modules that lead to it, without the crate.
    pub(super) module: Vec<String>,
    /// The file, as a position in the tree's list of them.
    pub(super) file: usize,
    /// Whether it is only there under a condition.
    pub(super) conditional: bool,
    pub(super) item: T,
}

/// `use path as name;`
#[derive(Clone, Debug)]
pub(super) struct Import {
    pub(super) name: String,
    pub(super) path: Vec<String>,
}

/// Where the walk is.
#[derive(Clone)]
struct Place {
    module: Vec<String>,
    /// Where the files of child modules lie.
    children: PathBuf,
    /// Where the file lies that is being read, for `#[path]`.
    folder: PathBuf,
    /// The position of that file in the list of files.
    file: usize,
    /// Whether the walk is inside `mod name { … }` of the file.
    inline: bool,
    conditional: bool,
}

/// What `cfg` attributes come to.
enum Condition {
    /// Always there.
    None,
    /// Not in this build.
    Test,
    /// There or not by a feature or target.
    Other,
}

impl Tree {
    /// Reads every file that `mod` declarations lead to.
    ///
    /// # Errors
    /// With the files read, when one cannot be read or does not parse; rustc tells why.
    pub(super) fn read(target: &Target) -> Result<Self, Vec<PathBuf>> {
        let mut tree = Self::default();
        let folder = target.root.parent().unwrap_or(Path::new("")).to_owned();
        let place = Place {
            module: Vec::new(),
            children: folder.clone(),
            folder,
            file: 0,
            inline: false,
            conditional: false,
        };
        match tree.file(&target.root, &place) {
            Some(()) => Ok(tree),
            None => Err(tree.files),
        }
    }

    fn file(&mut self, path: &Path, place: &Place) -> Option<()> {
        let place = &Place { file: self.files.len(), ..place.clone() };
        self.files.push(path.to_owned());
        let text = std::fs::read_to_string(path).ok()?;
        // Most files hold nothing for us but more modules, and a quick look at the text tells.
        let file = syn::parse_file(&text).ok()?;
        match condition(&file.attrs) {
            Condition::Test => Some(()),
            Condition::None => self.items(file.items, place),
            Condition::Other => self.items(file.items, &Place { conditional: true, ..place.clone() }),
        }
    }

    fn items(&mut self, items: Vec<Item>, place: &Place) -> Option<()> {
        for item in items {
            self.item(item, place)?;
        }
        Some(())
    }

    fn item(&mut self, item: Item, place: &Place) -> Option<()> {
        match item {
            Item::Mod(module) => return self.module(module, place),
            Item::Struct(item) => self.derived(item.into(), place),
            Item::Enum(item) => self.derived(item.into(), place),
            Item::Fn(item) => {
                if let Some(step) = DataStep::named(&item) {
                    keep(&mut self.steps, &item.attrs, place, step);
                }
            }
            Item::Type(item) => {
                let alias = (item.ident.unraw().to_string(), (*item.ty).clone());
                keep(&mut self.aliases, &item.attrs, place, alias);
            }
            Item::Use(item) => {
                let mut imports = Vec::new();
                flatten(&item.tree, &mut Vec::new(), &mut imports);
                imports.into_iter().for_each(|import| keep(&mut self.imports, &item.attrs, place, import));
            }
            Item::Macro(item) if is_app(&item.mac.path) => self.app = Some(item.mac.tokens),
            _ => {}
        }
        Some(())
    }

    fn derived(&mut self, mut input: DeriveInput, place: &Place) {
        strip_test_fields(&mut input);
        let attrs = input.attrs.clone();
        let list = if derives(&attrs, derive::MODEL) {
            &mut self.models
        } else if derives(&attrs, derive::CHOICES) {
            &mut self.choices
        } else if derives(&attrs, derive::FIELD) {
            &mut self.newtypes
        } else if derives(&attrs, derive::FIELDS) {
            &mut self.groups
        } else {
            return;
        };
        keep(list, &attrs, place, input);
    }

    fn module(&mut self, module: ItemMod, place: &Place) -> Option<()> {
        let conditional = match condition(&module.attrs) {
            Condition::Test => return Some(()),
            Condition::None => place.conditional,
            Condition::Other => true,
        };
        let name = module.ident.unraw().to_string();
        self.modules.push(name.clone());
        let mut inner = Place { conditional, ..place.clone() };
        inner.module.push(name.clone());
        let given = path_attribute(&module.attrs);
        if let Some((_, items)) = module.content {
            inner.children.push(given.unwrap_or_else(|| PathBuf::from(&name)));
            inner.inline = true;
            return self.items(items, &inner);
        }
        let (path, children) = match given {
            Some(given) => given_file(place, &given),
            None => usual_file(place, &name)?,
        };
        inner.folder = path.parent().unwrap_or(Path::new("")).to_owned();
        inner.children = children;
        inner.inline = false;
        // A file that is not there matters only where it is always compiled.
        if conditional && !path.is_file() { Some(()) } else { self.file(&path, &inner) }
    }
}

fn given_file(place: &Place, given: &Path) -> (PathBuf, PathBuf) {
    let base = if place.inline { &place.children } else { &place.folder };
    let path = base.join(given);
    let children = path.parent().unwrap_or(Path::new("")).to_owned();
    (path, children)
}

fn usual_file(place: &Place, name: &str) -> Option<(PathBuf, PathBuf)> {
    let children = place.children.join(name);
    let flat = place.children.join(format!("{name}.rs"));
    let nested = children.join("mod.rs");
    let path = if nested.is_file() && !flat.is_file() { nested } else { flat };
    Some((path, children))
}

fn keep<T>(list: &mut Vec<Found<T>>, attrs: &[Attribute], place: &Place, item: T) {
    let conditional = match condition(attrs) {
        Condition::Test => return,
        Condition::None => place.conditional,
        Condition::Other => true,
    };
    list.push(Found { module: place.module.clone(), file: place.file, conditional, item });
}

/// What the `cfg` attributes of an item come to.
fn condition(attrs: &[Attribute]) -> Condition {
    let mut found = Condition::None;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("cfg")) {
        let words = attr.meta.require_list().map(|list| list.tokens.to_string().replace(' ', ""));
        match words.as_deref() {
            Ok("test") => return Condition::Test,
            Ok("not(test)") => {}
            _ => found = Condition::Other,
        }
    }
    found
}

/// Whether an item or field is only there under a condition other than `test`.
pub(super) fn is_conditional(attrs: &[Attribute]) -> bool {
    matches!(condition(attrs), Condition::Other)
}

/// The compiler takes them away before it calls the derive.
fn strip_test_fields(input: &mut DeriveInput) {
    if let syn::Data::Struct(data) = &mut input.data
        && let syn::Fields::Named(fields) = &mut data.fields
    {
        let kept = std::mem::take(&mut fields.named).into_iter();
        fields.named = kept.filter(|field| !matches!(condition(&field.attrs), Condition::Test)).collect();
    }
}

fn path_attribute(attrs: &[Attribute]) -> Option<PathBuf> {
    let attr = attrs.iter().find(|attr| attr.path().is_ident("path"))?;
    match &attr.meta.require_name_value().ok()?.value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(PathBuf::from(text.value())),
        _ => None,
    }
}

/// `nuages::app!`, under whatever name the crate has.
fn is_app(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "app")
}

fn flatten(tree: &UseTree, path: &mut Vec<String>, imports: &mut Vec<Import>) {
    match tree {
        UseTree::Path(part) => {
            path.push(part.ident.unraw().to_string());
            flatten(&part.tree, path, imports);
            path.pop();
        }
        UseTree::Name(name) => {
            let name = name.ident.unraw().to_string();
            let path = path.iter().cloned().chain([name.clone()]).collect();
            imports.push(Import { name, path });
        }
        UseTree::Rename(renamed) => {
            let path = path.iter().cloned().chain([renamed.ident.unraw().to_string()]).collect();
            imports.push(Import { name: renamed.rename.unraw().to_string(), path });
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, path, imports)),
        UseTree::Glob(_) => {}
    }
}
