//! A function with `#[command]`: `cargo run -- import-books`.

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, ExprLit, ItemFn, Lit, Meta, Path};

use crate::attr::Options;
use crate::error::{Collector, Errors};
use crate::symbol::command as words;

/// A checked command.
#[derive(Clone, Debug)]
pub struct Command {
    /// The function as the user wrote it.
    pub function: ItemFn,
    /// What is typed.
    pub name: String,
    /// Its line in the help: `about`, or the first line of the function's doc comment.
    pub about: String,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

impl Command {
    /// Reads and checks a function and the arguments of its attribute.
    ///
    /// # Errors
    /// Everything that is wrong with them, each at its own token.
    pub fn from_item(tokens: TokenStream, function: ItemFn) -> Result<Self, Errors> {
        let errors = Collector::new();
        let mut options = Options::of_tokens(tokens, &words::PLACE, &errors);
        let ident = &function.sig.ident;
        let given = options.text(words::NAME);
        if let Some(given) = given.as_ref().filter(|given| !is_name(&given.value.value())) {
            errors.at(&given.value, "a command's name is lower-case letters, digits and `-`");
        }
        let name = given.map_or_else(|| ident.to_string().replace('_', "-"), |set| set.value.value());
        let about = options.text(words::ABOUT).map(|set| set.value.value());
        let about = about.or_else(|| first_line(&function.attrs)).unwrap_or_default();
        if function.sig.asyncness.is_none() || function.sig.inputs.len() != 1 {
            errors.at(
                &function.sig,
                format_args!(
                    "a command is `async fn {ident}(context: CommandContext) -> nuages::Result<()>`"
                ),
            );
        }
        let krate = options.path(words::CRATE).map(|set| set.value);
        errors.finish(Self { function, name, about, krate })
    }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits)
}

/// The first line of a doc comment.
pub(crate) fn first_line(attrs: &[Attribute]) -> Option<String> {
    attrs.iter().find_map(|attr| match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    })
}
