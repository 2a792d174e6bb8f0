<?php

declare(strict_types=1);

/** Each operation: the members of `in` it takes, and what it finds for `want`. Objects end with the process. */
final class Operations
{
    public const TAKES = [
        'canonical_request' => ['method', 'url', 'timestamp', 'nonce', 'body'], 'canonical_response' => ['timestamp', 'nonce', 'body'],
        'sign' => ['key', 'message'], 'verify' => ['key', 'message', 'signature'], 'aead_decrypt' => ['key', 'nonce', 'aad', 'ciphertext'],
        'oaep_decrypt' => ['key', 'ciphertext'], 'oaep_encrypt' => ['key', 'private_key', 'plaintext'], 'key_load' => ['data', 'passphrase'],
        'key_matches_cert' => ['key', 'cert'], 'config_set' => ['key', 'value'], 'client_new' => ['config'], 'message_set' => ['key', 'value'],
        'header' => ['headers', 'block', 'name'], 'prepare' => ['client', 'method', 'url', 'body', 'headers'],
        'prepare_unsigned' => ['client', 'method', 'url', 'body', 'headers', 'sign_key'], 'check' => ['client', 'method', 'url', 'body', 'response'],
        'notify_open' => ['client', 'headers', 'block', 'body'], 'notify_reply' => ['result', 'reason'], 'pay' => ['client', 'kind', 'appid', 'prepay_id'],
        'pay_unsigned' => ['client', 'kind', 'appid', 'prepay_id', 'sign_key'], 'pay_h5_url' => ['h5_url', 'redirect_url'],
        'client_encrypt' => ['client', 'key_id', 'plaintext', 'private_key'], 'client_decrypt' => ['client', 'ciphertext'],
        'load_certificates' => ['client', 'response'], 'status' => ['code'], 'explain_text' => ['text'], 'trust_report' => ['client'],
        'upload' => ['client', 'url', 'meta', 'filename', 'content_type', 'file'], 'encrypt_fields' => ['client', 'url', 'body', 'pointers', 'private_key'],
        'decrypt_fields' => ['client', 'method', 'url', 'body', 'pointers', 'response'], 'bill' => ['csv', 'totals'],
        'v2_sign' => ['client', 'sign_type', 'json'], 'v2_prepare' => ['client', 'path', 'sign_type', 'json'],
        'v2_check' => ['client', 'request', 'response'], 'v2_refund_open' => ['client', 'req_info'], 'v2_reply' => ['result', 'reason'],
        'pay_score' => ['client', 'package'], 'explain_response' => ['client', 'method', 'url', 'body', 'response'],
        'trust_probe' => ['client', 'host', 'port', 'bind_address'], 'call' => ['config', 'method', 'url', 'body'],
    ];

    /** What was found before a call failed. @var array<string, mixed> */
    public $found = [];
    /** @var Abi */
    private $abi;
    /** @var callable(mixed): string */
    private $bytes;
    /** @var array<string, array<string, mixed>> */
    private $configurations;
    /** @var array<string, FFI\CData> */
    private $clients = [];

    public function __construct(Abi $abi, callable $bytes, array $configurations)
    {
        [$this->abi, $this->bytes, $this->configurations] = [$abi, $bytes, $configurations];
    }

