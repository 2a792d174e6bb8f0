<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\ErrorMethods;

/**
 * Why a call failed, what to do, and what is known about the request. Read outcome() before anything is sent again.
 */
class WxPayException extends \RuntimeException implements Constants
{
    use ErrorMethods;

    /** @var array<string, mixed> */
    private $fields;

    /** @internal */
    final public function __construct(array $fields)
    {
        $this->fields = $fields;
        $request = $fields['request_id'] === '' ? '' : ", Request-ID {$fields['request_id']}";
        parent::__construct("{$fields['message']} {$fields['hint']} (outcome {$this->outcomeName()}$request)", $fields['status']);
    }

    /** The name of status(), such as "SIGNATURE_INVALID". */
    public function statusName(): string
    {
        return Library::statusName($this->status());
    }

    /** WXPAY_OUTCOME_…: what is known about the request at WeChat Pay. What this package does not know is UNKNOWN. */
    public function outcome(): int
    {
        $outcome = $this->fields['outcome'];
        return isset(self::OUTCOME_NAMES[$outcome]) ? $outcome : self::WXPAY_OUTCOME_UNKNOWN;
    }

    public function outcomeName(): string
    {
        return self::OUTCOME_NAMES[$this->outcome()];
    }

    /** What a notification that was refused is answered with: a forged one 401, a failure of our own 500. */
    public function reply(): Message
    {
        return Notification::reply($this->status(), '');
    }
}
