//! Made by tests/vectors/selftest.sh; the private key no longer exists.

/// SPKI, PEM, by `openssl pkey -pubout`.
pub const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxfGAI4JoFQY0PbtgVZGy\n\
    oZnSK5ou/0i0Jx34iP/dc82tDvIry51qgogu0V/dxZFgTQZwhn/Tv0uH/vWFa6U/\n\
    pJs6vw9+XDZj4wf5FU3IQMIaECZFrPJzHzgAdQr571AithveeuCM2UnQSvSLngcl\n\
    i/A0yNI+1Jm5ScT3PIYck+57cPmp9msFiPJvZPwsB9rqWVHkyCB3dDQLG5zARd/3\n\
    Wd23RpF7V+JoaorHxdRAQzrOT+L/XcZkZD5yx3pOCR6ZoYJiZIns8/z57MPeoaJl\n\
    9psFgeZ5LSP108KultG6lDVcvOPXq4AdXdWSDxrRWpnm06cn3NaNf1jKecSo6CrK\n\
    5wIDAQAB\n\
    -----END PUBLIC KEY-----\n\
    ";

/// By `openssl dgst -sha256 -sign` over `METHOD\\ntarget\\n…` of the self-test.
pub const SIGNATURE: &str = "MjUIWbdZQMLCmnwgnpTTPHsRhzdSr/Be9K75+z1TgtiQIB1lQ7uOBgoDMhjDM9r/XpOvl7x+N1YjVsTbUqBfSUQFWhSx/2FfEXeD7MxpuV77FzUq8Id+ppyjAL4dhbXl8HDNPpNKbXOMPggPnv4imWOhchqPX10xfKWxtpG5L1ItGuK2elP8enXY49qavdRdkfeMs6hDAZ/yC5ThytGF+FOrTZ/Zl78+IbJMrUoahPfmJVRjtWY0C4CVZYKkFZxi5xZWNr8dlR0lEEhyIs8AIKdEDvN1hQWUpJLO2ULshBKeBV6A99Dr9BxS7mg1+QvW3E7HYD0RRi0xZy9Qd94sEw==";

/// By Python's cryptography, AES-256-GCM.
pub const SEALED: &str =
    "vEKajvRadWDgzYwcHKbXL2xipeNAu6ZYPxeRAM/+YTbch3bgCkXcoMa3C6XZ71JOW5Z5fxawTZhlXImyQbwi";
