<?php

declare(strict_types=1);

// order.php?send=1: signs an order, and sends it if asked.

require_once __DIR__ . '/shop.php';

$client = client();
$order = order();
$prepared = $client->prepare('POST', '/v3/pay/transactions/native', $order);
$ok = strpos($prepared->header('Authorization'), 'WECHATPAY2-SHA256-RSA2048 mchid="' . $order['mchid']) === 0;
if (($_GET['send'] ?? '') === '1') {
    $answer = $client->post('/v3/pay/transactions/native', $order);
    $ok = $ok && $answer->verified() === 1 && strpos($answer->json()['code_url'], 'weixin://') === 0;
}
$info = $client->info();
answer([
    'ok' => $ok, 'loads' => $info['store']['loads'], 'connections' => $info['connections'], 'reused' => $info['connections_reused'],
    'chosen_by' => LibWxPay\Library::buildInfo()['library']['chosen_by'], 'path' => LibWxPay\Library::buildInfo()['library']['path'],
]);
