<?php

declare(strict_types=1);

// opcache.preload of a master that makes the client, loads the store and sends an order before it forks its workers.

require_once getenv('PACKAGE_DIR') . '/preload.php';
require_once __DIR__ . '/shop.php';

$client = client();
$client->warm();
$client->post('/v3/pay/transactions/native', order());
