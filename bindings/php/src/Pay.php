<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\PayMethods;

/** Parameters for front ends, of one client. */
final class Pay extends Native
{
    use PayMethods;
}
