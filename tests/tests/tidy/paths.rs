//! The paths that a file names, as the compiler would resolve them: `use` trees taken apart, `self` and `super` followed,
//! and what stands in macros too. Unit tests are left out.

use syn::visit::{self, Visit};

/// The paths that a file names. Those inside the crate begin with `crate`.
pub(crate) fn paths(file: &str, text: &str) -> Vec<Vec<String>> {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut finder = Finder { at: module_of(file), found: Vec::new() };
    finder.visit_file(&parsed);
    finder.found.sort();
    finder.found.dedup();
    finder.found
}

/// The modules that lead to a file of a crate: `runtime/src/query/many.rs` is `query`, `many`.
fn module_of(file: &str) -> Vec<String> {
    let inside = file.split_once("src/").map_or(file, |(_, rest)| rest);
    let mut parts: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

struct Finder {
    at: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Finder {
    fn add(&mut self, segments: Vec<String>) {
        let mut place = self.at.clone();
        let mut rest = segments.into_iter().peekable();
        let inside = matches!(rest.peek().map(String::as_str), Some("self" | "super"));
        while let Some(word) = rest.peek().filter(|word| ["self", "super"].contains(&word.as_str())) {
            if word == "super" {
                place.pop();
            }
            rest.next();
        }
        let start =
            if inside { std::iter::once("crate".to_owned()).chain(place).collect() } else { Vec::new() };
        let path: Vec<String> = start.into_iter().chain(rest).collect();
        if path.len() > 1 {
            self.found.push(path);
        }
    }

    /// A whole crate, such as by `use sqlx;`.
    fn add_crate(&mut self, name: String) {
        self.add(vec![name, "*".to_owned()]);
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) if before.is_empty() => self.add_crate(name.ident.to_string()),
            syn::UseTree::Rename(rename) if before.is_empty() => self.add_crate(rename.ident.to_string()),
            syn::UseTree::Name(name) => self.add(with(&name.ident)),
            syn::UseTree::Rename(rename) => self.add(with(&rename.ident)),
            syn::UseTree::Glob(_) => self.add([before, &["*".to_owned()]].concat()),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }

    /// Words of a macro's input that are joined by `::`.
    fn tokens(&mut self, text: &str) {
        // Every other part is between quotes.
        let text: String = text.replace("\\\"", "").split('"').step_by(2).collect::<Vec<_>>().join(" ");
        let text = text.replace("$ crate ::", "$crate::").replace(" :: ", "::").replace(":: ", "::");
        for word in text.split(|c: char| !(c.is_alphanumeric() || ['_', ':', '$', '#'].contains(&c))) {
            let segments: Vec<&str> = word.trim_matches(':').split("::").collect();
            let is_path = segments.len() > 1 && segments.iter().all(|part| is_name(part));
            // `$crate::` and `#krate::` are of whoever is written for.
            if is_path {
                self.add(segments.into_iter().map(str::to_owned).collect());
            }
        }
    }
}

fn is_name(part: &str) -> bool {
    part.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && part.chars().all(|c| c.is_alphanumeric() || c == '_')
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = item.attrs.iter().any(|attr| {
            attr.path().is_ident("cfg") && attr.parse_args::<syn::Ident>().is_ok_and(|word| word == "test")
        });
        if !is_test {
            self.at.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.at.pop();
        }
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        if item.ident != "self" {
            self.add_crate(item.ident.to_string());
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.add(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(&item.tokens.to_string());
        visit::visit_macro(self, item);
    }
}
