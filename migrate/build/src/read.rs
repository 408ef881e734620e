//! Reads the models of a crate from its source.
