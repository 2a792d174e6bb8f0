<?php

declare(strict_types=1);

namespace LibWxPay;

/** A fork, a cancelled call, no memory (500 to 599). */
final class ProcessException extends WxPayException
{
}
