//! Nuages.
