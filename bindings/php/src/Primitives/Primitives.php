<?php

declare(strict_types=1);

namespace LibWxPay\Primitives;

use LibWxPay\Generated\PrimitivesMethods;
use LibWxPay\Native;

/**
 * Single operations without a client. They check neither time nor who may sign: payments and notifications are opened
 * with a Client.
 */
final class Primitives extends Native
{
    use PrimitivesMethods;
}
