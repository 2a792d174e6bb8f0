<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

/** A loopback port that receives notifications as a server would. */
final class Inbox
{
    /** @var resource */
    private $listener;
    /** @var resource|null */
    private $connection;

    public function __construct()
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0', $number, $why);
        if ($listener === false) {
            throw new \RuntimeException($why);
        }
        $this->listener = $listener;
    }

    public function url(): string
    {
        return 'http://' . stream_socket_get_name($this->listener, false) . '/notify';
    }

    /** @return array{0: array<string, string>, 1: string} headers and the raw body */
    public function receive(): array
    {
        $this->connection = stream_socket_accept($this->listener, 10);
        if ($this->connection === false) {
            throw new \RuntimeException('no notification came within 10 seconds');
        }
        stream_set_timeout($this->connection, 10);
        $headers = [];
        for ($line = fgets($this->connection); ($line = trim((string) fgets($this->connection))) !== '';) {
            [$name, $value] = explode(':', $line, 2);
            $headers[$name] = trim($value);
        }
        $lower = array_change_key_case($headers);
        $body = (string) stream_get_contents($this->connection, (int) $lower['content-length']);
        return [$headers, $body];
    }

    /** @param array<string, string[]> $headers */
    public function answer(int $status, array $headers, string $body): void
    {
        $lines = "HTTP/1.1 $status \r\n";
        foreach ($headers as $name => $values) {
            foreach ($values as $value) {
                $lines .= "$name: $value\r\n";
            }
        }
        fwrite($this->connection, $lines . 'Content-Length: ' . strlen($body) . "\r\nConnection: close\r\n\r\n$body");
        fclose($this->connection);
    }
}
