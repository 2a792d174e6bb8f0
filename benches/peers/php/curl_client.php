<?php

declare(strict_types=1);

// php curl_client.php MERCHANT-JSON BODY-FILE fresh|kept: a new curl handle for each request, or one for all; keys read once.

require __DIR__ . '/side.php';
require __DIR__ . '/curl.php';

$merchant = new CurlMerchant($argv[1], $argv[2], $argv[3] === 'kept');
take_turns([$merchant, 'request'], [$merchant, 'authorization']);
