<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

/** What a log, an error page or an error tracker shows of an exception. */
final class SecretsTest extends Case_
{
    private const SECRET = 'TY9Wv0R8fGjIV4DQvcIjsgQ2xxxxxxxx';

    private const MAKE = 'use LibWxPay\{Client, Config}; use LibWxPay\Primitives\{Key, Primitives}; $s = file_get_contents("php://stdin");
        $d = getenv("SIMULATOR_DIR"); $o = array_filter(json_decode(file_get_contents("$d/merchant.json"), true), function ($k) { return $k[0] !== "_"; }, ARRAY_FILTER_USE_KEY); ';
    private const SHOW = ' echo get_class($e), "\n"; var_dump(array_column($e->getTrace(), "args")); echo "\n==\n", $e->getTraceAsString(), "\n"; var_export($e->getTrace()); print_r($e); var_dump($e); echo $e; ';

    /** @return array<string, array{0: string}> */
    public function failures(): array
    {
        return [
            'options of a client' => ['new Client(["mchid" => "bad id", "api_v3_key" => $s, "private_key" => [$s]]);'],
            'a value of the wrong length' => ['new Client(["api_v3_key" => "{$s}x"]);'],
            'a value of the wrong kind' => ['new Config(["api_v3_key" => new ArrayObject([$s])]);'],
            'fromJson' => ['Client::fromJson(json_encode(["api_v3_key" => $s, "mchid" => "bad id"]));'],
            'fromEnv' => ['Client::fromEnv("NONE_", ["api_v3_key" => $s]);'],
            'a plaintext' => ['(new Client($o))->encrypt(str_repeat($s, 20));'],
            'a key and its passphrase' => ['Key::load($s, $s);'],
            'the key of an AEAD' => ['Primitives::aeadDecrypt($s, "n", "", "bm90aGluZw==");'],
            'a plaintext of OAEP' => ['Primitives::oaepEncrypt(Key::load(file_get_contents("$d/apiclient_cert.pem"), ""), str_repeat($s, 20));'],
            'an answer' => ['(new Client(["api_v3_key" => $s] + $o))->post("/v3/pay/transactions/native", "{}");'],
        ];
    }

    /** @dataProvider failures */
    public function testNoSecretIsInAStackTrace(string $code): void
    {
        // Before 8.2 PHP cannot leave out single arguments.
        $ignore = PHP_VERSION_ID < 80200 ? '1' : '0';
        $options = ['-d', "zend.exception_ignore_args=$ignore", '-d', 'zend.exception_string_param_max_len=1000'];
        $file = tempnam(sys_get_temp_dir(), 'wxpay');
        file_put_contents($file, self::SECRET);
        $make = str_replace('php://stdin', $file, self::MAKE);
        [$status, $shown] = self::php($make . "try { $code } catch (Throwable \$e) { " . self::SHOW . ' }', [], $options);
        unlink($file);
        self::assertSame(0, $status, $shown);
        self::assertMatchesRegularExpression('/^(LibWxPay|InvalidArgumentException)/', $shown);
        // Arguments are shown, or the test would prove nothing.
        self::assertSame($ignore === '0', strpos($shown, "\n==\n") > 100, $shown);
        self::assertStringNotContainsString(substr(self::SECRET, 0, 12), $shown);
        // An address helps whoever attacks the process.
        self::assertStringNotContainsString('CData:void', $shown);
    }

    public function testAnErrorThatNobodyCatches(): void
    {
        $code = 'new LibWxPay\Client(["api_v3_key" => strrev("' . strrev(self::SECRET) . 'x")]);';
        [$status, $output, $errors] = self::php($code, [], ['-n', '-d', 'extension=ffi', '-d', 'extension=posix']);
        self::assertSame(255, $status);
        self::assertStringContainsString('api_v3_key must', $output . $errors);
        self::assertStringNotContainsString(substr(self::SECRET, 0, 12), $output . $errors);
    }
}
