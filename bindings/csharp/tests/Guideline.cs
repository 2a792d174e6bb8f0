using System;
using System.IO;
using LibWxPay;
using LibWxPay.Tests;

/// The case of WeChat Pay's server certificate guideline in one process: guideline.exe PORT DIR KEYS. DIR and the server are
/// conformance/guideline.sh's; SSL_CERT_FILE is DIR/store.pem.
public static class Guideline
{
    private const string Missing = "DigiCert Global Root G2 is not in this store";

    private static void Must(bool isTrue, string what)
    {
        if (!isTrue) throw new Failure(what);
    }

    private static void MustSay(string report, string id, string text)
    {
        Must((string)Json.At(report, "diagnosis/0/id") == id && ((string)Json.At(report, "diagnosis/0/text")).Contains(text), report);
    }

    public static int Main(string[] arguments)
    {
        int port = int.Parse(arguments[0]);
        string directory = arguments[1], keys = arguments[2];
        using (var configuration = new Configuration
        {
            { "mchid", "1900000001" }, { "private_key_file", keys + "/merchant_key.pem" }, { "merchant_certificate_file", keys + "/merchant_cert.pem" },
            { "public_key_id", "PUB_KEY_ID_0110000000012024010100000001" }, { "public_key_file", keys + "/wechat_public.pem" },
            { "base_url", "https://localhost:" + port },
        })
        using (var client = new Client(configuration))
        {
            // Without a client and of one.
            Func<string[]> probes = () => new[] { Library.TrustProbe("localhost", port), client.TrustProbe("localhost", port) };
            try
            {
                client.Post("/v3/pay/transactions/native", "{}").Dispose();
                throw new Failure("the server was trusted");
            }
            catch (WxPayTransportException error)
            {
                Must(error.Status == Constants.WXPAY_STATUS_TLS_UNKNOWN_ISSUER && error.Outcome == Constants.WXPAY_OUTCOME_NOT_SENT, error.Message);
                MustSay(error.Json, "ROOT_NOT_IN_STORE", Missing);
                Must(error.Message.Contains(Missing), error.Message);
            }
            foreach (string report in probes())
            {
                Must((double)Json.At(report, "status") == 310, report);
                MustSay(report, "ROOT_NOT_IN_STORE", Missing);
            }
            foreach (string report in new[] { Library.TrustReport(), client.TrustReport() }) MustSay(report, "ONLY_OLD_ROOT", Missing);

            // Solution 2: the root is added to the file that is in use.
            File.AppendAllText(Path.Combine(directory, "store.pem"), File.ReadAllText(Path.Combine(directory, "root.pem")));
            try
            {
                client.Get("/v3/certificates").Dispose();
                throw new Failure("an answer that nobody signed was taken");
            }
            catch (WxPaySignatureException error)
            {
                Must(error.Status == Constants.WXPAY_STATUS_SIGNATURE_HEADERS_MISSING, error.Message);
            }
            foreach (string report in probes()) Must((double)Json.At(report, "status") == 0, report);
            Must((double)Json.At(client.TrustReport(), "store/reloads") == 1, "the store was not reloaded once");
        }
        Console.WriteLine("csharp: ok");
        return 0;
    }
}
