<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\MessageMethods;

/** One HTTP message: a request to be sent, an answer, or the reply to a notification. */
final class Message extends Native implements Constants
{
    use MessageMethods;

    protected const FREE = 'wxpay_message_free';

    /**
     * What your own transport received.
     *
     * @param string|iterable $headers as for addHeaders
     */
    public static function response(int $status, $headers, string $body): self
    {
        return self::newResponse($status, $body)->addHeaders($headers);
    }

    /**
     * Adds headers in any form that PHP has for them: `[name => value]`, `[name => [values]]` (PSR-7), a list or a text
     * of lines "Name: value", or `$_SERVER`. The library understands every spelling of a name.
     *
     * @param string|iterable $headers
     */
    public function addHeaders($headers): self
    {
        if (\is_string($headers)) {
            $headers = [$headers];
        }
        if (!\is_iterable($headers)) {
            throw new \InvalidArgumentException('headers must be an array, an iterable or text; they are ' . \gettype($headers) . '.');
        }
        // PHP turns a header named 123 into a number: only those of a list are lines.
        $lines = !\is_array($headers) || $headers === \array_values($headers);
        // Of $_SERVER only HTTP_… are headers.
        $server = \is_array($headers) && isset($headers['REQUEST_TIME']);
        $block = [];
        foreach ($headers as $name => $values) {
            if ($server && \strncmp((string) $name, 'HTTP_', 5) !== 0) {
                continue;
            }
            foreach ((array) $values as $value) {
                if ($value !== null) {
                    $line = \preg_match('/^[\w-]+:[^\r\n]*$/D', "$name:$value") ? "$name:$value" : null;
                    $lines && \is_int($name) ? $this->addHeaderBlock($value) : ($line === null ? $this->addHeader((string) $name, (string) $value) : $block[] = $line);
                }
            }
        }
        // One call for all of them. What could read as another header went alone, and was refused.
        $block === [] || $this->addHeaderBlock(\implode("\n", $block));
        return $this;
    }

    /** @return array<string, string[]> as PSR-7 has them */
    public function headers(): array
    {
        $headers = [];
        for ($index = 0, $count = $this->headerCount(); $index < $count; $index++) {
            $headers[$this->headerName($index)][] = (string) $this->headerValue($index);
        }
        return $headers;
    }

    /**
     * The body as JSON; NULL when there is none.
     *
     * @throws ApiException MALFORMED_JSON; body() has the bytes
     */
    public function json()
    {
        return self::parsed($this->body(), $this);
    }
}
