using System.Threading;
using System.Threading.Tasks;

namespace LibWxPay
{
    public sealed partial class Client
    {
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

        private static Task<T> OwnThread<T>(System.Func<T> call) =>
            Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }
}
