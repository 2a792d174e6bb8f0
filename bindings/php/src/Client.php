<?php

declare(strict_types=1);

namespace LibWxPay;

use LibWxPay\Generated\ClientMethods;

/** One merchant: signs, sends, verifies, and opens notifications. */
final class Client extends Native
{
    use ClientMethods;

    protected const FREE = 'wxpay_client_free';

    /** @param array<string, mixed>|Config $options configuration keys, as for Config */
    public function __construct(
        #[\SensitiveParameter]
        $options
    ) {
        $config = $options instanceof Config ? $options : new Config($options);
        $this->at = self::invoke('wxpay_client_new', ['handle'], $config->at);
    }

    /** From environment variables: the keys in upper case behind the prefix. What $options sets wins. */
    public static function fromEnv(
        string $prefix = 'WXPAY_',
        #[\SensitiveParameter]
        array $options = []
    ): self {
        $config = new Config($options);
        $config->loadEnv($prefix);
        return new self($config);
    }

    /** From a JSON object of configuration keys. */
    public static function fromJson(
        #[\SensitiveParameter]
        string $json
    ): self {
        $config = new Config();
        $config->loadJson($json);
        return new self($config);
    }

    /**
     * Signs, sends and verifies. On failure look at the exception's outcome() before anything is sent again.
     *
     * @param mixed $body text is sent as it is; anything else becomes JSON
     * @param array<string, mixed> $options for this call only: timeout_ms, idempotent, key_id, headers; encrypt_fields,
     *     JSON pointers to what is encrypted in the body, a list or a line each
     * @throws WxPayException
     */
    public function call(string $method, string $url, $body = null, array $options = []): Message
    {
        return $this->send($this->request($method, $url, $body, $options));
    }

    /** A request for send, explainRequest and cancel; arguments as for call. */
    public function request(string $method, string $url, $body = null, array $options = []): Message
    {
        return $this->with(Message::newRequest($method, $url, Json::encode($body)), $options);
    }

    /**
     * Verifies what your transport received for a message of v2Prepare.
     *
     * @return array{response: Message, json: array} as for v2Call
     */
    public function v2Check(Message $prepared, int $status, $headers, string $body): array
    {
        $response = Message::response($status, $headers, $body);
        return ['response' => $response, 'json' => self::invoke('wxpay_v2_check', ['json'], $this->at, $prepared->at, $response->at)];
    }

    /**
     * Verifies what your transport received for a prepared request. Its body is only handed out by the result.
     *
     * @param string|iterable $headers as for Message::addHeaders
     * @throws WxPayException
     */
    public function check(Message $prepared, int $status, $headers, string $body): Message
    {
        $response = Message::response($status, $headers, $body);
        self::invoke('wxpay_client_check', [], $this->at, $prepared->at, $response->at, 0);
        return $response;
    }

    /**
     * Verifies and decrypts a notification. No network. Answer with its replyOk(), or the exception's reply().
     *
     * @param string|iterable $headers `$_SERVER`, getallheaders() or PSR-7 headers
     * @param string $body the raw body: file_get_contents('php://input')
     * @throws WxPayException
     */
    public function notification($headers, string $body): Notification
    {
        $received = Message::response(0, $headers, $body);
        return self::invoke('wxpay_notify_open', [Notification::class], $this->at, $received->at, 0);
    }

    /**
     * Encrypts a sensitive field. Send the key id with it, as the option key_id.
     *
     * @param string $keyId empty: the newest
     * @return string[] ciphertext and the id of the key that was used
     */
    public function encrypt(
        #[\SensitiveParameter]
        string $plaintext,
        string $keyId = ''
    ): array {
        $gives = ['ciphertext' => 'bytes', 'key_id' => 'bytes'];
        return \array_values(self::invoke('wxpay_client_encrypt', $gives, $this->at, $keyId, \strlen($keyId), $plaintext, \strlen($plaintext)));
    }

    protected function with(Message $request, array $options): Message
    {
        $pointers = $options['encrypt_fields'] ?? null;
        $request->addHeaders($options['headers'] ?? []);
        unset($options['headers'], $options['encrypt_fields']);
        foreach ($options as $name => $value) {
            $request->set((string) $name, self::text($name, $value ?? ''));
        }
        if ($pointers !== null) {
            $this->encryptFields($request, self::text('encrypt_fields', $pointers));
        }
        return $request;
    }
}
