<?php

declare(strict_types=1);

namespace LibWxPay;

use FFI;
use FFI\CData;
use LibWxPay\Generated\ErrorFields;

/**
 * An object of the library: owned, and released exactly once. The only class that touches FFI; none of its public
 * methods gives away the FFI object or an address. That hides them from mistakes, not from code of the same pool: a
 * subclass, Closure::bind or Reflection gets at them, and with them at any memory of the process.
 *
 * @internal
 */
abstract class Native
{
    /** The C function that releases objects of this class. */
    protected const FREE = '';

    /** @var FFI|null */
    private static $ffi;
    /** @var array<int, array<CData>|null> Where a call writes its outputs and its error, by the number of outputs. */
    private static $places = [];

    /** @var CData|null */
    protected $at;
    /** @var object|null Kept alive, and releases, what this object is a part of. */
    private $owner;

    protected function __construct()
    {
    }

    public function __destruct()
    {
        if ($this->at !== null && $this->owner === null) {
            self::$ffi->{static::FREE}($this->at);
        }
    }

    private function __clone()
    {
    }

    public function __serialize(): array
    {
        throw new \LogicException(static::class . ' belongs to this process and cannot be serialized.');
    }

    public function __unserialize(array $data): void
    {
        $this->__serialize();
    }

    public function __debugInfo(): array
    {
        return [];
    }

    /**
     * A call that can fail. Its outputs come back by name, a single one as it is.
     *
     * @param string[] $gives what each output is: 'bytes', 'json', 'handle' or a class
     * @return mixed
     */
    protected static function invoke(
        string $function,
        array $gives,
        #[\SensitiveParameter]
        ...$arguments
    ) {
        $ffi = self::$ffi ?? self::load();
        $count = \count($gives);
        // Taken away while the call runs: a signal handler may make another call before the outputs are read.
        $places = self::$places[$count] ?? self::places($ffi, $count);
        self::$places[$count] = null;
        $status = $ffi->$function(...$arguments, ...$places);
        if ($status !== 0) {
            $error = $places[$count][0] === null ? null : self::wrap(Failure::class, clone $places[$count][0]);
            self::$places[$count] = $places;
            throw self::failure($status, $error);
        }
        $at = [];
        for ($index = 0; $index < $count; $index++) {
            $at[] = clone $places[$index][0];
        }
        self::$places[$count] = $places;
        if ($count < 2) {
            return $count === 0 ? null : self::output($gives[0], $at[0]);
        }
        return \array_combine(\array_keys($gives), \array_map([self::class, 'output'], $gives, $at));
    }

    /** A getter: text, a number, or NULL. */
    protected static function read(
        string $function,
        #[\SensitiveParameter]
        ...$arguments
    ) {
        return (self::$ffi ?? self::load())->$function(...$arguments);
    }

    protected static function readBytes(string $function, $at): string
    {
        $data = self::read($function, $at);
        return $data === null ? '' : FFI::string($data, self::read($function . '_len', $at));
    }

    /** The next bytes of something that is read to its end; then ''. */
    protected static function readInto(string $function, $at, int $capacity): string
    {
        $into = (self::$ffi ?? self::load())->new("uint8_t[$capacity]");
        $count = self::$ffi->new('size_t[1]');
        self::invoke($function, [], $at, $into, $capacity, $count);
        return FFI::string($into, $count[0]);
    }

    protected static function readJson(string $function, ...$arguments): ?array
    {
        return self::parsed(self::read($function, ...$arguments));
    }

    /** JSON that came from WeChat Pay. That PHP cannot read it changes nothing of what happened to the request. */
    protected static function parsed(string $json, ?Message $response = null)
    {
        try {
            return Json::decode($json);
        } catch (\JsonException $why) {
            $known = ['message' => "The body cannot be read as JSON: {$why->getMessage()}.", 'response' => $response];
            $known['hint'] = 'It has been answered: query before anything is sent again. Its bytes can still be read.';
            if ($response !== null) {
                $known += ['http_status' => $response->status(), 'request_id' => (string) $response->header('Request-ID')];
            }
            throw self::failure(Constants::WXPAY_STATUS_MALFORMED_JSON, null, $known);
        }
    }

