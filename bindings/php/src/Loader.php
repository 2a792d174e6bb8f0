<?php

declare(strict_types=1);

namespace LibWxPay;

/**
 * Which file is the library: always an absolute path, never one that LD_LIBRARY_PATH, PATH or the current directory
 * decides.
 *
 * @internal
 */
final class Loader
{
    private const NAME = 'libwxpay.so.0';
    private const CURE = 'Install the package built for this machine, or ' . self::NAME . ' in /usr/local/lib.';
    private const DIRECTORIES = ['/usr/local/lib', '/usr/local/lib64', '/usr/local/lib/%s', '/usr/lib/%s', '/usr/lib64', '/usr/lib'];
    private const MACHINES = [3 => 'i386', 40 => 'arm', 62 => 'x86_64', 183 => 'aarch64', 243 => 'riscv64'];

    /** @var array{path: string, chosen_by: string} */
    private static $library = ['path' => '', 'chosen_by' => ''];

    /** @return array{path: string, chosen_by: string} once it is loaded */
    public static function library(): array
    {
        return self::$library['path'] === '' ? self::preloaded() : self::$library;
    }

    public static function path(): string
    {
        $triplet = \php_uname('m') . '-linux-gnu';
        $beside = \dirname(__DIR__) . "/lib/$triplet/" . self::NAME;
        if (\file_exists($beside)) {
            return self::chosen($beside, 'package');
        }
        $named = (string) \getenv('WXPAY_LIBRARY');
        $ignored = $named === '' ? '' : self::whyIgnored();
        if ($named !== '' && $ignored === '') {
            return self::chosen(self::checked($named), 'WXPAY_LIBRARY');
        }
        $tried = [$beside];
        foreach (self::DIRECTORIES as $directory) {
            $path = \sprintf($directory, $triplet) . '/' . self::NAME;
            if (\file_exists($path)) {
                return self::chosen($path, 'system');
            }
            $tried[] = $path;
        }
        throw self::failure('The library is not installed; looked for ' . \implode(', ', $tried) . ".$ignored", self::CURE);
    }

    /** The library of the header that ffi.preload names. Read where it is asked for: a page seldom does. */
    private static function preloaded(): array
    {
        foreach (\explode(':', (string) \ini_get('ffi.preload')) as $header) {
            $text = (string) @\file_get_contents($header, false, null, 0, 8192);
            if (\strpos($text, '"WXPAY"') !== false) {
                return self::$library = ['path' => (string) \sscanf($text, '#define FFI_LIB "%[^"]"')[0], 'chosen_by' => 'ffi.preload'];
            }
        }
        return ['path' => '', 'chosen_by' => 'ffi.preload'];
    }

    public static function checkVersion(int $version, ?string $path): void
    {
        [$major, $minor] = [$version >> 16, $version & 0xffff];
        if ($major !== Constants::WXPAY_ABI_MAJOR || $minor < Constants::WXPAY_ABI_MINOR) {
            $want = Constants::WXPAY_ABI_MAJOR . '.' . Constants::WXPAY_ABI_MINOR;
            $path = $path ?? (self::library()['path'] ?: 'the library of ffi.preload');
            throw self::failure("$path has ABI $major.$minor, this package needs $want.", 'Install package and library of the same release.');
        }
    }

    public static function failed(string $path, string $said): LoadException
    {
        if (\strpos($said, 'ffi.enable') !== false) {
            return self::failure("$path: $said", 'Preload this package (opcache.preload); `php ' . \dirname(__DIR__) . '/bin/wxpay-check` says what is missing.');
        }
        $head = (string) @\file_get_contents($path, false, null, 0, 20);
        $machine = \strlen($head) === 20 && \strncmp($head, "\x7fELF", 4) === 0 ? \unpack('v', $head, 18)[1] : 0;
        $for = $machine === 0 ? '' : ' (it is for ' . (self::MACHINES[$machine] ?? "machine $machine") . ')';
        return self::failure("$path$for cannot be loaded: $said.", self::CURE);
    }

    public static function withoutExtension(): LoadException
    {
        return self::failure('The PHP extension ffi is not there.', 'Install it (Debian: php-common; Docker: docker-php-ext-install ffi) and enable it in php.ini.');
    }

    private static function chosen(string $path, string $by): string
    {
        self::$library = ['path' => $path, 'chosen_by' => $by];
        return $path;
    }

    /** Why the environment does not decide, or "". */
    private static function whyIgnored(): string
    {
        // On the web any script can set it with putenv, and what is loaded can do everything.
        if (\PHP_SAPI !== 'cli' && \PHP_SAPI !== 'phpdbg') {
            return ' WXPAY_LIBRARY is not looked at under ' . \PHP_SAPI . '.';
        }
        $auxiliary = \PHP_OS_FAMILY === 'Linux' ? (string) @\file_get_contents('/proc/self/auxv') : '';
        $words = $auxiliary === '' ? [23, 1] : \array_values(\unpack(\PHP_INT_SIZE === 8 ? 'P*' : 'V*', $auxiliary));
        $secure = \array_column(\array_chunk($words, 2), 1, 0)[23] ?? 0; // AT_SECURE
        return $secure === 0 ? '' : ' WXPAY_LIBRARY is not looked at in a set-user-id process.';
    }

    private static function checked(string $path): string
    {
        $wrong = $path[0] !== '/' ? 'is not an absolute path' : (!\is_file($path) ? 'is not a regular file'
            : ((\fileperms($path) & 0022) !== 0 ? 'can be written by group or others' : ''));
        if ($wrong !== '') {
            throw self::failure("WXPAY_LIBRARY is \"$path\", which $wrong.", 'Name a regular file by its absolute path that only its owner can write, or unset WXPAY_LIBRARY.');
        }
        return $path;
    }

    private static function failure(string $what, string $cure): LoadException
    {
        $process = \sprintf('PHP %s (%s), %s, %d bit', \PHP_VERSION, \PHP_SAPI, \php_uname('m'), 8 * \PHP_INT_SIZE);
        return new LoadException("libwxpay: $what This process: $process. $cure");
    }
}
