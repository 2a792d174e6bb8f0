<?php

declare(strict_types=1);

// php jobs.php FIXTURE: section (b) in PHP. The package in bindings/php against PHP's own OpenSSL as wechatpay-php and
// EasyWeChat use it, written here in own words with the same calls. Both sides take turns, call by call.

use LibWxPay\Client;

require __DIR__ . '/../../../bindings/php/autoload.php';

const TARGET = '/v3/pay/transactions/native';
$quick = getenv('WXPAY_BENCH_QUICK') === '1';
$directory = $argv[1];

function text(string $name): string
{
    return file_get_contents($GLOBALS['directory'] . '/' . $name);
}

$merchant = parse_ini_string(text('merchant'), false, INI_SCANNER_RAW);
$headers = [];
foreach (explode("\n", trim(text('notification.headers'))) as $line) {
    [$name, $value] = explode(': ', $line, 2);
    $headers[$name] = $value;
}
[$order, $body, $private, $public] = [text('order.json'), text('notification.json'), text('private.pem'), text('public.pem')];
$options = json_decode(text('config.json'), true) + ['shared' => '1'];
$client = new Client($options);
[$privateKey, $publicKey] = [openssl_pkey_get_private($private), openssl_pkey_get_public($public)];

/** $key: what openssl_sign takes. wechatpay-php keeps a parsed key, EasyWeChat passes PEM. */
function authorization($key, array $merchant, string $order): string
{
    // A character for each random byte, as wechatpay-php makes its nonce.
    $nonce = implode('', array_map(static function (string $byte): string {
        return '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[ord($byte) % 62];
    }, str_split(random_bytes(32))));
    $time = (string) time();
    openssl_sign(implode("\n", ['POST', TARGET, $time, $nonce, $order, '']), $signature, $key, OPENSSL_ALGO_SHA256);
    return sprintf(
        'WECHATPAY2-SHA256-RSA2048 mchid="%s",serial_no="%s",timestamp="%s",nonce_str="%s",signature="%s"',
        $merchant['mchid'],
        $merchant['serial'],
        $time,
        $nonce,
        base64_encode($signature)
    );
}

function opened($key, array $merchant, array $headers, string $body): array
{
    $time = $headers['Wechatpay-Timestamp'];
    if (abs(time() - (int) $time) > 300 || $headers['Wechatpay-Serial'] !== $merchant['public_key_id']) {
        throw new RuntimeException('expired, or another key');
    }
    $signed = implode("\n", [$time, $headers['Wechatpay-Nonce'], $body, '']);
    if (openssl_verify($signed, base64_decode($headers['Wechatpay-Signature'], true), $key, OPENSSL_ALGO_SHA256) !== 1) {
        throw new RuntimeException('forged');
    }
    $envelope = json_decode($body, true);
    $resource = $envelope['resource'];
    $sealed = base64_decode($resource['ciphertext'], true);
    $plain = openssl_decrypt(
        substr($sealed, 0, -16),
        'aes-256-gcm',
        $merchant['api_v3_key'],
        OPENSSL_RAW_DATA,
        $resource['nonce'],
        substr($sealed, -16),
        $resource['associated_data']
    );
    return json_decode($plain, true);
}

function median(array $values): float
{
    sort($values);
    return (float) $values[intdiv(count($values), 2)];
}

