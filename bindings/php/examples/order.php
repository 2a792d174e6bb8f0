<?php

declare(strict_types=1);

// php order.php NUMBER FEN: an order for a QR code. The configuration is in WXPAY_… variables.

use LibWxPay\Client;
use LibWxPay\Constants;
use LibWxPay\WxPayException;

require_once __DIR__ . '/../autoload.php';

$client = Client::fromEnv('WXPAY_', ['shared' => true]);
try {
    $answer = $client->post('/v3/pay/transactions/native', [
        'appid' => getenv('APPID'),
        'mchid' => getenv('WXPAY_MCHID'),
        'description' => '一杯茶',
        'out_trade_no' => $argv[1],
        'notify_url' => getenv('NOTIFY_URL'),
        'amount' => ['total' => (int) $argv[2], 'currency' => 'CNY'],
    ]);
    echo $answer->json()['code_url'], "\n";
} catch (WxPayException $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    switch ($error->outcome()) {
        case Constants::WXPAY_OUTCOME_NOT_SENT:
            exit(3); // mend the cause, send the same order again
        case Constants::WXPAY_OUTCOME_REJECTED:
            exit(4); // correct the order
        default:
            exit(5); // query the order by its number; deliver nothing
    }
}
