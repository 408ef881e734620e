//! The options of a field: one `const` method for each.

use nuages_schema::{ColumnKind, OnDelete};
use proc_macro2::{Literal as Number, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt;

use crate::attr::{DefaultKind, Literal, Set, UploadTo};
use crate::model::{Field, title};

/// The label for people.
pub(in crate::expand) fn label(field: &Field) -> String {
    match &field.options.label {
        Some(label) => label.value.value(),
        None => title(&field.name()),
    }
}

/// `.max_length(200).unique()`
pub(in crate::expand) fn expand(field: &Field, is_key: bool) -> TokenStream {
    let calls = relation(field).into_iter().chain(flags(field, is_key)).chain(values(field));
    calls.map(|call| quote!(.#call)).collect()
}

fn relation(field: &Field) -> Vec<TokenStream> {
    if !field.shape.is_foreign() {
        return Vec::new();
    }
    let rule = field.options.on_delete.as_ref().map_or(OnDelete::DoNothing, |set| set.value);
    let rule = format_ident!("{}", format!("{rule:?}"));
    let related = field.related_name().map(ToString::to_string).map(|name| quote!(related_name(#name)));
    let constraint = field.options.db_constraint.as_ref().filter(|set| !set.value);
    let constraint = constraint.map(|_| quote!(unconstrained()));
    [Some(quote!(on_delete(__n::OnDelete::#rule))), constraint, related].into_iter().flatten().collect()
}

fn flags(field: &Field, is_key: bool) -> impl Iterator<Item = TokenStream> {
    let options = &field.options;
    let editable = options.editable.as_ref().is_none_or(|set| set.value);
    let all = [
        (is_key && field.is_auto(), quote!(auto_key())),
        (is_key && !field.is_auto(), quote!(primary_key())),
        (options.unique.is_some(), quote!(unique())),
        (options.index.is_some(), quote!(index())),
        (options.auto_now.is_some(), quote!(auto_now())),
        (options.auto_now_add.is_some(), quote!(auto_now_add())),
        (options.version.is_some(), quote!(version())),
        (options.db_default.is_some(), quote!(db_default())),
        (options.generated.is_some(), quote!(generated())),
        (options.blank.is_some(), quote!(blank())),
        (!editable, quote!(not_editable())),
    ];
    all.into_iter().filter(|(on, _)| *on).map(|(_, call)| call)
}

fn values(field: &Field) -> impl Iterator<Item = TokenStream> {
    let o = &field.options;
    let length =
        o.max_length.as_ref().map(|set| Number::u32_unsuffixed(set.value)).map(|n| quote!(max_length(#n)));
    let help = o.help_text.as_ref().map(|set| &set.value).map(|text| quote!(help_text(#text)));
    let widget = o.widget.as_ref().map(|set| &set.value).map(|word| quote!(widget(#word)));
    let messages = (!o.error_messages.is_empty()).then(|| {
        let all = o.error_messages.iter().map(|(name, text)| (name.to_string(), text));
        let all = all.map(|(name, text)| quote!((#name, #text)));
        quote!(error_messages(&[#(#all),*]))
    });
    let said = [length, digits(field), range(field), default(field), help, widget, messages];
    said.into_iter().flatten().chain(file(field))
}

/// What is said of files, each at its own word, for rustc says there that the type holds none.
fn file(field: &Field) -> impl Iterator<Item = TokenStream> {
    // A type that holds none for certain was told already.
    let may_be = field.kind().is_none_or(|kind| kind == ColumnKind::Text);
    let file = &field.options.file;
    let upload_to = file.upload_to.as_ref().map(|set| match &set.value {
        UploadTo::Folder(folder) => quote_spanned!(set.key.span()=> upload_to(#folder)),
        UploadTo::Function(path) => quote_spanned!(set.key.span()=> upload_to_fn(#path)),
    });
    let size = file.max_size.as_ref().map(|set| {
        let bytes = Number::u64_unsuffixed(set.value);
        quote_spanned!(set.key.span()=> max_size(#bytes))
    });
    let endings = file.extensions.as_ref().map(|set| {
        let endings = &set.value;
        quote_spanned!(set.key.span()=> extensions(&[#(#endings),*]))
    });
    let sizes = [("width_field", &file.width_field), ("height_field", &file.height_field)];
    let sizes = sizes.into_iter().filter_map(|(call, set)| {
        let set = set.as_ref()?;
        let (call, name) = (Ident::new(call, set.key.span()), set.value.unraw().to_string());
        Some(quote_spanned!(set.key.span()=> #call(#name)))
    });
    let said = [upload_to, size, endings].into_iter().flatten().chain(sizes.collect::<Vec<_>>());
    said.filter(move |_| may_be)
}

fn digits(field: &Field) -> Option<TokenStream> {
    let digits = Number::u8_unsuffixed(field.options.max_digits.as_ref()?.value);
    let places = Number::u8_unsuffixed(field.options.decimal_places.as_ref()?.value);
    Some(quote!(digits(#digits, #places)))
}

fn range(field: &Field) -> Option<TokenStream> {
    let (min, max) = (&field.options.min, &field.options.max);
    if min.is_none() && max.is_none() {
        return None;
    }
    let bound = |bound: &Option<Set<i64>>| match bound.as_ref().map(|set| Number::i64_unsuffixed(set.value)) {
        Some(value) => quote!(__n::Some(#value)),
        None => quote!(__n::None),
    };
    let (min, max) = (bound(min), bound(max));
    Some(quote!(range(#min, #max)))
}

/// A literal stands in the schema; any other default is made by the entry's function.
fn default(field: &Field) -> Option<TokenStream> {
    Some(match &field.options.default.as_ref()?.kind {
        DefaultKind::Literal(Literal::Int(value)) => {
            let value = Number::i64_unsuffixed(*value);
            quote!(default_int(#value))
        }
        DefaultKind::Literal(Literal::Float(value)) => quote!(default_float(#value)),
        DefaultKind::Literal(Literal::Text(text) | Literal::Decimal(text)) => quote!(default_text(#text)),
        DefaultKind::Literal(Literal::Bool(value)) => quote!(default_bool(#value)),
        _ => quote!(default_fn()),
    })
}
