using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace LibWxPay
{
    public sealed partial class Client
    {
        /// <summary>Reads the files that are named. The configuration may be disposed of afterwards.</summary>
        public Client(Configuration configuration) : this(New(configuration)) { }

        /// <summary>The names are the configuration keys.</summary>
        public Client(IEnumerable<KeyValuePair<string, string>> configuration) : this(Made(Configuration.Filled(it =>
        {
            foreach (KeyValuePair<string, string> one in configuration) it.Add(one.Key, one.Value);
        }))) { }

        /// <summary>From WXPAY_MCHID, WXPAY_PRIVATE_KEY_FILE, …</summary>
        public static Client FromEnvironment(string prefix = "WXPAY_") { return new Client(Made(Configuration.FromEnvironment(prefix))); }

        /// <summary>From a JSON object; the simulator's merchant.json is one.</summary>
        public static Client FromJson(string json) { return new Client(Made(Configuration.FromJson(json))); }

        /// <summary>From a file that holds a JSON object.</summary>
        public static Client FromJsonFile(string path) { return new Client(Made(Configuration.FromJsonFile(path))); }

        /// <summary>Parameters for front ends.</summary>
        public Pay Pay { get { return new Pay(Handle); } }

        /// <summary>Signs, sends and verifies.</summary>
        public Message Call(string method, string url, Body body = default, CallOptions options = null)
        {
            using (Message request = Message.Request(method, url, body, options)) return Send(request);
        }

        /// <summary>The exact request for a transport of your own. Send its body byte for byte, follow no redirects.</summary>
        public Message Prepare(string method, string url, Body body = default, CallOptions options = null)
        {
            using (Message request = Message.Request(method, url, body, options)) return Prepare(request);
        }

        /// <summary>Checks what your transport received, and gives it back when it is verified.</summary>
        public Message Check(Message prepared, int status, IEnumerable<KeyValuePair<string, string>> headers, Body body)
        {
            Message response = Message.Response(status, headers, body);
            Check(prepared, response);
            return response;
        }

        /// <summary>Verifies and decrypts. Take the raw body, before anything parses it. What is thrown has the answer
        /// for WeChat Pay: <see cref="WxPayException.Reply"/>.</summary>
        public Notification Notification(IEnumerable<KeyValuePair<string, string>> headers, Body body)
        {
            using (Message message = Message.Response(0, headers, body)) return LibWxPay.Notification.Open(this, message);
        }

        /// <summary>The same with headers of several values: IHeaderDictionary of ASP.NET Core.</summary>
        public Notification Notification<TValues>(IEnumerable<KeyValuePair<string, TValues>> headers, Body body) where TValues : IEnumerable<string> =>
            Notification(Message.Flat(headers), body);

        /// <summary>The same with the headers of HttpListener and ASP.NET.</summary>
        public Notification Notification(NameValueCollection headers, Body body) { return Notification(Message.Flat(headers), body); }

        /// <summary>Any method, with options.</summary>
        public async Task<Message> CallAsync(string method, string url, Body body = default, CancellationToken cancellationToken = default, CallOptions options = null)
        {
            using (Message request = Message.Request(method, url, body, options)) return await SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>Sends on a thread of its own, so that waiting requests never use up the thread pool. After a
        /// cancellation the Task ends when the call has, and it is faulted, not canceled: a canceled one has no exception
        /// outside `await`, and the Outcome of a payment must not be lost. See <see cref="WxPayProcessException"/>.</summary>
        public async Task<Message> SendAsync(Message request, CancellationToken cancellationToken = default)
        {
            using (cancellationToken.Register(request.Cancel)) return await OwnThread(() => Send(request)).ConfigureAwait(false);
        }

        private static Task<T> OwnThread<T>(Func<T> call) =>
            Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

        private static ClientHandle Made(Configuration configuration)
        {
            using (configuration) return New(configuration);
        }
    }

    public sealed partial class Notification
    {
        /// <summary>The decrypted resource as text.</summary>
        public string Text { get { return Encoding.UTF8.GetString(Plaintext); } }

        /// <summary>Send this when it is stored, also if it was stored before.</summary>
        public Message ReplyOk() { return Reply(Constants.WXPAY_STATUS_OK); }

        /// <summary>Send this when your own work failed: it comes again.</summary>
        public Message ReplyFail(string reason = "") { return Reply(Constants.WXPAY_STATUS_INTERNAL, reason); }
    }
}
