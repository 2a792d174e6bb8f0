<?php

declare(strict_types=1);

namespace LibWxPay;

/** A defect of the library (900 to 999). */
final class InternalException extends WxPayException
{
}
