using System;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace LibWxPay
{
    /// <summary>An object of the library. P/Invoke counts the calls that are at work on it, so that it is released
    /// after the last one, whoever disposes of it or forgets it in the meantime.</summary>
    internal abstract class NativeHandle : SafeHandle
    {
        // Of a borrowed object: what it belongs to, kept alive by a count of its own.
        private NativeHandle owner;
        private long weight;

        // Of all objects. The limit is Step more than the least that was held since the last collection.
        private const long Step = 32 << 20;
        private static long held, collectAbove = Step;

        protected NativeHandle() : base(IntPtr.Zero, true) { }

        public override bool IsInvalid { get { return handle == IntPtr.Zero; } }

        internal void Borrow(IntPtr borrowed, NativeHandle from)
        {
            bool counted = false;
            from.DangerousAddRef(ref counted);
            owner = from;
            SetHandle(borrowed);
        }

        /// <summary>To the collector each object is a few bytes, whatever hangs on it: who disposes of nothing would fill the
        /// memory before it ever runs. (GC.AddMemoryPressure would do, but is empty on Mono.)</summary>
        internal void Weigh(UIntPtr bytes)
        {
            weight = (long)bytes;
            long all = Interlocked.Add(ref held, weight);
            if (all <= collectAbove) return;
            collectAbove = all + Step;
            GC.Collect();
        }

        protected abstract void Free(IntPtr it);

        protected override bool ReleaseHandle()
        {
            if (owner != null) owner.DangerousRelease();
            else Free(handle);
            collectAbove = Math.Min(collectAbove, Interlocked.Add(ref held, -weight) + Step);
            return true;
        }
    }

    /// <summary>What every call of the library needs: text in, text out, and a status that becomes an exception.</summary>
    internal static class Native
    {
        // Strict: half a surrogate pair would silently become another text than the caller's.
        private static readonly UTF8Encoding Strict = new UTF8Encoding(false, true);

        internal static byte[] Utf8(string text) { return text == null ? null : Strict.GetBytes(text); }

        /// <summary>The value, unless it or its name is null.</summary>
        internal static T Given<T>(string name, T value)
        {
            if (name != null && value != null) return value;
            throw new ArgumentException(name == null ? "A name is null." : "The value of \"" + name + "\" is null.");
        }

        internal static UIntPtr Length(byte[] bytes) { return (UIntPtr)(bytes == null ? 0 : bytes.LongLength); }

        internal static void Check(int status, ErrorHandle error)
        {
            // Without it every call would leave an object with a finalizer behind.
            if (status == 0) error.Dispose();
            else throw WxPayException.From(status, error);
        }

        /// <summary>Calls of the library before there is any object of it.</summary>
        internal static T Loaded<T>(Func<T> call)
        {
            Loader.Load();
            return call();
        }

        internal static void Loaded(Action call) => Loaded(() => { call(); return 0; });

        /// <summary>Reads what belongs to an object while nobody can release it.</summary>
        internal static T Held<THandle, T>(THandle handle, Func<THandle, T> read) where THandle : NativeHandle
        {
            bool held = false;
            try
            {
                handle.DangerousAddRef(ref held);
                return read(handle);
            }
            finally { if (held) handle.DangerousRelease(); }
        }

        internal static string OptionalText(IntPtr text)
        {
            if (text == IntPtr.Zero) return null;
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0) length++;
            return Encoding.UTF8.GetString(Bytes(text, (UIntPtr)(uint)length));
        }

        /// <summary>The least number stands for none.</summary>
        internal static long? OptionalNumber(long number) { return number == long.MinValue ? (long?)null : number; }

        internal static string Text(IntPtr text) { return OptionalText(text) ?? ""; }

        internal static byte[] Bytes(IntPtr data, UIntPtr length)
        {
            var bytes = new byte[checked((int)length)];
            if (bytes.Length > 0) Marshal.Copy(data, bytes, 0, bytes.Length);
            return bytes;
        }

        internal static byte[] TakeBytes(BufHandle buf)
        {
            using (buf) return Held(buf, it => Bytes(NativeMethods.wxpay_buf_data(it), NativeMethods.wxpay_buf_len(it)));
        }

        internal static string TakeText(BufHandle buf) { return Encoding.UTF8.GetString(TakeBytes(buf)); }

        /// <summary>A message that belongs to an error; it keeps the error alive.</summary>
        internal static Message Borrowed(IntPtr message, ErrorHandle error)
        {
            if (message == IntPtr.Zero) return null;
            var handle = new MessageHandle();
            handle.Borrow(message, error);
            return new Message(handle);
        }
    }
}
