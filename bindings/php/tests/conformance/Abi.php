<?php

declare(strict_types=1);

/** A call gave a status that is not 0. */
final class Failed extends Exception
{
    /** @var int|null */
    public $outcome;
    /** @var string */
    public $json = '{}';
}

/** The generated declarations, called as they are; `now` is among them. */
final class Abi
{
    /** @var FFI */
    private $ffi;

    public function __construct(string $library)
    {
        $this->ffi = FFI::cdef((string) file_get_contents(__DIR__ . '/../../wxpay.ffi.h'), $library);
    }

    /** A getter. Text is a PHP string; a length follows every string argument. */
    public function get(string $name, ...$arguments)
    {
        return $this->ffi->{"wxpay_$name"}(...self::flat($arguments));
    }

    /**
     * A call that can fail: its outputs, in order.
     *
     * @return FFI\CData[]
     */
    public function call(string $name, int $outputs, ...$arguments): array
    {
        $places = [];
        for ($i = 0; $i <= $outputs; $i++) {
            $places[] = $place = $this->ffi->new('void *[1]');
            // Outputs are overwritten, whatever was there.
            $place[0] = FFI::cast('void *', FFI::addr($place));
        }
        $error = array_pop($places);
        $status = $this->ffi->{"wxpay_$name"}(...self::flat($arguments), ...$places, ...[$error]);
        $values = array_map(static function (FFI\CData $place) {
            return $place[0] === null ? null : clone $place[0];
        }, $places);
        if ($status === 0) {
            if ($error[0] !== null || in_array(null, $values, true)) {
                throw new LogicException("$name is OK, but has an error or no output");
            }
            return $values;
        }
        if (array_filter($values, 'is_object') !== []) {
            throw new LogicException("$name failed and left an output");
        }
        if ($this->get('error_status', $error[0]) !== $status || $this->get('error_message', $error[0]) === '' || $this->get('error_hint', $error[0]) === '') {
            throw new LogicException("$name failed with $status, and its error lacks status, message or hint");
        }
        $failed = new Failed($name, $status);
        $failed->outcome = $this->get('error_outcome', $error[0]);
        $failed->json = $this->get('error_json', $error[0]);
        $this->get('error_free', $error[0]);
        throw $failed;
    }

    /** The bytes of the buffer that a call gives. */
    public function bytes(string $name, ...$arguments): string
    {
        return $this->taken($this->call($name, 1, ...$arguments)[0]);
    }

    public function taken(FFI\CData $buffer): string
    {
        $bytes = FFI::string($this->get('buf_data', $buffer), $this->get('buf_len', $buffer));
        $this->get('buf_free', $buffer);
        return $bytes;
    }

    public function data(string $name, FFI\CData $of): string
    {
        return FFI::string($this->get($name, $of), $this->get("{$name}_len", $of));
    }

    private static function flat(array $arguments): array
    {
        $flat = [];
        foreach ($arguments as $argument) {
            $flat[] = $argument;
            if (is_string($argument)) {
                $flat[] = strlen($argument);
            }
        }
        return $flat;
    }
}
