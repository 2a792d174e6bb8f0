<?php

declare(strict_types=1);

// Which FFI set-up applies, and what is missing. As a command about the command line (wxpay-check), about a php-fpm
// (wxpay-check --fpm=php-fpm8.2 and its own options), or required by a page about the server that runs it.
// Exit code 0: it works; 1: something is missing or unsafe; 2: usage.

namespace LibWxPay\Check;

use LibWxPay\Library;

require_once __DIR__ . '/../autoload.php';

const NAMES = ['ffi.enable', 'ffi.preload', 'opcache.enable', 'opcache.preload', 'opcache.preload_user', 'zend.exception_ignore_args'];

/** @return array<string, string> as phpinfo of another PHP says them */
function settings_of(string $phpinfo): array
{
    $settings = ['sapi' => 'fpm-fcgi', 'ffi' => '', 'version' => PHP_VERSION] + array_fill_keys(NAMES, '');
    foreach (explode("\n", $phpinfo) as $line) {
        $parts = explode(' => ', $line);
        if ($line === 'FFI support => enabled') {
            $settings['ffi'] = '1';
        } elseif ($parts[0] === 'PHP Version') {
            $settings['version'] = $parts[1];
        } elseif (\in_array($parts[0], NAMES, true) && $parts[1] !== 'no value') {
            $settings[$parts[0]] = $parts[1];
        }
    }
    return $settings;
}

/** @return array<string, string> of this process */
function settings_here(): array
{
    $settings = ['sapi' => PHP_SAPI, 'ffi' => \extension_loaded('FFI') ? '1' : '', 'version' => PHP_VERSION];
    foreach (NAMES as $name) {
        $settings[$name] = (string) \ini_get($name);
    }
    return $settings;
}

function is_on(string $value): bool
{
    return filter_var($value, FILTER_VALIDATE_BOOLEAN);
}

/** @return array{0: string, 1: string[]} the set-up, and what is wrong with it */
function findings(array $settings, bool $known): array
{
    if ($settings['ffi'] === '') {
        return ['none', ['the extension ffi is missing: install it (Debian: php-common) and enable it']];
    }
    $all = is_on($settings['ffi.enable']);
    $usable = $all || strcasecmp($settings['ffi.enable'], 'preload') === 0;
    if (\in_array($settings['sapi'], ['cli', 'phpdbg'], true)) {
        return ['command line', $usable ? [] : ['set ffi.enable=preload']];
    }
    $wrong = [];
    if ($all && !$known) {
        $wrong[] = 'set ffi.enable=preload: any script could read your keys (--i-know accepts it)';
    } elseif (!$usable) {
        $wrong[] = 'set ffi.enable=preload';
    }
    if ($settings['opcache.preload'] === '' || !is_on($settings['opcache.enable'])) {
        if ($all) {
            return ['ffi.enable=true', $wrong];
        }
        $wrong[] = 'set opcache.enable=1 and opcache.preload=' . \dirname(__DIR__) . '/preload.php';
    } elseif (\function_exists('posix_geteuid') && posix_geteuid() === 0 && $settings['opcache.preload_user'] === '') {
        $wrong[] = 'set opcache.preload_user to the user of the pool: a php-fpm that root starts refuses to preload without it';
    }
    if ($settings['ffi.preload'] === '') {
        return ['opcache.preload (each request reads the declarations; ffi.preload reads them once)', $wrong];
    }
    return ['ffi.preload with opcache.preload', array_merge($wrong, wrong_with_header($settings['ffi.preload']))];
}

/** @return string[] */
function wrong_with_header(string $headers): array
{
    $again = 'write it with wxpay-install';
    foreach (explode(PATH_SEPARATOR, $headers) as $header) {
        $text = (string) @file_get_contents($header);
        if (strpos($text, '#define FFI_SCOPE "WXPAY"') === false) {
            continue;
        }
        $library = (string) sscanf($text, '#define FFI_LIB "%[^"]"')[0];
        if (strncmp($library, '/', 1) !== 0) {
            return ["$header names no absolute FFI_LIB: $again"];
        }
        if (substr($text, (int) strpos($text, '/*')) !== file_get_contents(__DIR__ . '/../wxpay.ffi.h')) {
            return ["$header is of another release: $again"];
        }
        $wrong = [];
        foreach ([$header, $library] as $file) {
            if (!is_file($file)) {
                $wrong[] = "$file is not there";
            } elseif ((fileperms($file) & 0022) !== 0 || !\in_array(fileowner($file), [0, getmyuid()], true)) {
                $wrong[] = "$file can be changed by others: root should own it, mode 0644";
            }
        }
        return $wrong;
    }
    return ["no header in ffi.preload has the scope WXPAY: $again"];
}

function run(array $arguments): int
{
    $fpm = null;
    $known = false;
    while ($arguments !== []) {
        $argument = array_shift($arguments);
        if ($argument === '--i-know') {
            $known = true;
        } elseif (strncmp($argument, '--fpm=', 6) === 0) {
            $fpm = substr($argument, 6);
            break;
        } else {
            echo "usage: wxpay-check [--i-know] [--fpm=php-fpm8.2 [options of php-fpm, such as -c FILE]]\n";
            return 2;
        }
    }
    if ($fpm === null) {
        $settings = settings_here();
    } else {
        exec(implode(' ', array_map('escapeshellarg', array_merge([$fpm], $arguments, ['-i']))) . ' 2>&1', $lines, $code);
        $settings = settings_of("\n" . implode("\n", $lines) . "\n");
        if ($code !== 0) {
            echo "$fpm -i does not work: " . implode(' ', \array_slice($lines, 0, 3)) . "\n";
            return 1;
        }
    }
    [$set_up, $wrong] = findings($settings, $known);
    if (version_compare($settings['version'], '8.2.0', '<') && !is_on($settings['zend.exception_ignore_args'])) {
        $wrong[] = "set zend.exception_ignore_args=1: PHP {$settings['version']} writes keys into stack traces";
    }
    echo "{$settings['sapi']}: ffi.enable={$settings['ffi.enable']}; set-up: $set_up\n";
    if ($fpm === null && $wrong === []) {
        try {
            ['path' => $path, 'chosen_by' => $by] = Library::buildInfo()['library'];
            echo 'library: ' . Library::version() . ", $path ($by)\n";
        } catch (\LibWxPay\LoadException $why) {
            $wrong[] = $why->getMessage();
        }
    }
    foreach ($wrong as $one) {
        echo "missing: $one\n";
    }
    echo $wrong === [] ? "ok\n" : '';
    return $wrong === [] ? 0 : 1;
}

if (PHP_SAPI === 'cli') {
    exit(run(\array_slice($_SERVER['argv'], 1)));
}
header('Content-Type: text/plain; charset=utf-8');
ob_start();
http_response_code(run([]) === 0 ? 200 : 500);
ob_end_flush();
