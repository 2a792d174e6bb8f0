<?php

declare(strict_types=1);

// php overhead.php LIBRARY: what a call through this package costs beside the same work by PHP's own OpenSSL, as
// wechatpay-php does it. One run, rounds of both in turn; the ratio of the medians of each round: min, median, max.

use LibWxPay\Client;

require __DIR__ . '/../autoload.php';

$rounds = getenv('WXPAY_BENCH_QUICK') === '1' ? 1 : 21;

putenv('WXPAY_LIBRARY=' . ($argv[1] ?? ''));
[$merchantKey, $wechatKey] = [rsa(), rsa()];
$mchid = '1900000001';
$serial = '33DDFEC51BF5412F663B9B56510FD567B625FC68';
$wechatId = 'PUB_KEY_ID_0123456789';
$apiV3Key = bin2hex(random_bytes(16));
$public = openssl_pkey_get_details($wechatKey)['key'];
openssl_pkey_export($merchantKey, $private);
$options = [
    'mchid' => $mchid,
    'merchant_serial' => $serial,
    'private_key' => $private,
    'api_v3_key' => $apiV3Key,
    'public_keys' => [$wechatId => $public],
    'shared' => 1,
];
$client = new Client($options);

$order = json_encode([
    'appid' => 'wx8888888888888888', 'mchid' => $mchid, 'description' => '测试商品', 'out_trade_no' => 'T20260101000001',
    'notify_url' => 'https://example.com/notify', 'amount' => ['total' => 100, 'currency' => 'CNY'],
], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
$path = '/v3/pay/transactions/native';

// Key resource loaded before, nonce from random_bytes, the header by sprintf: Formatter and Rsa of wechatpay-php.
$sign = static function () use ($merchantKey, $mchid, $serial, $order, $path): string {
    $nonce = implode('', array_map(static function (string $byte): string {
        return '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[ord($byte) % 62];
    }, str_split(random_bytes(32))));
    $time = (string) time();
    openssl_sign(implode("\n", ['POST', $path, $time, $nonce, $order, '']), $signature, $merchantKey, OPENSSL_ALGO_SHA256);
    return sprintf(
        'WECHATPAY2-SHA256-RSA2048 mchid="%s",serial_no="%s",timestamp="%s",nonce_str="%s",signature="%s"',
        $mchid, $serial, $time, $nonce, base64_encode($signature)
    );
};
$prepare = static function () use ($client, $order, $path): string {
    return $client->prepare('POST', $path, $order)->header('Authorization');
};

$resource = json_encode([
    'mchid' => $mchid, 'appid' => 'wx8888888888888888', 'out_trade_no' => 'T20260101000001', 'transaction_id' => '4200000001',
    'trade_type' => 'NATIVE', 'trade_state' => 'SUCCESS', 'trade_state_desc' => '支付成功', 'bank_type' => 'OTHERS', 'attach' => '',
    'success_time' => '2026-01-01T10:00:00+08:00', 'payer' => ['openid' => 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'],
    'amount' => ['total' => 100, 'payer_total' => 100, 'currency' => 'CNY', 'payer_currency' => 'CNY'],
], JSON_UNESCAPED_UNICODE);
$sealed = openssl_encrypt($resource, 'aes-256-gcm', $apiV3Key, OPENSSL_RAW_DATA, 'abcdefghijkl', $tag, 'transaction');
$body = json_encode([
    'id' => 'EV-2018022511223320873', 'create_time' => '2026-01-01T10:00:00+08:00', 'resource_type' => 'encrypt-resource',
    'event_type' => 'TRANSACTION.SUCCESS', 'summary' => '支付成功',
    'resource' => ['original_type' => 'transaction', 'algorithm' => 'AEAD_AES_256_GCM', 'ciphertext' => base64_encode($sealed . $tag),
        'associated_data' => 'transaction', 'nonce' => 'abcdefghijkl'],
], JSON_UNESCAPED_UNICODE);
$time = (string) time();
openssl_sign("$time\nnonce\n$body\n", $signature, $wechatKey, OPENSSL_ALGO_SHA256);
$headers = [
    'Wechatpay-Timestamp' => $time, 'Wechatpay-Nonce' => 'nonce', 'Wechatpay-Signature' => base64_encode($signature),
    'Wechatpay-Serial' => $wechatId, 'Content-Type' => 'application/json', 'Host' => 'example.com', 'User-Agent' => 'Mozilla/4.0',
];
$wechatPublic = openssl_pkey_get_public($public);
$decrypt = static function ($wechatPublic) use ($headers, $body, $apiV3Key): array {
    $time = $headers['Wechatpay-Timestamp'];
    if (abs(time() - (int) $time) > 300) {
        throw new RuntimeException('expired');
    }
    $signed = implode("\n", [$time, $headers['Wechatpay-Nonce'], $body, '']);
    if (openssl_verify($signed, base64_decode($headers['Wechatpay-Signature']), $wechatPublic, OPENSSL_ALGO_SHA256) !== 1) {
        throw new RuntimeException('forged');
    }
    $resource = json_decode($body, true)['resource'];
    $sealed = base64_decode($resource['ciphertext']);
    $plain = openssl_decrypt(substr($sealed, 0, -16), 'aes-256-gcm', $apiV3Key, OPENSSL_RAW_DATA, $resource['nonce'], substr($sealed, -16), $resource['associated_data']);
    return json_decode($plain, true);
};
$open = static function () use ($client, $headers, $body): array {
    return $client->notification($headers, $body)->json()['resource'];
};

// Under php-fpm nothing of PHP's stays between two requests: wechatpay-php reads the key for each notification, this
// package makes its client, whose core stays.
$pem = tempnam(sys_get_temp_dir(), 'wxpay');
file_put_contents($pem, $public);
$request = [
    static function () use ($options, $headers, $body): array {
        return (new Client($options))->notification($headers, $body)->json()['resource'];
    },
    static function () use ($decrypt, $pem): array {
        return $decrypt(openssl_pkey_get_public("file://$pem"));
    },
];
$kept = [$open, static function () use ($decrypt, $wechatPublic): array {
    return $decrypt($wechatPublic);
}];

if ($open() !== $kept[1]() || $request[0]() !== $request[1]()) {
    fwrite(STDERR, "the two do not give the same\n");
    exit(1);
}
compare('prepare', $prepare, $sign, 1.02, 150);
compare('notification', $kept[0], $kept[1], 0.6, 1000);
compare('notification-per-request', $request[0], $request[1], 0.6, 100);
unlink($pem);

function rsa()
{
    return openssl_pkey_new(['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_RSA]);
}

function compare(string $name, callable $ours, callable $theirs, float $target, int $times): void
{
    $ratios = [];
    for ($round = -2; $round < $GLOBALS['rounds']; $round++) {
        $took = [[], []];
        // In turn, so that a change of the processor's speed meets both.
        for ($i = 0; $i < $times; $i++) {
            foreach ([$ours, $theirs] as $which => $call) {
                $start = hrtime(true);
                $call();
                $took[$which][] = hrtime(true) - $start;
            }
        }
        if ($round >= 0) {
            $ratios[] = median($took[0]) / median($took[1]);
        }
    }
    sort($ratios);
    $median = median($ratios);
    printf("php %s %.2f/%.2f/%.2f target %.2f %s\n", $name, $ratios[0], $median, end($ratios), $target, $median <= $target ? 'hit' : 'missed');
}

function median(array $values): float
{
    sort($values);
    return (float) $values[intdiv(count($values), 2)];
}
