//! A function with `#[view(…)]`: a pattern of a path, and arguments from it or from the request.

mod check;
mod pattern;

use proc_macro2::TokenStream;
use syn::{FnArg, Ident, ItemFn, Pat, Type};

use crate::attr::ViewAttr;
use crate::error::{Collector, Errors};

pub use pattern::{Pattern, Segment};

/// A checked view.
#[derive(Clone, Debug)]
pub struct View {
    /// What `#[view(…)]` said.
    pub options: ViewAttr,
    /// The pattern of the path.
    pub pattern: Pattern,
    /// The arguments in order.
    pub args: Vec<Arg>,
    /// The function as the user wrote it.
    pub function: ItemFn,
}

/// One argument of a view.
#[derive(Clone, Debug)]
pub struct Arg {
    /// Its name, where its pattern is one.
    pub ident: Option<Ident>,
    /// Its type.
    pub ty: Type,
    /// Whether its name stands in the path; otherwise it is an extractor.
    pub in_path: bool,
}

impl View {
    /// Reads and checks a function and the arguments of its attribute.
    ///
    /// # Errors
    /// Everything that is wrong with them, each at its own token.
    pub fn from_item(tokens: TokenStream, function: ItemFn) -> Result<Self, Errors> {
        let errors = Collector::new();
        let options = ViewAttr::read(tokens, &errors);
        let pattern = Pattern::read(options.path.as_ref(), &errors);
        let args = function.sig.inputs.iter().filter_map(|arg| Arg::read(arg, &pattern, &errors)).collect();
        let view = Self { options, pattern, args, function };
        if errors.is_empty() {
            check::check(&view, &errors);
        }
        errors.finish(view)
    }

    /// The name of the module with the route and `url()`.
    #[must_use]
    pub fn name(&self) -> &Ident {
        self.options.name.as_ref().map_or(&self.function.sig.ident, |set| &set.value)
    }
}

impl Arg {
    fn read(arg: &FnArg, pattern: &Pattern, errors: &Collector) -> Option<Self> {
        let FnArg::Typed(arg) = arg else {
            errors.at(arg, "a view is a plain function; it takes no `self`");
            return None;
        };
        let ident = match &*arg.pat {
            Pat::Ident(name) => Some(name.ident.clone()),
            _ => None,
        };
        let in_path = ident.as_ref().is_some_and(|ident| pattern.has(ident));
        Some(Self { ident, ty: (*arg.ty).clone(), in_path })
    }
}