    /** @return array<string, mixed> what was found, and what `want` has for it where that is not plain */
    public function run(string $operation, array $in, int $now, array $want): array
    {
        $abi = $this->abi;
        $this->found = [];
        foreach ($in as $name => $value) {
            if (!in_array($name, ['client', 'kind', 'config', 'headers', 'request', 'response', 'result', 'code', 'port'], true) && !($operation === 'header' && $name === 'name')) {
                $in[$name] = ($this->bytes)($value);
            }
        }
        switch ($operation) {
            case 'canonical_request':
                return ['text' => $abi->bytes($operation, $in['method'], $in['url'], $in['timestamp'], $in['nonce'], $in['body'])];
            case 'canonical_response':
                return ['text' => $abi->bytes($operation, $in['timestamp'], $in['nonce'], $in['body'])];
            case 'sign':
                return ['signature' => $abi->bytes('sign', $this->key($in['key']), $in['message'])];
            case 'verify':
                $abi->call('verify', 0, $this->key($in['key']), $in['message'], $in['signature']);
                return [];
            case 'aead_decrypt':
                return ['plaintext' => $abi->bytes($operation, $in['key'], $in['nonce'], $in['aad'], $in['ciphertext'])];
            case 'oaep_decrypt':
                return ['plaintext' => $abi->bytes($operation, $this->key($in['key']), $in['ciphertext'])];
            case 'oaep_encrypt':
                [$public, $private] = [$this->key($in['key']), $this->key($in['private_key'])];
                return ['plaintext' => $abi->bytes('oaep_decrypt', $private, $abi->bytes($operation, $public, $in['plaintext']))];
            case 'key_load':
                $info = json_decode($abi->bytes('key_info', $this->key($in['data'], $in['passphrase'])), true);
                return ['info' => array_intersect_key($info, $want['info'] ?? [])];
            case 'key_matches_cert':
                $abi->call($operation, 0, $this->key($in['key']), $in['cert']);
                return [];
            case 'config_set':
                $abi->call($operation, 0, $abi->call('config_new', 1)[0], $in['key'], $in['value']);
                return [];
            case 'client_new':
                $this->client($in['config']);
                return [];
            case 'message_set':
                $abi->call($operation, 0, $abi->call('message_new_request', 1, 'GET', '/v3/certificates', '')[0], $in['key'], $in['value']);
                return [];
            case 'header':
                return ['value' => $abi->get('message_header', $this->response(200, $in, ''), $in['name'])];
            case 'prepare':
                $request = $this->request($in);
                return $this->prepared($abi->call('client_prepare', 1, $this->named($in['client']), $request, $now)[0], $want);
            case 'prepare_unsigned':
                [$request, $toSign, $digest] = $abi->call('client_prepare_unsigned', 3, $this->named($in['client']), $this->request($in), $now);
                $toSign = $abi->taken($toSign);
                $abi->taken($digest) === hash('sha256', $toSign, true) || $this->wrong('to_sign_sha256 is another digest');
                $abi->call('message_attach_signature', 0, $request, $abi->bytes('sign', $this->key($in['sign_key']), $toSign));
                return $this->prepared($request, $want, $toSign);
            case 'check':
                $response = null;
                try {
                    $request = $this->request($in);
                    $response = $this->response($in['response']['status'], $in['response'], ($this->bytes)($in['response']['body']));
                    $abi->call('client_check', 0, $this->named($in['client']), $request, $response, $now);
                } finally {
                    $this->found = ['verified' => $abi->get('message_verified', $response)];
                }
                return $this->found;
            case 'notify_open':
                [$notify] = $abi->call($operation, 1, $this->named($in['client']), $this->response(0, $in, $in['body']), $now);
                $found = ['notify_id' => $abi->get('notify_id', $notify), 'plaintext' => $abi->data('notify_plaintext', $notify)];
                foreach (['event_type', 'resource_type', 'original_type', 'create_time', 'summary', 'serial', 'json', 'timestamp'] as $name) {
                    $found[$name] = $abi->get("notify_$name", $notify);
                }
                return $found;
            case 'notify_reply':
                [$reply] = $abi->call($operation, 1, $in['result'], $in['reason']);
                return ['http_status' => $abi->get('message_status', $reply), 'body' => $abi->data('message_body', $reply),
                    'content_type' => $abi->get('message_header', $reply, 'Content-Type')];
            case 'pay':
                return $this->parameters($abi->bytes("pay_{$in['kind']}", $this->named($in['client']), $in['appid'], $in['prepay_id'], $now), $want);
            case 'pay_unsigned':
                [$parameters, $toSign, $digest] = $abi->call($operation, 3, $this->named($in['client']), $in['kind'], $in['appid'], $in['prepay_id'], $now);
                $toSign = $abi->taken($toSign);
                $abi->taken($digest) === hash('sha256', $toSign, true) || $this->wrong('to_sign_sha256 is another digest');
                $signature = $abi->bytes('sign', $this->key($in['sign_key']), $toSign);
                return $this->parameters($abi->bytes('pay_attach', $abi->taken($parameters), $signature), $want, $toSign);
            case 'pay_h5_url':
                return ['url' => $abi->bytes($operation, $in['h5_url'], $in['redirect_url'])];
            case 'client_encrypt':
                [$ciphertext, $id] = $abi->call($operation, 2, $this->named($in['client']), $in['key_id'], $in['plaintext']);
                $private = $this->key($in['private_key']);
                return ['plaintext' => $abi->bytes('oaep_decrypt', $private, $abi->taken($ciphertext)), 'used_key_id' => $abi->taken($id)];
            case 'client_decrypt':
                return ['plaintext' => $abi->bytes($operation, $this->named($in['client']), $in['ciphertext'])];
            case 'load_certificates':
                $client = $this->client($this->configurations[$in['client']]);
                try {
                    $response = $this->response($in['response']['status'], $in['response'], ($this->bytes)($in['response']['body']));
                    $abi->call('client_load_certificates', 0, $client, $response, $now);
                } finally {
                    $this->found = ['due' => $abi->get('client_certificates_due', $client, $now)];
                }
                return $this->found;
            case 'upload':
                [$upload] = $abi->call('message_new_upload', 1, $in['url'], $in['meta'], $in['filename'], $in['content_type'], $in['file']);
                [$prepared] = $abi->call('client_prepare', 1, $this->named($in['client']), $upload, $now);
                preg_match('#^multipart/form-data; boundary=([0-9A-Za-z]{32,70})$#D', $abi->get('message_header', $prepared, 'Content-Type'), $match) === 1 || $this->wrong('Content-Type');
                // The boundary is another one each time.
                $body = str_replace('{boundary}', $match[1], ($this->bytes)($want['body'] ?? ''));
                return ($body === $abi->data('message_body', $prepared) ? ['body' => $want['body']] : []) + $this->prepared($prepared, $want);
            case 'encrypt_fields':
                return $this->sealed($in, $want);
            case 'decrypt_fields':
                $response = $this->response($in['response']['status'], $in['response'], ($this->bytes)($in['response']['body']));
                $abi->call('client_check', 0, $this->named($in['client']), $this->request($in), $response, $now);
                return ['json' => $abi->bytes('client_decrypt_fields', $this->named($in['client']), $response, $in['pointers'])];
            case 'bill':
                return $this->bill($in);
            case 'v2_sign':
                return ['signature' => $abi->bytes($operation, $this->named($in['client']), $in['sign_type'], $in['json'])];
            case 'v2_prepare':
                [$prepared] = $abi->call($operation, 1, $this->named($in['client']), $in['path'], $in['sign_type'], $in['json']);
                $fields = $abi->bytes('v2_check', $this->named($in['client']), null, $this->response(200, [], $abi->data('message_body', $prepared)));
                return ['method' => $abi->get('message_method', $prepared), 'url' => $abi->get('message_url', $prepared), 'fields' => json_decode($fields, true),
                    'content_type' => $abi->get('message_header', $prepared, 'Content-Type')];
            case 'v2_check':
                $request = null;
                if (isset($in['request'])) {
                    $asked = array_map($this->bytes, $in['request']);
                    [$request] = $abi->call('v2_prepare', 1, $this->named($in['client']), $asked['path'], $asked['sign_type'], $asked['json']);
                }
                $response = $this->response($in['response']['status'], $in['response'], ($this->bytes)($in['response']['body']));
                try {
                    $fields = json_decode($abi->bytes($operation, $this->named($in['client']), $request, $response), true);
                } finally {
                    $this->found = ['verified' => $abi->get('message_verified', $response)];
                }
                return $this->found + ['fields' => $fields];
            case 'v2_refund_open':
                $opened = json_decode($abi->bytes($operation, $this->named($in['client']), $in['req_info']), true);
                array_keys($opened) === ['authenticated', 'refund'] && $opened['authenticated'] === false || $this->wrong('not unauthenticated');
                return ['refund' => $opened['refund']];
            case 'v2_reply':
                [$reply] = $abi->call($operation, 1, $in['result'], $in['reason']);
                return ['http_status' => $abi->get('message_status', $reply), 'body' => $abi->data('message_body', $reply),
                    'content_type' => $abi->get('message_header', $reply, 'Content-Type')];
            case 'pay_score':
                $json = $abi->bytes($operation, $this->named($in['client']), $in['package'], $now);
                $members = json_decode($json, true);
                $members['sign'] === $abi->bytes('v2_sign', $this->named($in['client']), 'HMAC-SHA256', $json) || $this->wrong('the sign is another');
                preg_match('/^[0-9A-Za-z]{32}$/D', $members['nonce_str']) === 1 || $this->wrong('nonce_str');
                unset($members['sign'], $members['nonce_str']);
                return ['members' => $members];
            case 'explain_response':
                [$prepared] = $abi->call('client_prepare', 1, $this->named($in['client']), $this->request($in), $now);
                preg_match('/nonce_str="([^"]*)"/', $abi->get('message_header', $prepared, 'Authorization'), $match);
                $body = str_replace('{nonce}', $match[1], ($this->bytes)($in['response']['body']));
                $response = $this->response($in['response']['status'], $in['response'], $body);
                return self::reported($abi->bytes($operation, $this->named($in['client']), $prepared, $response, $now), $want);
            case 'status':
                return ['name' => $abi->get('status_name', $in['code']), 'en' => $abi->get('status_text', $in['code'], 0), 'zh' => $abi->get('status_text', $in['code'], 1)];
            case 'explain_text':
                return self::reported($abi->bytes($operation, $in['text']), $want);
            case 'trust_report':
                return self::reported($abi->bytes($operation, $this->named($in['client'] ?? null), $now), $want);
            case 'trust_probe':
                return self::reported($abi->bytes($operation, $this->named($in['client'] ?? null), $in['host'], $in['port'], $in['bind_address'], $now), $want);
            case 'call':
                $abi->call('client_call', 1, $this->client($in['config']), $in['method'], $in['url'], $in['body']);
                return self::reported('{}', $want); // nothing was diagnosed
        }
        throw new LogicException("$operation is no operation");
    }

