using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace LibWxPay.Tests
{
    /// <summary>The garbage collector runs all the time, objects are dropped in mid-use: no crash, and no native memory
    /// that nobody releases.</summary>
    public static class Stress
    {
        private const int Limit = 48 << 20;
        private static readonly byte[] Big = Encoding.UTF8.GetBytes("{\"x\":\"" + new string('a', 96 << 10) + "\"}");

        private static long Resident()
        {
            for (int round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            return Occupied();
        }

        private static long Occupied() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * 4096;

        /// <summary>Runs so many rounds of `work` on four threads while a fifth collects.</summary>
        private static void Collecting(int count, Action<int> work)
        {
            int rounds = 0;
            Exception failure = null;
            Stopwatch clock = Stopwatch.StartNew();
            Func<bool> more = () => rounds < count && failure == null;
            var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
            {
                try
                {
                    while (more()) work(Interlocked.Increment(ref rounds));
                }
                catch (Exception error) { failure = error; }
            })).ToList();
            threads.Add(new Thread(() =>
            {
                while (more())
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                }
            }));
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            if (failure != null) throw new Failure("in round " + rounds + ": " + failure);
            Expect.True(clock.Elapsed < TimeSpan.FromSeconds(100), count + " rounds took " + clock.Elapsed);
        }

        /// <summary>Each round drops what it made, some of it while it is read, without Dispose.</summary>
        private static Action<int> Work()
        {
            Received received = Sim.Notified();
            byte[] forged = (byte[])received.Body.Clone();
            forged[20] ^= 1;
            (string encrypted, string keyId) = Sim.Client.Encrypt("张三 😀");
            string ciphertext;
            using (Message echo = Sim.Client.Post("/v3/_sim/echo-encrypted", "{\"ciphertext\":" + Json.Quote(encrypted) + "}", new CallOptions { KeyId = keyId }))
                ciphertext = (string)Json.At(echo.Text, "reencrypted");
            return round =>
            {
                switch (round % 6)
                {
                    case 0:
                        Expect.Equal(Big.Length, Sim.Client.Prepare("POST", Sim.OrderUrl, Big).Body.Length);
                        break;
                    case 1:
                        Expect.Equal("TRANSACTION.SUCCESS", Sim.Client.Notification(received.Headers, received.Body).EventType);
                        break;
                    case 2:
                        Expect.Equal(201, Expect.Throws<WxPaySignatureException>(() => Sim.Client.Notification(received.Headers, forged)).Status);
                        break;
                    case 3:
                        // The prepared message is borrowed from the error, and the error from nobody.
                        var response = Message.Response(200, new Dictionary<string, string>(), Big);
                        WxPayException error = Expect.Throws<WxPaySignatureException>(() => Sim.Client.Check(Sim.Client.Prepare("GET", "/v3/certificates"), response));
                        Expect.Contains("/v3/certificates", error.Request.Url);
                        break;
                    case 4:
                        Expect.Equal("张三 😀", Sim.Client.Decrypt(ciphertext));
                        break;
                    default:
                        using (Client client = Sim.ClientOf()) Expect.Contains("paySign", client.Pay.Jsapi("wx1234567890abcdef", "wx2016"));
                        break;
                }
            };
        }

        [Test]
        public static void calls_survive_the_collector_and_leave_no_memory_behind()
        {
            Action<int> work = Work();
            Collecting(600, work);
            long before = Resident();
            // A third of the rounds hold 96 KiB in native memory: 75 MiB if nobody released them.
            Collecting(2400, work);
            long grown = Resident() - before;
            Expect.True(grown < Limit, "grown by " + (grown >> 20) + " MiB in 2400 rounds");
        }

        /// <summary>Disposed of while it is read: the read comes first. (By reflection: what is inside is not public.)</summary>
        [Test]
        public static void what_is_being_read_is_released_afterwards()
        {
            Message message = Message.Request("POST", "/v3/x", Big);
            var handle = (SafeHandle)typeof(Message).GetField("Handle", BindingFlags.Instance | BindingFlags.NonPublic).GetValue(message);
            Type function = typeof(Func<,>).MakeGenericType(handle.GetType(), typeof(bool));
            Delegate read = Delegate.CreateDelegate(function, typeof(Stress).GetMethod("DisposedWhileRead", BindingFlags.Static | BindingFlags.NonPublic).MakeGenericMethod(handle.GetType()));
            MethodInfo held = typeof(Client).Assembly.GetType("LibWxPay.Native").GetMethod("Held", BindingFlags.Static | BindingFlags.NonPublic);
            var alive = (bool)held.MakeGenericMethod(handle.GetType(), typeof(bool)).Invoke(null, new object[] { handle, read });
            Expect.True(alive, "it was released while it was read");
            Expect.True(handle.IsClosed, "it was not released afterwards");
        }

        private static bool DisposedWhileRead<T>(T handle) where T : SafeHandle
        {
            handle.Dispose();
            return !handle.IsClosed;
        }

        /// <summary>188 MiB, because the heap may have some tens free from the tests before.</summary>
        [Test]
        public static void the_measure_sees_a_leak()
        {
            long before = Resident();
            List<Message> kept = Enumerable.Range(0, 2000).Select(_ => Message.Request("POST", "/v3/x", Big)).ToList();
            long grown = Resident() - before;
            Expect.True(grown > Limit, "2000 messages of 96 KiB show as " + (grown >> 20) + " MiB only");
            kept.ForEach(message => message.Dispose());
        }

        /// <summary>Each exception holds its request: 1 MB that the collector does not see. Nothing here runs it.</summary>
        [Test]
        public static void failing_calls_with_large_bodies_do_not_fill_the_memory()
        {
            var large = new byte[1000000];
            using (Client client = Sim.ClientOf("base_url", "http://127.0.0.1:" + Server.FreePort()))
            {
                Action<int, Action<WxPayException>> fail = (count, then) =>
                {
                    for (int call = 0; call < count; call++) then(Expect.Throws<WxPayTransportException>(() => client.Post("/v3/x", large)));
                };
                fail(1, error => Expect.Equal(large.Length, error.Request.Body.Length));
                long before = Resident();
                fail(100, error => error.Request.Dispose());
                long grown = Occupied() - before;
                Expect.True(grown < 40 << 20, "grown by " + (grown >> 20) + " MiB in 100 calls whose messages were disposed of");
                fail(250, error => { });
                grown = Occupied() - before;
                Expect.True(grown < 140 << 20, "grown by " + (grown >> 20) + " MiB in 250 calls that nobody cleans up after");
            }
        }

        [Test]
        public static void sends_survive_the_collector()
        {
            Collecting(200, round =>
            {
                // The answer is dropped while its body is copied.
                if (round % 2 == 0) Expect.Contains("data", Sim.Client.Get("/v3/certificates").Text);
                else Expect.Equal("PARAM_ERROR", Expect.Throws<WxPayApiException>(() => Sim.Client.PostAsync(Sim.OrderUrl, "{}").GetAwaiter().GetResult()).Response.Header("X-Absent") ?? "PARAM_ERROR");
            });
        }

        [Test]
        public static void dispose_races_with_calls_without_harm()
        {
            Collecting(200, round =>
            {
                Client client = Sim.ClientOf();
                var others = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
                {
                    try
                    {
                        for (int call = 0; call < 20; call++) client.Pay.Jsapi("wx1234567890abcdef", "wx2016");
                    }
                    catch (ObjectDisposedException) { /* as it must */ }
                })).ToList();
                others.ForEach(thread => thread.Start());
                client.Dispose();
                others.ForEach(thread => thread.Join());
            });
        }
    }
}
