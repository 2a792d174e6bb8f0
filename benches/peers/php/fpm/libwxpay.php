<?php

declare(strict_types=1);

// A page that pays with libwxpay: the client is made at each request, what is in it is there since the last one.

$start = hrtime(true);
$dir = getenv('BENCH_DIR');
$options = json_decode((string) file_get_contents("$dir/merchant.json"), true);
unset($options['_bundle_file']);
$client = new LibWxPay\Client($options + ['shared' => true]);
$answer = $client->post('/v3/pay/transactions/native', (string) file_get_contents("$dir/order.json"));
$url = $answer->json()['code_url'];
echo $answer->verified() === 1 && strpos($url, 'weixin://') === 0 ? hrtime(true) - $start : 'wrong';
