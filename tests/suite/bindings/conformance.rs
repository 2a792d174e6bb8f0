//! The vectors, by a runner in each language; the counts must be equal.
