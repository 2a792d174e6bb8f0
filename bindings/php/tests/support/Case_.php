<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Client;
use LibWxPay\WxPayException;
use PHPUnit\Framework\TestCase;

/** A test against the simulator. */
abstract class Case_ extends TestCase
{
    protected static function directory(): string
    {
        return (string) getenv('SIMULATOR_DIR');
    }

    /** @return array<string, mixed> merchant.json, with the members that begin with "_" */
    protected static function merchant(): array
    {
        return json_decode((string) file_get_contents(self::directory() . '/merchant.json'), true);
    }

    /** @return array<string, mixed> */
    protected static function options(array $more = []): array
    {
        $own = array_filter(self::merchant(), static function (string $key): bool {
            return $key[0] !== '_';
        }, ARRAY_FILTER_USE_KEY);
        return $more + $own;
    }

    protected static function client(array $more = []): Client
    {
        return new Client(self::options($more));
    }

    /** @return array<string, mixed> */
    protected static function order(array $more = []): array
    {
        return $more + [
            'appid' => self::merchant()['_appid'],
            'mchid' => self::merchant()['mchid'],
            'description' => '测试商品',
            'out_trade_no' => 'P' . bin2hex(random_bytes(10)),
            'notify_url' => 'http://127.0.0.1:9/notify',
            'amount' => ['total' => 1, 'currency' => 'CNY'],
        ];
    }

    protected static function fault(Client $client, string $path, string $kind): void
    {
        $client->post('/_sim/fault', ['path' => $path, 'kind' => $kind, 'count' => 1]);
    }

    /** One notification of that kind as it came in. @return array{0: array<string, string>, 1: string} */
    protected static function notified(Client $client, string $kind = 'good', ?array $resource = null): array
    {
        $inbox = new Inbox();
        $client->post('/_sim/notify', ['url' => $inbox->url(), 'kind' => $kind] + ($resource === null ? [] : ['resource' => $resource]));
        $received = $inbox->receive();
        $inbox->answer(204, [], '');
        return $received;
    }

    protected static function failure(callable $call): WxPayException
    {
        try {
            $call();
        } catch (WxPayException $error) {
            return $error;
        }
        self::fail('nothing was thrown');
    }

    /** Runs PHP code in a process of its own. @return array{0: int, 1: string, 2: string} exit code, output, errors */
    protected static function php(string $code, array $environment = [], array $options = [], ?string $directory = null): array
    {
        $code = 'require ' . var_export(\dirname(__DIR__) . '/bootstrap.php', true) . '; ' . $code;
        return self::run_(array_merge([PHP_BINARY], $options, ['-r', $code]), $environment, $directory);
    }

    /** @return array{0: int, 1: string, 2: string} */
    protected static function run_(array $command, array $environment = [], ?string $directory = null): array
    {
        $environment = array_filter($environment + getenv(), static function ($value): bool {
            return $value !== null;
        });
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes, $directory, $environment);
        $output = (string) stream_get_contents($pipes[1]);
        $errors = (string) stream_get_contents($pipes[2]);
        return [proc_close($process), $output, $errors];
    }
}
