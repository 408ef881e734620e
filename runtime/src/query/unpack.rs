//! Rows that SQLite packed into one column, taken apart.

use crate::backend::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::{Layout, Place};
use crate::value::Value;

/// Takes rows apart, one after the other; texts keep their memory from row to row.
pub(super) struct Unpacker {
    layout: Layout,
    row: Row,
}

impl Unpacker {
    pub(super) fn new(layout: Layout) -> Self {
        let values = layout.places.iter().map(|_| NULL).collect();
        Self { layout, row: Row::Values(values) }
    }

    /// The columns of a packed row, in the order of the query.
    ///
    /// # Errors
    /// If a packed column holds what the column's kind cannot hold; the row is to be read unpacked then.
    pub(super) fn take(&mut self, packed: &Row) -> Result<&Row> {
        let text = packed.str(0)?.ok_or_else(unexpected)?;
        let mut array = Array { rest: text.strip_prefix('[').ok_or_else(unexpected)? };
        if let Row::Values(values) = &mut self.row {
            for (value, place) in values.iter_mut().zip(&self.layout.places) {
                match place {
                    Place::Packed => array.next(value)?,
                    Place::Own(at) => *value = packed.any(*at)?,
                }
            }
        }
        if array.rest.is_empty() { Ok(&self.row) } else { Err(unexpected()) }
    }
}

/// The kind of a NULL is nobody's concern here: fields know their own.
const NULL: Value = Value::Null(nuages_schema::ColumnKind::Text);

#[cold]
fn unexpected() -> Error {
    Error::new(ErrorKind::Database, "a packed row holds what its columns cannot hold")
}

/// The elements of a JSON array of whole numbers, texts and nulls, as SQLite writes it: without blanks.
struct Array<'a> {
    rest: &'a str,
}

impl<'a> Array<'a> {
    fn next(&mut self, value: &mut Value) -> Result<()> {
        match self.rest.as_bytes().first() {
            Some(b'"') => self.text(value)?,
            Some(b'n') => {
                self.rest = self.rest.strip_prefix("null").ok_or_else(unexpected)?;
                *value = NULL;
            }
            _ => {
                let end = self.rest.find([',', ']']).ok_or_else(unexpected)?;
                *value = Value::Int(self.rest[..end].parse().map_err(|_| unexpected())?);
                self.rest = &self.rest[end..];
            }
        }
        self.rest = self.rest.strip_prefix([',', ']']).ok_or_else(unexpected)?;
        Ok(())
    }

    fn text(&mut self, value: &mut Value) -> Result<()> {
        self.rest = &self.rest[1..];
        if !matches!(value, Value::Text(_)) {
            *value = Value::Text(String::new());
        }
        let Value::Text(text) = value else { return Err(unexpected()) };
        text.clear();
        loop {
            let stop = |byte: &u8| matches!(byte, b'"' | b'\\');
            let end = self.rest.as_bytes().iter().position(stop).ok_or_else(unexpected)?;
            text.push_str(&self.rest[..end]);
            let is_end = self.rest.as_bytes()[end] == b'"';
            self.rest = &self.rest[end + 1..];
            if is_end {
                return Ok(());
            }
            text.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Result<char> {
        let mut characters = self.rest.chars();
        let character = match characters.next().ok_or_else(unexpected)? {
            same @ ('"' | '\\' | '/') => same,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let digits = characters.as_str().get(..4).ok_or_else(unexpected)?;
                self.rest = &characters.as_str()[4..];
                let code = u32::from_str_radix(digits, 16).map_err(|_| unexpected())?;
                // SQLite escapes control characters only, so a code is a character by itself.
                return char::from_u32(code).ok_or_else(unexpected);
            }
            _ => return Err(unexpected()),
        };
        self.rest = characters.as_str();
        Ok(character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(packed: &str, own: Vec<Value>, places: Vec<Place>) -> Result<Vec<Value>> {
        let mut unpacker = Unpacker::new(Layout { places });
        let mut values = vec![Value::Text(packed.to_owned())];
        values.extend(own);
        match unpacker.take(&Row::Values(values))? {
            Row::Values(values) => Ok(values.clone()),
            _ => unreachable!("made in memory"),
        }
    }

    #[test]
    fn numbers_texts_and_nulls_come_back_in_their_order() {
        let places = vec![Place::Packed, Place::Own(1), Place::Packed, Place::Packed, Place::Packed];
        let packed = r#"[-9223372036854775808,"a\"b\\c\u0000\n,]ü",null,""]"#;
        let values = unpack(packed, vec![Value::Float(0.1)], places).unwrap();
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(values, [Value::Int(i64::MIN), Value::Float(0.1), text("a\"b\\c\0\n,]ü"), NULL, text("")]);
    }

    #[test]
    fn what_is_no_whole_number_and_no_text_is_refused() {
        for packed in
            ["[1.5]", "[1e3]", "[[1]]", "[{}]", "[true]", "[9223372036854775808]", "[1,2]", "[", "", "[1"]
        {
            assert!(unpack(packed, Vec::new(), vec![Place::Packed]).is_err(), "{packed}");
        }
    }
}
