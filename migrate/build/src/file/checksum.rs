//! A checksum of values, which no layout and no version of a printer can change.

use sha2::{Digest, Sha256};
use toml::Value;

/// The checksum in hexadecimal digits.
pub(super) fn of(value: &Value) -> String {
    let mut hash = Sha256::new();
    feed(&mut hash, value);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Each value is a tag, its length and its bytes, so that no two values have the same bytes.
fn feed(hash: &mut Sha256, value: &Value) {
    match value {
        Value::String(text) => part(hash, b's', text.as_bytes()),
        Value::Integer(number) => part(hash, b'i', &number.to_be_bytes()),
        Value::Float(number) => part(hash, b'f', &number.to_bits().to_be_bytes()),
        Value::Boolean(truth) => part(hash, b'b', &[u8::from(*truth)]),
        Value::Datetime(date) => part(hash, b'd', date.to_string().as_bytes()),
        Value::Array(values) => {
            part(hash, b'a', &(values.len() as u64).to_be_bytes());
            values.iter().for_each(|value| feed(hash, value));
        }
        Value::Table(table) => {
            part(hash, b't', &(table.len() as u64).to_be_bytes());
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (key, value) in entries {
                part(hash, b'k', key.as_bytes());
                feed(hash, value);
            }
        }
    }
}

fn part(hash: &mut Sha256, tag: u8, bytes: &[u8]) {
    hash.update([tag]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
