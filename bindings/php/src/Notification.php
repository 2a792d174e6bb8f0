<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\NotificationMethods;

/** A verified and decrypted notification. Compare mchid, out_trade_no and amount with your order. */
final class Notification extends Native
{
    use NotificationMethods;

    protected const FREE = 'wxpay_notify_free';

    /** For WeChat Pay, after what it says has been stored. */
    public static function replyOk(): Message
    {
        return self::reply(Constants::WXPAY_STATUS_OK, '');
    }

    /** It could not be handled; WeChat Pay sends it again. */
    public static function replyFail(string $reason = ''): Message
    {
        return self::reply(Constants::WXPAY_STATUS_INTERNAL, $reason);
    }
}
