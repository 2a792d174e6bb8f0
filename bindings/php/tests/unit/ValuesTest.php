<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Client;
use LibWxPay\Config;
use LibWxPay\Constants;
use LibWxPay\Json;
use LibWxPay\Library;
use LibWxPay\Message;
use LibWxPay\Primitives\Key;
use LibWxPay\Primitives\Primitives;

final class ValuesTest extends Case_
{
    private const TEXT = "中文 😀 \u{0} e\u{301} \"\\/<&>'\u{2028}\n\u{7f}";

    public function testTextSurvivesBothWays(): void
    {
        $client = self::client();
        self::assertSame(self::TEXT, $client->decrypt(self::encryptedByTheOtherSide(self::TEXT)));

        [$headers, $body] = self::notified($client, 'good', ['description' => self::TEXT, 'mchid' => self::merchant()['mchid']]);
        $notification = $client->notification($headers, $body);
        self::assertSame(self::TEXT, $notification->json()['resource']['description']);
        self::assertSame(self::TEXT, json_decode($notification->plaintext(), true)['description']);

        $prepared = $client->prepare('POST', '/v3/pay/transactions/native', ['attach' => self::TEXT]);
        self::assertSame(['attach' => self::TEXT], json_decode($prepared->body(), true));
        $raw = "{\"a\": \"\u{0}中\"}";
        self::assertSame($raw, $client->prepare('POST', '/v3/pay/transactions/native', $raw)->body());
    }

    public function testASensitiveFieldIsReadByWeChatPay(): void
    {
        $client = self::client();
        [$ciphertext, $keyId] = $client->encrypt('张三 😀');
        self::assertSame(self::merchant()['public_key_id'], $keyId);
        $answer = $client->post('/v3/_sim/echo-encrypted', ['ciphertext' => $ciphertext], ['key_id' => $keyId])->json();
        self::assertSame('张三 😀', $answer['plaintext']);
        self::assertSame('张三 😀', $client->decrypt($answer['reencrypted']));
    }

    public function testABodyBecomesJsonInOnePlace(): void
    {
        $bodies = [
            ['{"a":"中/\"","b":1.0,"c":[],"d":{}}', ['a' => '中/"', 'b' => 1.0, 'c' => [], 'd' => new \stdClass()]],
            ['{}', []], ['{}', new \stdClass()], ['', null], ['', ''], ['[1]', [1]], ['not json', 'not json'], ['0', 0],
        ];
        $client = self::client();
        foreach ($bodies as [$bytes, $body]) {
            self::assertSame($bytes, $client->request('POST', '/v3/x', $body)->body());
        }
        $this->expectException(\JsonException::class);
        $client->request('POST', '/v3/x', ['a' => "\xff"]);
    }

    public function testAStreamOrAFunctionIsNoBody(): void
    {
        $client = self::client();
        $both = new class implements \JsonSerializable {
            public function jsonSerialize(): array
            {
                return ['a' => 1];
            }

            public function __toString(): string
            {
                return 'text';
            }
        };
        self::assertSame('{"a":1}', $client->request('POST', '/v3/x', $both)->body());
        // An exception has __toString, as a PSR-7 stream has.
        foreach ([new \Exception('x'), static function (): void {
        }] as $wrong) {
            try {
                $client->request('POST', '/v3/x', $wrong);
                self::fail(get_class($wrong));
            } catch (\InvalidArgumentException $error) {
                self::assertSame('The body is a ' . get_class($wrong) . ': give its text, as (string) $body, or an array.', $error->getMessage());
            }
        }
    }

    public function testWhatIsReadKeepsLargeNumbers(): void
    {
        $json = '{"id":12345678901234567890,"rate":1.0,"list":[]}';
        $value = Message::newResponse(200, $json)->json();
        self::assertSame(['id' => '12345678901234567890', 'rate' => 1.0, 'list' => []], $value);
        self::assertNull(Json::decode(''));
    }

    public function testOptionsOfAnyKind(): void
    {
        $options = self::options();
        $id = 'PUB_KEY_ID_0123';
        openssl_pkey_export(openssl_pkey_new(['private_key_bits' => 2048]), $other);
        $public = openssl_pkey_get_details(openssl_pkey_get_private($other))['key'];
        $client = new Client($options + [
            'shared' => true, 'timeout_ms' => 5000, 'proxy' => null, 'public_keys' => [$id => $public],
            'bind_hosts' => ['api.mch.weixin.qq.com' => '127.0.0.1:1'], 'bind_host_ttl_s' => '60',
        ]);
        $ids = array_column($client->info()['keys'], 'id');
        sort($ids);
        self::assertSame([$id, self::merchant()['public_key_id']], $ids);
        $pem = (string) file_get_contents(self::directory() . '/apiclient_key.pem');
        self::assertSame($options['mchid'], (new Client(['private_key' => explode("\n", $pem), 'private_key_file' => null] + $options))->info()['mchid']);
        $this->expectException(\InvalidArgumentException::class);
        new Client(['timeout_ms' => 1.5]);
    }

