using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace LibWxPay.Tests
{
    /// <summary>A server on loopback that sees the bytes as they come. `answer` gets a request's head and body and gives
    /// the bytes to write; null is silence until the end.</summary>
    public sealed class Server : IDisposable
    {
        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly List<TcpClient> open = new List<TcpClient>();
        private readonly Func<string, byte[], byte[]> answer;

        public Server(Func<string, byte[], byte[]> answer)
        {
            this.answer = answer;
            listener.Start();
            new Thread(Accept) { IsBackground = true }.Start();
        }

        public static Server Silent() => new Server((head, body) => null);

        public string Url => "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port;

        /// <summary>Requests seen whole.</summary>
        public int Requests { get; private set; }

        public static int FreePort()
        {
            var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            int port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            return port;
        }

        private void Accept()
        {
            try
            {
                for (;;)
                {
                    TcpClient client = listener.AcceptTcpClient();
                    lock (open) open.Add(client);
                    new Thread(() => Serve(client)) { IsBackground = true }.Start();
                }
            }
            catch (Exception) { /* stopped */ }
        }

        private void Serve(TcpClient client)
        {
            try
            {
                Stream stream = client.GetStream();
                var have = new List<byte>();
                var chunk = new byte[8192];
                int end = -1, want = 0;
                while (end < 0 || have.Count < end + want)
                {
                    int count = stream.Read(chunk, 0, chunk.Length);
                    if (count == 0) return;
                    have.AddRange(chunk.Take(count));
                    string text = Encoding.GetEncoding("iso-8859-1").GetString(have.ToArray());
                    end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                    if (end < 0) continue;
                    end += 4;
                    string length = text.Substring(0, end).Split('\n').FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
                    want = length == null ? 0 : int.Parse(length.Substring(15).Trim());
                }
                byte[] all = have.ToArray();
                lock (open) Requests++;
                byte[] reply = answer(Encoding.ASCII.GetString(all, 0, end), all.Skip(end).Take(want).ToArray());
                if (reply == null) return;
                stream.Write(reply, 0, reply.Length);
                client.Close();
            }
            catch (Exception) { /* the client went away */ }
        }

        public void Dispose()
        {
            listener.Stop();
            lock (open) foreach (TcpClient client in open) client.Close();
        }
    }
}
