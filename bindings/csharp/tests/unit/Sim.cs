using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.IO;
using System.Net;
using System.Threading.Tasks;

namespace LibWxPay.Tests
{
    /// <summary>The simulator that runs in the directory SIMDIR.</summary>
    internal static class Sim
    {
        internal const string OrderUrl = "/v3/pay/transactions/native";
        internal static readonly string Dir = Environment.GetEnvironmentVariable("SIMDIR");
        internal static readonly string Merchant = File.ReadAllText(Path.Combine(Dir, "merchant.json"));
        internal static readonly Client Client = Client.FromJson(Merchant);

        internal static string Member(string name) => (string)Json.At(Merchant, name);

        internal static string File1(string name) => Path.Combine(Dir, name);

        /// <summary>merchant.json with other values.</summary>
        internal static Configuration With(params string[] pairs)
        {
            Configuration configuration = Configuration.FromJson(Merchant);
            for (int at = 0; at < pairs.Length; at += 2) configuration.Add(pairs[at], pairs[at + 1]);
            return configuration;
        }

        internal static Client ClientOf(params string[] pairs)
        {
            using (Configuration configuration = With(pairs)) return new Client(configuration);
        }

        internal static string Order(string number, string description = "测试商品 😀", string notifyUrl = "http://127.0.0.1:9/notify") =>
            "{\"appid\":" + Json.Quote(Member("_appid")) + ",\"mchid\":" + Json.Quote(Member("mchid")) + ",\"description\":" + Json.Quote(description)
            + ",\"out_trade_no\":" + Json.Quote(number) + ",\"notify_url\":" + Json.Quote(notifyUrl) + ",\"amount\":{\"total\":100,\"currency\":\"CNY\"}}";

        internal static string Number() => "u" + Guid.NewGuid().ToString("N").Substring(0, 24);

        /// <summary>The next `count` requests to paths that begin so go wrong.</summary>
        internal static void Fault(string path, string kind, int count = 1)
        {
            Client.Post("/_sim/fault", "{\"path\":" + Json.Quote(path) + ",\"kind\":" + Json.Quote(kind) + ",\"count\":" + count + "}").Dispose();
        }

        /// <summary>A whole HTTP answer, signed as WeChat Pay would.</summary>
        internal static byte[] Signed(byte[] body)
        {
            string time = ((long)(DateTime.UtcNow - new DateTime(1970, 1, 1)).TotalSeconds).ToString();
            using (Primitives.Key key = Primitives.Key.Load(File.ReadAllBytes(Path.Combine(Dir, "_sim", "wechatpay_key.pem"))))
            {
                string signature = Primitives.Sign(key, Primitives.CanonicalResponse(time, "nonce", body));
                byte[] head = System.Text.Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nRequest-ID: 1\r\nContent-Length: " + body.Length
                    + "\r\nWechatpay-Timestamp: " + time + "\r\nWechatpay-Nonce: nonce\r\nWechatpay-Signature: " + signature + "\r\nWechatpay-Serial: " + Member("public_key_id") + "\r\n\r\n");
                var whole = new byte[head.Length + body.Length];
                head.CopyTo(whole, 0);
                body.CopyTo(whole, head.Length);
                return whole;
            }
        }

        /// <summary>A notification as it came over the wire, answered 204.</summary>
        internal static Received Notified(string kind = "good", string resource = null)
        {
            int port = Server.FreePort();
            using (var listener = new HttpListener())
            {
                listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
                listener.Start();
                Task<HttpListenerContext> waiting = listener.GetContextAsync();
                string url = "http://127.0.0.1:" + port + "/notify";
                Client.Post("/_sim/notify", "{\"url\":" + Json.Quote(url) + ",\"kind\":" + Json.Quote(kind) + (resource == null ? "" : ",\"resource\":" + resource) + "}").Dispose();
                if (!waiting.Wait(10000)) throw new Failure("no notification came");
                HttpListenerContext context = waiting.Result;
                var body = new MemoryStream();
                context.Request.InputStream.CopyTo(body);
                var received = new Received { Headers = context.Request.Headers, Body = body.ToArray() };
                context.Response.StatusCode = 204;
                context.Response.Close();
                return received;
            }
        }
    }

    internal sealed class Received
    {
        internal NameValueCollection Headers;
        internal byte[] Body;

        internal Dictionary<string, string> Pairs()
        {
            var pairs = new Dictionary<string, string>();
            foreach (string name in Headers.AllKeys) pairs.Add(name, Headers[name]);
            return pairs;
        }
    }
}
