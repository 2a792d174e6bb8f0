<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Client;

/** Memory, forks, ends of processes, fibers and signals. */
final class ProcessTest extends Case_
{
    private const MAKE = '$o = json_decode(file_get_contents(getenv("SIMULATOR_DIR") . "/merchant.json"), true); $c = LibWxPay\Client::fromJson(json_encode($o));
        $order = ["appid" => $o["_appid"], "mchid" => $o["mchid"], "description" => "x", "out_trade_no" => "P" . bin2hex(random_bytes(10)),
        "notify_url" => "http://127.0.0.1:9/n", "amount" => ["total" => 1, "currency" => "CNY"]]; ';

    public function testTenThousandRoundsDoNotGrow(): void
    {
        $client = self::client();
        [$headers, $body] = self::notified($client);
        $round = static function () use ($client, $headers, $body): void {
            $client->notification($headers, $body)->json();
            $client->prepare('POST', '/v3/pay/transactions/native', ['a' => '中'])->headers();
            try {
                $client->notification($headers, "$body ");
            } catch (\LibWxPay\SignatureException $error) {
                $error->reply()->body();
            }
            $client->encrypt('x');
            $client->info();
        };
        for ($i = 0; $i < 500; $i++) {
            $round();
        }
        $before = self::resident();
        $php = memory_get_usage();
        for ($i = 0; $i < 2000; $i++) {
            $round();
        }
        // Five things a round: ten thousand in all. A lost message would be some hundred bytes each time.
        self::assertLessThan(600, self::resident() - $before, 'KiB');
        self::assertLessThan(20000, memory_get_usage() - $php);
    }

    public function testClientsDoNotGrow(): void
    {
        $options = self::options(['shared' => true]);
        for ($i = 0; $i < 50; $i++) {
            new Client($options);
        }
        $before = self::resident();
        for ($i = 0; $i < 500; $i++) {
            (new Client($options))->pay();
            try {
                new Client(['mchid' => '1'] + $options + ['wrong' => '1']);
            } catch (\LibWxPay\UsageException $refused) {
            }
        }
        self::assertLessThan(400, self::resident() - $before, 'KiB');
    }

    public function testAClientMadeBeforeAForkWorksInTheChildren(): void
    {
        $client = self::client();
        $client->post('/v3/pay/transactions/native', self::order());
        $before = $client->get('/_sim/stats')->json()['connections'];
        $children = [];
        for ($i = 0; $i < 4; $i++) {
            $child = pcntl_fork();
            if ($child === 0) {
                $code = 1;
                try {
                    for ($n = 0; $n < 5; $n++) {
                        $client->post('/v3/pay/transactions/native', self::order());
                    }
                    $code = $client->info()['connections_reused'] >= 4 ? 0 : 2;
                } finally {
                    // Without PHPUnit's own end.
                    unset($client);
                    pcntl_exec('/bin/sh', ['-c', "exit $code"]);
                }
            }
            $children[] = $child;
        }
        foreach ($children as $child) {
            pcntl_waitpid($child, $status);
            self::assertSame(0, pcntl_wexitstatus($status));
        }
        self::assertSame(200, $client->post('/v3/pay/transactions/native', self::order())->status());
        self::assertSame($before + 4, $client->get('/_sim/stats')->json()['connections']);
    }

    /** @return array<string, array{0: string, 1: int}> */
    public function ends(): array
    {
        return [
            'exit while objects live' => ['$r = $c->request("POST", "/v3/x", "{}"); $GLOBALS["k"] = [$c, $r]; exit(7);', 7],
            'exit in a destructor' => ['class D { public $c; function __destruct() { $this->c->info(); exit(8); } } $d = new D; $d->c = $c;', 8],
            'exit in a shutdown function' => ['register_shutdown_function(function () use ($c, $order) { $c->post("/v3/pay/transactions/native", $order); exit(9); });', 9],
            'an error that nobody catches' => ['$c->post("/v3/pay/transactions/native", "{}");', 255],
            'the time limit' => ['set_time_limit(1); while (true) { $c->prepare("POST", "/v3/x", "{}"); }', 255],
            'no memory' => ['ini_set("memory_limit", "8M"); $k = []; while (true) { $k[] = $c->prepare("POST", "/v3/x", str_repeat("x", 10000))->body(); }', 255],
            'a cycle' => ['$s = new stdClass; $s->s = $s; $s->c = $c; unset($c, $s); gc_collect_cycles(); exit(3);', 3],
        ];
    }

