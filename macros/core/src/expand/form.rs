//! `#[derive(Form)] struct Greeting { name: String, #[form(min = 1)] times: i32 }` becomes:
//!
//! ```text
//! const _: () = {
//!     use ::nuages::__private as __n;
//!     impl __n::FormFields for Greeting {
//!         fn fields() -> __n::Vec<__n::FormField> {
//!             __n::list([<String as __n::FormValue>::field(__n::Cow::Borrowed("name")), …])
//!         }
//!         fn from_values(__values: &__n::FormValues<'_>) -> __n::Option<Self> {
//!             __n::Some(Self { name: <String as __n::FormValue>::from_form(__values.form(), "name")?, … })
//!         }
//!     }
//! };
//! ```

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::anonymous;
use crate::attr::Set;
use crate::model::{Form, FormField};

pub(crate) fn form(form: &Form) -> TokenStream {
    let ident = &form.ident;
    let fields = form.fields.iter().map(|field| {
        let (ty, name, options) = (&field.ty, field.name(), options(field));
        let of = match &form.options.model {
            Some(model) => {
                let model = &model.value;
                quote_spanned!(ty.span()=> __n::FormField::of_model::<#model, #ty>(#name))
            }
            None => quote_spanned!(ty.span()=> <#ty as __n::FormValue>::field(__n::Cow::Borrowed(#name))),
        };
        quote!(#of #options)
    });
    let values = form.fields.iter().map(|field| {
        let (ident, name, ty) = (&field.ident, field.name(), &field.ty);
        // The same form as above, so that what the type lacks is told once.
        let from_form = quote_spanned!(ty.span()=> <#ty as __n::FormValue>::from_form);
        quote!(#ident: #from_form(__values.form(), #name)?)
    });
    let clean = form.options.clean.as_ref().map(|set| {
        let function = &set.value;
        quote! {
            fn clean(&mut self, __form: &mut __n::FormState) {
                #function(self, __form);
            }
        }
    });
    let (state, model) = model(form);
    let read = form.fields.iter().map(|field| &field.ident);
    anonymous(
        form.krate(),
        quote! {
            #model

            // Handlers often save a form without looking at its fields, which are no dead code for it.
            const _: fn(&#ident) = |__form| {
                #(let _ = &__form.#read;)*
            };

            impl __n::FormFields for #ident {
                fn fields() -> __n::Vec<__n::FormField> {
                    __n::list([#(#fields),*])
                }

                fn from_values(__values: &__n::FormValues<'_>) -> __n::Option<Self> {
                    __n::Some(Self { #(#values),* })
                }

                #clean
                #state
            }
        },
    )
}

/// What a form of a model has beside its fields: `fn state()`, `ModelFormFields`, and for each field
/// `|__row: &Book| &__row.title`, so that rustc answers to a name that the model does not have.
fn model(form: &Form) -> (TokenStream, TokenStream) {
    let Some(set) = &form.options.model else { return Default::default() };
    let (ident, model) = (&form.ident, &set.value);
    let state = quote! {
        fn state() -> __n::FormState {
            __n::FormState::for_model_fields(<#model as __n::Model>::entry(), <Self as __n::FormFields>::fields())
        }
    };
    let known = form.fields.iter().map(|field| {
        let name = &field.ident;
        quote_spanned!(name.span()=> let _ = &__row.#name;)
    });
    let of_model = quote! {
        impl __n::ModelFormFields for #ident {
            type Model = #model;
        }
        const _: fn(&#model) = |__row| { #(#known)* };
    };
    (state, of_model)
}

/// `.label("Name").max_length(40)`
fn options(field: &FormField) -> TokenStream {
    let o = &field.options;
    let ty = &field.ty;
    let mut calls = Vec::new();
    calls.extend(o.label.as_ref().map(|set| &set.value).map(|text| quote!(label(#text))));
    calls.extend(o.help_text.as_ref().map(|set| &set.value).map(|text| quote!(help_text(#text))));
    calls.extend(o.required.as_ref().map(|set| set.value).map(|yes| quote!(required(#yes))));
    calls.extend(o.disabled.as_ref().map(|_| quote!(disabled())));
    calls.extend(field.widget().map(|word| quote!(widget(#word))));
    calls.extend(o.initial.as_ref().map(|set| &set.value).map(|value| quote!(initial(#value))));
    calls.extend(count(&o.min_length).map(|n| quote!(min_length(#n))));
    calls.extend(count(&o.max_length).map(|n| quote!(max_length(#n))));
    calls.extend(o.min.as_ref().map(|set| &set.value).map(|value| quote!(min(#value))));
    calls.extend(o.max.as_ref().map(|set| &set.value).map(|value| quote!(max(#value))));
    calls.extend(o.step.as_ref().map(|set| &set.value).map(|value| quote!(step(#value))));
    calls.extend(digits(field));
    calls.extend(o.autocomplete.as_ref().map(|set| &set.value).map(|text| quote!(autocomplete(#text))));
    calls.extend(o.validators.iter().map(|path| quote!(validator(|__value: &#ty| #path(__value)))));
    calls.into_iter().map(|call| quote!(.#call)).collect()
}

fn count(set: &Option<Set<u32>>) -> Option<Literal> {
    set.as_ref().map(|set| Literal::u32_unsuffixed(set.value))
}

fn digits(field: &FormField) -> Option<TokenStream> {
    let digits = Literal::u8_unsuffixed(field.options.max_digits.as_ref()?.value);
    let places = Literal::u8_unsuffixed(field.options.decimal_places.as_ref()?.value);
    Some(quote!(digits(#digits, #places)))
}
