<?php

declare(strict_types=1);

// How a merchant's PHP calls WeChat Pay without a library: openssl_sign as wechatpay-php has it, ext-curl, openssl_verify.

final class CurlMerchant
{
    private array $merchant;
    private string $order;
    private $private;
    private $public;
    /** The handle that is kept; NULL: a new one at each request. */
    private $curl;

    public function __construct(string $merchant, string $order, bool $keep)
    {
        $this->merchant = json_decode((string) file_get_contents($merchant), true);
        $this->order = (string) file_get_contents($order);
        $this->private = openssl_pkey_get_private((string) file_get_contents($this->merchant['private_key_file']));
        $this->public = openssl_pkey_get_public((string) file_get_contents($this->merchant['public_key_file']));
        if ($keep) {
            $this->curl = curl_init();
        }
    }

    public function authorization(): string
    {
        $symbols = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
        $nonce = implode('', array_map(static function (string $byte) use ($symbols): string {
            return $symbols[ord($byte) % 62];
        }, str_split(random_bytes(32))));
        $time = (string) time();
        openssl_sign(implode("\n", ['POST', TARGET, $time, $nonce, $this->order, '']), $signature, $this->private, OPENSSL_ALGO_SHA256);
        return sprintf(
            'WECHATPAY2-SHA256-RSA2048 mchid="%s",serial_no="%s",timestamp="%s",nonce_str="%s",signature="%s"',
            $this->merchant['mchid'], $this->merchant['merchant_serial'], $time, $nonce, base64_encode($signature)
        );
    }

    public function request(): array
    {
        $curl = $this->curl ?? curl_init();
        $headers = [];
        curl_setopt_array($curl, [
            CURLOPT_URL => $this->merchant['base_url'] . TARGET,
            CURLOPT_CAINFO => $this->merchant['_bundle_file'],
            CURLOPT_POSTFIELDS => $this->order,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => 5,
            CURLOPT_TIMEOUT => 30,
            CURLOPT_HTTPHEADER => [
                'Accept: application/json', 'Content-Type: application/json', 'User-Agent: wechatpay-php/1.4.9',
                'Wechatpay-Serial: ' . $this->merchant['public_key_id'], 'Authorization: ' . $this->authorization(),
            ],
            CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$headers): int {
                $parts = explode(':', $line, 2);
                if (count($parts) === 2) {
                    $headers[strtolower($parts[0])] = trim($parts[1]);
                }
                return strlen($line);
            },
        ]);
        $body = curl_exec($curl);
        if ($body === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new RuntimeException(curl_error($curl));
        }
        $time = $headers['wechatpay-timestamp'];
        $signed = "$time\n{$headers['wechatpay-nonce']}\n$body\n";
        if (abs(time() - (int) $time) > 300 || $headers['wechatpay-serial'] !== $this->merchant['public_key_id']
            || openssl_verify($signed, base64_decode($headers['wechatpay-signature']), $this->public, OPENSSL_ALGO_SHA256) !== 1) {
            throw new RuntimeException('not genuine');
        }
        return json_decode($body, true);
    }
}
