<?php

declare(strict_types=1);

// Another script's WXPAY_LIBRARY does not decide what the preloaded package loads.

putenv('WXPAY_LIBRARY=' . ($_GET['path'] ?? ''));
echo json_encode(LibWxPay\Library::buildInfo()['library']);
