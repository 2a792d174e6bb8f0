<?php

declare(strict_types=1);

// trust.php?ca=FILE: an order, trusting what SSL_CERT_FILE names after putenv.

require_once __DIR__ . '/shop.php';

if (isset($_GET['ca'])) {
    putenv('SSL_CERT_FILE=' . $_GET['ca']);
}
try {
    $status = client(['extra_ca_file' => null])->post('/v3/pay/transactions/native', order())->status();
    answer(['status' => $status]);
} catch (LibWxPay\WxPayException $error) {
    answer(['status' => $error->status(), 'outcome' => $error->outcome()]);
}