    /**
     * What `want` asks of a report, or of the JSON of an error: `among` and `diagnosis_text` are given back where they hold.
     *
     * @return array<string, mixed>
     */
    public static function reported(string $json, array $want): array
    {
        $report = json_decode($json, true, 512, JSON_THROW_ON_ERROR);
        $ids = array_column($report['diagnosis'] ?? [], 'id');
        $found = ['report_status' => $report['status'] ?? null, 'ids' => implode(' ', $ids), 'first' => $ids[0] ?? null];
        $found += ['verdict' => $report['verdict'] ?? null, 'language' => $report['language'] ?? null];
        $among = $want['among'] ?? '';
        $found['among'] = array_diff(explode(' ', $among), $ids) === [] ? $among : $found['ids'];
        $text = $report['diagnosis'][0]['text'] ?? '';
        $found['diagnosis_text'] = isset($want['diagnosis_text']) && strpos($text, $want['diagnosis_text']) !== false ? $want['diagnosis_text'] : $text;
        return array_intersect_key($found, $want);
    }

    /** The body is the expected one with a ciphertext in each place, and each opens. */
    private function sealed(array $in, array $want): array
    {
        $abi = $this->abi;
        [$request] = $abi->call('message_new_request', 1, 'POST', $in['url'], $in['body']);
        [$private, $client] = [$this->key($in['private_key']), $this->named($in['client'])];
        $abi->call('client_encrypt_fields', 0, $client, $request, $in['pointers']);
        [$prepared] = $abi->call('client_prepare', 1, $client, $request, 0);
        [$body, $plaintexts] = [$abi->data('message_body', $prepared), []];
        foreach (explode('<ciphertext>', ($this->bytes)($want['body'] ?? '')) as $number => $piece) {
            if ($number > 0) {
                $length = strcspn($body, '"');
                $plaintexts[] = $abi->bytes('oaep_decrypt', $private, substr($body, 0, $length));
                $body = substr($body, $length);
            }
            strncmp($body, $piece, strlen($piece)) === 0 || $this->wrong("body: $body where $piece is expected");
            $body = (string) substr($body, strlen($piece));
        }
        $body === '' || $this->wrong("body: $body is left");
        return ['body' => $want['body'], 'plaintexts' => implode("\n", $plaintexts), 'serial' => $abi->get('message_header', $prepared, 'Wechatpay-Serial')];
    }

