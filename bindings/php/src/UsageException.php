<?php

declare(strict_types=1);

namespace LibWxPay;

/** Arguments, configuration, keys (status 100 to 199). */
final class UsageException extends WxPayException
{
}
