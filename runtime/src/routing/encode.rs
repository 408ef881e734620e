//! Percent-encoding of addresses.

/// Writes a segment: everything but RFC 3986's `pchar` is encoded, a slash too.
pub fn encode_segment(text: &str, out: &mut String) {
    encode(text, false, out);
}

/// Writes the rest of an address, where slashes stay.
pub(super) fn encode_path(text: &str, out: &mut String) {
    encode(text, true, out);
}

fn encode(text: &str, slashes: bool, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if is_plain(byte) || (slashes && byte == b'/') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}
