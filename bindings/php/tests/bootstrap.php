<?php

declare(strict_types=1);

// Needs WXPAY_LIBRARY, SSL_CERT_FILE and SIMULATOR_DIR, the directory of a running simulator.
error_reporting(-1);
ini_set('display_errors', 'stderr');
require __DIR__ . '/../autoload.php';
spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/support/' . basename(strtr($class, '\\', '/')) . '.php';
    if (strncmp($class, 'LibWxPay\\Tests\\', 15) === 0 && is_file($file)) {
        require_once $file;
    }
});
