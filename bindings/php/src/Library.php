<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\LibraryMethods;

/** The library itself. */
final class Library extends Native implements Constants
{
    use LibraryMethods;

    /** How the library was built, which file was loaded, and what chose it: `package`, `WXPAY_LIBRARY`, `system` or `ffi.preload`. */
    public static function buildInfo(): array
    {
        return self::readJson('wxpay_build_info') + ['library' => Loader::library()];
    }
}
