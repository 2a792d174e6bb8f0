<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

/** Which file is loaded (safety rule S17). Each case in a process of its own. */
final class LoaderTest extends Case_
{
    private const LOAD = 'try { echo json_encode(LibWxPay\Library::buildInfo()["library"]); } catch (LibWxPay\LoadException $why) { echo $why->getMessage(); }';

    /** @var string */
    private $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/wxpay-loader-' . bin2hex(random_bytes(6));
        mkdir($this->directory);
    }

    protected function tearDown(): void
    {
        self::run_(['rm', '-rf', $this->directory]);
    }

    public function testTheLibraryBesideThePackageIsTheOnlyOneTried(): void
    {
        $beside = $this->package();
        self::assertSame(['path' => $beside, 'chosen_by' => 'package'], json_decode($this->load(), true));
        file_put_contents($beside, str_repeat('no library ', 100));
        $said = $this->load();
        self::assertStringContainsString($beside, $said);
        self::assertStringContainsString('invalid ELF header', $said);
        self::assertStringNotContainsString((string) getenv('WXPAY_LIBRARY'), $said);
    }

    public function testDecoysAreNeverLoaded(): void
    {
        $mark = $this->directory . '/loaded';
        $this->compile("#include <stdio.h>\n__attribute__((constructor)) static void f(void) { fclose(fopen(\"$mark\", \"w\")); } unsigned wxpay_abi_version(void) { return 1; }", 'libwxpay.so.0');
        copy($this->directory . '/libwxpay.so.0', $this->directory . '/libwxpay.so');
        $everywhere = ['LD_LIBRARY_PATH' => $this->directory, 'PATH' => $this->directory . ':' . getenv('PATH')];
        // With the decoy as the current directory, and without a library anywhere else.
        [, $said] = self::php(self::LOAD, ['WXPAY_LIBRARY' => null] + $everywhere, [], $this->directory);
        self::assertStringContainsString('The library is not installed', $said);
        [, $said] = self::php(self::LOAD, $everywhere, [], $this->directory);
        self::assertSame('WXPAY_LIBRARY', json_decode($said, true)['chosen_by']);
        self::assertFileDoesNotExist($mark);
        // The decoy does what it says when it is asked for.
        self::php(self::LOAD, ['WXPAY_LIBRARY' => $this->directory . '/libwxpay.so.0']);
        self::assertFileExists($mark);
    }

    /** @return array<string, array{0: string, 1: string}> */
    public function refused(): array
    {
        return [
            'relative' => ['libwxpay.so.0', 'is not an absolute path'],
            'a name that is a path elsewhere' => ['./libwxpay.so.0', 'is not an absolute path'],
            'a directory' => ['@/', 'is not a regular file'],
            'missing' => ['@/missing.so', 'is not a regular file'],
            'a device' => ['/dev/null', 'is not a regular file'],
            'writable by the group' => ['@/group.so', 'can be written by group or others'],
            'writable by others' => ['@/others.so', 'can be written by group or others'],
        ];
    }

    /** @dataProvider refused */
    public function testTheEnvironmentMustNameAFileThatOnlyItsOwnerCanWrite(string $path, string $why): void
    {
        foreach (['libwxpay.so.0' => 0755, 'group.so' => 0775, 'others.so' => 0757] as $name => $mode) {
            copy((string) getenv('WXPAY_LIBRARY'), "$this->directory/$name");
            chmod("$this->directory/$name", $mode);
        }
        $path = strtr($path, ['@' => $this->directory]);
        [, $said] = self::php(self::LOAD, ['WXPAY_LIBRARY' => $path], [], $this->directory);
        self::assertStringContainsString("WXPAY_LIBRARY is \"$path\", which $why.", $said);
        self::assertStringContainsString('absolute path that only its owner can write', $said);
    }

    public function testALibraryOfAnotherMachine(): void
    {
        $path = $this->directory . '/other.so';
        $bytes = (string) file_get_contents((string) getenv('WXPAY_LIBRARY'), false, null, 0, 65536);
        $other = strpos(php_uname('m'), 'aarch64') === 0 ? [62, 'x86_64'] : [183, 'aarch64'];
        file_put_contents($path, substr_replace($bytes, pack('v', $other[0]), 18, 2));
        chmod($path, 0644);
        [, $said] = self::php(self::LOAD, ['WXPAY_LIBRARY' => $path]);
        self::assertStringContainsString("$path (it is for {$other[1]}) cannot be loaded: ", $said);
        self::assertStringContainsString(', ' . php_uname('m') . ', 64 bit.', $said);
        self::assertStringContainsString('Install the package built for this machine', $said);
    }

    public function testALibraryOfAnOldAbi(): void
    {
        $this->compile('unsigned wxpay_abi_version(void) { return 7 << 16 | 3; }', 'old.so');
        [, $said] = self::php(self::LOAD, ['WXPAY_LIBRARY' => $this->directory . '/old.so']);
        self::assertStringContainsString($this->directory . '/old.so has ABI 7.3, this package needs 0.1.', $said);
        self::assertStringContainsString('of the same release', $said);
        $this->compile('unsigned wxpay_abi_version(void) { return 0; }', 'older.so');
        [, $said] = self::php(self::LOAD, ['WXPAY_LIBRARY' => $this->directory . '/older.so']);
        self::assertStringContainsString('has ABI 0.0', $said);
    }

    public function testALibraryThatIsAnother(): void
    {
        $this->compile('int something_else(void) { return 0; }', 'another.so');
        [, $said] = self::php(self::LOAD, ['WXPAY_LIBRARY' => $this->directory . '/another.so']);
        self::assertStringContainsString('another.so', $said);
        self::assertStringContainsString('wxpay_abi_version', $said);
    }

    public function testASetUserIdProcessDoesNotLookAtTheEnvironment(): void
    {
        if (posix_geteuid() !== 0) {
            self::markTestSkipped('only root can make a program that runs as another user');
        }
        $php = $this->directory . '/php';
        copy((string) realpath(PHP_BINARY), $php);
        chmod($php, 04755);
        chmod($this->directory, 0755);
        $this->package(false);
        $code = 'require "' . $this->directory . '/package/autoload.php"; ' . self::LOAD;
        $user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
        $library = $this->directory . '/allowed.so.0';
        copy((string) getenv('WXPAY_LIBRARY'), $library);
        chmod($library, 0755);
        [, $said] = self::run_(array_merge($user, [PHP_BINARY, '-r', $code]), ['WXPAY_LIBRARY' => $library]);
        self::assertSame(['path' => $library, 'chosen_by' => 'WXPAY_LIBRARY'], json_decode($said, true), $said);
        [, $said] = self::run_(array_merge($user, [$php, '-r', $code]), ['WXPAY_LIBRARY' => $library]);
        self::assertStringContainsString('not looked at in a set-user-id process', $said);
    }

    public function testWhereFfiIsForbiddenTheCureIsNamed(): void
    {
        [, $said] = self::php(self::LOAD, [], ['-d', 'ffi.enable=false']);
        self::assertStringContainsString('ffi.enable', $said);
        self::assertStringContainsString('wxpay-check', $said);
        [, $said] = self::php(self::LOAD, [], ['-n']);
        self::assertStringContainsString('The PHP extension ffi is not there.', $said);
    }

    private function load(): string
    {
        $code = 'require "' . $this->directory . '/package/autoload.php"; ' . self::LOAD;
        return self::run_([PHP_BINARY, '-r', $code])[1];
    }

    /** A copy of the package, with the library beside it. */
    private function package(bool $library = true): string
    {
        $root = dirname(__DIR__, 2);
        mkdir($this->directory . '/package');
        self::run_(['cp', '-R', "$root/src", "$root/autoload.php", "$root/wxpay.ffi.h", $this->directory . '/package']);
        self::run_(['chmod', '-R', 'a+rX', $this->directory . '/package']);
        $beside = $this->directory . '/package/lib/' . php_uname('m') . '-linux-gnu/libwxpay.so.0';
        if ($library) {
            mkdir(dirname($beside), 0755, true);
            copy((string) getenv('WXPAY_LIBRARY'), $beside);
        }
        return $beside;
    }

    private function compile(string $source, string $name): void
    {
        file_put_contents("$this->directory/$name.c", $source);
        [$code, , $errors] = self::run_(['cc', '-shared', '-fPIC', '-o', "$this->directory/$name", "$this->directory/$name.c"]);
        self::assertSame(0, $code, $errors);
    }
}
