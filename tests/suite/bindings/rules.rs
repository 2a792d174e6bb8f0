//! What must not be in a binding.
