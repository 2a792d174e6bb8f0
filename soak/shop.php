<?php

declare(strict_types=1);

// A merchant in PHP under php-fpm: one request is one session of host.c (?n=NUMBER), or a notification (POST).
// fastcgi_param SOAK_… say where: CONFIG, JOURNAL, DOWNLOADS, NOTIFY, FAULTS, PREFIX.

use LibWxPay\Client;
use LibWxPay\Constants;
use LibWxPay\Message;
use LibWxPay\Notification;
use LibWxPay\WxPayException;

final class Shop
{
    const REFUNDS = '/v3/refund/domestic/refunds';
    const TRANSFERS = '/v3/fund-app/mch-transfer/transfer-bills';
    const BY_NUMBER = '/v3/pay/transactions/out-trade-no';

    /** @var array */
    private $merchant;
    /** @var Client */
    private $client;
    /** @var string[] */
    private $faults;
    /** @var string */
    private $prefix;
    /** @var int */
    private $seq = 0;

    public function __construct(string $prefix)
    {
        $this->merchant = json_decode((string) file_get_contents($_SERVER['SOAK_CONFIG']), true);
        $options = array_filter($this->merchant, static function (string $key): bool {
            return $key[0] !== '_';
        }, ARRAY_FILTER_USE_KEY);
        $this->client = new Client($options + ['shared' => true]);
        $this->faults = array_filter(explode(',', $_SERVER['SOAK_FAULTS']));
        $this->prefix = $prefix;
    }

    private static function now(): int
    {
        return (int) (microtime(true) * 1000);
    }

    /** One line, one write. */
    private function note(int $since, string $kind, string $tag, string $order, int $amount, ?WxPayException $error, string $extra = '', int $http = 0): void
    {
        $told = $error === null ? ['OK', 'OK', $http, $extra]
            : [$error->statusName(), $error->outcomeName(), $error->httpStatus(), $extra === '' ? $error->apiCode() : $extra];
        $line = implode("\t", array_merge([$since, self::now(), $kind, $tag, $order, $amount], $told)) . "\n";
        file_put_contents($_SERVER['SOAK_JOURNAL'], $line, FILE_APPEND);
    }

    /** @return array{string, string} */
    private function tagged(string $path): array
    {
        $tag = $this->prefix . '.' . ++$this->seq;
        return [$tag, $path . (strpos($path, '?') === false ? '?' : '&') . "t=$tag"];
    }

    /** Options of a call: one in four asks for a fault. */
    private function fault(): array
    {
        if ($this->faults === [] || mt_rand(0, 3) !== 0) {
            return [];
        }
        $fault = $this->faults[array_rand($this->faults)];
        return ['headers' => ['X-Sim-Fault' => $fault]] + (strpos($fault, 'hang') === 0 ? ['timeout_ms' => 1000] : []);
    }

    /** @return array{?Message, ?WxPayException} */
    private function noted(string $kind, string $tag, string $order, int $amount, callable $work): array
    {
        $since = self::now();
        $answer = $error = null;
        try {
            $answer = $work();
        } catch (WxPayException $failed) {
            $error = $failed;
        }
        $this->note($since, $kind, $tag, $order, $amount, $error, '', $answer instanceof Message ? $answer->status() : 0);
        return [$answer, $error];
    }

    private function call(string $kind, string $method, string $path, $body, string $order, int $amount = 0, bool $steady = false): array
    {
        [$tag, $url] = $this->tagged($path);
        $options = $steady ? [] : $this->fault();
        return $this->noted($kind, $tag, $order, $amount, function () use ($method, $url, $body, $options) {
            return $this->client->call($method, $url, $body, $options);
        });
    }

    /** What is not known is asked: true it is there, false it is not, null not known. */
    private function settled(?WxPayException $error, string $order, string $kind, string $path): ?bool
    {
        $closed = [Constants::WXPAY_OUTCOME_NOT_SENT, Constants::WXPAY_OUTCOME_REJECTED];
        if ($error === null || in_array($error->outcome(), $closed, true)) {
            return $error === null;
        }
        for ($try = 0; $try < 3; $try++) {
            [, $asked] = $this->call("resolve_$kind", 'GET', $path, null, $order, 0, true);
            if ($asked === null) {
                return true;
            }
            if ($asked->outcome() === Constants::WXPAY_OUTCOME_REJECTED && $asked->httpStatus() === 404) {
                return false;
            }
        }
        return null;
    }

    public function session(): void
    {
        ['_appid' => $appid, 'mchid' => $mchid] = $this->merchant;
        $order = "{$this->prefix}s";
        $total = mt_rand(100, 999);
        $what = mt_rand(0, 99);
        [, $error] = $this->call('order', 'POST', '/v3/pay/transactions/native', [
            'appid' => $appid, 'mchid' => $mchid, 'description' => 'soak', 'out_trade_no' => $order,
            'notify_url' => $_SERVER['SOAK_NOTIFY'], 'amount' => ['total' => $total, 'currency' => 'CNY'],
        ], $order, $total);
        if ($error !== null && $error->outcome() === Constants::WXPAY_OUTCOME_NOT_SENT) {
            usleep(100000); // the simulator is away
        }
        $query = self::BY_NUMBER . "/$order?mchid=$mchid";
        if ($this->settled($error, $order, 'order', $query) === true) {
            if ($what < 60) {
                $kind = ['kind' => ['good', 'good', 'good', 'bad_signature', 'sign_probe'][mt_rand(0, 4)]];
                [, $error] = $this->call('pay', 'POST', "/_sim/pay/$order", $kind, $order, $total, true);
                if ($error === null) {
                    $this->call('query', 'GET', $query, null, $order, $total);
                    $what < 30 && $this->refund($order, $total);
                }
            } elseif ($what < 75) {
                $this->call('close', 'POST', self::BY_NUMBER . "/$order/close", ['mchid' => $mchid], $order, $total);
            } else {
                $this->call('query', 'GET', $query, null, $order, $total);
            }
        }
        $this->localCalls();
        $this->other($order, $appid);
    }

