using System;
using System.Collections.Generic;
using System.Linq;

namespace LibWxPay.Tests
{
    /// <summary>Reports about trust: what the store holds, what a server presents, what an error text means.</summary>
    public static class Trust
    {
        private static string Ids(string report) =>
            string.Join(" ", ((List<object>)Json.At(report, "diagnosis")).Select(one => (string)((Dictionary<string, object>)one)["id"]));

        private static int PortOfSimulator => new Uri(Sim.Member("base_url")).Port;

        [Test]
        public static void the_store_is_reported_without_a_client_and_of_one()
        {
            foreach (string report in new[] { Library.TrustReport(), Sim.Client.TrustReport() })
            {
                Expect.Equal(1.0, Json.At(report, "schema"));
                Expect.Equal(0.0, Json.At(report, "status"));
                Expect.Equal("environment", Json.At(report, "source/kind"));
                Expect.Equal(Environment.GetEnvironmentVariable("SSL_CERT_FILE"), Json.At(report, "source/ssl_cert_file"));
                Expect.Equal(1.0, Json.At(report, "counts/usable"));
                Expect.Contains("PRIVATE_BUNDLE", Ids(report));
            }
            using (Client system = Sim.ClientOf("trust_env", "0"))
            {
                Expect.Equal("system", Json.At(system.TrustReport(), "source/kind"));
                Expect.Contains("ENV_IGNORED", Ids(system.TrustReport()));
            }
        }

        [Test]
        public static void a_closed_port_is_a_report_and_no_exception()
        {
            int port = Server.FreePort();
            foreach (string report in new[] { Library.TrustProbe("127.0.0.1", port), Sim.Client.TrustProbe("127.0.0.1", port) })
            {
                Expect.Equal((double)Constants.WXPAY_STATUS_CONNECT, Json.At(report, "status"));
                Expect.Equal("error", Json.At(report, "verdict"));
                Expect.Equal("CONNECT_FAILED", Ids(report));
                Expect.Equal("127.0.0.1:" + port, Json.At(report, "attempts/0/address"));
            }
            Expect.Equal("CONNECT_FAILED BIND_HOST", Ids(Library.TrustProbe("localhost", 0, "127.0.0.1:" + port)));
        }

        [Test]
        public static void a_server_is_probed_as_requests_reach_it()
        {
            foreach (string report in new[] { Library.TrustProbe("localhost", PortOfSimulator), Sim.Client.TrustProbe("localhost", PortOfSimulator) })
            {
                Expect.Equal(0.0, Json.At(report, "status"));
                Expect.Equal(true, Json.At(report, "tls/trusted"));
                Expect.Equal(401.0, Json.At(report, "http/status"));
            }
            using (Client system = Sim.ClientOf("trust_env", "0")) Expect.Equal(310.0, Json.At(system.TrustProbe("localhost", PortOfSimulator), "status"));
        }

        [Test]
        public static void what_is_no_host_and_no_port_is_refused()
        {
            foreach (Action probe in new Action[]
            {
                () => Library.TrustProbe("https://api.mch.weixin.qq.com", 443), () => Sim.Client.TrustProbe("localhost", -1),
                () => Library.TrustProbe("localhost", 65536), () => Sim.Client.TrustProbe("localhost", 0, "x"),
            })
                Expect.Equal(Constants.WXPAY_STATUS_INVALID_ARGUMENT, Expect.Throws<WxPayUsageException>(probe).Status);
        }

        [Test]
        public static void an_error_text_is_explained()
        {
            // WeChat Pay's guideline, "Common C# Errors".
            string report = Library.ExplainText("The callback function set by RemoteCertificateValidationCallback returns false");
            Expect.Equal(310.0, Json.At(report, "status"));
            Expect.Equal("csharp", Json.At(report, "language"));
            Expect.Equal("CALLBACK_REFUSED", Json.At(report, "diagnosis/0/id"));
            Expect.Contains("ROOT_NOT_IN_STORE", Ids(report));
            Expect.Equal("UNKNOWN_TEXT", Ids(Library.ExplainText("订单已支付 \0 😀")));
        }
    }
}
