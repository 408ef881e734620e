//! A function with `#[data_step]`: what a migration does to rows, in Rust.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Attribute, ItemFn, LitStr, Path};

use crate::attr::Options;
use crate::error::{Collector, Errors};
use crate::symbol::data_step as words;

/// A checked data step.
#[derive(Clone, Debug)]
pub struct DataStep {
    /// The function as the user wrote it.
    pub function: ItemFn,
    /// The app whose migrations name it, if not the crate's.
    pub app: Option<LitStr>,
    /// The path of the migrator's crate, if it is not `::nuages_migrate`.
    pub krate: Option<Path>,
}

impl DataStep {
    /// Reads and checks a function and the arguments of its attribute.
    ///
    /// # Errors
    /// Everything that is wrong with them, each at its own token.
    pub fn from_item(tokens: TokenStream, function: ItemFn) -> Result<Self, Errors> {
        let errors = Collector::new();
        let mut options = Options::of_tokens(tokens, &words::PLACE, &errors);
        let app = options.text(words::APP).map(|set| set.value);
        let krate = options.path(words::CRATE).map(|set| set.value);
        let (ident, inputs) = (&function.sig.ident, &function.sig.inputs);
        if function.sig.asyncness.is_none() || inputs.len() != 1 {
            let text =
                format_args!("a data step is `async fn {ident}(data: DataContext) -> nuages::Result<()>`");
            errors.at(&function.sig, text);
        }
        errors.finish(Self { function, app, krate })
    }

    /// The step that an item is, as a reader of source sees it: its name, and the app that it names.
    #[must_use]
    pub fn named(function: &ItemFn) -> Option<(String, Option<String>)> {
        let attr = function.attrs.iter().find(|attr| is_data_step(attr))?;
        let errors = Collector::new();
        let tokens = match &attr.meta {
            syn::Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        let app = Options::of_tokens(tokens, &words::PLACE, &errors).text(words::APP);
        // What is wrong with the attribute is told by the attribute itself.
        let _ = errors.finish(());
        Some((function.sig.ident.unraw().to_string(), app.map(|set| set.value.value())))
    }
}

/// `#[data_step]`, under whatever path.
fn is_data_step(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == words::PLACE.name)
}
