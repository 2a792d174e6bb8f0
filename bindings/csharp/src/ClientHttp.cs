using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;

namespace LibWxPay
{
    /// <summary>A signed request for HttpClient.</summary>
    public sealed class PreparedHttpRequest : HttpRequestMessage
    {
        /// <summary>What was signed.</summary>
        public Message Prepared { get; private set; }

        internal PreparedHttpRequest(Message prepared) : base(new HttpMethod(prepared.Method), new Uri(prepared.Url))
        {
            // Uri may write a URL anew. What is sent must be what was signed.
            if (RequestUri.AbsoluteUri != prepared.Url) throw new NotSupportedException("System.Uri would change " + prepared.Url + " to " + RequestUri.AbsoluteUri + "; send it with Client.Send.");
            Prepared = prepared;
            byte[] body = prepared.Body;
            if (body.Length > 0) Content = new ByteArrayContent(body);
            foreach (KeyValuePair<string, string> header in prepared.Headers)
            {
                if (!Headers.TryAddWithoutValidation(header.Key, header.Value) && Content != null)
                    Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }
    }

    public sealed partial class Client
    {
        /// <summary>For an HttpClient that follows no redirects.</summary>
        public PreparedHttpRequest PrepareHttp(string method, string url, Body body = default, CallOptions options = null) =>
            new PreparedHttpRequest(Prepare(method, url, body, options));

        /// <summary>Checks what HttpClient received for a request of <see cref="PrepareHttp"/>.</summary>
        public Task<Message> CheckAsync(HttpResponseMessage response)
        {
            var request = response.RequestMessage as PreparedHttpRequest;
            if (request == null) throw new ArgumentException("The response does not name the request that PrepareHttp made.", nameof(response));
            return CheckAsync(request.Prepared, response);
        }

        /// <summary>The same where a handler lost the request.</summary>
        public async Task<Message> CheckAsync(Message prepared, HttpResponseMessage response)
        {
            byte[] body = new byte[0];
            var headers = new List<KeyValuePair<string, IEnumerable<string>>>(response.Headers);
            if (response.Content != null)
            {
                body = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
                headers.AddRange(response.Content.Headers);
            }
            return Check(prepared, (int)response.StatusCode, Message.Flat(headers), body);
        }
    }
}