    public function testAnOptionOfTheWrongKindIsNamed(): void
    {
        $wrong = [
            ['public_keys', 'x'], ['bind_hosts', 5], ['public_keys', ['a' => ['k' => 'x']]], ['private_key', ['a' => 'b']],
            ['api_v3_key', [['x']]], ['mchid', new \stdClass()], ['private_key', [1 => 'a', 0 => 'b', 5 => 'c']], ['timeout_ms', 1.5], ['private_key', [null]],
        ];
        foreach ($wrong as [$key, $value]) {
            try {
                new Config([$key => $value]);
                self::fail($key . ' takes ' . json_encode($value));
            } catch (\InvalidArgumentException $error) {
                self::assertStringStartsWith("$key must be ", $error->getMessage());
            }
        }
        new Config(['public_keys' => null, 'private_key' => [], 'public_key_files' => []]);
        $client = self::client();
        $client->request('POST', '/v3/x', [], ['timeout_ms' => null, 'idempotent' => true]);
        $this->expectExceptionMessage('timeout_ms must be ');
        $client->request('POST', '/v3/x', [], ['timeout_ms' => [[1]]]);
    }

    public function testFromTheEnvironmentAndFromJson(): void
    {
        $names = [];
        foreach (self::options() as $key => $value) {
            $names[] = $name = 'MINE_' . strtoupper(strtr($key, ['.' => '__']));
            putenv($name . '=' . (is_array($value) ? implode("\n", $value) : $value));
        }
        try {
            self::assertSame(self::merchant()['mchid'], Client::fromEnv('MINE_', ['timeout_ms' => 1000])->info()['mchid']);
        } finally {
            array_map('putenv', $names);
        }
        $json = (string) file_get_contents(self::directory() . '/merchant.json');
        self::assertSame(self::merchant()['mchid'], Client::fromJson($json)->info()['mchid']);
        $report = (new Config(['mchid' => '1']))->check();
        self::assertSame(Constants::WXPAY_STATUS_CONFIG_INCOMPLETE, $report['status']);
    }

    public function testParametersForFrontEnds(): void
    {
        $pay = self::client()->pay();
        $parameters = $pay->jsapi('wx8888888888888888', 'wx201410272009395522657a690389285100');
        $signed = "wx8888888888888888\n{$parameters['timeStamp']}\n{$parameters['nonceStr']}\nprepay_id=wx201410272009395522657a690389285100\n";
        $certificate = (string) file_get_contents(self::directory() . '/apiclient_cert.pem');
        self::assertSame(1, openssl_verify($signed, base64_decode($parameters['paySign']), $certificate, OPENSSL_ALGO_SHA256));
        self::assertArrayHasKey('paySign', $pay->miniProgram('wx1', 'p'));
        self::assertArrayHasKey('sign', $pay->app('wx1', 'p'));
        self::assertSame(
            'https://wx.tenpay.com/a?b=1&redirect_url=https%3A%2F%2Fexample.com%2F',
            $pay->h5Url('https://wx.tenpay.com/a?b=1', 'https://example.com/')
        );
        $unsigned = $pay->unsigned('jsapi', 'wx1', 'p');
        openssl_sign($unsigned['to_sign'], $signature, (string) file_get_contents(self::directory() . '/apiclient_key.pem'), OPENSSL_ALGO_SHA256);
        self::assertSame(base64_encode($signature), $pay->attach($unsigned['params'], base64_encode($signature))['paySign']);
    }

    public function testPrimitives(): void
    {
        $pem = (string) file_get_contents(self::directory() . '/apiclient_key.pem');
        $certificate = (string) file_get_contents(self::directory() . '/apiclient_cert.pem');
        $key = Key::load($pem, '');
        $key->matchesCert($certificate);
        self::assertSame(2048, $key->info()['bits']);
        $signature = Primitives::sign($key, self::TEXT);
        self::assertSame(1, openssl_verify(self::TEXT, base64_decode($signature), $certificate, OPENSSL_ALGO_SHA256));
        Primitives::verify(Key::load($certificate, ''), self::TEXT, $signature);
        self::assertSame("GET\n/v3/x?a=1\n1\nn\n\n", Primitives::canonicalRequest('GET', '/v3/x?a=1', '1', 'n', ''));
        $error = self::failure(static function () use ($certificate, $signature): void {
            Primitives::verify(Key::load($certificate, ''), self::TEXT . ' ', $signature);
        });
        self::assertSame('SIGNATURE_INVALID', $error->statusName());
    }

    public function testTheLibrarySaysWhatItIs(): void
    {
        Library::selftest();
        $info = Library::buildInfo();
        self::assertSame(Library::version(), $info['version']);
        self::assertSame(['path' => getenv('WXPAY_LIBRARY'), 'chosen_by' => 'WXPAY_LIBRARY'], $info['library']);
        self::assertStringContainsString('签', Library::statusText(201, Library::WXPAY_LANG_ZH));
    }

    private static function encryptedByTheOtherSide(string $text): string
    {
        $certificate = (string) file_get_contents(self::directory() . '/apiclient_cert.pem');
        openssl_public_encrypt($text, $ciphertext, $certificate, OPENSSL_PKCS1_OAEP_PADDING);
        return base64_encode($ciphertext);
    }
}