    /** @dataProvider ends */
    public function testTheEndOfAProcessIsSafe(string $code, int $exit): void
    {
        [$status, , $errors] = self::php(self::MAKE . $code);
        self::assertSame($exit, $status, $errors);
        self::assertStringNotContainsStringIgnoringCase('segmentation', $errors);
    }

    public function testAProcessThatIsEndedWhileARequestHangs(): void
    {
        $client = self::client();
        self::fault($client, '/v3/pay/transactions/native', 'delay_ms:20000');
        $start = microtime(true);
        $code = self::MAKE . 'if (($child = pcntl_fork()) === 0) { $c->post("/v3/pay/transactions/native", $order); exit(0); }'
            . 'usleep(400000); posix_kill($child, SIGTERM); pcntl_waitpid($child, $s); echo pcntl_wtermsig($s);';
        self::assertSame((string) SIGTERM, self::php($code)[1]);
        self::assertLessThan(10, microtime(true) - $start);
        self::assertSame(200, $client->post('/v3/pay/transactions/native', self::order())->status());
    }

    public function testASignalHandlerMayCallTheClient(): void
    {
        $client = self::client();
        $certificate = (string) file_get_contents(self::directory() . '/apiclient_cert.pem');
        pcntl_async_signals(true);
        $calls = 0;
        pcntl_signal(SIGALRM, static function () use ($client, &$calls): void {
            $client->prepare('GET', '/v3/certificates');
            $calls++;
        });
        [$headers, $body] = self::notified($client);
        try {
            $end = microtime(true) + 1;
            while (microtime(true) < $end) {
                // posix_kill marks the signal now; its handler runs between two steps of the call that follows.
                posix_kill(posix_getpid(), SIGALRM);
                self::assertSame('TRANSACTION.SUCCESS', $client->notification($headers, $body)->eventType());
                [$key, $id] = $client->encrypt('x');
                self::assertSame(self::merchant()['public_key_id'], $id);
            }
        } finally {
            pcntl_signal(SIGALRM, SIG_DFL);
            pcntl_async_signals(false);
        }
        self::assertGreaterThan(10, $calls);
    }

    /** It hides what became of the request (README, Signals); the client goes on. */
    public function testASignalHandlerThatThrowsDoesNotHarmTheClient(): void
    {
        $client = self::client();
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, static function (): void {
            throw new \OverflowException('deadline');
        });
        $caught = 0;
        try {
            for ($i = 0; $i < 20; $i++) {
                try {
                    posix_kill(posix_getpid(), SIGALRM);
                    $client->request('POST', '/v3/x', '{}', $i % 2 === 0 ? ['nope' => 1] : []);
                } catch (\OverflowException $deadline) {
                    $caught++;
                }
            }
            self::fault($client, '/v3/pay/transactions/native', 'delay_ms:1500');
            pcntl_alarm(1);
            try {
                $client->post('/v3/pay/transactions/native', self::order(), ['timeout_ms' => 5000]);
                self::fail('the handler did not run');
            } catch (\OverflowException $deadline) {
                $caught++;
            }
        } finally {
            pcntl_signal(SIGALRM, SIG_DFL);
            pcntl_async_signals(false);
        }
        self::assertSame(21, $caught);
        self::assertSame(200, $client->post('/v3/pay/transactions/native', self::order())->status());
    }

    public function testFibersMayTakeTurns(): void
    {
        if (PHP_VERSION_ID < 80100) {
            self::markTestSkipped('PHP ' . PHP_VERSION . ' has no fibers');
        }
        $client = self::client();
        $made = [];
        $fibers = [];
        for ($i = 0; $i < 5; $i++) {
            $fibers[] = $fiber = new \Fiber(static function () use ($client, $i, &$made): void {
                for ($n = 0; $n < 20; $n++) {
                    $prepared = $client->prepare('POST', "/v3/x/$i", ['n' => $n]);
                    \Fiber::suspend();
                    $made[] = $prepared->url() === $client->info()['base_url'] . "/v3/x/$i" && $prepared->json() === ['n' => $n];
                }
            });
            $fiber->start();
        }
        while ($fibers = array_filter($fibers, static function (\Fiber $fiber): bool {
            return !$fiber->isTerminated();
        })) {
            foreach ($fibers as $fiber) {
                $fiber->resume();
            }
        }
        self::assertSame(array_fill(0, 100, true), $made);
    }

    /** KiB */
    private static function resident(): int
    {
        gc_collect_cycles();
        preg_match('/^VmRSS:\s+(\d+) kB/m', (string) file_get_contents('/proc/self/status'), $found);
        return (int) $found[1];
    }
}
