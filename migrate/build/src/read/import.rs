//! `use` declarations, one name at a time.

use syn::ext::IdentExt;
use syn::{Ident, ItemUse, UseTree};

/// One name that a `use` declaration brings, or all names of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The name here; none is `*`.
    pub(super) name: Option<String>,
    /// The names of the path; a leading `::` is an empty one.
    pub(super) path: Vec<String>,
}

/// What a declaration brings.
pub(super) fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    let mut path: Vec<String> = item.leading_colon.map(|_| String::new()).into_iter().collect();
    flatten(&item.tree, &mut path, &mut found);
    found
}

fn flatten(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<Import>) {
    match tree {
        UseTree::Path(part) => {
            path.push(text(&part.ident));
            flatten(&part.tree, path, found);
            path.pop();
        }
        UseTree::Name(name) => found.extend(import(path, &name.ident, None)),
        UseTree::Rename(renamed) => found.extend(import(path, &renamed.ident, Some(&renamed.rename))),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, path, found)),
        UseTree::Glob(_) => found.push(Import { name: None, path: path.clone() }),
    }
}

/// `path::name`, `path::name as rename`; `path::{self}` is the path itself.
fn import(path: &[String], name: &Ident, rename: Option<&Ident>) -> Option<Import> {
    let mut path = path.to_vec();
    if name != "self" || path.is_empty() {
        path.push(text(name));
    }
    let name = match rename {
        // `use path::Trait as _;` brings no name.
        Some(rename) if rename == "_" => return None,
        Some(rename) => text(rename),
        None => path.last()?.clone(),
    };
    Some(Import { name: Some(name), path })
}

fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_use_is_one_name_at_a_time() {
        let text = "pub use ::a::{self, b::{C, D as E, self as f}, *, g::H as _};";
        let item: ItemUse = syn::parse_str(text).unwrap();
        let shown: Vec<String> = imports(&item)
            .iter()
            .map(|one| format!("{}={}", one.name.as_deref().unwrap_or("*"), one.path.join("::")))
            .collect();
        assert_eq!(shown, ["a=::a", "C=::a::b::C", "E=::a::b::D", "f=::a::b", "*=::a"]);
    }
}
