//! The journey of a payment in each language.
