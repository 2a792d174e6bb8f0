<?php

declare(strict_types=1);

namespace LibWxPay;

/** The library cannot be loaded. The text names the path, this process and the cure. */
final class LoadException extends \RuntimeException
{
}