function line(array $members): void
{
    echo json_encode($members, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
}

function compare(array $members, callable $ours, callable $theirs, int $calls): void
{
    $pairs = [];
    for ($round = -1; $round < ($GLOBALS['quick'] ? 3 : 25); $round++) {
        $took = [[], []];
        for ($i = 0; $i < ($GLOBALS['quick'] ? 10 : $calls); $i++) {
            foreach ($i % 2 === 0 ? [0, 1] : [1, 0] as $which) {
                $call = $which === 0 ? $ours : $theirs;
                $start = hrtime(true);
                $call();
                $took[$which][] = hrtime(true) - $start;
            }
        }
        if ($round >= 0) {
            $pairs[] = [median($took[0]) / 1000, median($took[1]) / 1000];
        }
    }
    line(['section' => 'b'] + $members + ['pairs' => $pairs]);
}

$expected = json_decode(text('resource.json'), true);
if ($client->notification($headers, $body)->json()['resource'] !== $expected || opened($publicKey, $merchant, $headers, $body) !== $expected) {
    fwrite(STDERR, "not what was encrypted\n");
    exit(1);
}
line(['peer' => 'PHP', 'version' => PHP_VERSION]);
line(['peer' => 'OpenSSL in PHP', 'version' => OPENSSL_VERSION_TEXT]);

$prepare = static function () use ($client, $order): string {
    return $client->prepare('POST', TARGET, $order)->header('Authorization');
};
$open = static function () use ($client, $headers, $body): array {
    return $client->notification($headers, $body)->json()['resource'];
};
$slower = ['ratio' => 'theirs/ours', 'better' => 'more', 'target' => 1.7];

compare([
    'id' => 'php.authorization', 'what' => 'PHP: Authorization', 'against' => "wechatpay-php's way", 'target' => 1.02,
    'note' => '$client->prepare of a POST, every header; against openssl_sign with a parsed key, nonce from random_bytes, header by sprintf.',
], $prepare, static function () use ($privateKey, $merchant, $order): string {
    return authorization($privateKey, $merchant, $order);
}, 120);
compare([
    'id' => 'php.authorization.easywechat', 'what' => 'PHP: Authorization', 'against' => "EasyWeChat's way", 'target' => 1.02,
    'note' => 'The same, but openssl_sign is given PEM and parses it on each call.',
], $prepare, static function () use ($private, $merchant, $order): string {
    return authorization($private, $merchant, $order);
}, 120);
compare([
    'id' => 'php.notification', 'what' => 'PHP: notification opened', 'against' => "wechatpay-php's way",
    'note' => '$client->notification(…)->json(), an array; against openssl_verify with a parsed key, window, json_decode, openssl_decrypt, json_decode.',
] + $slower, $open, static function () use ($publicKey, $merchant, $headers, $body): array {
    return opened($publicKey, $merchant, $headers, $body);
}, 600);
compare([
    'id' => 'php.notification.easywechat', 'what' => 'PHP: notification opened', 'against' => "EasyWeChat's way",
    'note' => 'The same, but openssl_verify is given PEM and parses it on each call.',
] + $slower, $open, static function () use ($public, $merchant, $headers, $body): array {
    return opened($public, $merchant, $headers, $body);
}, 600);

// Under php-fpm nothing of PHP's stays between two requests: an SDK reads the key for each, this package makes its
// client, whose core stays in the process.
compare([
    'id' => 'php.authorization.request', 'what' => 'PHP-FPM request: Authorization', 'against' => "wechatpay-php's way",
    'target' => 1.02, 'note' => 'What a request does anew: the client made (shared core) or the key read from its file, then the same.',
], static function () use ($options, $order): string {
    return (new Client($options))->prepare('POST', TARGET, $order)->header('Authorization');
}, static function () use ($directory, $merchant, $order): string {
    return authorization(openssl_pkey_get_private("file://$directory/private.pem"), $merchant, $order);
}, 120);
compare([
    'id' => 'php.notification.request', 'what' => 'PHP-FPM request: notification opened', 'against' => "wechatpay-php's way",
    'note' => 'What a request does anew: the client made (shared core) or the key read from its file, then the same.',
] + $slower, static function () use ($options, $headers, $body): array {
    return (new Client($options))->notification($headers, $body)->json()['resource'];
}, static function () use ($directory, $merchant, $headers, $body): array {
    return opened(openssl_pkey_get_public("file://$directory/public.pem"), $merchant, $headers, $body);
}, 120);
