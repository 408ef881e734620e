//! What a name in the source stands for, as far as the source tells. The compiler proves it afterwards.

use nuages_macros_core::model::{Choices, Group, kind_of, length_of};
use nuages_schema::{ColumnKind, room_for};
use syn::ext::IdentExt;
use syn::{Ident, Path, Type};

use super::declare::app_of;
use super::scope::{Meaning, Scope};
use super::tree::{Found, Name, Tree, What};
use crate::state::ModelRef;

/// How many aliases and newtypes may stand inside each other.
const DEPTH: usize = 16;

/// The names of a crate.
pub(super) struct Names<'a> {
    tree: &'a Tree,
    scope: Scope<'a>,
    /// The crate's own label.
    label: &'a str,
}

/// What a type is stored as.
#[derive(Clone, PartialEq)]
pub(super) struct Stored {
    pub(super) kind: ColumnKind,
    /// The most characters, where the type itself tells.
    pub(super) max_length: Option<u32>,
    /// The words of a `Choices` enumeration.
    pub(super) words: Option<Vec<String>>,
    /// The enumeration with a variant that is only there under a condition.
    pub(super) conditional: Option<String>,
}

/// One name for things that differ, each under a `cfg` of its own: what they are, in words.
pub(super) struct Ambiguous(pub(super) String);

impl Stored {
    /// A kind of column of which nothing else is known.
    pub(super) fn plain(kind: ColumnKind) -> Self {
        Self { kind, max_length: None, words: None, conditional: None }
    }
}

impl<'a> Names<'a> {
    pub(super) fn new(tree: &'a Tree, label: &'a str) -> Self {
        Self { tree, scope: Scope::new(tree), label }
    }

    /// What a type is stored as, through aliases, newtypes and choices of the crate.
    pub(super) fn stored(&self, module: &[String], ty: &Type) -> Result<Option<Stored>, Ambiguous> {
        self.stored_within(module, ty, DEPTH)
    }

    fn stored_within(&self, module: &[String], ty: &Type, depth: usize) -> Result<Option<Stored>, Ambiguous> {
        let Some(depth) = depth.checked_sub(1) else { return Ok(None) };
        match ty {
            Type::Group(group) => self.stored_within(module, &group.elem, depth),
            Type::Path(path) if path.qself.is_none() => {
                let found = self.scope.path(module, &spelled(&path.path));
                agreed(&found, PartialEq::eq, |one| match one {
                    Meaning::Item(item) => self.stored_item(item, depth),
                    Meaning::Away(path) => Ok(stored_away(ty, path)),
                    Meaning::Module(_) | Meaning::Variant(..) => Ok(None),
                })
            }
            _ => Ok(None),
        }
    }

    fn stored_item(&self, found: &Found<Name>, depth: usize) -> Result<Option<Stored>, Ambiguous> {
        match &found.item.what {
            What::Choices { choices, conditional } => {
                let conditional = conditional.then(|| found.item.name.clone());
                Ok(Some(Stored { conditional, ..stored_words(choices) }))
            }
            What::Newtype(newtype) => self.stored_within(&found.module, &newtype.inner, depth),
            What::Alias(alias) => self.stored_within(&found.module, alias, depth),
            _ => Ok(None),
        }
    }

    /// A group of fields of this crate, and where it stands.
    pub(super) fn group(
        &self,
        module: &[String],
        ty: &Type,
    ) -> Result<Option<(&'a Found<Name>, &'a Group)>, Ambiguous> {
        self.group_within(module, ty, DEPTH)
    }

    fn group_within(
        &self,
        module: &[String],
        ty: &Type,
        depth: usize,
    ) -> Result<Option<(&'a Found<Name>, &'a Group)>, Ambiguous> {
        let (Type::Path(path), Some(depth)) = (ty, depth.checked_sub(1)) else { return Ok(None) };
        let found = self.scope.path(module, &spelled(&path.path));
        agreed(&found, same_group, |one| match one {
            Meaning::Item(item) => self.group_item(item, depth),
            _ => Ok(None),
        })
    }

    fn group_item(
        &self,
        found: &'a Found<Name>,
        depth: usize,
    ) -> Result<Option<(&'a Found<Name>, &'a Group)>, Ambiguous> {
        match &found.item.what {
            What::Group(group) => Ok(Some((found, group))),
            What::Alias(alias) => self.group_within(&found.module, alias, depth),
            _ => Ok(None),
        }
    }

    /// The word that a variant of choices is stored as.
    pub(super) fn variant(&self, module: &[String], path: &Path) -> Option<String> {
        let found = self.scope.path(module, &spelled(path));
        let word = agreed(&found, PartialEq::eq, |one| match one {
            Meaning::Variant(found, name) => Ok(word(found, name)),
            _ => Ok(None),
        });
        // Where `cfg`s give it several words it is a default like one that is computed.
        word.ok().flatten()
    }

