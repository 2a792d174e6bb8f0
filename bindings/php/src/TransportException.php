<?php

declare(strict_types=1);

namespace LibWxPay;

/** Network and TLS (300 to 399). */
final class TransportException extends WxPayException
{
}
