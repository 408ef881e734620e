//! Walks the modules of a crate and collects the items that matter.

use std::path::{Path, PathBuf};

use nuages_macros_core::model::{Choices, DataStep, Group, Model, Newtype, derives};
use nuages_macros_core::symbol::derive;
use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Attribute, DeriveInput, Ident, Item, ItemExternCrate, ItemMod, ItemUse, Type, Visibility};

use super::Target;
use super::import::{Import, imports};

/// The items of a crate that matter.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) models: Vec<Found<Model>>,
    /// All that a path may lead to or through.
    pub(super) names: Vec<Found<Name>>,
    /// The functions marked `#[data_step]`, with the app that they name.
    pub(super) steps: Vec<Found<(String, Option<String>)>>,
    /// The arguments of `nuages::app!`.
    pub(super) app: Option<TokenStream>,
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
    /// Whether it is only there under a condition, its own or that of a module around it.
    pub(super) conditional: bool,
    /// Whether it is only there under a condition of its own.
    pub(super) chosen: bool,
    pub(super) item: T,
}

/// A name of the namespace that types and modules share.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) name: String,
    /// The module that it is visible in, with all inside.
    visible: Vec<String>,
    pub(super) what: What,
}

/// What a name stands for.
#[derive(Debug)]
pub(super) enum What {
    /// A model, by its position in the tree.
    Model(usize),
    /// An enumeration of words, and whether some of them are only there under a condition.
    Choices {
        choices: Choices,
        conditional: bool,
    },
    Newtype(Newtype),
    Group(Group),
    Alias(Type),
    Module,
    /// `use path as name;`
    Use(Vec<String>),
    /// `use path::*;`
    Glob(Vec<String>),
    /// A type of which the source does not tell how it is stored.
    Other,
}

impl Name {
    /// Whether a module may name it.
    pub(super) fn is_seen_from(&self, module: &[String]) -> bool {
        module.starts_with(&self.visible)
    }
}

impl What {
    /// `extern crate self as name;`
    pub(super) fn is_own_crate(&self) -> bool {
        matches!(self, Self::Use(path) if path.len() == 1 && path.first().is_some_and(|only| only == "crate"))
    }
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
            Item::Struct(item) => return self.derived(item.into(), place),
            Item::Enum(item) => return self.derived(item.into(), place),
            Item::Union(item) => self.name(&item.attrs, place, &item.vis, &item.ident, What::Other),
            Item::Trait(item) => self.name(&item.attrs, place, &item.vis, &item.ident, What::Other),
            Item::Type(item) => self.name(&item.attrs, place, &item.vis, &item.ident, What::Alias(*item.ty)),
            Item::Use(item) => self.import(&item, place),
            Item::ExternCrate(item) => self.extern_crate(&item, place),
            Item::Fn(item) => {
                if let Some(step) = DataStep::named(&item) {
                    keep(&mut self.steps, &item.attrs, place, step);
                }
            }
            Item::Macro(item) if is_app(&item.mac.path) => self.app = Some(item.mac.tokens),
            _ => {}
        }
        Some(())
    }

    fn name(&mut self, attrs: &[Attribute], place: &Place, vis: &Visibility, ident: &Ident, what: What) {
        let (name, visible) = (ident.unraw().to_string(), visible(vis, &place.module));
        keep(&mut self.names, attrs, place, Name { name, visible, what });
    }

    fn import(&mut self, item: &ItemUse, place: &Place) {
        let visible = visible(&item.vis, &place.module);
        for Import { name, path } in imports(item) {
            let (name, what) = match name {
                Some(name) => (name, What::Use(path)),
                None => (String::new(), What::Glob(path)),
            };
            keep(&mut self.names, &item.attrs, place, Name { name, visible: visible.clone(), what });
        }
    }

    fn extern_crate(&mut self, item: &ItemExternCrate, place: &Place) {
        let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
        let path = match item.ident == "self" {
            true => vec!["crate".to_owned()],
            false => vec![String::new(), item.ident.unraw().to_string()],
        };
        self.name(&item.attrs, place, &item.vis, name, What::Use(path));
    }

    /// A struct or an enumeration; `None` when it is wrong in itself, which its derive reports better.
    fn derived(&mut self, mut input: DeriveInput, place: &Place) -> Option<()> {
        if matches!(condition(&input.attrs), Condition::Test) {
            return Some(());
        }
        let conditional = strip_test_parts(&mut input);
        let attrs = input.attrs.clone();
        let has = |derive| derives(&attrs, derive);
        let what = match [derive::MODEL, derive::CHOICES, derive::FIELD, derive::FIELDS].map(has) {
            [true, ..] => {
                let model = Model::from_derive_input(&input).ok()?;
                keep(&mut self.models, &attrs, place, model);
                What::Model(self.models.len() - 1)
            }
            [_, true, ..] => What::Choices { choices: Choices::from_derive_input(&input).ok()?, conditional },
            [_, _, true, _] => What::Newtype(Newtype::from_derive_input(&input).ok()?),
            [_, _, _, true] => What::Group(Group::from_derive_input(&input).ok()?),
            _ => What::Other,
        };
        self.name(&attrs, place, &input.vis, &input.ident, what);
        Some(())
    }

    fn module(&mut self, module: ItemMod, place: &Place) -> Option<()> {
        let conditional = match condition(&module.attrs) {
            Condition::Test => return Some(()),
            Condition::None => place.conditional,
            Condition::Other => true,
        };
        let name = module.ident.unraw().to_string();
        self.name(&module.attrs, place, &module.vis, &module.ident, What::Module);
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
    let chosen = match condition(attrs) {
        Condition::Test => return,
        Condition::None => false,
        Condition::Other => true,
    };
    let conditional = chosen || place.conditional;
    list.push(Found { module: place.module.clone(), file: place.file, conditional, chosen, item });
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

/// Takes away what the compiler takes away before it calls the derive, and tells whether other conditions are left
/// on variants.
fn strip_test_parts(input: &mut DeriveInput) -> bool {
    let stays = |attrs: &[Attribute]| !matches!(condition(attrs), Condition::Test);
    match &mut input.data {
        syn::Data::Struct(data) => {
            if let syn::Fields::Named(fields) = &mut data.fields {
                let kept = std::mem::take(&mut fields.named).into_iter();
                fields.named = kept.filter(|field| stays(&field.attrs)).collect();
            }
            false
        }
        syn::Data::Enum(data) => {
            let kept = std::mem::take(&mut data.variants).into_iter();
            data.variants = kept.filter(|variant| stays(&variant.attrs)).collect();
            data.variants.iter().any(|variant| is_conditional(&variant.attrs))
        }
        syn::Data::Union(_) => false,
    }
}

/// The module that an item is visible in; all of the crate for what others may name too.
fn visible(vis: &Visibility, module: &[String]) -> Vec<String> {
    let parent = || module.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default();
    match vis {
        Visibility::Public(_) => Vec::new(),
        Visibility::Inherited => module.to_vec(),
        Visibility::Restricted(within) => {
            let path: Vec<String> =
                within.path.segments.iter().map(|part| part.ident.unraw().to_string()).collect();
            match path.split_first() {
                Some((first, rest)) if first == "crate" => rest.to_vec(),
                Some((first, [])) if first == "self" => module.to_vec(),
                _ => parent(),
            }
        }
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
