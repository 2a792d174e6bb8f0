<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Client;
use LibWxPay\Constants;
use LibWxPay\Message;

final class JourneyTest extends Case_
{
    public function testAnOrderIsSignedSentAndItsAnswerVerified(): void
    {
        $answer = self::client()->post('/v3/pay/transactions/native', self::order());
        self::assertSame(200, $answer->status());
        self::assertStringStartsWith('weixin://', $answer->json()['code_url']);
        self::assertSame(Constants::WXPAY_VERIFIED_SIGNATURE, $answer->verified());
        self::assertSame(self::merchant()['public_key_id'], $answer->keyId());
        self::assertSame($answer->header('Request-ID'), $answer->requestId());
        self::assertSame([$answer->requestId()], $answer->headers()['request-id']);
        self::assertNull($answer->header('X-Absent'));
        self::assertIsFloat($answer->trace()['total_ms']);
    }

    public function testEveryVerbReachesTheServerUnderItsName(): void
    {
        $client = self::client();
        foreach (['get', 'post', 'put', 'patch', 'delete'] as $verb) {
            $error = self::failure(static function () use ($client, $verb): void {
                $client->$verb('/v3/nothing-is-here');
            });
            self::assertSame(strtoupper($verb), $error->request()->method());
            self::assertContains($error->httpStatus(), [404, 405], $verb);
        }
    }

    public function testPrepareAndCheckWorkWithATransportOfOnesOwn(): void
    {
        $client = self::client();
        $number = 'P' . bin2hex(random_bytes(10));
        $prepared = $client->prepare('POST', '/v3/pay/transactions/native', self::order(['out_trade_no' => $number]));
        [$status, $headers, $body] = self::sendWithStreams($prepared);
        $answer = $client->check($prepared, $status, $headers, $body);
        self::assertSame(Constants::WXPAY_VERIFIED_SIGNATURE, $answer->verified());
        self::assertArrayHasKey('code_url', $answer->json());

        $error = self::failure(static function () use ($client, $prepared, $status, $headers, $body): void {
            $client->check($prepared, $status, $headers, "$body ");
        });
        self::assertSame('SIGNATURE_INVALID', $error->statusName());
        self::assertSame(Constants::WXPAY_OUTCOME_DONE_UNVERIFIED, $error->outcome());
    }

    public function testASignatureFromOutsideCompletesARequest(): void
    {
        $client = self::client();
        $made = $client->prepareUnsigned('POST', '/v3/pay/transactions/native', self::order());
        $key = (string) file_get_contents(self::directory() . '/apiclient_key.pem');
        self::assertSame(hash('sha256', $made['to_sign'], true), $made['to_sign_sha256']);
        openssl_sign($made['to_sign'], $signature, $key, OPENSSL_ALGO_SHA256);
        $made['request']->attachSignature(base64_encode($signature));
        self::assertSame(200, $client->send($made['request'])->status());
    }

    public function testOptionsOfOneCall(): void
    {
        $client = self::client();
        self::fault($client, '/v3/pay/transactions/native', 'delay_ms:3000');
        $start = microtime(true);
        $error = self::failure(static function () use ($client): void {
            $client->post('/v3/pay/transactions/native', self::order(), ['timeout_ms' => 300, 'idempotent' => false]);
        });
        self::assertSame('TIMEOUT', $error->statusName());
        self::assertLessThan(2.5, microtime(true) - $start);
        self::assertSame(Constants::WXPAY_OUTCOME_UNKNOWN, $error->outcome());

        $unknown = self::failure(static function () use ($client): void {
            $client->get('/v3/certificates', ['timeout' => 3]);
        });
        self::assertSame(Constants::WXPAY_STATUS_CONFIG_UNKNOWN_KEY, $unknown->status());
        $prepared = $client->prepare('GET', '/v3/certificates', null, ['headers' => ['X-Mine' => 'a b', 'X-Two' => ['1', '2']]]);
        self::assertSame(['a b'], $prepared->headers()['X-Mine']);
        self::assertSame(['1', '2'], $prepared->headers()['X-Two']);
        $split = self::failure(static function () use ($client): void {
            $client->prepare('GET', '/v3/certificates', null, ['headers' => ['X-Mine' => "a\r\nX-Other: b"]]);
        });
        self::assertSame(Constants::WXPAY_STATUS_INVALID_ARGUMENT, $split->status());
    }

    public function testACancelledRequestIsNotSent(): void
    {
        $client = self::client();
        $request = $client->request('POST', '/v3/pay/transactions/native', self::order());
        $request->cancel();
        $error = self::failure(static function () use ($client, $request): void {
            $client->send($request);
        });
        self::assertSame('CANCELLED', $error->statusName());
        self::assertSame(Constants::WXPAY_OUTCOME_NOT_SENT, $error->outcome());
    }

    public function testACallThatIsHangingIsEndedByItsTimeLimitWhileOtherProcessesGoOn(): void
    {
        $client = self::client();
        self::fault($client, '/v3/certificates', 'delay_ms:1500');
        $child = pcntl_fork();
        if ($child === 0) {
            $client->call('GET', '/v3/certificates', null, ['timeout_ms' => 5000]);
            posix_kill(posix_getpid(), SIGKILL);
        }
        usleep(200000);
        for ($count = 0; pcntl_waitpid($child, $status, WNOHANG) === 0; $count++) {
            self::assertSame(200, $client->post('/v3/pay/transactions/native', self::order())->status());
        }
        self::assertGreaterThan(2, $count);
    }

    public function testWhatTheClientSaysOfItself(): void
    {
        $client = self::client();
        $client->warm();
        $client->post('/v3/pay/transactions/native', self::order());
        $info = $client->info();
        self::assertSame(1, $info['requests']);
        self::assertSame(1, $info['store']['loads']);
        self::assertSame(0, $client->certificatesDue());
        $explained = $client->explainRequest($client->request('POST', '/v3/pay/transactions/native', self::order()));
        self::assertGreaterThan(100, $explained['sign_message_length']);
    }

    public function testPlatformCertificatesThroughATransportOfOnesOwn(): void
    {
        $options = array_diff_key(self::options(), ['public_key' => 1, 'public_key_file' => 1, 'public_key_id' => 1]);
        $client = new Client($options + ['auto_certificates' => true]);
        self::assertSame(2, $client->certificatesDue());
        $request = $client->certificatesRequest();
        self::assertSame('/v3/certificates', $request->url());
        $prepared = $client->prepare('GET', '/v3/certificates');
        $client->loadCertificates(Message::response(...self::sendWithStreams($prepared)));
        self::assertSame(0, $client->certificatesDue());
        self::assertSame(200, $client->post('/v3/pay/transactions/native', self::order())->status());
        (new Client($options + ['auto_certificates' => true]))->refreshCertificates();
    }

    /** @return array{0: int, 1: string[], 2: string} */
    private static function sendWithStreams(Message $prepared): array
    {
        $lines = [];
        foreach ($prepared->headers() as $name => $values) {
            foreach ($values as $value) {
                $lines[] = "$name: $value";
            }
        }
        $context = stream_context_create([
            'http' => ['method' => $prepared->method(), 'header' => $lines, 'content' => $prepared->body(), 'ignore_errors' => true],
            'ssl' => ['cafile' => self::directory() . '/ca.pem'],
        ]);
        $body = (string) file_get_contents($prepared->url(), false, $context);
        return [(int) explode(' ', $http_response_header[0])[1], $http_response_header, $body];
    }
}
