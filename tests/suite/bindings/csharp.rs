//! C#, on Mono and on CoreCLR.
