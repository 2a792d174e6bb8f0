using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;

namespace LibWxPay
{
    public sealed partial class Download
    {
        /// <summary>The next bytes; 0 is the end: only then length, digest and tag were right.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Read(byte[] buffer)
        {
            Native.Check(NativeMethods.wxpay_download_read(Handle, buffer, Native.Length(buffer), out UIntPtr count, out ErrorHandle error), error);
            return (int)count;
        }

        /// <summary>Its bytes up to the end. When that throws, what came before is not the file.</summary>
        /// <param name="target">where they go</param>
        /// <param name="progress">given Received and Total</param>
        /// <param name="cancellationToken">ends it with a WxPayProcessException</param>
        public void CopyTo(Stream target, Action<long, long> progress = null, CancellationToken cancellationToken = default)
        {
            var buffer = new byte[1 << 16];
            using (cancellationToken.Register(Cancel))
            {
                for (int count; (count = Read(buffer)) > 0; progress?.Invoke(Received, Total)) target.Write(buffer, 0, count);
            }
        }

        /// <summary>Writes it to a file, which changes only when everything came and was right: until then it is PATH.part,
        /// a new file that only this user can read, deleted on any error. InvalidOperationException after a read.</summary>
        public void Save(string path, Action<long, long> progress = null, CancellationToken cancellationToken = default)
        {
            // The rest would pass for the whole file.
            if (Received != 0) throw new InvalidOperationException("Something of this download was read already; begin one anew to save it.");
            string part = path + ".part";
            FileStream file = Posix.Create(part);
            try
            {
                using (file) CopyTo(file, progress, cancellationToken);
                if (File.Exists(path)) File.Replace(part, path, null);
                else File.Move(part, path);
            }
            catch
            {
                File.Delete(part);
                throw;
            }
        }
    }

    public sealed partial class Bill
    {
        /// <summary>Names of the columns in order.</summary>
        public IList<string> Columns => Enumerable.Range(0, (int)ColumnCount).Select(at => ColumnName(at)).ToList();

        /// <summary>An amount of the present row, in fen; null where there is none.</summary>
        public long? Fen(string column)
        {
            int at = Column(column);
            return at < 0 ? null : Fen(at);
        }

        /// <summary>What each column of a row holds, as text, from where the bill stands. Every row was checked before the first.</summary>
        public IEnumerable<IDictionary<string, string>> Rows()
        {
            IList<string> columns = Columns;
            for (Next(); Row != 0; Next()) yield return Enumerable.Range(0, columns.Count).ToDictionary(at => columns[at], at => Field(at));
        }
    }

    public sealed partial class Client
    {
        /// <summary>Checks what your transport received for a message of V2Prepare, and gives its fields as JSON.</summary>
        public string V2Check(Message prepared, int status, IEnumerable<KeyValuePair<string, string>> headers, Body body)
        {
            using (Message response = Message.Response(status, headers, body)) return V2Check(prepared, response);
        }

        /// <summary>The fields of a notification of API v2 as JSON, verified. Confirm it with an order query.</summary>
        public string V2Notification(Body body)
        {
            using (Message message = Message.NewResponse(200, body)) return V2Notification(message);
        }
    }
}
