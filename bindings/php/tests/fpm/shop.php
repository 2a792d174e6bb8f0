<?php

declare(strict_types=1);

// What the pages share: the merchant in FPM_TEST_DIR/merchant.json, keys and all.

use LibWxPay\Client;

function merchant(): array
{
    return json_decode((string) file_get_contents(getenv('FPM_TEST_DIR') . '/merchant.json'), true);
}

function client(array $more = []): Client
{
    $options = array_filter(merchant(), static function (string $key): bool {
        return $key[0] !== '_';
    }, ARRAY_FILTER_USE_KEY);
    return new Client($more + $options + ['shared' => true]);
}

function order(): array
{
    ['_appid' => $appid, 'mchid' => $mchid] = merchant();
    return [
        'appid' => $appid, 'mchid' => $mchid, 'description' => '测试商品', 'out_trade_no' => 'F' . bin2hex(random_bytes(12)),
        'notify_url' => 'http://127.0.0.1:9/notify', 'amount' => ['total' => 1, 'currency' => 'CNY'],
    ];
}

/** One line that the test reads. */
function answer(array $more): void
{
    preg_match('/^RssAnon:\s+(\d+) kB/m', (string) file_get_contents('/proc/self/status'), $found);
    header('Content-Type: application/json');
    echo json_encode($more + ['pid' => getmypid(), 'anonymous' => (int) $found[1]]);
}
