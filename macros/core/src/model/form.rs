//! A struct with `#[derive(Form)]`: the fields of a form.

use syn::ext::IdentExt;
use syn::{DeriveInput, Ident, Path, Type};

use crate::attr::{FormAttr, FormFieldAttr};
use crate::error::{Collector, Errors};
use crate::message;
use crate::model::named_fields;
use crate::symbol::{derive, form_field, word};

/// A checked form.
#[derive(Clone, Debug)]
pub struct Form {
    /// The struct's name.
    pub ident: Ident,
    /// What `#[form(…)]` said of the struct.
    pub options: FormAttr,
    /// The fields in order.
    pub fields: Vec<FormField>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct FormField {
    /// Its name.
    pub ident: Ident,
    /// Its type.
    pub ty: Type,
    /// What `#[form(…)]` said.
    pub options: FormFieldAttr,
}

impl FormField {
    /// Its name, without `r#`.
    #[must_use]
    pub fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// The word of its widget, where there is one.
    #[must_use]
    pub fn widget(&self) -> Option<String> {
        self.options.widget.as_ref().map(|set| word_of(&set.value))
    }
}

impl Form {
    /// Reads and checks a struct.
    ///
    /// # Errors
    /// Everything that is wrong with it, each at its own token.
    pub fn from_derive_input(input: &DeriveInput) -> Result<Self, Errors> {
        let errors = Collector::new();
        let options = FormAttr::read(&input.attrs, &errors);
        let fields = named_fields(input, derive::FORM, &errors).into_iter().filter_map(|field| {
            let options = FormFieldAttr::read(&field.attrs, &errors);
            Some(FormField { ident: field.ident?, ty: field.ty, options })
        });
        let form = Self { ident: input.ident.clone(), options, fields: fields.collect() };
        for field in &form.fields {
            check_widget(field, &errors);
            check_lengths(field, &errors);
            check_digits(field, &errors);
        }
        errors.finish(form)
    }

    /// The runtime's path, if it is not `::nuages`.
    #[must_use]
    pub fn krate(&self) -> Option<&Path> {
        self.options.krate.as_ref()
    }
}

/// A widget is one of the known words.
fn check_widget(field: &FormField, errors: &Collector) {
    let Some(set) = &field.options.widget else { return };
    let given = word_of(&set.value);
    if !word::FORM_WIDGETS.contains(&given.as_str()) {
        errors.at(&set.value, message::no_choice("widget", &given, &word::FORM_WIDGETS));
    }
}

/// The least length is not above the greatest.
fn check_lengths(field: &FormField, errors: &Collector) {
    if let (Some(min), Some(max)) = (&field.options.min_length, &field.options.max_length)
        && min.value > max.value
    {
        errors
            .at(&min.key, "`min_length` is above `max_length`; no text can be both that long and that short");
    }
}

/// Digits and places are said together.
fn check_digits(field: &FormField, errors: &Collector) {
    match (&field.options.max_digits, &field.options.decimal_places) {
        (Some(_), Some(_)) | (None, None) => {}
        (Some(set), None) | (None, Some(set)) => {
            errors.at(
                &set.key,
                format_args!(
                    "`{}` and `{}` are said together: `max_digits = 8, decimal_places = 2`",
                    form_field::MAX_DIGITS.name,
                    form_field::DECIMAL_PLACES.name
                ),
            );
        }
    }
}

/// `textarea` or `"textarea"`.
fn word_of(expr: &syn::Expr) -> String {
    match expr {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value(),
        other => quote::quote!(#other).to_string(),
    }
}
