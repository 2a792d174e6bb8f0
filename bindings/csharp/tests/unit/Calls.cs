using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace LibWxPay.Tests
{
    public static class Calls
    {
        [Test]
        public static void an_order_is_placed_and_its_answer_is_verified()
        {
            string number = Sim.Number();
            using (Message answer = Sim.Client.Post(Sim.OrderUrl, Sim.Order(number)))
            {
                Expect.Equal(200, answer.Status);
                Expect.Equal(Constants.WXPAY_VERIFIED_SIGNATURE, answer.Verified);
                Expect.Contains("weixin://", (string)Json.At(answer.Text, "code_url"));
                Expect.Equal(Sim.Member("public_key_id"), answer.KeyId);
                Expect.True(answer.RequestId.Length > 10, "a Request-ID");
                Expect.Equal(answer.RequestId, answer.Header("request-id"), "any case");
                Expect.Equal<string>(null, answer.Header("X-Absent"));
                Expect.True(answer.Headers.Any(header => header.Key.Equals("Wechatpay-Nonce", StringComparison.OrdinalIgnoreCase)), "all headers");
                Expect.Contains("total", answer.Trace);
            }
            using (Message query = Sim.Client.Get("/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + Sim.Member("mchid")))
                Expect.Equal("NOTPAY", Json.At(query.Text, "trade_state"));
            using (Message close = Sim.Client.Post("/v3/pay/transactions/out-trade-no/" + number + "/close", "{\"mchid\":" + Json.Quote(Sim.Member("mchid")) + "}"))
            {
                Expect.Equal(204, close.Status);
                Expect.Equal(0, close.Body.Length);
            }
        }

        [Test]
        public static void bytes_and_text_are_the_same_body()
        {
            using (Client brand = Client.FromJsonFile(Sim.File1("brand.json")))
            {
                const string body = "{\"note\":\"测试 😀 é\"}";
                foreach (Body one in new Body[] { body, Encoding.UTF8.GetBytes(body) })
                    using (Message answer = brand.Post("/brand/_sim/echo", one)) Expect.Equal(body, answer.Text);
            }
        }

        [Test]
        public static void a_nul_in_a_body_arrives_both_ways()
        {
            byte[] body = Encoding.UTF8.GetBytes("a\0b😀\0");
            byte[] arrived = null;
            // The simulator wants JSON: this server signs with its key.
            using (var server = new Server((head, bytes) => { arrived = bytes; return Sim.Signed(bytes); }))
            using (Client client = Sim.ClientOf("base_url", server.Url))
            {
                foreach (Body one in new Body[] { body, "a\0b😀\0" })
                {
                    using (Message answer = client.Post("/v3/x", one))
                    {
                        Expect.Bytes(body, arrived);
                        Expect.Bytes(body, answer.Body);
                        Expect.Equal("a\0b😀\0", answer.Text);
                        Expect.Equal(Constants.WXPAY_VERIFIED_SIGNATURE, answer.Verified);
                    }
                }
            }
        }

        [Test]
        public static void half_a_surrogate_pair_is_refused_and_not_replaced()
        {
            Expect.Throws<ArgumentException>(() => Sim.Client.Post(Sim.OrderUrl, "{\"description\":\"\ud83d\"}"));
        }

        [Test]
        public static void every_method_has_its_verb()
        {
            var verbs = new List<string>();
            using (var server = new Server((head, body) => { lock (verbs) verbs.Add(head.Split(' ')[0]); return null; }))
            using (Client client = Sim.ClientOf("base_url", server.Url))
            {
                var options = new CallOptions { TimeoutMs = 200 };
                Func<Message>[] calls =
                {
                    () => client.Get("/v3/x", options), () => client.Post("/v3/x", "{}", options), () => client.Put("/v3/x", "{}", options),
                    () => client.Patch("/v3/x", "{}", options), () => client.Delete("/v3/x", default, options),
                };
                foreach (Func<Message> call in calls) Expect.Equal(Constants.WXPAY_STATUS_TIMEOUT, Expect.Throws<WxPayTransportException>(() => call()).Status);
            }
            Expect.Equal("GET POST PUT PATCH DELETE", string.Join(" ", verbs));
        }

        [Test]
        public static void options_hold_for_one_call()
        {
            string head = null;
            using (var server = new Server((seen, body) => { head = seen; return null; }))
            using (Client client = Sim.ClientOf("base_url", server.Url))
            {
                var options = new CallOptions { TimeoutMs = 300, KeyId = Sim.Member("public_key_id"), Headers = new Dictionary<string, string> { { "X-Shop", "7" } } };
                Expect.Throws<WxPayTransportException>(() => client.Post("/v3/x", "{}", options));
                Expect.Contains("x-shop: 7", head.ToLowerInvariant());
                Expect.Contains(Sim.Member("public_key_id"), head);
                // A header that the library writes itself is refused.
                var error = Expect.Throws<WxPayUsageException>(() => client.Get("/v3/x", new CallOptions { Headers = new Dictionary<string, string> { { "Authorization", "x" } } }));
                Expect.Equal(Constants.WXPAY_STATUS_INVALID_ARGUMENT, error.Status);
                Expect.Throws<WxPayUsageException>(() => client.Get("/v3/x", new CallOptions { TimeoutMs = 0 }));
                Expect.Throws<WxPayUsageException>(() => client.Get("/v3/x", new CallOptions { KeyId = "with space" }));
            }
        }

        [Test]
        public static void an_idempotent_request_is_repeated_after_a_broken_connection()
        {
            foreach (bool promised in new[] { true, false })
            {
                using (Client client = Sim.ClientOf())
                {
                    client.Get("/v3/certificates").Dispose();
                    Sim.Fault(Sim.OrderUrl, "reset");
                    Func<Message> call = () => client.Post(Sim.OrderUrl, Sim.Order(Sim.Number()), new CallOptions { Idempotent = promised });
                    if (promised) call().Dispose();
                    else Expect.Throws<WxPayTransportException>(() => call());
                }
            }
        }

        [Test]
        public static void encrypt_and_decrypt_keep_every_byte()
        {
            foreach (string text in new[] { "张三 😀", "a\0b", "x" })
            {
                (string ciphertext, string keyId) = Sim.Client.Encrypt(text);
                Expect.Equal(Sim.Member("public_key_id"), keyId);
                using (Message answer = Sim.Client.Post("/v3/_sim/echo-encrypted", "{\"ciphertext\":" + Json.Quote(ciphertext) + "}", new CallOptions { KeyId = keyId }))
                {
                    Expect.Equal(text, Json.At(answer.Text, "plaintext"));
                    Expect.Equal(text, Sim.Client.Decrypt((string)Json.At(answer.Text, "reencrypted")));
                }
                Expect.Equal(keyId, Sim.Client.Encrypt(text, keyId).UsedKeyId);
            }
            Expect.Equal(Constants.WXPAY_STATUS_SERIAL_UNKNOWN, Expect.Throws<WxPaySignatureException>(() => Sim.Client.Encrypt("x", "PUB_KEY_ID_1")).Status);
        }

        [Test]
        public static void the_client_reports_on_itself()
        {
            Expect.Equal(Sim.Member("mchid"), Json.At(Sim.Client.Info(), "mchid"));
            Sim.Client.Warm();
            Expect.Equal(0, Sim.Client.CertificatesDue());
            using (Message request = Sim.Client.CertificatesRequest()) Expect.Contains("/v3/certificates", request.Url);
            using (Message request = Message.Request("POST", "/v3/x", "{\"a\":\"é\"}"))
                Expect.Contains("sign_message_length", Sim.Client.ExplainRequest(request));
        }

        [Test]
        public static void platform_certificates_are_downloaded_or_loaded()
        {
            string[] keys = { "public_key_id", "", "public_key_file", "", "public_key", "", "auto_certificates", "1" };
            using (Client client = Sim.ClientOf(keys))
            {
                Expect.Equal(2, client.CertificatesDue(), "none yet");
                client.RefreshCertificates();
                Expect.Equal(0, client.CertificatesDue());
            }
            using (Client client = Sim.ClientOf(keys))
            using (Message request = client.CertificatesRequest())
            using (Client other = Sim.ClientOf(keys))
            using (Message answer = client.Send(request))
            {
                other.LoadCertificates(Message.Response(answer.Status, answer.Headers, answer.Body));
                Expect.Equal(0, other.CertificatesDue());
            }
        }

        [Test]
        public static void prepared_and_checked_by_another_transport()
        {
            using (Message prepared = Sim.Client.Prepare("POST", Sim.OrderUrl, Sim.Order(Sim.Number())))
            using (Message sent = Sim.Client.Send(prepared))
            {
                using (Message checkedAgain = Sim.Client.Check(prepared, sent.Status, sent.Headers, sent.Body))
                    Expect.Equal(Constants.WXPAY_VERIFIED_SIGNATURE, checkedAgain.Verified);
                byte[] forged = sent.Body;
                forged[forged.Length / 2] ^= 1;
                var error = Expect.Throws<WxPaySignatureException>(() => Sim.Client.Check(prepared, sent.Status, sent.Headers, forged));
                Expect.Equal(Constants.WXPAY_STATUS_SIGNATURE_INVALID, error.Status);
                Expect.Equal(Constants.WXPAY_OUTCOME_DONE_UNVERIFIED, error.Outcome);
                string block = string.Concat(sent.Headers.Select(header => header.Key + ": " + header.Value + "\r\n"));
                Sim.Client.Check(prepared, Message.Response(sent.Status, block, sent.Body));
            }
        }

        [Test]
        public static void a_signature_made_elsewhere_is_attached()
        {
            // The key is here only as what signs; the client does not have it.
            string keys = Sim.Member("private_key_file");
            using (Primitives.Key key = Primitives.Key.Load(File.ReadAllBytes(keys)))
            using (Client client = Sim.ClientOf("private_key_file", "", "external_signer", "1"))
            using (Message request = Message.Request("POST", Sim.OrderUrl, Sim.Order(Sim.Number())))
            {
                (Message message, byte[] toSign, byte[] digest) = client.PrepareUnsigned(request);
                Expect.Equal(32, digest.Length);
                message.AttachSignature(Primitives.Sign(key, toSign));
                using (Message answer = client.Send(message)) Expect.Equal(200, answer.Status);
                (string parameters, byte[] signedText, _) = client.Pay.Unsigned("jsapi", "wx1234567890abcdef", "wx2016");
                string whole = client.Pay.Attach(parameters, Primitives.Sign(key, signedText));
                Primitives.Verify(key, signedText, (string)Json.At(whole, "paySign"));
            }
        }
    }
}
