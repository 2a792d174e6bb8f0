using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace LibWxPay.Tests
{
    public static class Async
    {
        [Test]
        public static async Task an_order_is_placed_without_waiting_for_it()
        {
            using (Message answer = await Sim.Client.PostAsync(Sim.OrderUrl, Sim.Order(Sim.Number()))) Expect.Equal(200, answer.Status);
            using (Message answer = await Sim.Client.GetAsync("/v3/certificates")) Expect.Equal(Constants.WXPAY_VERIFIED_SIGNATURE, answer.Verified);
            var error = await Expect.ThrowsAsync<WxPayApiException>(() => Sim.Client.PostAsync(Sim.OrderUrl, "{}"));
            Expect.Equal("REJECTED", error.OutcomeName);
        }

        [Test]
        public static async Task other_tasks_make_progress_while_many_requests_hang()
        {
            using (Server server = Server.Silent())
            using (Client client = Sim.ClientOf("base_url", server.Url, "timeout_ms", "20000"))
            using (var cancel = new CancellationTokenSource())
            {
                Stopwatch clock = Stopwatch.StartNew();
                // More than the pool has threads.
                Task<Message>[] hanging = Enumerable.Range(0, 60).Select(_ => client.PostAsync("/v3/x", "{}", cancel.Token)).ToArray();
                Expect.True(clock.ElapsedMilliseconds < 3000, "the caller waited " + clock.ElapsedMilliseconds + " ms");
                int done = 0;
                await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => { await Task.Delay(5); Interlocked.Increment(ref done); })));
                Expect.Equal(200, done);
                Expect.True(clock.ElapsedMilliseconds < 10000, "the others waited " + clock.ElapsedMilliseconds + " ms");
                Expect.True(hanging.All(task => !task.IsCompleted), "the requests hang");
                cancel.Cancel();
                foreach (Task<Message> task in hanging) Expect.Equal(Constants.WXPAY_STATUS_CANCELLED, (await Expect.ThrowsAsync<WxPayProcessException>(() => task)).Status);
            }
        }

        [Test]
        public static async Task a_cancelled_task_ends_soon_with_the_true_outcome()
        {
            var times = new List<long>();
            using (Server server = Server.Silent())
            using (Client client = Sim.ClientOf("base_url", server.Url))
            {
                for (int round = 0; round < 5; round++)
                {
                    using (var cancel = new CancellationTokenSource())
                    {
                        Task<Message> task = client.PostAsync("/v3/x", "{}", cancel.Token);
                        while (server.Requests <= round) await Task.Delay(5);
                        await Task.Delay(50);
                        Stopwatch clock = Stopwatch.StartNew();
                        cancel.Cancel();
                        var error = await Expect.ThrowsAsync<WxPayProcessException>(() => task);
                        times.Add(clock.ElapsedMilliseconds);
                        Expect.Equal(Constants.WXPAY_STATUS_CANCELLED, error.Status);
                        Expect.Equal(Constants.WXPAY_OUTCOME_UNKNOWN, error.Outcome, "the request had left");
                        Expect.Contains("UNKNOWN", error.Message);
                    }
                }
            }
            times.Sort();
            Expect.True(times[2] < 200, "milliseconds until it ended: " + string.Join(" ", times));
        }

        /// <summary>However a caller waits, and through whatever it wraps the Task in.</summary>
        [Test]
        public static async Task the_outcome_of_a_cancelled_task_is_seen_in_every_way()
        {
            using (Server server = Server.Silent())
            using (Client client = Sim.ClientOf("base_url", server.Url))
            {
                var ways = new Dictionary<string, Func<Task<Message>, Task<Exception>>>
                {
                    { "await", async task => await Expect.ThrowsAsync<Exception>(() => task) },
                    { "await in another async method", async task => await Expect.ThrowsAsync<Exception>(() => Task.Run(async () => await task)) },
                    { "Wait in another async method", task => Task.FromResult<Exception>(Expect.Throws<AggregateException>(() => Task.Run(async () => await task).Wait())) },
                    { "await WhenAll", async task => await Expect.ThrowsAsync<Exception>(() => Task.WhenAll(task, task)) },
                    { "GetAwaiter().GetResult()", task => Task.FromResult(Expect.Throws<Exception>(() => task.GetAwaiter().GetResult())) },
                    { "Wait", task => Task.FromResult<Exception>(Expect.Throws<AggregateException>(() => task.Wait())) },
                    { "Result", task => Task.FromResult<Exception>(Expect.Throws<AggregateException>(() => task.Result.ToString())) },
                    { "WaitAll", task => Task.FromResult<Exception>(Expect.Throws<AggregateException>(() => Task.WaitAll(task))) },
                    { "ContinueWith", task => task.ContinueWith(ended => (Exception)ended.Exception) },
                    { "OnlyOnFaulted", task => task.ContinueWith(ended => (Exception)ended.Exception, TaskContinuationOptions.OnlyOnFaulted) },
                };
                int sent = 0;
                foreach (var way in ways)
                {
                    using (var cancel = new CancellationTokenSource())
                    {
                        Task<Message> task = client.PostAsync("/v3/x", "{}", cancel.Token);
                        sent++;
                        while (server.Requests < sent) await Task.Delay(5);
                        cancel.CancelAfter(20);
                        Exception seen = await way.Value(task);
                        while (seen is AggregateException) seen = seen.InnerException;
                        var error = seen as WxPayProcessException;
                        Expect.True(error != null, way.Key + " sees " + (seen == null ? "nothing" : seen.GetType().Name));
                        Expect.Equal(Constants.WXPAY_STATUS_CANCELLED, error.Status, way.Key);
                        Expect.Equal(Constants.WXPAY_OUTCOME_UNKNOWN, error.Outcome, way.Key);
                        Expect.True(task.IsFaulted && !task.IsCanceled, way.Key + ": " + task.Status);
                    }
                }
            }
        }

        [Test]
        public static async Task a_token_that_is_cancelled_before_sends_nothing()
        {
            using (Server server = Server.Silent())
            using (Client client = Sim.ClientOf("base_url", server.Url))
            {
                var error = await Expect.ThrowsAsync<WxPayProcessException>(() => client.GetAsync("/v3/x", new CancellationToken(true)));
                Expect.Equal(Constants.WXPAY_STATUS_CANCELLED, error.Status);
                Expect.Equal(Constants.WXPAY_OUTCOME_NOT_SENT, error.Outcome);
                Expect.Equal(0, server.Requests);
            }
        }

        [Test]
        public static async Task a_token_that_is_cancelled_afterwards_changes_nothing()
        {
            using (var cancel = new CancellationTokenSource())
            using (Message answer = await Sim.Client.GetAsync("/v3/certificates", cancel.Token))
            {
                cancel.Cancel();
                Expect.Equal(200, answer.Status);
            }
        }

        [Test]
        public static async Task another_thread_cancels_a_request_that_is_being_sent()
        {
            using (Server server = Server.Silent())
            using (Client client = Sim.ClientOf("base_url", server.Url))
            using (Message request = Message.Request("GET", "/v3/x"))
            {
                Task<Message> sending = Task.Run(() => client.Send(request));
                while (server.Requests == 0) await Task.Delay(5);
                request.Cancel();
                var error = await Expect.ThrowsAsync<WxPayProcessException>(() => sending);
                Expect.Equal(Constants.WXPAY_STATUS_CANCELLED, error.Status);
            }
        }

        /// <summary>What is released while a call is at work on it is released after the call.</summary>
        [Test]
        public static async Task a_client_that_is_disposed_during_a_call_lives_until_its_end()
        {
            using (Server server = Server.Silent())
            {
                Client client = Sim.ClientOf("base_url", server.Url, "timeout_ms", "1500");
                Message request = Message.Request("POST", "/v3/x", "{}");
                Task<Message> sending = client.SendAsync(request);
                while (server.Requests == 0) await Task.Delay(5);
                client.Dispose();
                request.Dispose();
                for (int round = 0; round < 10; round++)
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
                var error = await Expect.ThrowsAsync<WxPayTransportException>(() => sending);
                Expect.Equal(Constants.WXPAY_STATUS_TIMEOUT, error.Status);
                Expect.Throws<ObjectDisposedException>(() => client.Info());
            }
        }
    }
}
