<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Constants;
use LibWxPay\Library;
use LibWxPay\UsageException;

/** Reports about trust: what the store holds, what a server presents, what an error text means. */
final class TrustTest extends Case_
{
    public function testTheStoreIsReportedWithoutAClientAndOfOne(): void
    {
        $bundle = (string) getenv('SSL_CERT_FILE');
        $trusted = [Library::trustReport(), self::client()->trustReport()];
        foreach ($trusted as $report) {
            self::assertSame([1, 0, 'system', 'environment'], [$report['schema'], $report['status'], $report['clock'], $report['source']['kind']]);
            self::assertSame([$bundle, 1], [$report['source']['ssl_cert_file'], $report['counts']['usable']]);
            self::assertContains('PRIVATE_BUNDLE', self::ids($report));
            self::assertContains('ROOT_NOT_IN_STORE', self::ids($report));
        }
        $system = self::client(['trust_env' => false])->trustReport();
        self::assertSame(['system', null], [$system['source']['kind'], $system['source']['ssl_cert_file']]);
        self::assertContains('ENV_IGNORED', self::ids($system));
    }

    public function testAClosedPortIsAReportAndNoException(): void
    {
        $port = self::closed();
        foreach ([Library::trustProbe('127.0.0.1', $port, ''), self::client()->trustProbe('127.0.0.1', $port, '')] as $report) {
            self::assertSame([Constants::WXPAY_STATUS_CONNECT, 'error', ['CONNECT_FAILED']], [$report['status'], $report['verdict'], self::ids($report)]);
            self::assertSame("127.0.0.1:$port", $report['attempts'][0]['address']);
        }
        $bound = Library::trustProbe('localhost', 0, "127.0.0.1:$port");
        self::assertSame(['CONNECT_FAILED', 'BIND_HOST'], self::ids($bound));
    }

    public function testAServerIsProbedAsRequestsReachIt(): void
    {
        $port = (int) parse_url(self::merchant()['base_url'], PHP_URL_PORT);
        foreach ([Library::trustProbe('localhost', $port, ''), self::client()->trustProbe('localhost', $port, '')] as $report) {
            self::assertSame([0, true, 401], [$report['status'], $report['tls']['trusted'], $report['http']['status']]);
        }
        self::assertSame(310, self::client(['trust_env' => false])->trustProbe('localhost', $port, '')['status']);
    }

    public function testWhatIsNoHostAndNoPortIsRefused(): void
    {
        foreach ([['https://api.mch.weixin.qq.com', 443, ''], ['localhost', -1, ''], ['localhost', 65536, ''], ['localhost', 0, 'x']] as $arguments) {
            foreach ([[Library::class, 'trustProbe'], [self::client(), 'trustProbe']] as $probe) {
                $error = self::failure(static function () use ($probe, $arguments): void {
                    $probe(...$arguments);
                });
                self::assertInstanceOf(UsageException::class, $error);
                self::assertSame(Constants::WXPAY_STATUS_INVALID_ARGUMENT, $error->status());
            }
        }
    }

    public function testAnErrorTextIsExplained(): void
    {
        // WeChat Pay's guideline, "Common PHP Errors".
        $report = Library::explainText('cURL error 60: SSL certificate: unable to get local issuer certificate. CURLE_SSL_CACERT (60)  peer certificate cannot be authenticated with known CA certificates.');
        self::assertSame([310, 'ROOT_NOT_IN_STORE'], [$report['status'], $report['diagnosis'][0]['id']]);
        self::assertStringContainsString('CURLOPT_CAINFO', $report['diagnosis'][0]['cure']);
        self::assertSame(['UNKNOWN_TEXT'], self::ids(Library::explainText("订单已支付 \0 😀 \xff")));
    }

    /** @return string[] */
    private static function ids(array $report): array
    {
        return array_column($report['diagnosis'], 'id');
    }

    private static function closed(): int
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($listener, false), ':'), 1);
        fclose($listener);
        return $port;
    }
}
