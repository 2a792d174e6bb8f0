using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;

namespace LibWxPay.Tests
{
    /// <summary>HttpClient as the transport: what it puts on the wire is compared byte for byte.</summary>
    public static class Http
    {
        private static HttpClient Transport() => new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseProxy = false });

        /// <summary>Sends a request on to the simulator with curl: target, headers and body as they came.</summary>
        private static byte[] Relayed(string head, byte[] body)
        {
            string name = Path.Combine(Path.GetTempPath(), "wxpay-relay-" + Guid.NewGuid().ToString("N"));
            try
            {
                File.WriteAllBytes(name + ".body", body);
                string[] lines = head.Split(new[] { "\r\n" }, StringSplitOptions.RemoveEmptyEntries);
                string[] first = lines[0].Split(' ');
                var config = new List<string>
                {
                    "url = " + Quoted(Sim.Member("base_url") + first[1]), "request = " + first[0], "cacert = " + Quoted(Sim.File1("ca.pem")),
                    "include", "silent", "show-error", "http1.1", "path-as-is", "max-time = 20",
                };
                if (body.Length > 0) config.Add("data-binary = " + Quoted("@" + name + ".body"));
                foreach (string line in lines.Skip(1))
                    if (!line.StartsWith("Host:") && !line.StartsWith("Content-Length:") && !line.StartsWith("Connection:")) config.Add("header = " + Quoted(line));
                File.WriteAllText(name, string.Join("\n", config));
                using (Process curl = Process.Start(new ProcessStartInfo("curl", "-q -K " + name) { UseShellExecute = false, RedirectStandardOutput = true }))
                {
                    var answer = new MemoryStream();
                    curl.StandardOutput.BaseStream.CopyTo(answer);
                    curl.WaitForExit();
                    Expect.Equal(0, curl.ExitCode, "curl");
                    return answer.ToArray();
                }
            }
            finally
            {
                File.Delete(name);
                File.Delete(name + ".body");
            }
        }

        private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

        [Test]
        public static async Task an_order_goes_over_http_client_and_back()
        {
            string head = null;
            byte[] body = null;
            using (var server = new Server((seen, bytes) => { head = seen; body = bytes; return Relayed(seen, bytes); }))
            using (Client client = Sim.ClientOf("base_url", server.Url))
            using (HttpClient http = Transport())
            {
                string order = Sim.Order(Sim.Number());
                using (PreparedHttpRequest request = client.PrepareHttp("POST", Sim.OrderUrl, order))
                using (HttpResponseMessage response = await http.SendAsync(request))
                using (Message answer = await client.CheckAsync(response))
                {
                    Expect.Equal(Constants.WXPAY_VERIFIED_SIGNATURE, answer.Verified);
                    Expect.Contains("weixin://", answer.Text);
                    Expect.True(answer.Header("Content-Type") != null, "the headers of the content, too");
                    Wire(request.Prepared, head, body, server.Url);
                }
                Expect.Bytes(Encoding.UTF8.GetBytes(order), body);
                using (PreparedHttpRequest request = client.PrepareHttp("GET", "/v3/certificates"))
                using (HttpResponseMessage response = await http.SendAsync(request))
                {
                    response.RequestMessage = null;
                    Expect.Throws<ArgumentException>(() => client.CheckAsync(response).Wait());
                    using (Message answer = await client.CheckAsync(request.Prepared, response)) Expect.Equal(200, answer.Status);
                    Wire(request.Prepared, head, body, server.Url);
                }
            }
        }

        /// <summary>Every header that was prepared stands on the wire as it is, and nothing that changes the meaning is added.</summary>
        private static void Wire(Message prepared, string head, byte[] body, string url)
        {
            string[] lines = head.Split(new[] { "\r\n" }, StringSplitOptions.RemoveEmptyEntries);
            Expect.Equal(prepared.Method + " " + prepared.Url.Substring(url.Length) + " HTTP/1.1", lines[0]);
            string want = string.Join("\n", prepared.Headers.Select(header => header.Key + ": " + header.Value).OrderBy(line => line, StringComparer.Ordinal));
            string[] own = { "Host:", "Content-Length:", "Connection:" };
            string have = string.Join("\n", lines.Skip(1).Where(line => !own.Any(line.StartsWith)).OrderBy(line => line, StringComparer.Ordinal));
            Expect.Equal(want, have);
            Expect.Bytes(prepared.Body, body);
        }

        [Test]
        public static async Task a_url_is_never_written_anew()
        {
            string target = null;
            int sent = 0;
            using (var server = new Server((head, body) => { target = head.Split(' ')[1]; return Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n"); }))
            using (Client client = Sim.ClientOf("base_url", server.Url))
            using (HttpClient http = Transport())
            {
                foreach (string url in new[]
                {
                    "/v3/x?mchid=1&name=%E4%BD%A0%F0%9F%98%80", "/v3/x?q=a%2Fb%26c%3D%2525", "/v3/a%2Fb/c%3Fd", "/v3/x?a=b;c=d,e:f@g/h?i", "/v3/x?a='(b)*!$+",
                    "/v3/x?a=%20%22%3C%3E%5C%5E%60%7B%7C%7D", "/v3/x~y._-z", "/v3/x?", "/v3/x?a=&&b", "/v3/(a)'b'!*", "/v3/x?a=[1]", "/v3/x?a=b|c", "/v3/x/%7e",
                })
                {
                    PreparedHttpRequest request;
                    try { request = client.PrepareHttp("GET", url); }
                    catch (WxPayUsageException error)
                    {
                        Expect.Equal(Constants.WXPAY_STATUS_URL_REFUSED, error.Status, url);
                        continue;
                    }
                    catch (NotSupportedException) { continue; }
                    (await http.SendAsync(request)).Dispose();
                    Expect.Equal(request.Prepared.Url.Substring(server.Url.Length), target, url);
                    sent++;
                }
            }
            Expect.True(sent >= 9, "only " + sent + " URLs could be sent");
        }

        [Test]
        public static async Task an_answer_that_was_changed_on_the_way_is_refused()
        {
            using (var server = new Server((head, body) =>
            {
                byte[] answer = Relayed(head, body);
                answer[answer.Length - 3] ^= 1;
                return answer;
            }))
            using (Client client = Sim.ClientOf("base_url", server.Url))
            using (HttpClient http = Transport())
            using (HttpResponseMessage response = await http.SendAsync(client.PrepareHttp("GET", "/v3/certificates")))
            {
                var error = await Expect.ThrowsAsync<WxPaySignatureException>(() => client.CheckAsync(response));
                Expect.Equal(Constants.WXPAY_STATUS_SIGNATURE_INVALID, error.Status);
            }
        }
    }
}
