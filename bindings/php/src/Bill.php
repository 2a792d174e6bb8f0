<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\BillMethods;

/** A bill: `foreach ($bill as $row)` gives what each column holds, as text. Every row was checked before the first. */
final class Bill extends Native implements \IteratorAggregate
{
    use BillMethods;

    protected const FREE = 'wxpay_bill_free';

    /** @return string[] names in order */
    public function columns(): array
    {
        return \array_map([$this, 'columnName'], \array_keys(\array_fill(0, $this->columnCount(), null)));
    }

    /** @return \Generator<int, array<string, string>> rows by their number, from where the bill stands */
    public function getIterator(): \Generator
    {
        $columns = $this->columns();
        for ($this->next(); $this->row() !== 0; $this->next()) {
            yield $this->row() => \array_combine($columns, \array_map([$this, 'field'], \array_keys($columns)));
        }
    }

    /**
     * An amount of the present row, in fen.
     *
     * @throws \UnexpectedValueException where there is none: NULL would count as 0
     */
    public function fen(string $column): int
    {
        return self::amount(self::read('wxpay_bill_fen', $this->at, $this->column($column)), "Row {$this->row()} of the bill has no amount in column $column.");
    }

    /** A total in fen, as fen(). */
    public function totalFen(string $name): int
    {
        return self::amount(self::read('wxpay_bill_total_fen', $this->at, $name, \strlen($name)), "The bill has no amount as total $name.");
    }

    private static function amount(int $fen, string $otherwise): int
    {
        if ($fen === \PHP_INT_MIN) {
            throw new \UnexpectedValueException($otherwise);
        }
        return $fen;
    }
}
