//! From what was typed to a value, or to what is wrong with it.

use nuages_schema::ColumnKind;
use rust_decimal::Decimal;

use super::field::{FormField, Format};
use super::message::{ErrorCode, FormError, counted};
use super::parse::{parse, refusal};
use super::show::show;
use super::validators;
use crate::value::{Value, Zone};

/// A value, or what is wrong with what was typed.
type Outcome<T> = Result<T, Vec<FormError>>;

impl FormField {
    /// The value of what was typed: parsed, and held against every rule of the field.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn clean(&self, typed: &[String], zone: Zone) -> Outcome<Value> {
        if self.many {
            return self.clean_many(typed, zone);
        }
        let typed = typed.last().map_or("", String::as_str);
        self.clean_one(typed, zone)
    }

    fn clean_many(&self, typed: &[String], zone: Zone) -> Outcome<Value> {
        let mut values: Vec<Value> = Vec::new();
        for text in typed.iter().filter(|text| !text.is_empty()) {
            let value = self.parsed(text, zone)?;
            self.check(text, &value)?;
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.is_empty() && self.required {
            return Err(vec![self.missing()]);
        }
        Ok(Value::Array(self.kind, values))
    }

    fn clean_one(&self, typed: &str, zone: Zone) -> Outcome<Value> {
        let tidy = self.tidy(typed);
        if tidy.is_empty() {
            return self.nothing();
        }
        let value = self.parsed(&tidy, zone)?;
        if self.kind == ColumnKind::Bool && self.required && value == Value::Bool(false) {
            return Err(vec![self.missing()]);
        }
        self.check(&tidy, &value)?;
        Ok(value)
    }

    /// Text as it is kept: without blanks around it, with plain line ends.
    fn tidy(&self, typed: &str) -> String {
        let plain = if typed.contains('\r') { typed.replace("\r\n", "\n") } else { typed.to_owned() };
        if self.strip || self.kind != ColumnKind::Text { plain.trim().to_owned() } else { plain }
    }

    /// What an empty field means.
    fn nothing(&self) -> Outcome<Value> {
        if self.required {
            return Err(vec![self.missing()]);
        }
        Ok(match self.kind {
            // A box that is not ticked is not sent at all.
            ColumnKind::Bool if !self.nullable => Value::Bool(false),
            ColumnKind::Text if !self.nullable => Value::Text(String::new()),
            kind => Value::Null(kind),
        })
    }

    fn missing(&self) -> FormError {
        let text = match (&self.choices, self.kind) {
            (Some(_), _) => "Choose one.",
            (None, ColumnKind::Bool) => "Tick this box.",
            (None, _) => "Fill in this field.",
        };
        self.error(ErrorCode::Required, text)
    }

    fn not_offered(&self) -> FormError {
        self.error(ErrorCode::Choice, "Choose one of the values that are offered.")
    }

    fn parsed(&self, text: &str, zone: Zone) -> Outcome<Value> {
        if text.contains('\0') {
            let sentence = "Null characters are not allowed.";
            return Err(vec![self.error(ErrorCode::NullCharacter, sentence)]);
        }
        parse(self.kind, text, zone).ok_or_else(|| match self.choices {
            Some(_) => vec![self.not_offered()],
            None => vec![self.error(ErrorCode::Invalid, refusal(self.kind))],
        })
    }

    /// Every rule on a value that nobody typed.
    pub(super) fn check_held(&self, value: &Value) -> Outcome<()> {
        let text = show(value, Zone::default());
        let is_empty = value.is_null() || (self.kind == ColumnKind::Text && text.is_empty());
        match value {
            _ if is_empty => self.nothing().map(drop),
            Value::Text(text) if text.contains('\0') => self.parsed(text, Zone::default()).map(drop),
            _ => self.check(&text, value),
        }
    }

    /// Every rule on a value that parsed.
    fn check(&self, text: &str, value: &Value) -> Outcome<()> {
        let mut errors = Vec::new();
        if let Value::Text(text) = value {
            self.check_text(text, &mut errors);
        }
        if let Some(number) = number(value) {
            self.check_number(number, &mut errors);
        }
        if let Value::Decimal(decimal) = value {
            self.check_digits(*decimal, &mut errors);
        }
        let closed = self.choices.as_ref().filter(|_| !self.open);
        if closed.is_some_and(|choices| !choices.iter().any(|choice| choice.value == text)) {
            errors.push(self.not_offered());
        }
        if errors.is_empty() {
            errors.extend(self.validators.iter().filter_map(|rule| rule(value)));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn check_text(&self, text: &str, errors: &mut Vec<FormError>) {
        let length = text.chars().count() as u64;
        if let Some(max) = self.max_length.map(u64::from).filter(|max| length > *max) {
            let sentence = format!("Write at most {} (this has {length}).", counted(max, "character"));
            errors.push(self.error(ErrorCode::MaxLength, sentence));
            // A text that is far too long is not looked at any further.
            return;
        }
        if let Some(min) = self.min_length.map(u64::from).filter(|min| length < *min) {
            let sentence = format!("Write at least {} (this has {length}).", counted(min, "character"));
            errors.push(self.error(ErrorCode::MinLength, sentence));
        }
        let verdict = match self.format {
            Format::Plain => Ok(()),
            Format::Email => validators::email(text),
            Format::Url => validators::url(text),
            Format::Slug => validators::slug(text),
        };
        if let Err(invalid) = verdict {
            errors.push(self.error(ErrorCode::Invalid, invalid.to_string()));
        }
    }

    fn check_number(&self, number: Decimal, errors: &mut Vec<FormError>) {
        if let Some(min) = self.min.filter(|min| number < *min) {
            errors.push(self.error(ErrorCode::MinValue, format!("Enter a number of at least {min}.")));
        }
        if let Some(max) = self.max.filter(|max| number > *max) {
            errors.push(self.error(ErrorCode::MaxValue, format!("Enter a number of at most {max}.")));
        }
        let from = self.min.unwrap_or_default();
        if let Some(step) = self.step.filter(|step| !validators::is_step(number, *step, from)) {
            errors.push(self.error(ErrorCode::Step, format!("Enter a number in steps of {step}.")));
        }
    }

    fn check_digits(&self, decimal: Decimal, errors: &mut Vec<FormError>) {
        let (whole, places) = validators::digits(decimal);
        let allowed = self.decimal_places.map(u32::from);
        if let Some(allowed) = allowed.filter(|allowed| places > *allowed) {
            let text = format!("Write at most {} after the point.", counted(allowed.into(), "digit"));
            errors.push(self.error(ErrorCode::DecimalPlaces, text));
        }
        let Some(max) = self.max_digits.map(u32::from) else { return };
        let before = max.saturating_sub(allowed.unwrap_or(0));
        if allowed.is_some() && whole > before {
            let text = format!("Write at most {} before the point.", counted(before.into(), "digit"));
            errors.push(self.error(ErrorCode::MaxDigits, text));
        } else if allowed.is_none() && whole + places > max {
            let text = format!("Write at most {} in all.", counted(max.into(), "digit"));
            errors.push(self.error(ErrorCode::MaxDigits, text));
        }
    }
}

/// A number of any sort as a decimal, where one holds it.
fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::Float(number) => Decimal::try_from(*number).ok(),
        Value::Decimal(number) => Some(*number),
        _ => None,
    }
}
