<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\ConfigMethods;

/** Configuration by name; docs/configuration.md lists the keys. */
final class Config extends Native
{
    use ConfigMethods;

    protected const FREE = 'wxpay_config_free';
    private const MAPS = ['public_keys' => 'public_key.', 'public_key_files' => 'public_key_file.', 'bind_hosts' => 'bind_host.'];

    /**
     * @param array<string, mixed> $options text, numbers, booleans; lists become lines; NULL is left out.
     *     `public_keys`, `public_key_files` (by key id) and `bind_hosts` (by host) are maps.
     */
    public function __construct(
        #[\SensitiveParameter]
        array $options = []
    ) {
        $this->at = self::invoke('wxpay_config_new', ['handle']);
        try {
            foreach ($options as $key => $value) {
                if (isset(self::MAPS[$key]) && !\is_array($value ?? [])) {
                    throw new \InvalidArgumentException("$key must be an array: [name => value].");
                }
                foreach (isset(self::MAPS[$key]) ? $value ?? [] : ['' => $value] as $id => $one) {
                    if ($one !== null) {
                        $this->set((self::MAPS[$key] ?? $key) . $id, self::text($key, $one));
                    }
                }
            }
        } catch (\Throwable $refused) {
            // PHP does not do it for an object whose constructor threw.
            $this->__destruct();
            throw $refused;
        }
    }
}
