<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\DownloadMethods;

/** A file on its way. What was read of it counts only after its end: an exception means that it was not the file. */
final class Download extends Native implements \IteratorAggregate
{
    use DownloadMethods;

    protected const FREE = 'wxpay_download_free';

    /** The next bytes; '' at the end: only then length, digest and tag were right. */
    public function readSome(int $most = 65536): string
    {
        return self::readInto('wxpay_download_read', $this->at, $most);
    }

    /** @return \Generator<int, string> its bytes up to the end */
    public function getIterator(): \Generator
    {
        while (($bytes = $this->readSome()) !== '') {
            yield $bytes;
        }
    }

    /**
     * Writes it to $path, which changes only when everything came and was right: until then it is $path.part, a new
     * file that only this user can read, deleted on any error. \LogicException after a read.
     *
     * @param callable|null $progress given received() and total()
     */
    public function save(string $path, ?callable $progress = null): void
    {
        if ($this->received() !== 0) {
            // The rest would pass for the whole file.
            throw new \LogicException('Something of this download was read already; begin one anew to save it.');
        }
        $umask = \umask(0077);
        // Not an old file, and not one that a link leads to.
        $file = @\fopen("$path.part", 'xb');
        \umask($umask);
        if ($file === false) {
            throw new \RuntimeException("$path.part cannot be made: " . (\error_get_last()['message'] ?? 'unknown') . '. Is another download at work, or was one killed?');
        }
        try {
            foreach ($this as $bytes) {
                if (\fwrite($file, $bytes) !== \strlen($bytes)) {
                    throw new \RuntimeException("$path.part cannot be written. Is the disk full?");
                }
                $progress === null || $progress($this->received(), $this->total());
            }
            if (!\fclose($file) || !\rename("$path.part", $path)) {
                throw new \RuntimeException("$path cannot be written.");
            }
        } catch (\Throwable $failed) {
            \unlink("$path.part");
            throw $failed;
        }
    }
}