    /** A value of configuration or of an option, as the library takes it. */
    protected static function text(
        $key,
        #[\SensitiveParameter]
        $value
    ): string {
        $lines = \is_array($value) ? $value : [\is_bool($value) ? (int) $value : $value];
        foreach (\array_values($lines) as $number => $line) {
            if (!\array_key_exists($number, $lines) || !\is_string($line) && !\is_int($line)) {
                throw new \InvalidArgumentException("$key must be text, a whole number, a boolean or a list of text.");
            }
        }
        return \implode("\n", $lines);
    }

    /** An object for a handle: its own, or a part of its owner. */
    protected static function wrap(string $class, CData $at, ?object $owner = null): self
    {
        $object = new $class();
        $object->at = $at;
        $object->owner = $owner;
        return $object;
    }

    /** @return CData[] one place each, and one for the error */
    private static function places(FFI $ffi, int $count): array
    {
        $places = [];
        while (\count($places) <= $count) {
            $places[] = $ffi->new('void *[1]');
        }
        return $places;
    }

    private static function output(string $kind, CData $at)
    {
        if ($kind !== 'bytes' && $kind !== 'json') {
            return $kind === 'handle' ? $at : self::wrap($kind, $at);
        }
        $bytes = FFI::string(self::$ffi->wxpay_buf_data($at), self::$ffi->wxpay_buf_len($at));
        self::$ffi->wxpay_buf_free($at);
        return $kind === 'json' ? Json::decode($bytes) : $bytes;
    }

    /** Everything the C error knows; it lives on for as long as one of its messages is used. */
    private static function failure(int $status, ?Failure $error, array $known = []): WxPayException
    {
        $at = $error === null ? null : $error->at;
        $fields = [];
        foreach (ErrorFields::VALUES as $name => $function) {
            $fields[$name] = self::$ffi->$function($at);
        }
        foreach (ErrorFields::MESSAGES as $name => $function) {
            $message = self::$ffi->$function($at);
            $fields[$name] = $message === null ? null : self::wrap(Message::class, $message, $error);
        }
        $fields['status'] = $status;
        $class = ErrorFields::GROUPS[\intdiv($status, 100)] ?? WxPayException::class;
        return new $class($known + $fields);
    }

    private static function load(): FFI
    {
        if (!\extension_loaded('FFI')) {
            throw Loader::withoutExtension();
        }
        if ((string) \ini_get('ffi.preload') !== '') {
            try {
                $ffi = FFI::scope('WXPAY');
                Loader::checkVersion($ffi->wxpay_abi_version(), null);
                return self::$ffi = $ffi;
            } catch (FFI\Exception $absent) {
                // ffi.preload is for other libraries.
            }
        }
        $path = Loader::path();
        try {
            Loader::checkVersion(FFI::cdef('uint32_t wxpay_abi_version(void);', $path)->wxpay_abi_version(), $path);
            // Looks every function up: what only a newer library has is named.
            return self::$ffi = FFI::cdef((string) \file_get_contents(\dirname(__DIR__) . '/wxpay.ffi.h'), $path);
        } catch (FFI\Exception $why) {
            throw Loader::failed($path, self::loaderText($path, $why->getMessage()));
        }
    }

    /** What the system's loader says; FFI keeps it to itself. */
    private static function loaderText(string $path, string $said): string
    {
        try {
            $system = FFI::cdef('char *dlerror(void);');
            try {
                FFI::cdef('uint32_t wxpay_abi_version(void);', $path);
            } catch (FFI\Exception $again) {
                $text = $system->dlerror();
            }
        } catch (FFI\Exception $restricted) {
            // Where FFI is not allowed at all, its own message says so.
        }
        return isset($text) ? FFI::string($text) : $said;
    }
}
