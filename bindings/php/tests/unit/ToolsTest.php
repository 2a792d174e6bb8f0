<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

/** wxpay-check, wxpay-install, and the examples that run on the command line. */
final class ToolsTest extends Case_
{
    private const WEB = ['-n', '-d', 'extension=ffi', '-d', 'zend_extension=opcache'];

    public function testTheCommandLineNeedsNothing(): void
    {
        [$code, $said] = self::check([]);
        self::assertSame([0, "cli: ffi.enable=preload; set-up: command line\n"], [$code, substr($said, 0, 46)], $said);
        self::assertStringContainsString((string) getenv('WXPAY_LIBRARY') . ' (WXPAY_LIBRARY)', $said);
        self::assertSame(2, self::check(['--wrong'])[0]);
        [$code, $said] = self::run_([PHP_BINARY, '-d', 'ffi.enable=false', self::root() . '/bin/wxpay-check']);
        self::assertSame(1, $code);
        self::assertStringContainsString('missing: set ffi.enable=preload', $said);
    }

    /** Safety rule S19. */
    public function testFfiForEveryScriptOfAWebServerIsRefused(): void
    {
        $open = array_merge(self::fpm(), ['-d', 'ffi.enable=true']);
        [$code, $said] = self::check($open);
        self::assertSame(1, $code);
        self::assertStringContainsString('set ffi.enable=preload: any script could read your keys', $said);
        [$code, $said] = self::check(array_merge(['--i-know'], $open));
        self::assertSame([0, true], [$code, strpos($said, 'set-up: ffi.enable=true') !== false], $said);
        [$code, $said] = self::check(array_merge(self::fpm(), ['-d', 'ffi.enable=false']));
        self::assertSame([1, true], [$code, strpos($said, 'set ffi.enable=preload') !== false], $said);
        // Not preloaded, and the extension that is not there.
        [$code, $said] = self::check(array_merge(self::fpm(), ['-d', 'ffi.enable=preload']));
        self::assertSame([1, true], [$code, strpos($said, 'opcache.preload=' . self::root() . '/preload.php') !== false], $said);
        [$code, $said] = self::check(['--fpm=php-fpm8.2', '-n']);
        self::assertSame([1, true], [$code, strpos($said, 'the extension ffi is missing') !== false], $said);
    }

    public function testPhpBefore82HasToLeaveArgumentsOutOfStackTraces(): void
    {
        $fake = tempnam(sys_get_temp_dir(), 'php-fpm');
        foreach ([['8.1.27', 'Off', true], ['7.4.33', 'no value', true], ['7.4.33', 'On', false], ['8.2.0', 'Off', false]] as [$version, $value, $missing]) {
            file_put_contents($fake, "#!/bin/sh\ncat <<'E'\nPHP Version => $version\nFFI support => enabled\nffi.enable => preload => preload\n"
                . "opcache.enable => On => On\nopcache.preload => /p.php => /p.php\nopcache.preload_user => u => u\nzend.exception_ignore_args => $value => $value\nE\n");
            chmod($fake, 0755);
            [$code, $said] = self::check(["--fpm=$fake"]);
            self::assertSame($missing ? 1 : 0, $code, $said);
            self::assertSame($missing, strpos($said, "set zend.exception_ignore_args=1: PHP $version writes keys") !== false, $said);
        }
        unlink($fake);
    }

    public function testTheInstallerWritesWhatTheCheckAccepts(): void
    {
        $header = tempnam(sys_get_temp_dir(), 'wxpay') . '.h';
        [$code, $said] = self::run_([PHP_BINARY, self::root() . '/bin/wxpay-install', $header]);
        self::assertSame(0, $code, $said);
        $library = (string) realpath((string) getenv('WXPAY_LIBRARY'));
        $text = (string) file_get_contents($header);
        self::assertStringStartsWith("#define FFI_LIB \"$library\"\n#define FFI_SCOPE \"WXPAY\"\n", $text);
        self::assertStringEndsWith((string) file_get_contents(self::root() . '/wxpay.ffi.h'), $text);
        // FFI knows no other line of the preprocessor.
        self::assertSame(2, preg_match_all('/^\s*#/m', $text));
        foreach (['ffi.enable=preload', "ffi.preload=$header", 'opcache.enable=1', 'opcache.preload=' . self::root() . '/preload.php'] as $line) {
            self::assertStringContainsString("$line\n", $said);
        }

        $settings = ['-d', 'ffi.enable=preload', '-d', "ffi.preload=$header", '-d', 'opcache.preload=' . self::root() . '/preload.php', '-d', 'opcache.preload_user=www-data'];
        [$code, $said] = self::check(array_merge(self::fpm(), $settings));
        self::assertSame([0, true], [$code, strpos($said, 'set-up: ffi.preload with opcache.preload') !== false], $said);
        chmod($header, 0666);
        [$code, $said] = self::check(array_merge(self::fpm(), $settings));
        self::assertSame([1, true], [$code, strpos($said, 'can be changed by others') !== false], $said);
        chmod($header, 0644);
        file_put_contents($header, "$text\n");
        self::assertStringContainsString('is of another release', self::check(array_merge(self::fpm(), $settings))[1]);
        file_put_contents($header, strtr($text, ["\"$library\"" => '"libwxpay.so.0"']));
        [$code, $said] = self::check(array_merge(self::fpm(), $settings));
        self::assertSame([1, true], [$code, strpos($said, 'does not work') !== false], $said);
        // Where a bare name is found, it is refused all the same.
        mkdir("$header.d");
        symlink($library, "$header.d/libwxpay.so.0");
        [$code, $said] = self::check(array_merge(self::fpm(), $settings), ['LD_LIBRARY_PATH' => "$header.d"]);
        self::assertSame([1, true], [$code, strpos($said, 'names no absolute FFI_LIB') !== false], $said);
        unlink("$header.d/libwxpay.so.0");
        rmdir("$header.d");
        unlink($header);
        [$code, , $errors] = self::run_([PHP_BINARY, self::root() . '/bin/wxpay-install', '/nowhere/x.h']);
        self::assertSame([1, true], [$code, strpos($errors, '/nowhere/x.h cannot be written') !== false], $errors);
    }

    public function testTheExampleOfAnOrder(): void
    {
        $environment = ['APPID' => self::merchant()['_appid'], 'NOTIFY_URL' => 'http://127.0.0.1:9/notify'];
        foreach (self::options() as $key => $value) {
            $environment['WXPAY_' . strtoupper(strtr((string) $key, ['.' => '__']))] = is_array($value) ? implode("\n", $value) : $value;
        }
        $command = [PHP_BINARY, self::root() . '/examples/order.php', 'E' . bin2hex(random_bytes(8)), '100'];
        [$code, $said, $errors] = self::run_($command, $environment);
        self::assertSame([0, ''], [$code, $errors]);
        self::assertStringStartsWith('weixin://', $said);
        self::assertSame(4, self::run_($command, ['APPID' => 'wrong id'] + $environment)[0]);
        self::assertSame(3, self::run_($command, ['WXPAY_TRUST_ENV' => '0'] + $environment)[0]);
    }

    private static function root(): string
    {
        return \dirname(__DIR__, 2);
    }

    /** @return string[] */
    private static function fpm(): array
    {
        return array_merge(['--fpm=php-fpm8.2'], self::WEB);
    }

    /** @return array{0: int, 1: string} */
    private static function check(array $arguments, array $environment = []): array
    {
        return self::run_(array_merge([PHP_BINARY, self::root() . '/bin/wxpay-check'], $arguments), $environment);
    }
}
