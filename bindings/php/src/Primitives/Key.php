<?php

declare(strict_types=1);

namespace LibWxPay\Primitives;

use LibWxPay\Generated\KeyMethods;
use LibWxPay\Native;

/** A private key, a public key or a certificate. */
final class Key extends Native
{
    use KeyMethods;

    protected const FREE = 'wxpay_key_free';
}
