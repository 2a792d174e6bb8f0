<?php

declare(strict_types=1);

namespace LibWxPay;

/**
 * The C error behind an exception.
 *
 * @internal
 */
final class Failure extends Native
{
    protected const FREE = 'wxpay_error_free';
}
