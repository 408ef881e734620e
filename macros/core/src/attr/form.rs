//! Reads `#[form(…)]` on a struct and on its fields.

use syn::{Attribute, Expr, Ident, LitStr, Path};

use crate::attr::item::comma_list;
use crate::attr::{Options, Set};
use crate::error::Collector;
use crate::symbol::{form as words, form_field};

/// What `#[form(…)]` said of a struct.
#[derive(Clone, Debug)]
pub struct FormAttr {
    /// The model whose fields the form's are.
    pub model: Option<Set<Path>>,
    /// A function that looks at several fields together.
    pub clean: Option<Set<Path>>,
    /// The path of the runtime crate, if it is not `::nuages`.
    pub krate: Option<Path>,
}

/// What `#[form(…)]` said of a field.
#[derive(Clone, Debug)]
pub struct FormFieldAttr {
    /// The label.
    pub label: Option<Set<LitStr>>,
    /// A sentence below the field.
    pub help_text: Option<Set<LitStr>>,
    /// It may be left empty, or must not.
    pub required: Option<Set<bool>>,
    /// What is sent is not looked at.
    pub disabled: Option<Ident>,
    /// What it is edited with.
    pub widget: Option<Set<Expr>>,
    /// What it shows at first.
    pub initial: Option<Set<Expr>>,
    /// The least number of characters.
    pub min_length: Option<Set<u32>>,
    /// The greatest number of characters.
    pub max_length: Option<Set<u32>>,
    /// The least number.
    pub min: Option<Set<Expr>>,
    /// The greatest number.
    pub max: Option<Set<Expr>>,
    /// Numbers are multiples of it.
    pub step: Option<Set<Expr>>,
    /// The digits of a decimal.
    pub max_digits: Option<Set<u8>>,
    /// The digits after the point.
    pub decimal_places: Option<Set<u8>>,
    /// What browsers may fill in.
    pub autocomplete: Option<Set<LitStr>>,
    /// Functions that check a value.
    pub validators: Vec<Path>,
}

impl FormAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Self {
        let mut options = Options::of(attrs, &words::PLACE, errors);
        Self {
            model: options.path(words::MODEL),
            clean: options.path(words::CLEAN),
            krate: options.path(words::CRATE).map(|set| set.value),
        }
    }
}

impl FormFieldAttr {
    pub(crate) fn read(attrs: &[Attribute], errors: &Collector) -> Self {
        let mut options = Options::of(attrs, &form_field::PLACE, errors);
        let validators = options.list(form_field::VALIDATORS, comma_list);
        Self {
            label: options.text(form_field::LABEL),
            help_text: options.text(form_field::HELP_TEXT),
            required: options.bool(form_field::REQUIRED),
            disabled: options.flag(form_field::DISABLED),
            widget: options.expr(form_field::WIDGET),
            initial: options.expr(form_field::INITIAL),
            min_length: options.number(form_field::MIN_LENGTH),
            max_length: options.number(form_field::MAX_LENGTH),
            min: options.expr(form_field::MIN),
            max: options.expr(form_field::MAX),
            step: options.expr(form_field::STEP),
            max_digits: options.number(form_field::MAX_DIGITS),
            decimal_places: options.number(form_field::DECIMAL_PLACES),
            autocomplete: options.text(form_field::AUTOCOMPLETE),
            validators: validators.map(|set| set.value).unwrap_or_default(),
        }
    }
}
