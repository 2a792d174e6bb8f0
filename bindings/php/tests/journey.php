<?php

declare(strict_types=1);

// Order, pay, notification, query, refund: SSL_CERT_FILE=DIR/ca.pem WXPAY_LIBRARY=… php journey.php DIR

use LibWxPay\Client;
use LibWxPay\Constants;
use LibWxPay\Notification;
use LibWxPay\Tests\Inbox;

require __DIR__ . '/../autoload.php';
require __DIR__ . '/support/Inbox.php';

function step(string $what): void
{
    static $count = 0;
    echo ++$count, ". $what\n";
}

function must(bool $true, string $what): void
{
    if (!$true) {
        fwrite(STDERR, "$what\n");
        exit(1);
    }
}

/** What a signature does not say: that this is about that order, of this merchant, over that amount. */
function isAbout(array $told, string $number, string $mchid, int $total): bool
{
    return $told['out_trade_no'] === $number && $told['mchid'] === $mchid && $told['amount']['total'] === $total;
}

$text = (string) file_get_contents($argv[1] . '/merchant.json');
$merchant = json_decode($text, true);
$client = Client::fromJson($text);
$inbox = new Inbox();
$number = 'php' . bin2hex(random_bytes(8));
$mchid = $merchant['mchid'];

step('order 1.00 yuan');
$answer = $client->post('/v3/pay/transactions/native', [
    'appid' => $merchant['_appid'],
    'mchid' => $mchid,
    'description' => '示例 😀',
    'out_trade_no' => $number,
    'notify_url' => $inbox->url(),
    'amount' => ['total' => 100, 'currency' => 'CNY'],
]);
must($answer->verified() === Constants::WXPAY_VERIFIED_SIGNATURE && strpos($answer->json()['code_url'], 'weixin://') === 0, 'no code_url');

step('pay');
$client->call('POST', "/_sim/pay/$number");

step('receive the notification: verify, decrypt, compare');
[$headers, $body] = $inbox->receive();
$notification = $client->notification($headers, $body);
$paid = $notification->json()['resource'];
must($notification->eventType() === 'TRANSACTION.SUCCESS' && isAbout($paid, $number, $mchid, 100)
    && $paid['trade_state'] === 'SUCCESS', 'the notification is about another order');
must(json_decode($notification->plaintext(), true) === $paid, 'plaintext and json differ');

step('store it once');
// Whoever saw it can send it again, and it verifies again. A real service has a unique index on these two.
$store = [];
$delivered = 0;
foreach ([1, 2] as $time) {
    $again = $client->notification($headers, $body);
    $key = $again->json()['resource']['out_trade_no'] . ' ' . $again->eventType();
    if (!isset($store[$key])) {
        $store[$key] = true;
        $delivered++;
    }
}
must($store === ["$number TRANSACTION.SUCCESS" => true] && $delivered === 1, 'the same notification was handled twice');

step('answer 204 on the wire');
$reply = Notification::replyOk();
$inbox->answer($reply->status(), $reply->headers(), $reply->body());
for ($tries = 0, $seen = null; $tries < 50 && $seen === null; $tries++) {
    usleep(100000);
    foreach ($client->get('/_sim/notifications')->json() as $one) {
        $seen = $one['id'] === $notification->id() ? ($one['attempts'][0]['status'] ?? null) : $seen;
    }
}
must($seen === 204, 'WeChat Pay did not get 204');

step('query the order');
$order = $client->get("/v3/pay/transactions/out-trade-no/$number?mchid=$mchid")->json();
must($order['trade_state'] === 'SUCCESS' && isAbout($order, $number, $mchid, 100), 'the order is not paid');
// Another order's answer is as genuine, and whoever stands on the way can swap the two.
$client->post('/v3/pay/transactions/native', [
    'appid' => $merchant['_appid'],
    'mchid' => $mchid,
    'description' => 'another order',
    'out_trade_no' => "X$number",
    'notify_url' => $inbox->url(),
    'amount' => ['total' => 100, 'currency' => 'CNY'],
]);
$other = $client->get("/v3/pay/transactions/out-trade-no/X$number?mchid=$mchid")->json();
must(isAbout($other, "X$number", $mchid, 100) && !isAbout($other, $number, $mchid, 100), "an answer was taken for another one's");

step('refund 0.40 yuan');
$refund = $client->post('/v3/refund/domestic/refunds', [
    'out_trade_no' => $number,
    'out_refund_no' => "R$number",
    'amount' => ['refund' => 40, 'total' => 100, 'currency' => 'CNY'],
])->json();
must($refund['out_refund_no'] === "R$number", 'no refund');

step('query the refund');
$refund = $client->get("/v3/refund/domestic/refunds/R$number")->json();
must(in_array($refund['status'], ['SUCCESS', 'PROCESSING'], true) && $refund['amount']['refund'] === 40, 'the refund is not there');

echo "php: ok (8 steps)\n";
