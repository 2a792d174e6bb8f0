<?php

declare(strict_types=1);

// For use without Composer.
spl_autoload_register(static function (string $class): void {
    if (strncmp($class, 'LibWxPay\\', 9) === 0) {
        $file = __DIR__ . '/src/' . strtr(substr($class, 9), '\\', '/') . '.php';
        if (is_file($file)) {
            require_once $file;
        }
    }
});
