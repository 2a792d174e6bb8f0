using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LibWxPay.Tests
{
    public static class Notifications
    {
        [Test]
        public static void a_good_one_is_opened_from_every_form_of_headers()
        {
            Received received = Sim.Notified("good", "{\"out_trade_no\":\"T1\"}");
            var lists = received.Pairs().ToDictionary(pair => pair.Key, pair => (IEnumerable<string>)new[] { pair.Value });
            var cgi = received.Pairs().ToDictionary(pair => "HTTP_" + pair.Key.ToUpperInvariant().Replace('-', '_'), pair => pair.Value);
            foreach (Notification one in new[]
            {
                Sim.Client.Notification(received.Headers, received.Body), Sim.Client.Notification(received.Pairs(), received.Body),
                Sim.Client.Notification(lists, received.Body), Sim.Client.Notification(cgi, received.Body),
                Sim.Client.Notification(received.Pairs().ToList(), Encoding.UTF8.GetString(received.Body)),
            })
            {
                Expect.Equal("TRANSACTION.SUCCESS", one.EventType);
                Expect.Equal("encrypt-resource", one.ResourceType);
                Expect.Equal("transaction", one.OriginalType);
                Expect.Equal(Sim.Member("public_key_id"), one.Serial);
                Expect.Equal((long)int.Parse(received.Headers["Wechatpay-Timestamp"]), one.Timestamp);
                Expect.Equal((string)Json.At(Encoding.UTF8.GetString(received.Body), "id"), one.Id);
                Expect.Equal(one.CreateTime, (string)Json.At(Encoding.UTF8.GetString(received.Body), "create_time"));
                Expect.True(one.Summary.Length > 0, "summary");
                Expect.Bytes(Encoding.UTF8.GetBytes(one.Text), one.Plaintext);
                Expect.Equal(Json.At(one.Text, "out_trade_no"), Json.At(one.Json, "resource/out_trade_no"));
                one.Dispose();
            }
        }

        [Test]
        public static void chinese_emoji_and_nul_come_through()
        {
            Received received = Sim.Notified("good", "{\"note\":\"张三 😀 \\u0000 end\"}");
            using (Notification one = Sim.Client.Notification(received.Headers, received.Body))
                Expect.Equal("张三 😀 \0 end", Json.At(one.Text, "note"));
        }

        [Test]
        public static void replies_are_what_wechat_pay_wants()
        {
            Received received = Sim.Notified();
            using (Notification one = Sim.Client.Notification(received.Headers, received.Body))
            {
                using (Message reply = one.ReplyOk())
                {
                    Expect.Equal(204, reply.Status);
                    Expect.Equal(0, reply.Body.Length);
                }
                using (Message reply = one.ReplyFail("库存 😀"))
                {
                    Expect.Equal(500, reply.Status);
                    Expect.Equal("FAIL", Json.At(reply.Text, "code"));
                    Expect.Contains("库存", (string)Json.At(reply.Text, "message"));
                    Expect.Contains("application/json", reply.Header("Content-Type"));
                }
            }
        }

        [Test]
        public static void a_forgery_is_answered_401()
        {
            Received received = Sim.Notified();
            byte[] forged = (byte[])received.Body.Clone();
            forged[20] ^= 1;
            var error = Expect.Throws<WxPaySignatureException>(() => Sim.Client.Notification(received.Headers, forged));
            Expect.Equal(Constants.WXPAY_STATUS_SIGNATURE_INVALID, error.Status);
            using (Message reply = error.Reply()) Expect.Equal(401, reply.Status);
            foreach (string kind in new[] { "sign_probe", "bad_signature", "no_signature", "wrong_serial" })
            {
                Received spoilt = Sim.Notified(kind);
                using (Message reply = Expect.Throws<WxPaySignatureException>(() => Sim.Client.Notification(spoilt.Headers, spoilt.Body)).Reply())
                {
                    Expect.Equal(401, reply.Status, kind);
                    Expect.Equal("FAIL", Json.At(reply.Text, "code"));
                }
            }
        }

        [Test]
        public static void our_own_failure_is_answered_500()
        {
            Received received = Sim.Notified();
            using (Client without = Sim.ClientOf("api_v3_key", ""))
            {
                var error = Expect.Throws<WxPayUsageException>(() => without.Notification(received.Headers, received.Body));
                Expect.Equal(Constants.WXPAY_STATUS_CONFIG_INCOMPLETE, error.Status);
                using (Message reply = error.Reply()) Expect.Equal(500, reply.Status);
            }
        }

        /// <summary>No public method takes a time, so that nobody passes the message's own.</summary>
        [Test]
        public static void a_replay_after_301_seconds_is_expired()
        {
            Received late = Sim.Notified("skew:-301");
            var error = Expect.Throws<WxPaySignatureException>(() => Sim.Client.Notification(late.Headers, late.Body));
            Expect.Equal(205, error.Status);
            Received early = Sim.Notified("skew:360");
            Expect.Equal(205, Expect.Throws<WxPaySignatureException>(() => Sim.Client.Notification(early.Headers, early.Body)).Status);
            Received recent = Sim.Notified("skew:-290");
            Sim.Client.Notification(recent.Headers, recent.Body).Dispose();
        }

        [Test]
        public static void a_header_that_is_there_twice_is_refused()
        {
            Received received = Sim.Notified();
            var twice = received.Pairs().Select(pair => new KeyValuePair<string, string[]>(pair.Key, pair.Key == "Wechatpay-Nonce" ? new[] { pair.Value, "another" } : new[] { pair.Value }));
            var error = Expect.Throws<WxPaySignatureException>(() => Sim.Client.Notification(twice, received.Body));
            Expect.Equal(Constants.WXPAY_STATUS_HEADER_DUPLICATE, error.Status);
        }
    }
}