    private function bill(array $in): array
    {
        $abi = $this->abi;
        [$bill] = $abi->call('bill_open', 1, $in['csv']);
        $columns = range(0, $abi->get('bill_column_count', $bill) - 1);
        $of = static function (string $getter) use ($abi, $bill, $columns): array {
            return array_map(static function (int $at) use ($abi, $bill, $getter) {
                return $abi->get("bill_$getter", $bill, $at);
            }, $columns);
        };
        $row = static function (array $cells): string {
            return implode("\t", $cells) . "\n";
        };
        $amount = static function (int $fen): string {
            return $fen === PHP_INT_MIN ? '-' : (string) $fen;
        };
        $found = ['columns' => $row($of('column_name')), 'rows' => '', 'fen' => '', 'marks' => '', 'totals' => '', 'row_count' => $abi->get('bill_row_count', $bill)];
        for ($number = 1;; $number++) {
            $abi->call('bill_next', 0, $bill);
            if ($abi->get('bill_row', $bill) === 0) {
                break;
            }
            $abi->get('bill_row', $bill) === $number || $this->wrong("row $number has another number");
            $found['rows'] .= $row($of('field'));
            $found['fen'] .= $row(array_map($amount, $of('fen')));
            $found['marks'] .= implode('', $of('is_text')) . "\n";
        }
        foreach (explode("\n", $in['totals']) as $name) {
            $found['totals'] .= $row([$name, $abi->get('bill_total', $bill, $name) ?? '~', $amount($abi->get('bill_total_fen', $bill, $name))]);
        }
        return $found;
    }

