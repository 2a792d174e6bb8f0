using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using LibWxPay;
using LibWxPay.Tests;

/// The journey of a payment: order, pay, notification, reply, query, refund, against a simulator.
///     SSL_CERT_FILE=SIMDIR/ca.pem journey.exe SIMDIR
public static class Journey
{
    private const string OrderUrl = "/v3/pay/transactions/native", RefundUrl = "/v3/refund/domestic/refunds";
    private static int steps;

    public static int Main(string[] arguments)
    {
        Step("load merchant.json, check that keys and ids belong together");
        string merchant = File.ReadAllText(Path.Combine(arguments[0], "merchant.json"));
        string mchid = (string)Json.At(merchant, "mchid"), appid = (string)Json.At(merchant, "_appid");
        string number = "cs" + Guid.NewGuid().ToString("N").Substring(0, 20);
        using (Client client = Client.FromJson(merchant))
        {
            Library.Selftest();

            Step("load the system's trust store (the one SSL_CERT_FILE names)");
            client.Warm();

            Step("sign and send an order of 1.00 yuan over TLS; check the signed answer");
            int port = Server.FreePort();
            string notifyUrl = "http://127.0.0.1:" + port + "/notify";
            string order = "{\"appid\":" + Json.Quote(appid) + ",\"mchid\":" + Json.Quote(mchid) + ",\"description\":\"libwxpay 示例 😀\",\"out_trade_no\":"
                + Json.Quote(number) + ",\"notify_url\":" + Json.Quote(notifyUrl) + ",\"amount\":{\"total\":100,\"currency\":\"CNY\"}}";
            using (Message request = Message.Request("POST", OrderUrl, order))
                Console.WriteLine("    " + Json.At(client.ExplainRequest(request), "sign_message_length") + " bytes are signed: POST, " + OrderUrl + ", time, nonce and the body's own bytes");
            Console.WriteLine("    QR code: " + Json.At(Call(client, "POST", OrderUrl, order), "code_url"));

            var stored = new Dictionary<string, string>();
            using (var listener = new HttpListener())
            {
                listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
                listener.Start();

                Step("the buyer scans and pays (the simulator's control plays the buyer)");
                Call(client, "POST", "/_sim/pay/" + number);

                Step("receive the payment notification: verify, then decrypt, then compare, then answer 204");
                Task<HttpListenerContext> waiting = listener.GetContextAsync();
                Must(waiting.Wait(TimeSpan.FromSeconds(10)), "no notification came within 10 seconds");
                NotificationEndpoint.Answer(waiting.Result, client, notification =>
                    // The second time is a replay: it is genuine too, and nothing is done.
                    StoreOnce(notification, number, mchid, stored) && StoreOnce(notification, number, mchid, stored));
                Must(stored.Count == 1, "the notification was not stored");
                Must(Attempted(client, notifyUrl) == 204, "the reply on the wire is not 204");
            }

            Step("query the order: a notification is not the last word");
            string state = Call(client, "GET", "/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + mchid);
            Must(IsAbout(state, number, mchid, 100) && (string)Json.At(state, "trade_state") == "SUCCESS", state);
            // Another order's answer is as genuine, and whoever stands on the way can swap the two.
            Call(client, "POST", OrderUrl, order.Replace(number, "X" + number));
            string other = Call(client, "GET", "/v3/pay/transactions/out-trade-no/X" + number + "?mchid=" + mchid);
            Must(IsAbout(other, "X" + number, mchid, 100) && !IsAbout(other, number, mchid, 100), "an answer was taken for another one's: " + other);
            Must((string)Json.At(state, "transaction_id") == stored[number + " TRANSACTION.SUCCESS"], state);

            Step("refund 0.40 yuan; if this failed, only the same out_refund_no may be sent again");
            Call(client, "POST", RefundUrl, "{\"out_trade_no\":" + Json.Quote(number) + ",\"out_refund_no\":" + Json.Quote("R" + number) + ",\"amount\":{\"refund\":40,\"total\":100,\"currency\":\"CNY\"}}");

            Step("query the refund");
            string refund = Call(client, "GET", RefundUrl + "/R" + number);
            Must((string)Json.At(refund, "status") == "SUCCESS" || (string)Json.At(refund, "status") == "PROCESSING", refund);
            Must((double)Json.At(refund, "amount/refund") == 40, refund);
        }
        Must(steps == 8, "steps");
        Console.WriteLine("csharp: ok (8 steps)");
        return 0;
    }

    /// What a signature does not say: that this is about that order, of this merchant, over that amount.
    private static bool IsAbout(string json, string number, string mchid, int total) =>
        (string)Json.At(json, "out_trade_no") == number && (string)Json.At(json, "mchid") == mchid && (double)Json.At(json, "amount/total") == total;

    /// A real service has a unique index on business number and event type: a repeated notification verifies again.
    private static bool StoreOnce(Notification notification, string number, string mchid, Dictionary<string, string> stored)
    {
        string json = notification.Text;
        bool ours = IsAbout(json, number, mchid, 100) && (string)Json.At(json, "trade_state") == "SUCCESS";
        Must(ours, "the notification is about another order: " + json);
        Must((string)Json.At(notification.Json, "resource/out_trade_no") == number, notification.Json);
        string key = number + " " + notification.EventType;
        if (!stored.ContainsKey(key)) stored.Add(key, (string)Json.At(json, "transaction_id"));
        Console.WriteLine("    " + notification.EventType + ", signed by " + notification.Serial + ", order " + number + " is SUCCESS");
        return true;
    }

    /// The status that the simulator got for its first delivery.
    private static double Attempted(Client client, string notifyUrl)
    {
        for (int tries = 0; tries < 100; tries++)
        {
            using (Message all = client.Get("/_sim/notifications"))
            {
                foreach (Dictionary<string, object> one in (List<object>)Json.Read(all.Text))
                {
                    var attempts = (List<object>)one["attempts"];
                    if ((string)one["url"] != notifyUrl || attempts.Count == 0) continue;
                    object status = ((Dictionary<string, object>)attempts[0])["status"];
                    if (status != null) return (double)status;
                }
            }
            Thread.Sleep(50);
        }
        return 0;
    }

    private static string Call(Client client, string method, string url, string body = "")
    {
        using (Message answer = client.Call(method, url, body))
        {
            Must(answer.Verified == Constants.WXPAY_VERIFIED_SIGNATURE, url + ": the answer is not signed");
            Console.WriteLine("    " + method + " " + url + " -> " + answer.Status + ", signed by " + answer.KeyId);
            return answer.Text;
        }
    }

    private static void Step(string what) => Console.WriteLine("{0,2}. {1}", ++steps, what);

    private static void Must(bool fact, string what)
    {
        if (!fact) throw new Failure(what);
    }
}
