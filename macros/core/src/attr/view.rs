//! Reads `#[view(get | post, "/books/{id}", …)]`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token};

use crate::attr::options::Entry;
use crate::attr::{Options, Set};
use crate::error::Collector;
use crate::symbol::view as words;

/// What `#[view(…)]` said.
#[derive(Clone, Debug)]
pub struct ViewAttr {
    /// The HTTP methods.
    pub methods: Vec<Ident>,
    /// The pattern of the path.
    pub path: Option<LitStr>,
    /// The name of the module with `url()`, if it is not the function's.
    pub name: Option<Set<Ident>>,
    /// Only for those who are logged in.
    pub login_required: Option<Ident>,
    /// Only for those with this permission.
    pub permission: Option<Set<LitStr>>,
    /// Why an unsafe method needs no token.
    pub csrf_exempt: Option<Set<LitStr>>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

impl ViewAttr {
    pub(crate) fn read(tokens: TokenStream, errors: &Collector) -> Self {
        let (paths, entries) = errors.ok(parts.parse2(tokens)).unwrap_or_default();
        let mut options = Options::of_entries(entries, &words::PLACE, errors);
        for more in paths.iter().skip(1) {
            errors.at(more, "a view has one path; write another function for the other");
        }
        Self {
            methods: methods(&mut options),
            path: paths.into_iter().next(),
            name: options.path(words::NAME).and_then(|set| name(set, errors)),
            login_required: options.flag(words::LOGIN_REQUIRED),
            permission: options.text(words::PERMISSION),
            csrf_exempt: options.text(words::CSRF_EXEMPT),
            krate: options.path(words::CRATE).map(|set| set.value),
        }
    }
}

fn methods(options: &mut Options<'_>) -> Vec<Ident> {
    let all = [words::GET, words::POST, words::PUT, words::PATCH, words::DELETE];
    all.into_iter().filter_map(|word| options.flag(word)).collect()
}

fn name(set: Set<Path>, errors: &Collector) -> Option<Set<Ident>> {
    match set.value.get_ident() {
        Some(name) => Some(Set { key: set.key, value: name.clone() }),
        None => {
            errors.at(&set.value, crate::message::usage(words::NAME));
            None
        }
    }
}

/// The path literals and the options, in any order; methods may be joined by `|`.
fn parts(input: ParseStream<'_>) -> syn::Result<(Vec<LitStr>, Vec<Entry>)> {
    let (mut paths, mut entries) = (Vec::new(), Vec::new());
    while !input.is_empty() {
        if input.peek(LitStr) {
            paths.push(input.parse()?);
        } else if input.peek(Ident::peek_any) {
            entries.push(input.parse()?);
        } else {
            return Err(input.error("a view is written `#[view(get, \"/books/{id}\")]`"));
        }
        if input.peek(Token![|]) {
            input.parse::<Token![|]>()?;
        } else if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok((paths, entries))
}