    private function key(string $data, string $passphrase = ''): FFI\CData
    {
        return $this->abi->call('key_load', 1, $data, $passphrase)[0];
    }

    private function client(array $configuration): FFI\CData
    {
        [$config] = $this->abi->call('config_new', 1);
        foreach ($configuration as $key => $value) {
            $this->abi->call('config_set', 0, $config, (string) $key, ($this->bytes)($value));
        }
        return $this->abi->call('client_new', 1, $config)[0];
    }

    private function named(?string $name): ?FFI\CData
    {
        return $name === null ? null : $this->clients[$name] ?? $this->clients[$name] = $this->client($this->configurations[$name]);
    }

    private function request(array $in): FFI\CData
    {
        [$request] = $this->abi->call('message_new_request', 1, $in['method'], $in['url'], $in['body']);
        return $this->withHeaders($request, $in);
    }

    private function response(int $status, array $in, string $body): FFI\CData
    {
        return $this->withHeaders($this->abi->call('message_new_response', 1, $status, $body)[0], $in);
    }

    private function withHeaders(FFI\CData $message, array $in): FFI\CData
    {
        if (isset($in['block'])) {
            $this->abi->call('message_add_header_block', 0, $message, $in['block']);
        }
        foreach ($in['headers'] ?? [] as [$name, $value]) {
            $this->abi->call('message_add_header', 0, $message, ($this->bytes)($name), ($this->bytes)($value));
        }
        return $message;
    }

    private function prepared(FFI\CData $message, array $want, ?string $toSign = null): array
    {
        $abi = $this->abi;
        $found = ['method' => $abi->get('message_method', $message), 'url' => $abi->get('message_url', $message), 'body' => $abi->data('message_body', $message)];
        foreach ($want['headers'] ?? [] as $name => $value) {
            $found['headers'][$name] = $abi->get('message_header', $message, $name);
        }
        if (isset($want['authorization'])) {
            $of = $want['authorization'];
            [$scheme, $rest] = explode(' ', $abi->get('message_header', $message, 'Authorization'), 2);
            $members = [];
            foreach (explode(',', $rest) as $member) {
                preg_match('/^([a-z_]+)="([^"]*)"$/', $member, $match) === 1 || $this->wrong("$member in Authorization");
                $members[$match[1]] = $match[2];
            }
            preg_match('/^[0-9A-Za-z]{32}$/', $members['nonce_str'] ?? '') === 1 || $this->wrong('nonce_str');
            $this->signed($of, $members['nonce_str'], $members['signature'], $toSign);
            unset($members['nonce_str'], $members['signature']);
            $found['authorization'] = ['scheme' => $scheme, 'members' => $members] + $of;
        }
        return $found;
    }

    private function parameters(string $json, array $want, ?string $toSign = null): array
    {
        $members = json_decode($json, true);
        [$nonce, $signature] = [$want['nonce_member'] ?? '', $want['signature_member'] ?? ''];
        $this->signed($want, $members[$nonce], $members[$signature], $toSign);
        unset($members[$nonce], $members[$signature]);
        return ['members' => $members] + array_intersect_key($want, array_flip(['nonce_member', 'signature_member', 'canonical', 'verify_key']));
    }

    private function signed(array $of, string $nonce, string $signature, ?string $toSign): void
    {
        preg_match('/^[0-9A-Za-z]{32}$/D', $nonce) === 1 || $this->wrong("the nonce is $nonce");
        $canonical = str_replace('{nonce}', $nonce, ($this->bytes)($of['canonical']));
        $toSign === null || $toSign === $canonical || $this->wrong('to_sign is not canonical');
        $this->abi->call('verify', 0, $this->key(($this->bytes)($of['verify_key'])), $canonical, $signature);
    }

    private function wrong(string $what): bool
    {
        throw new LogicException($what);
    }
}
