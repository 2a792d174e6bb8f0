using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace LibWxPay.Tests
{
    /// <summary>Uploads, downloads, bills, encrypted fields and API v2.</summary>
    public static class FilesAndV2
    {
        private const string Upload = "/v3/merchant-service/images/upload";

        private static byte[] Image(int size) => Enumerable.Range(0, size).Select(at => (byte)(at * at >> 3)).ToArray();

        /// <summary>The JSON that downloads it.</summary>
        private static string Uploaded(byte[] image, string more = "")
        {
            using (Message answer = Sim.Client.Upload(Upload, "投诉 \"1\".png", image))
            {
                Expect.Equal(Constants.WXPAY_VERIFIED_SIGNATURE, answer.Verified);
                return "{\"download_url\":" + Json.Quote("/v3/merchant-service/images/" + Json.At(answer.Text, "media_id")) + more + "}";
            }
        }

        private static void InDirectory(Action<string> use)
        {
            string directory = Path.Combine(Path.GetTempPath(), "wxpay-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(directory);
            try { use(directory); }
            finally { Directory.Delete(directory, true); }
        }

        [Test]
        public static void an_image_is_uploaded_and_downloaded()
        {
            byte[] image = Image(200000);
            string source = Uploaded(image);
            Expect.True(Sim.Client.Download(source).SequenceEqual(image), "the same bytes");
            using (Download download = Sim.Client.DownloadOpen(source))
            {
                var got = new MemoryStream();
                long told = 0;
                download.CopyTo(got, (received, total) => told = received);
                Expect.True(got.ToArray().SequenceEqual(image), "the same bytes");
                Expect.Equal(200000L, told);
                Expect.True(download.Verified != 0, "at its end");
            }
        }

        [Test]
        public static void a_file_is_there_only_when_it_is_whole()
        {
            byte[] image = Image(200000);
            InDirectory(directory =>
            {
                string path = Path.Combine(directory, "image.png");
                for (int round = 0; round < 2; round++) Sim.Client.DownloadTo(Uploaded(image), path);
                Expect.True(File.ReadAllBytes(path).SequenceEqual(image), "the same bytes");
                using (Process stat = Process.Start(new ProcessStartInfo("stat", "-c %a " + path) { RedirectStandardOutput = true, UseShellExecute = false }))
                    Expect.Equal("600", stat.StandardOutput.ReadToEnd().Trim());
                File.WriteAllText(path, "old");
                string wrong = Uploaded(image, ",\"hash_type\":\"SHA1\",\"hash_value\":\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"");
                var error = Expect.Throws<WxPaySignatureException>(() => Sim.Client.DownloadTo(wrong, path));
                Expect.Equal(Constants.WXPAY_STATUS_DIGEST_MISMATCH, error.Status);
                Expect.Equal("old", File.ReadAllText(path));
                Expect.Equal(1, Directory.GetFiles(directory).Length);
            });
        }

        [Test]
        public static void the_rest_of_a_file_is_not_saved_as_the_whole()
        {
            string source = Uploaded(Image(200000));
            InDirectory(directory =>
            {
                using (Download download = Sim.Client.DownloadOpen(source))
                {
                    download.Read(new byte[10]);
                    Expect.Throws<InvalidOperationException>(() => download.Save(Path.Combine(directory, "image.png")));
                }
                Expect.Equal(0, Directory.GetFiles(directory).Length);
            });
        }

        [Test]
        public static void what_stands_in_the_way_stays()
        {
            string source = Uploaded(Image(10));
            InDirectory(directory =>
            {
                string path = Path.Combine(directory, "image.png");
                File.WriteAllText(path + ".part", "other");
                Expect.Throws<IOException>(() => Sim.Client.DownloadTo(source, path));
                Expect.Equal("other", File.ReadAllText(path + ".part"));
                Expect.True(!File.Exists(path), "nothing was written");
            });
        }

        [Test]
        public static async Task a_cancelled_download_leaves_no_file()
        {
            string source = Uploaded(Image(200000));
            string directory = Path.Combine(Path.GetTempPath(), "wxpay-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(directory);
            using (var cancel = new CancellationTokenSource())
            {
                Task saving = Sim.Client.DownloadToAsync(source, Path.Combine(directory, "image.png"), (received, total) => cancel.Cancel(), cancel.Token);
                var error = await Expect.ThrowsAsync<WxPayProcessException>(() => saving);
                Expect.Equal(Constants.WXPAY_STATUS_CANCELLED, error.Status);
            }
            Expect.Equal(0, Directory.GetFiles(directory).Length);
            Directory.Delete(directory);
        }

        [Test]
        public static void a_bill_is_read_row_by_row()
        {
            string number = Sim.Number();
            Sim.Client.Post(Sim.OrderUrl, Sim.Order(number)).Dispose();
            Sim.Client.Post("/_sim/pay/" + number, "{}").Dispose();
            string today = DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd");
            using (Message answer = Sim.Client.Get("/v3/bill/tradebill?tar_type=GZIP&bill_date=" + today))
            using (Bill bill = Sim.Client.Bill(answer.Body))
            {
                long? sum = 0;
                var numbers = new List<string>();
                foreach (IDictionary<string, string> row in bill.Rows())
                {
                    sum += bill.Fen("订单金额");
                    numbers.Add(row["商户订单号"]);
                }
                Expect.True(numbers.Contains(number), "the order is in the bill");
                Expect.Equal(bill.TotalFen("订单总金额"), sum);
                Expect.True(bill.TotalFen("没有这一项") == null && bill.Total("没有这一项") == null, "no such total");
            }
        }

        [Test]
        public static void what_is_no_amount_is_never_taken_for_one()
        {
            using (Bill bill = Bill.Open("交易时间,订单金额\n`2024-01-01,`12.34\n`2024-01-02,`x\n总数,总额\n`2,`12.34\n"))
            {
                bill.Next();
                Expect.Equal((long?)1234, bill.Fen("订单金额"));
                bill.Next();
                Expect.True(bill.Fen("订单金额") == null && bill.Fen("没有这一列") == null, "no amount");
                bill.Next();
                Expect.Equal(0L, bill.Row);
            }
            Expect.Equal(Constants.WXPAY_STATUS_MALFORMED_BILL, Expect.Throws<WxPayApiException>(() => Bill.Open("{\"code\":\"NO_STATEMENT_EXIST\"}")).Status);
        }

        [Test]
        public static void fields_are_encrypted_and_decrypted()
        {
            using (Message request = Message.Request("POST", "/v3/x", "{\"name\":\"张三\",\"amount\":1.10}"))
            {
                Sim.Client.EncryptFields(request, "/name");
                Expect.True(!request.Text.Contains("张三") && request.Text.EndsWith(",\"amount\":1.10}"), request.Text);
                Expect.Throws<WxPayUsageException>(() => Sim.Client.EncryptFields(request, "/amount"));
            }
            (string ciphertext, string keyId) = Sim.Client.Encrypt("张三");
            using (Message answer = Sim.Client.Post("/v3/_sim/echo-encrypted", "{\"ciphertext\":" + Json.Quote(ciphertext) + "}", new CallOptions { KeyId = keyId }))
                Expect.Equal("张三", (string)Json.At(Sim.Client.DecryptFields(answer, "/reencrypted"), "reencrypted"));
        }

        [Test]
        public static async Task an_order_of_api_v2()
        {
            string number = Sim.Number();
            string order = "{\"appid\":" + Json.Quote(Sim.Member("_appid")) + ",\"body\":\"测试\",\"total_fee\":1,\"out_trade_no\":" + Json.Quote(number)
                + ",\"spbill_create_ip\":\"127.0.0.1\",\"notify_url\":\"http://127.0.0.1:9/\",\"trade_type\":\"NATIVE\",\"product_id\":\"1\"}";
            (Message response, string fields) = await Sim.Client.V2CallAsync("/pay/unifiedorder", order);
            using (response) Expect.Equal(Constants.WXPAY_VERIFIED_SIGNATURE, response.Verified);
            Expect.Equal("SUCCESS", (string)Json.At(fields, "result_code"));
            string query = "{\"out_trade_no\":" + Json.Quote(number) + "}";
            using (Message prepared = Sim.Client.V2Prepare("/pay/orderquery", query))
            {
                (Message answer, string json) = Sim.Client.V2Send(prepared);
                Expect.Equal(json, Sim.Client.V2Check(prepared, 200, new Dictionary<string, string>(), answer.Body));
                var forged = Expect.Throws<WxPaySignatureException>(() => Sim.Client.V2Check(prepared, 200, new Dictionary<string, string>(), answer.Text.Replace("NOTPAY", "SUCCESS")));
                Expect.Equal(Constants.WXPAY_OUTCOME_UNKNOWN, forged.Outcome);
                Expect.Throws<WxPaySignatureException>(() => Sim.Client.V2Notification(answer.Text.Replace("NOTPAY", "SUCCESS")));
                answer.Dispose();
            }
            var absent = Expect.Throws<WxPayApiException>(() => Sim.Client.V2Call("/pay/orderquery", "{\"out_trade_no\":\"absent\"}"));
            Expect.Equal("ORDERNOTEXIST", absent.ApiCode);
            Expect.Equal(64, Sim.Client.V2Sign("{\"a\":\"1\"}", "HMAC-SHA256").Length);
            using (Message reply = Library.V2Reply(0)) Expect.Contains("SUCCESS", reply.Text);
        }
    }
}