    /** Calls that send nothing: signing, and refusing a forged answer. Many: what is lost in one is found in many. */
    private function localCalls(): void
    {
        [$since, $calls] = [self::now(), 0];
        $forged = ['Wechatpay-Timestamp' => '1', 'Wechatpay-Nonce' => 'x', 'Wechatpay-Signature' => 'eA==', 'Wechatpay-Serial' => '1'];
        for ($at = 0; $at < 50; $at++) {
            $prepared = $this->client->prepare('POST', '/v3/pay/transactions/native', []);
            try {
                $this->client->check($prepared, 200, $forged, '{}');
                throw new RuntimeException('a forged answer was believed');
            } catch (WxPayException $error) {
                $calls += 2;
            }
        }
        $this->note($since, 'local', $this->prefix, '-', $calls, null);
    }

    private function refund(string $order, int $total): void
    {
        foreach ([['refund', "R$order", intdiv($total, 3)], ['refund_over', "V$order", $total]] as [$kind, $number, $amount]) {
            [, $error] = $this->call($kind, 'POST', self::REFUNDS, [
                'out_trade_no' => $order, 'out_refund_no' => $number, 'notify_url' => $_SERVER['SOAK_NOTIFY'],
                'amount' => ['refund' => $amount, 'total' => $total, 'currency' => 'CNY'],
            ], $order, $amount, $kind !== 'refund');
            if ($this->settled($error, $order, $kind, self::REFUNDS . "/$number") !== true) {
                return;
            }
        }
    }

    private function other(string $order, string $appid): void
    {
        $what = mt_rand(0, 99);
        if ($what < 20) {
            [$tag, $url] = $this->tagged('/v3/merchant-service/images/upload');
            $file = str_repeat('x', mt_rand(1000, 60000));
            $options = $this->fault();
            $this->noted('upload', $tag, '-', 0, function () use ($url, $file, $options) {
                return $this->client->upload($url, 'a.png', $file, '', null, $options);
            });
        } elseif ($what < 24) {
            $this->bill();
        } elseif ($what < 40) {
            $known = ['appid' => $appid, 'out_trade_no' => "W$order"];
            $placed = $known + ['body' => 'soak', 'total_fee' => 100, 'product_id' => '1', 'spbill_create_ip' => '127.0.0.1',
                'notify_url' => 'http://127.0.0.1:9/', 'trade_type' => 'NATIVE'];
            foreach ([['v2_order', 'unifiedorder', $placed], ['v2_query', 'orderquery', $known]] as [$kind, $path, $body]) {
                // No query in API v2; the number is the tag.
                [, $error] = $this->noted($kind, 'v2', "W$order", 100, function () use ($path, $body) {
                    return $this->client->v2Call("/pay/$path", $body)['response'];
                });
                if ($error !== null) {
                    break;
                }
            }
        } elseif ($what < 52) {
            [, $error] = $this->call('transfer', 'POST', self::TRANSFERS, [
                'appid' => $appid, 'out_bill_no' => "T$order", 'transfer_scene_id' => '1000', 'openid' => 'oSIM1',
                'transfer_amount' => 100, 'transfer_remark' => 'soak', 'notify_url' => $_SERVER['SOAK_NOTIFY'],
                'transfer_scene_report_infos' => [['info_type' => 'a', 'info_content' => 'x']],
            ], "T$order", 100);
            $this->settled($error, "T$order", 'transfer', self::TRANSFERS . "/out-bill-no/T$order");
        } elseif ($what < 54) {
            $this->noted('refresh', '-', '-', 0, function () {
                $this->client->refreshCertificates();
            });
        }
    }

    private function bill(): void
    {
        $day = gmdate('Y-m-d', time() + 8 * 3600);
        [$answer, $error] = $this->call('bill', 'GET', "/v3/bill/tradebill?bill_date=$day" . ['', '&tar_type=GZIP'][mt_rand(0, 1)], null, '-');
        if ($error === null) {
            [$tag] = $this->tagged('');
            $since = self::now();
            try {
                $this->client->downloadTo($answer->body(), "{$_SERVER['SOAK_DOWNLOADS']}/$tag");
            } catch (WxPayException $failed) {
                $error = $failed;
            }
            $this->note($since, 'download', $tag, '-', 0, $error, $answer->json()['hash_value']);
        }
    }

    public function notified(): void
    {
        $since = self::now();
        $body = (string) file_get_contents('php://input');
        [$error, $order, $amount] = [null, '-', 0];
        try {
            $notification = $this->client->notification($_SERVER, $body);
            $resource = $notification->json()['resource'];
            [$order, $amount] = [$resource['out_trade_no'] ?? '-', $resource['amount']['total'] ?? 0];
            [$id, $reply] = [$notification->id(), Notification::replyOk()];
        } catch (WxPayException $failed) {
            // The id of a refused one is only a claim, to find the line again.
            [$error, $id, $reply] = [$failed, json_decode($body, true)['id'], $failed->reply()];
        }
        $this->note($since, 'notify', '-', $order, $amount, $error, $id);
        http_response_code($reply->status());
        echo $reply->body();
    }
}

$shop = new Shop($_SERVER['SOAK_PREFIX'] . ($_GET['n'] ?? ''));
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $shop->notified();
} else {
    $shop->session();
    echo getmypid();
}
