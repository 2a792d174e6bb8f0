<?php

declare(strict_types=1);

namespace LibWxPay;

/** Signatures and encryption (200 to 299). */
final class SignatureException extends WxPayException
{
}
