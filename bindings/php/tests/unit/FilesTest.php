<?php

declare(strict_types=1);

namespace LibWxPay\Tests;

use LibWxPay\Bill;
use LibWxPay\Client;
use LibWxPay\Constants;
use LibWxPay\Library;

/** Uploads, downloads, bills, encrypted fields and API v2. */
final class FilesTest extends Case_
{
    private const IMAGE = '/v3/merchant-service/images/upload';

    /** @var string */
    private $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/wxpay-' . bin2hex(random_bytes(8));
        mkdir($this->directory);
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob("{$this->directory}/*"));
        rmdir($this->directory);
    }

    /** What downloads this image. */
    private function uploaded(Client $client, string $image): array
    {
        $answer = $client->upload(self::IMAGE, '投诉 "1".png', $image);
        self::assertSame(Constants::WXPAY_VERIFIED_SIGNATURE, $answer->verified());
        return ['download_url' => '/v3/merchant-service/images/' . $answer->json()['media_id']];
    }

    public function testAnImageIsUploadedAndDownloaded(): void
    {
        $client = self::client();
        $image = random_bytes(200000);
        $source = json_encode($this->uploaded($client, $image));
        self::assertSame($image, $client->download($source));
        $parts = iterator_to_array($client->downloadOpen($source), false);
        self::assertGreaterThan(1, count($parts));
        self::assertSame($image, implode('', $parts));
    }

    public function testAFileIsThereOnlyWhenItIsWhole(): void
    {
        $client = self::client();
        $image = random_bytes(200000);
        $source = $this->uploaded($client, $image);
        $path = "{$this->directory}/image.png";
        $told = [];
        $client->downloadTo(json_encode($source), $path, static function (int $received, int $total) use (&$told): void {
            $told[] = [$received, $total];
        });
        self::assertStringEqualsFile($path, $image);
        self::assertSame([200000, 200000], end($told));
        self::assertSame(0600, fileperms($path) & 0777);
        file_put_contents($path, 'old');
        $wrong = json_encode($source + ['hash_type' => 'SHA1', 'hash_value' => sha1('another')]);
        $error = self::failure(static function () use ($client, $wrong, $path): void {
            $client->downloadTo($wrong, $path);
        });
        self::assertSame(Constants::WXPAY_STATUS_DIGEST_MISMATCH, $error->status());
        self::assertStringEqualsFile($path, 'old');
        self::assertSame([$path], glob("{$this->directory}/*"));
    }

    public function testTheRestOfAFileIsNotSavedAsTheWhole(): void
    {
        $client = self::client();
        $download = $client->downloadOpen(json_encode($this->uploaded($client, 'image')));
        $download->readSome(2);
        $this->expectException(\LogicException::class);
        try {
            $download->save("{$this->directory}/image.png");
        } finally {
            self::assertSame([], glob("{$this->directory}/*"));
        }
    }

    public function testWhatStandsInTheWayStays(): void
    {
        $client = self::client();
        $source = json_encode($this->uploaded($client, 'image'));
        $path = "{$this->directory}/image.png";
        file_put_contents("{$this->directory}/other", 'other');
        symlink("{$this->directory}/other", "$path.part");
        try {
            $client->downloadTo($source, $path);
            self::fail('nothing was thrown');
        } catch (\RuntimeException $error) {
            self::assertStringContainsString("$path.part", $error->getMessage());
        }
        self::assertStringEqualsFile("{$this->directory}/other", 'other');
    }

    public function testAProgressThatThrowsEndsIt(): void
    {
        $client = self::client();
        $source = json_encode($this->uploaded($client, 'image'));
        $this->expectException(\DomainException::class);
        try {
            $client->downloadTo($source, "{$this->directory}/image.png", static function (): void {
                throw new \DomainException('stop');
            });
        } finally {
            self::assertSame([], glob("{$this->directory}/*"));
        }
    }

    public function testADownloadIsCancelled(): void
    {
        $client = self::client();
        $download = $client->downloadOpen(json_encode($this->uploaded($client, 'image')));
        self::assertSame(0, $download->verified());
        $download->cancel();
        $error = self::failure([$download, 'readSome']);
        self::assertSame(Constants::WXPAY_STATUS_CANCELLED, $error->status());
    }

    public function testABillIsReadRowByRow(): void
    {
        $client = self::client();
        $order = self::order(['amount' => ['total' => 1234]]);
        $client->post('/v3/pay/transactions/native', $order);
        $client->post("/_sim/pay/{$order['out_trade_no']}", []);
        $today = (new \DateTime('now', new \DateTimeZone('Asia/Shanghai')))->format('Y-m-d');
        $bill = $client->bill($client->get("/v3/bill/tradebill?bill_date=$today&tar_type=GZIP")->body());
        [$sum, $found] = [0, null];
        foreach ($bill as $number => $row) {
            self::assertSame($number, $bill->row());
            $sum += $bill->fen('订单金额');
            if ($row['商户订单号'] === $order['out_trade_no']) {
                $found = $bill->fen('订单金额');
            }
        }
        self::assertSame(1234, $found);
        self::assertSame($sum, $bill->totalFen('订单总金额'));
        self::assertNull($bill->total('没有这一项'));
    }

    public function testWhatIsNoAmountIsNeverTakenForOne(): void
    {
        $bill = Bill::open("交易时间,订单金额\n`2024-01-01,`12.34\n`2024-01-02,`x\n总数,总额\n`2,`?\n");
        $bill->next();
        self::assertSame(1234, $bill->fen('订单金额'));
        $bill->next();
        foreach (['订单金额', '没有这一列'] as $column) {
            try {
                $bill->fen($column);
                self::fail('nothing was thrown');
            } catch (\UnexpectedValueException $error) {
                self::assertStringContainsString('Row 2', $error->getMessage());
            }
        }
        $this->expectException(\UnexpectedValueException::class);
        $bill->totalFen('总额');
    }

    public function testWhatIsNoBillGivesNoRow(): void
    {
        $error = self::failure(static function (): void {
            Bill::open('{"code":"NO_STATEMENT_EXIST"}');
        });
        self::assertSame(Constants::WXPAY_STATUS_MALFORMED_BILL, $error->status());
    }

    public function testFieldsAreEncryptedAndDecrypted(): void
    {
        $client = self::client();
        $body = ['name' => '张三', 'list' => [['no' => '1']], 'amount' => 1.5];
        $request = $client->request('POST', '/v3/x', $body, ['encrypt_fields' => ['/name', '/list/*/no']]);
        $sent = json_decode($request->body(), true);
        self::assertSame([344, 344, 1.5], [strlen($sent['name']), strlen($sent['list'][0]['no']), $sent['amount']]);
        foreach ([[], ['/absent'], ['/amount']] as $pointers) {
            $error = self::failure(static function () use ($client, $body, $pointers): void {
                $client->post('/v3/x', $body, ['encrypt_fields' => $pointers]);
            });
            self::assertSame(Constants::WXPAY_STATUS_INVALID_ARGUMENT, $error->status());
        }
        [$ciphertext, $keyId] = $client->encrypt('张三 😀');
        $answer = $client->post('/v3/_sim/echo-encrypted', ['ciphertext' => $ciphertext], ['key_id' => $keyId]);
        self::assertSame('张三 😀', $client->decryptFields($answer, '/reencrypted')['reencrypted']);
    }

    public function testAnOrderOfApiV2(): void
    {
        $client = self::client();
        $order = ['appid' => self::merchant()['_appid'], 'body' => '测试 <&>', 'out_trade_no' => 'v' . bin2hex(random_bytes(8)), 'total_fee' => 1,
            'spbill_create_ip' => '127.0.0.1', 'notify_url' => 'http://127.0.0.1:9/', 'trade_type' => 'NATIVE', 'product_id' => '1'];
        ['response' => $response, 'json' => $fields] = $client->v2Call('/pay/unifiedorder', $order);
        self::assertSame('SUCCESS', $fields['result_code']);
        self::assertSame(Constants::WXPAY_VERIFIED_SIGNATURE, $response->verified());
        $prepared = $client->v2Prepare('/pay/orderquery', '', ['out_trade_no' => $order['out_trade_no']]);
        $sent = $client->v2Send($prepared)['response'];
        self::assertSame('NOTPAY', $client->v2Check($prepared, 200, $sent->headers(), $sent->body())['json']['trade_state']);
        $forged = self::failure(static function () use ($client, $prepared, $sent): void {
            $client->v2Check($prepared, 200, [], str_replace('NOTPAY', 'SUCCESS', $sent->body()));
        });
        self::assertSame('UNKNOWN', $forged->outcomeName());
    }

    public function testANotificationOfApiV2MustBeSigned(): void
    {
        $client = self::client(['api_v2_sign_type' => 'MD5']);
        $fields = ['mch_id' => self::merchant()['mchid'], 'return_code' => 'SUCCESS', 'total_fee' => '100'];
        $fields['sign'] = strtoupper(md5(urldecode(http_build_query($fields)) . '&key=' . self::merchant()['api_v2_key']));
        $xml = '<xml>';
        foreach ($fields as $name => $text) {
            $xml .= "<$name>$text</$name>";
        }
        $xml .= '</xml>';
        self::assertSame($fields, $client->v2Notification($xml));
        self::assertSame($fields['sign'], $client->v2Sign('MD5', $fields));
        $error = self::failure(static function () use ($client, $xml): void {
            $client->v2Notification(str_replace('>100<', '>101<', $xml));
        });
        self::assertSame(Constants::WXPAY_STATUS_SIGNATURE_INVALID, $error->status());
        self::assertStringContainsString('SUCCESS', Library::v2Reply(0, '')->body());
    }
}
