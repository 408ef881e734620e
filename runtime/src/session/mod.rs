//! Sessions: what the server remembers about a visitor between requests.

mod csrf;
mod token;

pub use csrf::CsrfSecret;
pub use token::SessionToken;
