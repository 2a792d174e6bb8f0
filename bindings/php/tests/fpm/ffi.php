<?php

declare(strict_types=1);

// What a script that is not preloaded can do with FFI: nothing.

$said = [];
foreach ([
    'cdef' => static function (): void {
        FFI::cdef('int getpid(void);')->getpid();
    },
    'cdef of the library' => static function (): void {
        FFI::cdef('const char *wxpay_version(void);', LibWxPay\Library::buildInfo()['library']['path']);
    },
    'scope' => static function (): void {
        FFI::scope('WXPAY');
    },
    'load' => static function (): void {
        FFI::load((string) ini_get('ffi.preload'));
    },
    'new' => static function (): void {
        FFI::new('char[8]');
    },
] as $name => $try) {
    try {
        $try();
        $said[$name] = 'worked';
    } catch (FFI\Exception $refused) {
        $said[$name] = $refused->getMessage();
    }
}
echo json_encode($said + ['version' => LibWxPay\Library::version()]);