    /// The model that a relation leads to.
    pub(super) fn model(&self, module: &[String], ty: &Type) -> Result<Option<ModelRef>, Ambiguous> {
        self.model_within(module, ty, DEPTH)
    }

    fn model_within(
        &self,
        module: &[String],
        ty: &Type,
        depth: usize,
    ) -> Result<Option<ModelRef>, Ambiguous> {
        let (Type::Path(path), Some(depth)) = (ty, depth.checked_sub(1)) else { return Ok(None) };
        let found = self.scope.path(module, &spelled(&path.path));
        agreed(&found, PartialEq::eq, |one| match one {
            Meaning::Item(item) => match &item.item.what {
                What::Model(at) => Ok(self.model_at(*at)),
                What::Alias(alias) => self.model_within(&item.module, alias, depth),
                _ => Ok(None),
            },
            Meaning::Away(path) => Ok(foreign(path)),
            Meaning::Module(_) | Meaning::Variant(..) => Ok(None),
        })
    }

    fn model_at(&self, at: usize) -> Option<ModelRef> {
        let model = &self.tree.models.get(at)?.item;
        Some(ModelRef::new(&app_of(model, self.label), &model.name()))
    }
}

/// What all meanings of a name come to.
fn agreed<'f, 'a, T>(
    found: &'f [Meaning<'a>],
    same: impl Fn(&T, &T) -> bool,
    mut read: impl FnMut(&'f Meaning<'a>) -> Result<Option<T>, Ambiguous>,
) -> Result<Option<T>, Ambiguous> {
    let mut agreed: Option<Option<T>> = None;
    for one in found {
        let this = read(one)?;
        let fits = match (&agreed, &this) {
            (None, _) | (Some(None), None) => true,
            (Some(Some(before)), Some(this)) => same(before, this),
            (Some(_), _) => false,
        };
        if !fits {
            return Err(Ambiguous(meanings(found)));
        }
        agreed = Some(this);
    }
    Ok(agreed.flatten())
}

fn same_group(a: &(&Found<Name>, &Group), b: &(&Found<Name>, &Group)) -> bool {
    std::ptr::eq(a.0, b.0)
}

/// "`crate::a::Status` or `crate::b::Status`"
fn meanings(found: &[Meaning<'_>]) -> String {
    let mut shown: Vec<String> = found.iter().map(|one| format!("`{}`", one.shown())).collect();
    shown.dedup();
    match shown.as_slice() {
        [one] => format!("one or the other of two {one}"),
        _ => shown.join(" or "),
    }
}

fn stored_words(choices: &Choices) -> Stored {
    let words = choices.variants.iter().map(|variant| variant.value.clone()).collect();
    let max_length = Some(room_for(choices.longest()));
    Stored { max_length, words: Some(words), ..Stored::plain(ColumnKind::Text) }
}

/// A type of ours by its own name, whatever name it was imported under.
fn stored_away(ty: &Type, path: &[String]) -> Option<Stored> {
    let mut ty = ty.clone();
    if let (Type::Path(spelled), Some(name)) = (&mut ty, path.last())
        && let Some(last) = spelled.path.segments.last_mut()
        && last.ident.unraw() != name
    {
        last.ident = Ident::new(name, last.ident.span());
    }
    kind_of(&ty).map(|kind| Stored { max_length: length_of(&ty), ..Stored::plain(kind) })
}

fn word(found: &Found<Name>, variant: &str) -> Option<String> {
    let What::Choices { choices, .. } = &found.item.what else { return None };
    choices.variants.iter().find(|known| known.ident == variant).map(|known| known.value.clone())
}

/// `other_crate::module::Model` is `other_crate.Model`; apps inside Nuages go by their modules.
fn foreign(path: &[String]) -> Option<ModelRef> {
    match path {
        [.., name] if *name == ModelRef::current_user().name => Some(ModelRef::current_user()),
        [first, ..] if ["crate", "self", "super"].contains(&first.as_str()) => None,
        [krate, app, .., name] if krate == "nuages" => Some(ModelRef::new(app, name)),
        [krate, .., name] => Some(ModelRef::new(krate, name)),
        _ => None,
    }
}

/// The names of a path; a leading `::` is an empty one.
pub(super) fn spelled(path: &Path) -> Vec<String> {
    let root = path.leading_colon.map(|_| String::new());
    root.into_iter().chain(path.segments.iter().map(|part| part.ident.unraw().to_string())).collect()
}
