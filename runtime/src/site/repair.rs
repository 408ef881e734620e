//! What a developer can put right from the page of an error.

/// Something that keeps pages from working and that a plugin can put right, such as migrations that are
/// not applied. In debug the page of an error shows it with a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// What is wrong, in a few words.
    pub title: String,
    /// What the button does, step by step.
    pub steps: Vec<String>,
    /// What the button says.
    pub button: String,
    /// The command that does the same.
    pub command: String,
}
