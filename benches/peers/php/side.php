<?php

declare(strict_types=1);

// What the PHP programs of the comparison share: turns asked for on standard input, times on standard output.
// benches/network/sides.py says what the lines mean.

const TARGET = '/v3/pay/transactions/native';

function busy(): int
{
    $usage = getrusage();
    return 1000 * (1000000 * ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']) + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']);
}

function take_turns(callable $request, callable $authorization): void
{
    while (($line = fgets(STDIN)) !== false) {
        if (trim($line) === 'sign') {
            $authorization();
            echo "end 0 0\n";
            continue;
        }
        $samples = [];
        $spent = busy();
        for ($left = (int) $line; $left > 0; $left--) {
            $start = hrtime(true);
            $request();
            $samples[] = hrtime(true) - $start;
        }
        $spent = busy() - $spent;
        echo implode("\n", $samples), "\nend 0 $spent\n";
    }
}
