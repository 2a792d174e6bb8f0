mod ambiguity;
mod signatures;
mod xml;

use super::fields::Fields;

pub fn fields(pairs: &[(&str, &str)]) -> Fields {
    let mut fields = Fields::default();
    for (name, value) in pairs {
        fields.push(name, value);
    }
    fields
}

/// What the openssl command prints for `input`, in upper case.
pub fn openssl(arguments: &[&str], input: &[u8]) -> String {
    let output = String::from_utf8(crate::key::tests::openssl(arguments, input)).unwrap();
    let digest = output.trim().rsplit([' ', '=']).next().unwrap();
    assert!(!digest.is_empty(), "openssl {arguments:?}: {output}");
    digest.to_uppercase()
}
