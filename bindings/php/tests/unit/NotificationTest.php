<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Constants;
use LibWxPay\Message;
use LibWxPay\Notification;

final class NotificationTest extends Case_
{
    public function testEveryFieldIsThere(): void
    {
        $client = self::client();
        [$headers, $body] = self::notified($client);
        $notification = $client->notification($headers, $body);
        $sent = json_decode($body, true);
        self::assertSame($sent['id'], $notification->id());
        self::assertSame($sent['event_type'], $notification->eventType());
        self::assertSame($sent['resource_type'], $notification->resourceType());
        self::assertSame($sent['resource']['original_type'], $notification->originalType());
        self::assertSame($sent['create_time'], $notification->createTime());
        self::assertSame($sent['summary'], $notification->summary());
        self::assertSame(self::merchant()['public_key_id'], $notification->serial());
        self::assertEqualsWithDelta(time(), $notification->timestamp(), 10);
        self::assertSame(json_decode($notification->plaintext(), true), $notification->json()['resource']);
        self::assertSame($sent['id'], $notification->json()['id']);
    }

    /** @return array<string, array{0: callable}> */
    public function spellings(): array
    {
        $upper = static function (string $name): string {
            return strtoupper(strtr($name, '-', '_'));
        };
        $keys = static function (array $headers, callable $spell): array {
            return array_combine(array_map($spell, array_keys($headers)), array_values($headers));
        };
        return [
            'getallheaders' => [static function (array $headers): array {
                return $headers;
            }],
            'PSR-7' => [static function (array $headers): array {
                return array_map(static function (string $value): array {
                    return [$value];
                }, $headers);
            }],
            'Symfony and Laravel' => [static function (array $headers) use ($keys): array {
                return array_map(static function (string $value): array {
                    return [$value, null];
                }, $keys($headers, 'strtolower'));
            }],
            'Traversable' => [static function (array $headers): \Traversable {
                return new \ArrayIterator($headers);
            }],
            'lines' => [static function (array $headers): array {
                return array_map(static function (string $name, string $value): string {
                    return "$name: $value";
                }, array_keys($headers), $headers);
            }],
            'a block' => [static function (array $headers): string {
                $block = '';
                foreach ($headers as $name => $value) {
                    $block .= "$name: $value\r\n";
                }
                return $block;
            }],
            '$_SERVER' => [static function (array $headers) use ($keys, $upper): array {
                return $keys($headers, static function (string $name) use ($upper): string {
                    return 'HTTP_' . $upper($name);
                }) + [
                    'REQUEST_TIME' => 1, 'REQUEST_TIME_FLOAT' => 1.5, 'argv' => ['a', ['b']], 'argc' => 2, 'QUERY_STRING' => "\xff\r\n",
                    'PHP AUTH' => "\n", 'WECHATPAY_SERIAL' => 'not a header', 'HTTP_USER_AGENT' => "Mozilla/4.0 \xe4\xb8\xad",
                ];
            }],
        ];
    }

    /** @dataProvider spellings */
    public function testHeadersInAnyForm(callable $spell): void
    {
        $client = self::client();
        [$headers, $body] = self::notified($client);
        self::assertSame('TRANSACTION.SUCCESS', $client->notification($spell($headers), $body)->eventType());
    }

    /** @return array<string, array{0: string, 1: string, 2: int}> kind, status and HTTP status of the reply */
    public function refusals(): array
    {
        return [
            'forged' => ['bad_signature', 'SIGNATURE_INVALID', 401],
            'a probe' => ['sign_probe', 'SIGNATURE_PROBE', 401],
            'without a signature' => ['no_signature', 'SIGNATURE_HEADERS_MISSING', 401],
            'of an unknown key' => ['wrong_serial', 'SERIAL_UNKNOWN', 401],
            'replayed after 301 seconds' => ['skew:-301', 'TIMESTAMP_EXPIRED', 401],
            'sealed with another key' => ['wrong_api_v3_key', 'DECRYPT_FAILED', 401],
        ];
    }

    /** @dataProvider refusals */
    public function testARefusedNotificationIsAnswered(string $kind, string $status, int $reply): void
    {
        $client = self::client();
        [$headers, $body] = self::notified($client, $kind);
        $error = self::failure(static function () use ($client, $headers, $body): void {
            $client->notification($headers, $body);
        });
        self::assertInstanceOf(\LibWxPay\SignatureException::class, $error);
        self::assertSame($status, $error->statusName());
        self::assertSame($reply, $error->reply()->status());
        self::assertSame('FAIL', $error->reply()->json()['code']);
        self::assertSame(Constants::WXPAY_OUTCOME_UNKNOWN, $error->outcome());
    }

    public function testABodyThatWasParsedAndWrittenAgainIsRefused(): void
    {
        $client = self::client();
        [$headers, $body] = self::notified($client);
        $error = self::failure(static function () use ($client, $headers, $body): void {
            $client->notification($headers, json_encode(json_decode($body), JSON_PRETTY_PRINT));
        });
        self::assertSame(Constants::WXPAY_STATUS_SIGNATURE_INVALID, $error->status());
    }

    public function testReplies(): void
    {
        self::assertSame([204, ''], [Notification::replyOk()->status(), Notification::replyOk()->body()]);
        $fail = Notification::replyFail('库存不足');
        self::assertSame(500, $fail->status());
        self::assertSame(['code' => 'FAIL', 'message' => '库存不足'], $fail->json());
        self::assertSame(['application/json'], $fail->headers()['Content-Type']);
        $own = self::failure(static function (): void {
            self::client()->notification([], str_repeat('x', 10))->json();
        });
        self::assertSame(401, $own->reply()->status());
        $usage = self::failure(static function (): void {
            self::client()->notification(['Bad name' => 'x'], '{}');
        });
        self::assertSame(500, $usage->reply()->status());
    }

    public function testAHeaderWhoseNameIsANumberIsNoLine(): void
    {
        $message = Message::response(200, ['123' => 'x', 'A' => 'b', '7' => 'Wechatpay-Nonce: q'], '');
        self::assertSame(['x', 'b', 'Wechatpay-Nonce: q', null], array_map([$message, 'header'], ['123', 'A', '7', 'Wechatpay-Nonce']));
        self::assertSame('b', Message::response(200, ['A: b', 'C: d'], '')->header('A'));
        self::assertSame('d', Message::response(200, new \ArrayObject(['A: b', 'C: d']), '')->header('C'));
    }

    public function testWhatIsNoHeadersIsNamed(): void
    {
        foreach ([null, 5, new \stdClass()] as $wrong) {
            try {
                Message::response(200, $wrong, '');
                self::fail(gettype($wrong));
            } catch (\InvalidArgumentException $error) {
                self::assertStringStartsWith('headers must be an array, an iterable or text', $error->getMessage());
            }
        }
    }
}
