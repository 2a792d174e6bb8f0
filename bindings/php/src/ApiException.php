<?php

declare(strict_types=1);

namespace LibWxPay;

/** What WeChat Pay answered (400 to 499). */
final class ApiException extends WxPayException
{
}
