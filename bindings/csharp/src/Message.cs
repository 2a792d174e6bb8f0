using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Globalization;
using System.Linq;
using System.Text;

namespace LibWxPay
{
    /// <summary>Bytes that pass untouched: a <c>byte[]</c>, or the UTF-8 of a <c>string</c>. Both convert by themselves.</summary>
    public struct Body
    {
        internal readonly byte[] Bytes;

        private Body(byte[] bytes) { Bytes = bytes; }

        /// <summary>The UTF-8 of a text.</summary>
        public static implicit operator Body(string text) { return new Body(Native.Utf8(text)); }

        /// <summary>These bytes.</summary>
        public static implicit operator Body(byte[] bytes) { return new Body(bytes); }
    }

    /// <summary>What holds for one call only.</summary>
    public sealed class CallOptions
    {
        /// <summary>Milliseconds for the whole call.</summary>
        public int? TimeoutMs { get; set; }

        /// <summary>Your promise that repeating this request cannot act twice.</summary>
        public bool Idempotent { get; set; }

        /// <summary>The WeChat Pay key that the answer is to be signed with, as Encrypt returned it.</summary>
        public string KeyId { get; set; }

        /// <summary>Further headers.</summary>
        public IEnumerable<KeyValuePair<string, string>> Headers { get; set; }
    }

    public sealed partial class Message
    {
        /// <summary>A request that is not signed yet.</summary>
        public static Message Request(string method, string url, Body body = default, CallOptions options = null)
        {
            return NewRequest(method, url, body).With(options);
        }

        /// <summary>A file to be sent; what is signed is the part `meta`, made when it is not given.</summary>
        public static Message Upload(string url, string filename, Body file, string contentType = "", string meta = "", CallOptions options = null)
        {
            return NewUpload(url, meta, filename, contentType, file).With(options);
        }

        /// <summary>What another transport received: status, headers and the bytes of the body.</summary>
        public static Message Response(int status, IEnumerable<KeyValuePair<string, string>> headers, Body body) =>
            NewResponse(status, body).Received(headers);

        /// <summary>The same with headers of several values: HttpHeaders, or IHeaderDictionary of ASP.NET Core.</summary>
        public static Message Response<TValues>(int status, IEnumerable<KeyValuePair<string, TValues>> headers, Body body) where TValues : IEnumerable<string> =>
            Response(status, Flat(headers), body);

        /// <summary>The same with the headers of HttpListener and ASP.NET.</summary>
        public static Message Response(int status, NameValueCollection headers, Body body) =>
            Response(status, Flat(headers), body);

        /// <summary>The same with lines "Name: value", as they stood on the wire.</summary>
        public static Message Response(int status, string headerBlock, Body body)
        {
            Message message = NewResponse(status, body);
            message.AddHeaderBlock(headerBlock);
            return message;
        }

        /// <summary>The body as text.</summary>
        public string Text { get { return Encoding.UTF8.GetString(Body); } }

        /// <summary>Names and values in order.</summary>
        public IList<KeyValuePair<string, string>> Headers =>
            Enumerable.Range(0, (int)HeaderCount).Select(at => Pair(HeaderName(at), HeaderValue(at))).ToList();

        internal static IEnumerable<KeyValuePair<string, string>> Flat<TValues>(IEnumerable<KeyValuePair<string, TValues>> headers) where TValues : IEnumerable<string> =>
            headers.SelectMany(header => Native.Given(header.Key, header.Value).Select(value => Pair(header.Key, value)));

        internal static IEnumerable<KeyValuePair<string, string>> Flat(NameValueCollection headers) =>
            headers.AllKeys.SelectMany(name => Native.Given(name, headers.GetValues(name)).Select(value => Pair(name, value)));

        private static readonly char[] LineEnd = { '\r', '\n' };

        private static KeyValuePair<string, string> Pair(string name, string value) { return new KeyValuePair<string, string>(name, value); }

        private Message With(CallOptions options)
        {
            if (options == null) return this;
            if (options.TimeoutMs != null) Set("timeout_ms", options.TimeoutMs.Value.ToString(CultureInfo.InvariantCulture));
            if (options.Idempotent) Set("idempotent", "1");
            if (options.KeyId != null) Set("key_id", options.KeyId);
            return options.Headers == null ? this : With(options.Headers);
        }

        // One call for all of them. What could read as another header goes alone, and is refused.
        private Message Received(IEnumerable<KeyValuePair<string, string>> headers)
        {
            ILookup<bool, KeyValuePair<string, string>> plain = headers.ToLookup(it => (Native.Given(it.Key, it.Value) + it.Key).IndexOfAny(LineEnd) < 0 && !it.Key.Contains(":"));
            AddHeaderBlock(string.Join("\n", plain[true].Select(it => it.Key + ":" + it.Value)));
            return With(plain[false]);
        }

        private Message With(IEnumerable<KeyValuePair<string, string>> headers)
        {
            foreach (KeyValuePair<string, string> header in headers) AddHeader(header.Key, Native.Given(header.Key, header.Value));
            return this;
        }
    }
}
