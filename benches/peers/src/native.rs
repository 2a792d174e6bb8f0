//! What c/openssl.c and c/libwxpay.c export.

use std::ffi::{CStr, CString, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use libloading::{Library, Symbol};

type Open = unsafe extern "C" fn(*const c_char);
type Authorization = unsafe extern "C" fn(*mut c_char) -> usize;
type Notification = unsafe extern "C" fn() -> c_int;
type Sign = unsafe extern "C" fn(*const u8, usize, *mut u8) -> usize;
type Verify = unsafe extern "C" fn(*const u8, usize, *const u8, usize) -> c_int;
type GcmOpen = unsafe extern "C" fn(
    *const u8,
    *const u8,
    *const u8,
    usize,
    *const u8,
    usize,
    *mut u8,
) -> c_int;
type Digest = unsafe extern "C" fn(*const u8, usize, *mut u8);

/// One side's two jobs.
pub struct Jobs {
    authorization: Authorization,
    notification: Notification,
    library: Library,
}

impl Jobs {
    /// `prefix` is `ours` or `peer`: of the file and of the functions.
    pub fn load(libraries: &Path, fixture: &Path, prefix: &str) -> Jobs {
        let path = libraries.join(format!("lib{prefix}.so"));
        // SAFETY: both files are ours; their initialisers do nothing.
        let library = unsafe { Library::new(&path) }.unwrap_or_else(|error| panic!("{error}"));
        let fixture = CString::new(fixture.as_os_str().as_bytes()).expect("a path");
        // SAFETY: the signatures are those of c/.
        unsafe {
            function::<Open>(&library, &format!("{prefix}_open"))(fixture.as_ptr());
            Jobs {
                authorization: function(&library, &format!("{prefix}_authorization")),
                notification: function(&library, &format!("{prefix}_notification")),
                library,
            }
        }
    }

    pub fn authorization(&self) -> String {
        let mut text = [0u8; 1024];
        // SAFETY: it writes less than 1,024 bytes.
        let len = unsafe { (self.authorization)(text.as_mut_ptr().cast()) };
        String::from_utf8(text[..len].to_vec()).expect("a header")
    }

    /// Nothing but the call.
    pub fn authorize(&self) {
        let mut text = [0u8; 1024];
        // SAFETY: as above.
        std::hint::black_box(unsafe { (self.authorization)(text.as_mut_ptr().cast()) });
    }

    /// Of `ours` only: a client made and freed.
    pub fn client(&self) {
        // SAFETY: no arguments, no result.
        unsafe { function::<unsafe extern "C" fn()>(&self.library, "ours_client")() };
    }

    pub fn notification(&self) {
        // SAFETY: no arguments.
        assert_eq!(unsafe { (self.notification)() }, 1);
    }
}

/// # Safety
/// `T` is the function's type in C.
unsafe fn function<T: Copy>(library: &Library, name: &str) -> T {
    // SAFETY: the caller's.
    let symbol: Symbol<T> = unsafe { library.get(name.as_bytes()) }.expect("c/ exports it");
    *symbol
}

/// OpenSSL's primitives.
pub struct OpenSsl {
    sign: Sign,
    verify: Verify,
    oaep_encrypt: Sign,
    oaep_decrypt: Sign,
    gcm_open: GcmOpen,
    sha256: Digest,
    hmac: Digest,
    pub version: String,
    _jobs: Jobs,
}

impl OpenSsl {
    pub fn load(libraries: &Path, fixture: &Path) -> OpenSsl {
        let jobs = Jobs::load(libraries, fixture, "peer");
        let library = &jobs.library;
        // SAFETY: the signatures are those of c/openssl.c; the version is a constant of OpenSSL.
        unsafe {
            let version =
                function::<unsafe extern "C" fn() -> *const c_char>(library, "peer_version");
            OpenSsl {
                sign: function(library, "peer_sign"),
                verify: function(library, "peer_verify"),
                oaep_encrypt: function(library, "peer_oaep_encrypt"),
                oaep_decrypt: function(library, "peer_oaep_decrypt"),
                gcm_open: function(library, "peer_gcm_open"),
                sha256: function(library, "peer_sha256"),
                hmac: function(library, "peer_hmac"),
                version: CStr::from_ptr(version()).to_string_lossy().into_owned(),
                _jobs: jobs,
            }
        }
    }

    // SAFETY of all: pointers with their lengths; what is written fits (RSA-2048: 256 bytes).

    pub fn sign(&self, message: &[u8]) -> [u8; 256] {
        let mut out = [0; 256];
        let len = unsafe { (self.sign)(message.as_ptr(), message.len(), out.as_mut_ptr()) };
        assert_eq!(len, 256);
        out
    }

    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let (text, proof) = (message, signature);
        (unsafe { (self.verify)(text.as_ptr(), text.len(), proof.as_ptr(), proof.len()) }) == 1
    }

    pub fn oaep_encrypt(&self, text: &[u8]) -> [u8; 256] {
        let mut out = [0; 256];
        let len = unsafe { (self.oaep_encrypt)(text.as_ptr(), text.len(), out.as_mut_ptr()) };
        assert_eq!(len, 256);
        out
    }

    pub fn oaep_decrypt(&self, sealed: &[u8]) -> Vec<u8> {
        let mut out = vec![0; 256];
        let len = unsafe { (self.oaep_decrypt)(sealed.as_ptr(), sealed.len(), out.as_mut_ptr()) };
        out.truncate(len);
        out
    }

    pub fn gcm_open(
        &self,
        key: &[u8; 32],
        nonce: &[u8; 12],
        aad: &[u8],
        sealed: &[u8],
        out: &mut [u8],
    ) -> bool {
        assert!(out.len() + 16 >= sealed.len());
        (unsafe {
            (self.gcm_open)(
                key.as_ptr(),
                nonce.as_ptr(),
                aad.as_ptr(),
                aad.len(),
                sealed.as_ptr(),
                sealed.len(),
                out.as_mut_ptr(),
            )
        }) == 1
    }

    pub fn sha256(&self, message: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        unsafe { (self.sha256)(message.as_ptr(), message.len(), out.as_mut_ptr()) };
        out
    }

    /// With the API v3 key of the fixture.
    pub fn hmac(&self, message: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        unsafe { (self.hmac)(message.as_ptr(), message.len(), out.as_mut_ptr()) };
        out
    }
}
