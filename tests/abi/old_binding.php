<?php

// old_binding.php DIR LIBRARY: PHP's declarations of a release (DIR/wxpay.ffi.h) with the library
// of now. FFI looks every function of them up when it reads them.
declare(strict_types=1);

[, $old, $library] = $argv;
$header = (string) file_get_contents("$old/wxpay.ffi.h");
$ffi = FFI::cdef($header, $library);
$out = $ffi->new('wxpay_buf *');
$error = $ffi->new('wxpay_error *');
$must = static function (bool $holds, string $what): void {
    if (!$holds) {
        throw new Exception($what);
    }
};
$must($ffi->wxpay_selftest(FFI::addr($error)) === 0, 'self-test');
$parts = ['GET', '/v3/certificates', '1554208460', '593BEC0C930BF1AFEB40B4A08C8FB242', ''];
$arguments = [];
foreach ($parts as $part) {
    array_push($arguments, $part, strlen($part));
}
$must($ffi->wxpay_canonical_request(...[...$arguments, FFI::addr($out), FFI::addr($error)]) === 0, 'canonical request');
$must(FFI::string($ffi->wxpay_buf_data($out), $ffi->wxpay_buf_len($out)) === implode("\n", $parts) . "\n", 'its text');
$ffi->wxpay_buf_free($out);
$key = $ffi->new('wxpay_key *');
$must($ffi->wxpay_key_load('x', 1, null, 0, FFI::addr($key), FFI::addr($error)) === 111, 'a wrong key');
$must($ffi->wxpay_error_status($error) === 111, 'its error');
$ffi->wxpay_error_free($error);
echo preg_match_all('/\bwxpay_\w+\(/', $header), ' functions of ', basename($old), ", ok\n";
