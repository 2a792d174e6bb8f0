<?php

declare(strict_types=1);

// The case of WeChat Pay's server certificate guideline in one process: guideline.php PORT DIR. DIR and the server are
// conformance/guideline.sh's; SSL_CERT_FILE is DIR/store.pem.

use LibWxPay\Client;
use LibWxPay\Constants;
use LibWxPay\Library;
use LibWxPay\SignatureException;
use LibWxPay\TransportException;

require __DIR__ . '/../autoload.php';

const MISSING = 'DigiCert Global Root G2 is not in this store';
[, $port, $directory] = $argv;
$keys = dirname(__DIR__, 2) . '/conformance/keys';

function must(bool $true, string $what): void
{
    if (!$true) {
        fwrite(STDERR, "$what\n");
        exit(1);
    }
}

function missing(array $diagnosis): bool
{
    return $diagnosis[0]['id'] === 'ROOT_NOT_IN_STORE' && strpos($diagnosis[0]['text'], MISSING) !== false;
}

$client = new Client([
    'mchid' => '1900000001', 'private_key_file' => "$keys/merchant_key.pem", 'merchant_certificate_file' => "$keys/merchant_cert.pem",
    'public_key_id' => 'PUB_KEY_ID_0110000000012024010100000001', 'public_key_file' => "$keys/wechat_public.pem",
    'base_url' => "https://localhost:$port",
]);
// Without a client and of one.
$probes = static function () use ($client, $port): array {
    return [Library::trustProbe('localhost', (int) $port, ''), $client->trustProbe('localhost', (int) $port, '')];
};

try {
    $client->post('/v3/pay/transactions/native', '{}');
    must(false, 'the server was trusted');
} catch (TransportException $error) {
    must($error->status() === Constants::WXPAY_STATUS_TLS_UNKNOWN_ISSUER && $error->outcome() === Constants::WXPAY_OUTCOME_NOT_SENT, (string) $error);
    must(missing($error->json()['diagnosis']) && strpos($error->getMessage(), MISSING) !== false, $error->getMessage());
}
foreach ($probes() as $report) {
    must($report['status'] === 310 && missing($report['diagnosis']), (string) json_encode($report));
}
foreach ([Library::trustReport(), $client->trustReport()] as $report) {
    must($report['verdict'] === 'error' && $report['diagnosis'][0]['id'] === 'ONLY_OLD_ROOT', (string) json_encode($report));
}

// Solution 2: the root is added to the file that is in use.
file_put_contents("$directory/store.pem", file_get_contents("$directory/root.pem"), FILE_APPEND);
try {
    $client->get('/v3/certificates');
    must(false, 'an answer that nobody signed was taken');
} catch (SignatureException $error) {
    must($error->status() === Constants::WXPAY_STATUS_SIGNATURE_HEADERS_MISSING, $error->getMessage());
}
must(array_column($probes(), 'status') === [0, 0], 'the probe still refuses');
must($client->trustReport()['store']['reloads'] === 1, 'the store was not reloaded once');
echo "php: ok\n";
