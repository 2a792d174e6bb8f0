<?php

declare(strict_types=1);

// A page that pays as wechatpay-php does under php-fpm: keys read from their files, openssl_sign, a fresh curl handle.

const TARGET = '/v3/pay/transactions/native';

$start = hrtime(true);
$dir = getenv('BENCH_DIR');
require "$dir/www/merchant.php";
$merchant = new CurlMerchant("$dir/merchant.json", "$dir/order.json", false);
$url = $merchant->request()['code_url'];
echo strpos($url, 'weixin://') === 0 ? hrtime(true) - $start : 'wrong';
