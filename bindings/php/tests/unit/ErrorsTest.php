<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\ApiException;
use LibWxPay\Client;
use LibWxPay\Constants;
use LibWxPay\InternalException;
use LibWxPay\Library;
use LibWxPay\Message;
use LibWxPay\ProcessException;
use LibWxPay\SignatureException;
use LibWxPay\TransportException;
use LibWxPay\UsageException;
use LibWxPay\WxPayException;

final class ErrorsTest extends Case_
{
    public function testARefusalOfWeChatPayHasEveryField(): void
    {
        $client = self::client();
        $error = self::failure(static function () use ($client): void {
            $client->post('/v3/pay/transactions/native', self::order(['appid' => '']));
        });
        self::assertInstanceOf(ApiException::class, $error);
        self::assertSame([400, 400, 'API_ERROR'], [$error->status(), $error->getCode(), $error->statusName()]);
        self::assertSame([Constants::WXPAY_OUTCOME_REJECTED, 'REJECTED'], [$error->outcome(), $error->outcomeName()]);
        self::assertSame([400, 'PARAM_ERROR', false, -1], [$error->httpStatus(), $error->apiCode(), $error->retryable(), $error->retryAfterS()]);
        self::assertNotSame('', $error->apiMessage());
        self::assertNotSame('', $error->hint());
        self::assertSame($error->response()->header('Request-ID'), $error->requestId());
        self::assertSame('POST', $error->request()->method());
        self::assertSame('PARAM_ERROR', $error->response()->json()['code']);
        self::assertSame(Constants::WXPAY_VERIFIED_ERROR_ANSWER, $error->response()->verified());
        self::assertSame(400, $error->json()['status']);
        foreach ([$error->message(), $error->hint(), 'outcome REJECTED', $error->requestId()] as $part) {
            self::assertStringContainsString($part, $error->getMessage());
        }
    }

    public function testMessagesOfAnErrorLiveLongerThanIt(): void
    {
        $client = self::client();
        $response = self::failure(static function () use ($client): void {
            $client->post('/v3/pay/transactions/native', '{}');
        })->response();
        gc_collect_cycles();
        self::assertSame(400, $response->status());
        self::assertArrayHasKey('code', $response->json());
    }

    public function testAnAnswerWhoseSignatureIsWrongIsNotHandedOut(): void
    {
        $client = self::client();
        self::fault($client, '/v3/pay/transactions/native', 'bad_signature');
        $error = self::failure(static function () use ($client): void {
            $client->post('/v3/pay/transactions/native', self::order());
        });
        self::assertInstanceOf(SignatureException::class, $error);
        self::assertSame('DONE_UNVERIFIED', $error->outcomeName());
        self::assertSame('', $error->response()->body());
    }

    public function testTheGroupOfAStatusChoosesTheClass(): void
    {
        $groups = [1 => UsageException::class, 2 => SignatureException::class, 3 => TransportException::class, 4 => ApiException::class,
            5 => ProcessException::class, 9 => InternalException::class];
        $failure = new \ReflectionMethod(\LibWxPay\Native::class, 'failure');
        $failure->setAccessible(true);
        Library::version();
        foreach ((new \ReflectionClass(Constants::class))->getConstants() as $name => $status) {
            if (strpos($name, 'WXPAY_STATUS_') === 0 && $status !== 0) {
                $error = $failure->invoke(null, $status, null);
                self::assertSame($groups[intdiv($status, 100)], get_class($error), $name);
                self::assertSame(substr($name, 13), Library::statusName($status));
                self::assertSame([$status, 'UNKNOWN'], [$error->status(), $error->outcomeName()]);
            }
        }
        self::assertSame(TransportException::class, get_class($failure->invoke(null, 399, null)));
        self::assertSame(WxPayException::class, get_class($failure->invoke(null, 700, null)));
    }

    public function testAnOutcomeThatThisPackageDoesNotKnowIsUnknown(): void
    {
        $fields = ['status' => 400, 'outcome' => 7, 'message' => 'm', 'hint' => 'h', 'request_id' => '', 'retryable' => 0];
        self::assertSame(Constants::WXPAY_OUTCOME_UNKNOWN, (new WxPayException($fields))->outcome());
    }

    /** @return array<string, array{0: string}> */
    public function unreadable(): array
    {
        return ['text' => ['not json'], 'not UTF-8' => ["\"\xff\""], 'deep' => [str_repeat('[', 600) . str_repeat(']', 600)]];
    }

    /** @dataProvider unreadable */
    public function testAnAnswerThatIsNotJsonIsAnErrorOfThePackage(string $body): void
    {
        $message = Message::response(200, ['Request-ID' => 'r-1'], $body);
        $error = self::failure(static function () use ($message): void {
            $message->json();
        });
        self::assertInstanceOf(ApiException::class, $error);
        self::assertSame([420, 'MALFORMED_JSON', 'UNKNOWN'], [$error->status(), $error->statusName(), $error->outcomeName()]);
        self::assertSame([200, 'r-1', false, -1], [$error->httpStatus(), $error->requestId(), $error->retryable(), $error->retryAfterS()]);
        self::assertStringContainsString('query', $error->getMessage());
        self::assertSame([$body, null], [$error->response()->body(), $error->request()]);
        self::assertNull($error->json());
        self::assertSame(500, $error->reply()->status());
    }

    public function testTheJsonOfAnErrorNeverThrows(): void
    {
        $deep = str_repeat('[', 600) . str_repeat(']', 600);
        $fields = ['status' => 400, 'outcome' => 2, 'message' => 'm', 'hint' => 'h', 'request_id' => '', 'json' => $deep];
        self::assertNull((new WxPayException($fields))->json());
    }

    public function testAServerWithoutATrustedIssuer(): void
    {
        // The extra root is another one, and the environment's store is ignored.
        $error = self::failure(static function (): void {
            self::client(['trust_env' => false])->post('/v3/pay/transactions/native', self::order());
        });
        self::assertInstanceOf(TransportException::class, $error);
        self::assertSame('TLS_UNKNOWN_ISSUER', $error->statusName());
        self::assertSame('NOT_SENT', $error->outcomeName());
        self::assertTrue($error->retryable());
        self::assertNotSame('', $error->hint());
    }

    public function testConfigurationIsRefusedWithAWordOnTheNearest(): void
    {
        $error = self::failure(static function (): void {
            new Client(['mchidd' => '1']);
        });
        self::assertInstanceOf(UsageException::class, $error);
        self::assertSame(Constants::WXPAY_STATUS_CONFIG_UNKNOWN_KEY, $error->status());
        self::assertStringContainsString('mchid', $error->getMessage());
    }
}
