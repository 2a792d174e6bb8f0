<?php

declare(strict_types=1);

// php libwxpay_client.php MERCHANT-JSON BODY-FILE: libwxpay through its PHP package.

require __DIR__ . '/side.php';
require __DIR__ . '/../../../bindings/php/autoload.php';

$client = LibWxPay\Client::fromJson((string) file_get_contents($argv[1]));
$order = (string) file_get_contents($argv[2]);
take_turns(static function () use ($client, $order): array {
    return $client->post(TARGET, $order)->json();
}, static function () use ($client, $order): string {
    return $client->prepare('POST', TARGET, $order)->header('Authorization');
});
