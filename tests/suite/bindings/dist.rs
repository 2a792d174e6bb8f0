//! What `make dist` made.
