using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace LibWxPay.Tests
{
    public static class Errors
    {
        [Test]
        public static void an_api_error_carries_everything()
        {
            var error = Expect.Throws<WxPayApiException>(() => Sim.Client.Post(Sim.OrderUrl, "{\"appid\":1}"));
            Expect.Equal(Constants.WXPAY_STATUS_API_ERROR, error.Status);
            Expect.Equal("API_ERROR", error.StatusName);
            Expect.Equal(Constants.WXPAY_OUTCOME_REJECTED, error.Outcome);
            Expect.Equal("REJECTED", error.OutcomeName);
            Expect.Equal(400, error.HttpStatus);
            Expect.Equal("PARAM_ERROR", error.ApiCode);
            Expect.True(error.ApiMessage.Length > 5, "api_message");
            Expect.True(error.RequestId.Length > 10, "request_id");
            Expect.Equal(false, error.Retryable);
            Expect.Equal(-1, error.RetryAfterS);
            Expect.Equal(400.0, Json.At(error.Json, "status"));
            Expect.Equal(Constants.WXPAY_VERIFIED_ERROR_ANSWER, error.Response.Verified);
            Expect.Contains("PARAM_ERROR", error.Response.Text);
            Expect.Equal(error.RequestId, error.Response.Header("Request-ID"));
            Expect.Contains(Sim.OrderUrl, error.Request.Url);
            foreach (string part in new[] { error.Reason, error.Hint, "REJECTED", error.RequestId }) Expect.Contains(part, error.Message);
        }

        [Test]
        public static void the_messages_of_an_error_live_as_long_as_they_are_held()
        {
            Message response = Expect.Throws<WxPayApiException>(() => Sim.Client.Post(Sim.OrderUrl, "{}")).Response;
            for (int round = 0; round < 20; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Expect.Contains("PARAM_ERROR", response.Text);
            response.Dispose();
            Expect.Throws<ObjectDisposedException>(() => response.Text.ToString());
        }

        [Test]
        public static void a_root_that_the_store_lacks_is_named_with_its_cure()
        {
            using (Client client = Sim.ClientOf("trust_env", "0"))
            {
                var error = Expect.Throws<WxPayTransportException>(() => client.Get("/v3/certificates"));
                Expect.Equal(Constants.WXPAY_STATUS_TLS_UNKNOWN_ISSUER, error.Status);
                Expect.Equal(Constants.WXPAY_OUTCOME_NOT_SENT, error.Outcome);
                Expect.True(error.Hint.Length > 40, error.Hint);
                Expect.Contains(error.Hint, error.Message);
                Expect.Equal<object>(null, error.Response, "there was no answer");
            }
        }

        [Test]
        public static void a_spoilt_signature_is_never_an_answer()
        {
            Sim.Fault(Sim.OrderUrl, "bad_signature");
            var error = Expect.Throws<WxPaySignatureException>(() => Sim.Client.Post(Sim.OrderUrl, Sim.Order(Sim.Number())));
            Expect.Equal(Constants.WXPAY_STATUS_SIGNATURE_INVALID, error.Status);
            Expect.Equal(Constants.WXPAY_OUTCOME_DONE_UNVERIFIED, error.Outcome);
            Expect.Equal(0, error.Response.Body.Length, "the body is not handed out");
        }

        [Test]
        public static void a_broken_connection_leaves_the_outcome_unknown()
        {
            Sim.Fault(Sim.OrderUrl, "reset");
            var error = Expect.Throws<WxPayTransportException>(() => Sim.Client.Post(Sim.OrderUrl, Sim.Order(Sim.Number())));
            Expect.Equal("UNKNOWN", error.OutcomeName);
        }

        [Test]
        public static void nothing_is_sent_to_a_closed_port()
        {
            using (Client client = Sim.ClientOf("base_url", "https://127.0.0.1:" + Server.FreePort()))
            {
                var error = Expect.Throws<WxPayTransportException>(() => client.Get("/v3/certificates"));
                Expect.Equal(Constants.WXPAY_STATUS_CONNECT, error.Status);
                Expect.Equal("NOT_SENT", error.OutcomeName);
            }
        }

        [Test]
        public static void a_url_of_another_host_is_refused()
        {
            Expect.Equal(Constants.WXPAY_STATUS_URL_REFUSED, Expect.Throws<WxPayUsageException>(() => Sim.Client.Get("https://evil.example/v3/x")).Status);
        }

        /// <summary>Numbers that a later library may add.</summary>
        [Test]
        public static void a_number_that_is_unknown_has_the_class_of_its_group()
        {
            var classes = new Dictionary<int, Type>
            {
                { 199, typeof(WxPayUsageException) }, { 299, typeof(WxPaySignatureException) }, { 399, typeof(WxPayTransportException) },
                { 499, typeof(WxPayApiException) }, { 599, typeof(WxPayProcessException) }, { 999, typeof(WxPayInternalException) }, { 777, typeof(WxPayException) },
            };
            MethodInfo from = typeof(WxPayException).GetMethod("From", BindingFlags.Static | BindingFlags.NonPublic);
            object nothing = Activator.CreateInstance(from.GetParameters()[1].ParameterType, true);
            foreach (var one in classes)
            {
                var error = (WxPayException)from.Invoke(null, new[] { one.Key, nothing });
                Expect.Equal(one.Value, error.GetType());
                Expect.Equal(one.Key, error.Status);
                Expect.Equal("UNKNOWN", error.OutcomeName);
            }
        }

        /// <summary>The table of statuses is the core's: names from the library, numbers from the header.</summary>
        [Test]
        public static void every_constant_has_the_name_that_the_library_gives_it()
        {
            FieldInfo[] statuses = typeof(Constants).GetFields().Where(field => field.Name.StartsWith("WXPAY_STATUS_")).ToArray();
            Expect.True(statuses.Length >= 59, "statuses: " + statuses.Length);
            foreach (FieldInfo status in statuses)
            {
                var number = (int)status.GetRawConstantValue();
                Expect.Equal(status.Name, "WXPAY_STATUS_" + Library.StatusName(number));
                Expect.True(Library.StatusText(number, Constants.WXPAY_LANG_ZH).Any(c => c > 0x4e00), "Chinese text of " + status.Name);
            }
        }

        [Test]
        public static void a_disposed_client_says_so()
        {
            Client client = Sim.ClientOf();
            client.Dispose();
            client.Dispose();
            Expect.Throws<ObjectDisposedException>(() => client.Info());
            Expect.Throws<ObjectDisposedException>(() => client.Get("/v3/certificates"));
            Expect.Throws<ObjectDisposedException>(() => client.Pay.Jsapi("wx1", "wx2"));
        }

        [Test]
        public static void a_null_is_an_argument_error_and_no_crash()
        {
            Expect.Throws<ArgumentNullException>(() => new Client((Configuration)null));
            Expect.Throws<ArgumentNullException>(() => Sim.Client.Send(null));
            Expect.Throws<WxPayUsageException>(() => Sim.Client.Get(null));
            Expect.Throws<WxPayUsageException>(() => Sim.Client.Call(null, "/v3/x"));
        }

        [Test]
        public static void a_null_among_headers_or_values_is_named()
        {
            var nothing = new Dictionary<string, string> { { "X-Empty-One", null } };
            var several = new Dictionary<string, string[]> { { "X-Empty-One", null } };
            var named = new System.Collections.Specialized.NameValueCollection { { "X-Empty-One", null } };
            var unnamed = new System.Collections.Specialized.NameValueCollection { { null, "x" } };
            foreach (Action action in new Action[]
            {
                () => Sim.Client.Get("/v3/x", new CallOptions { Headers = nothing }), () => Message.Response(200, nothing, "{}"),
                () => Sim.Client.Notification(nothing, "{}"), () => Sim.Client.Notification(several, "{}"), () => Sim.Client.Notification(named, "{}"),
            }) Expect.Contains("\"X-Empty-One\"", Expect.Throws<ArgumentException>(action).Message);
            Expect.Contains("name", Expect.Throws<ArgumentException>(() => Sim.Client.Notification(unnamed, "{}")).Message);
            Expect.Contains("name", Expect.Throws<ArgumentException>(() => Sim.Client.Notification(new[] { new KeyValuePair<string, string>(null, "x") }, "{}")).Message);
            foreach (Action action in new Action[]
            {
                () => new Client(new Dictionary<string, string> { { "mchid", null } }).Dispose(),
                () => new Configuration { { "mchid", (string)null } }.Dispose(),
                () => new Configuration { { "mchid", new Dictionary<string, string> { { "x", null } } } }.Dispose(),
            }) Expect.Contains("\"mchid", Expect.Throws<ArgumentException>(action).Message);
        }
    }
}
