<?php

declare(strict_types=1);

namespace LibWxPay;

/**
 * The one place where a value becomes the bytes that are signed and sent, and the one where JSON that the library has
 * verified or made is read.
 *
 * @internal
 */
final class Json
{
    private const OUT = \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_PRESERVE_ZERO_FRACTION | \JSON_THROW_ON_ERROR;

    /**
     * Text passes untouched. An empty array is `{}`, because every body of WeChat Pay is an object; inside a body it is
     * `[]`, and `new \stdClass` is `{}`.
     *
     * @param mixed $body
     */
    public static function encode($body): string
    {
        if ($body === null || \is_string($body)) {
            return (string) $body;
        }
        // PHP would write {} for a stream or a function.
        if ($body instanceof \Closure || \is_object($body) && !$body instanceof \JsonSerializable && \method_exists($body, '__toString')) {
            throw new \InvalidArgumentException('The body is a ' . \get_class($body) . ': give its text, as (string) $body, or an array.');
        }
        return $body === [] ? '{}' : \json_encode($body, self::OUT);
    }

    /** Objects become arrays; integers beyond 64 bits stay exact, as text. No text is NULL. */
    public static function decode(
        #[\SensitiveParameter]
        string $json
    ) {
        return $json === '' ? null : \json_decode($json, true, 512, \JSON_BIGINT_AS_STRING | \JSON_THROW_ON_ERROR);
    }
}
