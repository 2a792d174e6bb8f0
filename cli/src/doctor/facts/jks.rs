//! Java's own key store, as far as trusted certificates go: they are readable without the password.
//! Layout: `sun.security.provider.JavaKeyStore` (OpenJDK), big endian: magic, version, count; per entry a tag (1 key,
//! 2 trusted certificate), alias, date; a certificate is its type, length and bytes. A digest of 20 bytes ends the file.

const MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];

pub fn is_jks(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// DER of every trusted certificate; None when the file is cut or of another version.
pub fn certificates(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut rest = bytes.strip_prefix(&MAGIC)?;
    if number(&mut rest)? != 2 {
        return None;
    }
    let mut found = Vec::new();
    for _ in 0..number(&mut rest)? {
        let tag = number(&mut rest)?;
        text(&mut rest)?;
        take(&mut rest, 8)?;
        match tag {
            1 => {
                let key = number(&mut rest)?;
                take(&mut rest, key)?;
                for _ in 0..number(&mut rest)? {
                    certificate(&mut rest)?;
                }
            }
            2 => found.push(certificate(&mut rest)?.to_vec()),
            _ => return None,
        }
    }
    (rest.len() == 20).then_some(found)
}

fn certificate<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    text(rest)?;
    let len = number(rest)?;
    take(rest, len)
}

fn text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = take(rest, 2)?;
    take(rest, usize::from(u16::from_be_bytes([len[0], len[1]])))
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let bytes = take(rest, 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}
