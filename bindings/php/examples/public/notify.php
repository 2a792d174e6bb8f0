<?php

declare(strict_types=1);

// The notify_url of a shop whose orders are files: EXAMPLE_SHOP/orders/NUMBER.json {"mchid", "total", "currency"}.
// The configuration is in WXPAY_… variables (php-fpm: env[WXPAY_MCHID] = … in the pool).

use LibWxPay\Client;
use LibWxPay\Notification;
use LibWxPay\WxPayException;

// With Composer: require __DIR__ . '/../vendor/autoload.php';
require_once __DIR__ . '/../../autoload.php';

/** Stores a payment once, also when the same notification comes sixteen times or twice at once. */
function store_once(string $shop, array $paid, string $eventType): void
{
    $number = $paid['out_trade_no'];
    if (preg_match('/^[0-9A-Za-z_*-]{6,32}$/', $number) !== 1) {
        throw new RuntimeException('not a number of ours');
    }
    $order = json_decode((string) file_get_contents("$shop/orders/$number.json"), true);
    if ($order === null || $paid['trade_state'] !== 'SUCCESS' || $paid['mchid'] !== $order['mchid']
        || $paid['amount']['total'] !== $order['total'] || $paid['amount']['currency'] !== $order['currency']) {
        throw new RuntimeException("the notification about $number is not about our order");
    }
    $file = @fopen("$shop/payments/$number.$eventType.json", 'x');
    if ($file !== false) {
        fwrite($file, (string) json_encode($paid));
        fclose($file);
    }
}

$client = Client::fromEnv('WXPAY_', ['shared' => true]);
try {
    $notification = $client->notification($_SERVER, (string) file_get_contents('php://input'));
    store_once((string) getenv('EXAMPLE_SHOP'), $notification->json()['resource'], $notification->eventType());
    $reply = Notification::replyOk();
} catch (WxPayException $error) {
    error_log($error->getMessage());
    $reply = $error->reply();
} catch (Throwable $error) {
    error_log($error->getMessage());
    $reply = Notification::replyFail();
}
http_response_code($reply->status());
foreach ($reply->headers() as $name => $values) {
    header("$name: " . implode(', ', $values));
}
echo $reply->body();
