<?php

declare(strict_types=1);

// run.php LIBRARY [DIR]: every vector of bindings/conformance, or of DIR, by the generated declarations. Prints what failed, then
// "N passed, M failed".

require __DIR__ . '/Abi.php';
require __DIR__ . '/Operations.php';

$base = $argv[2] ?? dirname(__DIR__, 3) . '/conformance';

/** A value of a vector as bytes. */
$bytes = static function ($value) use ($base): string {
    if (is_string($value)) {
        return $value;
    }
    if (array_keys($value) === ['hex']) {
        return (string) hex2bin($value['hex']);
    }
    if (array_keys($value) === ['file']) {
        return (string) file_get_contents("$base/{$value['file']}");
    }
    if (array_keys($value) === ['repeat', 'times']) {
        return str_repeat($value['repeat'], $value['times']);
    }
    throw new LogicException('no value: ' . json_encode($value));
};

/** Values inside an object become bytes; numbers and NULL stay. */
$plain = static function ($value) use (&$plain, $bytes) {
    if (!is_array($value)) {
        return $value;
    }
    return array_intersect(array_keys($value), ['hex', 'file', 'repeat']) === [] || $value === [] ? array_map($plain, $value) : $bytes($value);
};

$sorted = static function ($value) use (&$sorted) {
    if (is_array($value)) {
        $value = array_map($sorted, $value);
        ksort($value);
    }
    return $value;
};

$read = static function (string $file) {
    return json_decode((string) file_get_contents($file), true, 512, JSON_THROW_ON_ERROR);
};

/** Why a case fails, or "". */
$judge = static function (Operations $operations, array $case) use ($plain, $sorted): string {
    $unknown = array_diff(array_keys($case['in']), Operations::TAKES[$case['op']] ?? []);
    if ($unknown !== [] || !isset(Operations::TAKES[$case['op']])) {
        return 'not known: ' . $case['op'] . ' ' . implode(' ', $unknown);
    }
    $want = $case['want'];
    [$status, $outcome] = [0, null];
    try {
        $found = $operations->run($case['op'], $case['in'], $case['now'] ?? 0, $want);
    } catch (Failed $failed) {
        [$status, $outcome, $found] = [$failed->getCode(), $failed->outcome, $operations->found + Operations::reported($failed->json, $want)];
    } catch (LogicException | ErrorException $wrong) {
        return $wrong->getMessage();
    }
    $found += ['status' => $status, 'outcome' => $outcome];
    foreach ($want + ['status' => 0] as $name => $value) {
        if (!array_key_exists($name, $found)) {
            return "$name is not known, or not there";
        }
        if ($sorted($plain($found[$name])) !== $sorted($plain($value))) {
            return "$name is " . json_encode($found[$name], JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE);
        }
    }
    return '';
};

set_error_handler(static function (int $number, string $text): bool {
    throw new ErrorException($text);
});
$operations = new Operations(new Abi($argv[1]), $bytes, $read("$base/keys/clients.json"));
[$passed, $failed] = [0, 0];
foreach (glob("$base/vectors/*.json") as $file) {
    foreach ($read($file) as $case) {
        $why = $judge($operations, $case);
        if ($why === '') {
            $passed++;
        } else {
            $failed++;
            echo "{$case['id']}: $why\n";
        }
    }
}
echo "$passed passed, $failed failed\n";
exit($failed === 0 && $passed > 0 ? 0 : 1);
