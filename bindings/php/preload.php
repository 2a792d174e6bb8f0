<?php

declare(strict_types=1);

// For opcache.preload: every class of the package, so that ffi.enable can stay "preload" and no other script may use FFI.
// A preload script of your own can require this one.
require_once __DIR__ . '/autoload.php';

foreach (['', 'Generated/', 'Primitives/'] as $folder) {
    foreach (glob(__DIR__ . "/src/$folder*.php") as $file) {
        $name = 'LibWxPay\\' . strtr($folder, '/', '\\') . basename($file, '.php');
        class_exists($name) || interface_exists($name) || trait_exists($name);
    }
}
