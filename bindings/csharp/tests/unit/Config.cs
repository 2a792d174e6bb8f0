using System;
using System.Collections.Generic;
using System.IO;

namespace LibWxPay.Tests
{
    public static class Config
    {
        private static Dictionary<string, string> Least() => new Dictionary<string, string>
        {
            { "mchid", Sim.Member("mchid") }, { "private_key_file", Sim.File1("apiclient_key.pem") }, { "merchant_certificate_file", Sim.File1("apiclient_cert.pem") },
            { "public_key_id", Sim.Member("public_key_id") }, { "public_key_file", Sim.File1("wechatpay_public_key.pem") }, { "base_url", Sim.Member("base_url") },
        };

        [Test]
        public static void the_names_are_the_configuration_keys()
        {
            using (var client = new Client(Least()))
            using (Message answer = client.Get("/v3/certificates")) Expect.Equal(200, answer.Status);
            Dictionary<string, string> wrong = Least();
            wrong.Add("api_v3_kye", "x");
            var error = Expect.Throws<WxPayUsageException>(() => new Client(wrong));
            Expect.Equal(Constants.WXPAY_STATUS_CONFIG_UNKNOWN_KEY, error.Status);
            Expect.Contains("api_v3_key", error.Message);
        }

        [Test]
        public static void numbers_flags_lists_and_maps_are_written_as_the_library_wants_them()
        {
            using (var configuration = new Configuration
            {
                { "mchid", Sim.Member("mchid") }, { "private_key_file", Sim.File1("apiclient_key.pem") }, { "merchant_certificate_file", Sim.File1("apiclient_cert.pem") },
                { "public_key_file", new Dictionary<string, string> { { Sim.Member("public_key_id"), Sim.File1("wechatpay_public_key.pem") } } },
                { "base_url", Sim.Member("base_url") }, { "timeout_ms", 5000 }, { "trust_env", true }, { "shared", false },
                { "api_v3_key", new[] { "0123456789abcdef0123456789abcdef", Sim.Member("api_v3_key") } },
            })
            {
                Expect.Equal(0.0, Json.At(configuration.Check(), "status"), configuration.Check());
                using (var client = new Client(configuration))
                {
                    using (Message answer = client.Get("/v3/certificates")) Expect.Equal(Sim.Member("public_key_id"), answer.KeyId);
                    Received received = Sim.Notified();
                    client.Notification(received.Headers, received.Body).Dispose();
                }
                Expect.Throws<WxPayUsageException>(() => configuration.Add("timeout_ms", -1));
                Expect.Throws<NotSupportedException>(() => { foreach (object one in configuration) one.ToString(); });
            }
        }

        [Test]
        public static void json_text_and_json_file_make_the_same_client()
        {
            using (Client client = Client.FromJsonFile(Sim.File1("merchant.json"))) Expect.Equal(Sim.Member("mchid"), Json.At(client.Info(), "mchid"));
            Expect.Equal(Constants.WXPAY_STATUS_MALFORMED_JSON, Expect.Throws<WxPayApiException>(() => Client.FromJson("{")).Status);
            Expect.Throws<FileNotFoundException>(() => Client.FromJsonFile(Sim.File1("absent.json")));
        }

        /// <summary>The test's starter set WXPAYTEST_…; Environment.SetEnvironmentVariable would not reach native code.</summary>
        [Test]
        public static void the_environment_is_read_by_prefix()
        {
            using (Client client = Client.FromEnvironment("WXPAYTEST_"))
            {
                Expect.Equal(Environment.GetEnvironmentVariable("WXPAYTEST_MCHID"), (string)Json.At(client.Info(), "mchid"));
                Expect.Equal(Sim.Member("public_key_id"), (string)Json.At(client.Info(), "keys/0/id"));
            }
            Expect.Equal(Constants.WXPAY_STATUS_CONFIG_UNKNOWN_KEY, Expect.Throws<WxPayUsageException>(() => Client.FromEnvironment("WXPAYWRONG_")).Status);
            Expect.Equal(Constants.WXPAY_STATUS_INVALID_ARGUMENT, Expect.Throws<WxPayUsageException>(() => Client.FromEnvironment("HTTP_")).Status);
        }

        [Test]
        public static void parameters_for_front_ends_are_complete()
        {
            Pay pay = Sim.Client.Pay;
            Expect.Equal("prepay_id=wx2016", Json.At(pay.Jsapi("wx1234567890abcdef", "wx2016"), "package"));
            Expect.Equal("RSA", Json.At(pay.MiniProgram("wx1234567890abcdef", "wx2016"), "signType"));
            Expect.Equal(Sim.Member("mchid"), Json.At(pay.App("wx1234567890abcdef", "wx2016"), "partnerid"));
            Expect.Equal("https://wx.tenpay.com/x?a=1&redirect_url=https%3A%2F%2Fshop.example%2Fback", pay.H5Url("https://wx.tenpay.com/x?a=1", "https://shop.example/back"));
            Expect.Equal("https://wx.tenpay.com/x?a=1", pay.H5Url("https://wx.tenpay.com/x?a=1"));
        }

        [Test]
        public static void the_library_answers_for_itself()
        {
            Library.Selftest();
            Expect.Equal((string)Json.At(Library.BuildInfo, "version"), Library.Version);
            Expect.Equal(Environment.GetEnvironmentVariable("WXPAY_LIBRARY"), Library.LoadedPath);
            Expect.True(Library.ChosenByEnvironment, "the variable chose it");
        }

        [Test]
        public static void primitives_are_a_class_of_their_own()
        {
            using (Primitives.Key key = Primitives.Key.Load(File.ReadAllBytes(Sim.File1("apiclient_key.pem"))))
            {
                Expect.Equal("private_key", Json.At(key.Info(), "kind"));
                key.MatchesCert(File.ReadAllText(Sim.File1("apiclient_cert.pem")));
                string signature = Primitives.Sign(key, "a\0b");
                Primitives.Verify(key, "a\0b", signature);
                Expect.Equal(Constants.WXPAY_STATUS_SIGNATURE_INVALID, Expect.Throws<WxPaySignatureException>(() => Primitives.Verify(key, "a\0c", signature)).Status);
                Expect.Bytes(new byte[] { 1, 0, 2 }, Primitives.OaepDecrypt(key, Primitives.OaepEncrypt(key, new byte[] { 1, 0, 2 })));
            }
            Expect.Equal("GET\n/v3/x\n1\nn\n\n", System.Text.Encoding.ASCII.GetString(Primitives.CanonicalRequest("GET", "/v3/x", "1", "n", "")));
        }
    }
}
