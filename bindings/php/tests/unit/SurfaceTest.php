<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Client;
use LibWxPay\Native;
use PHPUnit\Framework\TestCase;

/** What users see: tests/surface.txt is compared; WXPAY_BLESS=1 writes it. */
final class SurfaceTest extends TestCase
{
    public function testThePublicNamesAreTheCommittedOnes(): void
    {
        $file = \dirname(__DIR__) . '/surface.txt';
        $surface = '';
        foreach (self::classes() as $class) {
            foreach ($class->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->isInternal() || $class->isTrait()) {
                    continue;
                }
                $parameters = array_map(static function (\ReflectionParameter $parameter): string {
                    return trim($parameter->getType() . ' $' . $parameter->getName()) . ($parameter->isOptional() ? '?' : '');
                }, $method->getParameters());
                $returns = $method->hasReturnType() ? ': ' . $method->getReturnType() : '';
                $surface .= $class->getName() . ($method->isStatic() ? '::' : '->') . $method->getName()
                    . '(' . implode(', ', $parameters) . ")$returns\n";
            }
        }
        if (getenv('WXPAY_BLESS') === '1') {
            file_put_contents($file, $surface);
        }
        self::assertStringEqualsFile($file, $surface);
    }

    /** Safety rule S12: who could pass a time would pass the message's own. */
    public function testNoMethodTakesATime(): void
    {
        foreach (self::methods() as $method) {
            foreach ($method->getParameters() as $parameter) {
                self::assertDoesNotMatchRegularExpression('/^(now|time|timestamp|clock|nonce)$/i', self::inPrimitives($method) ? '' : $parameter->getName(), $method->getName());
            }
        }
    }

    /** Safety rule S28. */
    public function testSingleOperationsAreInANamespaceOfTheirOwn(): void
    {
        foreach (self::methods() as $method) {
            if (!self::inPrimitives($method)) {
                self::assertDoesNotMatchRegularExpression('/^(load$|matchesCert|canonical|sign$|verify$|aead|oaep)/i', $method->getName());
            }
        }
    }

    /** Safety rule S19: whoever has an FFI object or an address can read any memory. */
    public function testNothingPublicGivesFfiAway(): void
    {
        foreach (self::classes() as $class) {
            foreach ($class->getProperties(\ReflectionProperty::IS_PUBLIC) as $property) {
                self::fail($class->getName() . '::$' . $property->getName() . ' is public');
            }
            if ($class->isSubclassOf(Native::class)) {
                self::assertTrue($class->isFinal(), $class->getName());
            }
        }
        foreach (self::methods() as $method) {
            self::assertStringNotContainsString('FFI', (string) $method->getReturnType(), $method->getName());
            self::assertStringNotContainsString('CData', (string) $method->getDocComment(), $method->getName());
        }
        $ffi = new \ReflectionProperty(Native::class, 'ffi');
        self::assertTrue($ffi->isPrivate() && $ffi->isStatic());
        // And what methods without arguments really return.
        $client = new Client(['mchid' => '1', 'external_signer' => true, 'merchant_serial' => '1', 'public_keys' => ['PUB_KEY_ID_1' => self::publicKey()]]);
        $request = $client->request('GET', '/v3/certificates');
        $error = null;
        try {
            $client->prepare('GET', '/v3/certificates');
        } catch (\LibWxPay\WxPayException $error) {
        }
        $seen = 0;
        foreach ([$client, $request, $client->pay(), $error] as $object) {
            foreach ((new \ReflectionClass($object))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->getNumberOfRequiredParameters() > 0 || $method->isInternal() || strpos($method->getName(), '__') === 0
                    || $method->getDocComment() === false || strpos($method->getDocComment(), 'I/O: network') !== false) {
                    continue;
                }
                try {
                    $value = [$method->invoke($method->isStatic() ? null : $object)];
                } catch (\LibWxPay\WxPayException | \ArgumentCountError $refused) {
                    continue;
                }
                array_walk_recursive($value, static function ($one): void {
                    self::assertFalse($one instanceof \FFI || $one instanceof \FFI\CData);
                });
                $seen++;
            }
        }
        self::assertGreaterThan(25, $seen);
        self::assertStringNotContainsString('CData', print_r($client, true) . var_export((array) $request->headers(), true));
    }

    /** Every function of the library can be called; a new one is there after the generator ran. */
    public function testEveryFunctionIsUsed(): void
    {
        $abi = json_decode((string) file_get_contents(\dirname(__DIR__, 4) . '/bindings/abi/wxpay.abi.json'), true);
        $source = '';
        foreach (self::files() as $file) {
            $source .= file_get_contents($file);
        }
        // One call of send with a request is what wxpay_client_call does.
        $missing = array_filter(array_column($abi['functions'], 'name'), static function (string $name) use ($source): bool {
            $bytes = substr($name, -4) === '_len' ? substr($name, 0, -4) : $name;
            return strpos($source, "'$bytes'") === false && strpos($source, "->$name(") === false && $name !== 'wxpay_client_call';
        });
        self::assertSame([], array_values($missing));
    }

    public function testObjectsCannotBeCopied(): void
    {
        $client = new Client(['mchid' => '1', 'external_signer' => true, 'merchant_serial' => '1', 'public_keys' => ['PUB_KEY_ID_1' => self::publicKey()]]);
        foreach ([static function () use ($client): void {
            clone $client;
        }, static function () use ($client): void {
            serialize($client);
        }] as $copy) {
            try {
                $copy();
                self::fail('it was copied');
            } catch (\Error | \LogicException $refused) {
                self::assertNotSame('', $refused->getMessage());
            }
        }
        // Nothing comes out of unserialize either: a handle made up there would be read.
        foreach (['0:{}', '1:{s:5:"' . "\0*\0at" . '";s:4:"AAAA";}', '1:{s:5:"' . "\0*\0at" . '";i:4096;}'] as $made) {
            try {
                unserialize("O:16:\"LibWxPay\\Message\":$made");
                self::fail('it was made');
            } catch (\LogicException $refused) {
                self::assertStringContainsString('Message', $refused->getMessage());
            }
        }
    }

    private static function publicKey(): string
    {
        return openssl_pkey_get_details(openssl_pkey_new(['private_key_bits' => 2048]))['key'];
    }

    private static function inPrimitives(\ReflectionMethod $method): bool
    {
        return strpos($method->getDeclaringClass()->getName(), 'LibWxPay\\Primitives\\') === 0;
    }

    /** @return string[] */
    private static function files(): array
    {
        $source = \dirname(__DIR__, 2) . '/src';
        return array_merge(glob("$source/*.php"), glob("$source/Generated/*.php"), glob("$source/Primitives/*.php"));
    }

    /** @return \ReflectionClass[] */
    private static function classes(): array
    {
        return array_map(static function (string $file): \ReflectionClass {
            $name = substr($file, strlen(\dirname(__DIR__, 2) . '/src/'), -4);
            return new \ReflectionClass('LibWxPay\\' . strtr($name, '/', '\\'));
        }, self::files());
    }

    /** @return \ReflectionMethod[] */
    private static function methods(): array
    {
        $methods = [];
        foreach (self::classes() as $class) {
            $methods = array_merge($methods, $class->isTrait() ? [] : $class->getMethods(\ReflectionMethod::IS_PUBLIC));
        }
        return array_filter($methods, static function (\ReflectionMethod $method): bool {
            return !$method->isInternal();
        });
    }
}
