<?php

declare(strict_types=1);

// end.php?how=…: ends in the middle, with objects of the library alive.

require_once __DIR__ . '/shop.php';

$GLOBALS['kept'] = [$client = client(), $prepared = $client->prepare('POST', '/v3/pay/transactions/native', order())];
switch ($_GET['how'] ?? '') {
    case 'exit':
        exit;
    case 'error':
        $client->post('/v3/pay/transactions/native', '{}');
        // It throws, and nobody catches.
    case 'memory':
        $kept = str_repeat('x', 1 << 30);
    case 'time':
        set_time_limit(1);
        while (true) {
            $client->prepare('POST', '/v3/pay/transactions/native', order());
        }
    case 'shutdown':
        register_shutdown_function(static function () use ($client): void {
            $client->post('/v3/pay/transactions/native', order());
        });
        exit;
}
