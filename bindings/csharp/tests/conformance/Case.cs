using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;

namespace LibWxPay.Tests
{
    /// <summary>A call failed with a status: the case ends here, and the status is compared.</summary>
    public sealed class Stopped : Exception
    {
        public readonly int Status, Outcome;
        public readonly string Json;

        public Stopped(int status, int outcome, string json)
        {
            Status = status;
            Outcome = outcome;
            Json = json;
        }
    }

    /// <summary>One case: what goes in, what is wanted, and what has been looked at of both.</summary>
    internal sealed class Case
    {
        internal static string Root;

        internal readonly string Id, Operation;
        internal readonly long Time;
        private readonly Dictionary<string, object> given, want;
        private readonly HashSet<string> seen = new HashSet<string>(), compared = new HashSet<string> { "status", "outcome" };
        private readonly List<string> wrong = new List<string>();

        internal Case(Dictionary<string, object> json)
        {
            Id = (string)json["id"];
            Operation = (string)json["op"];
            Time = json.ContainsKey("now") ? (long)(double)json["now"] : 0;
            given = (Dictionary<string, object>)json["in"];
            want = (Dictionary<string, object>)json["want"];
            string[] known = { "id", "op", "now", "in", "want" };
            wrong.AddRange(json.Keys.Except(known).Select(name => "unknown member " + name));
        }

        private Case(Case outer, string name)
        {
            given = (Dictionary<string, object>)outer.Raw(name);
            want = new Dictionary<string, object>();
        }

        /// <summary>An object in `in`, such as a response.</summary>
        internal Case Inner(string name) => new Case(this, name);

        internal bool Has(string name) => given.ContainsKey(name);

        internal object Raw(string name)
        {
            seen.Add(name);
            return given[name];
        }

        internal byte[] Bytes(string name) => Value(Raw(name));

        internal string Plain(string name) => (string)Raw(name);

        internal int Number(string name) => (int)(double)Raw(name);

        internal bool Wants(string name) => want.ContainsKey(name);

        internal object Wanted(string name)
        {
            compared.Add(name);
            return want.ContainsKey(name) ? want[name] : null;
        }

        internal static byte[] Value(object value)
        {
            var text = value as string;
            if (text != null) return Encoding.UTF8.GetBytes(text);
            var form = (Dictionary<string, object>)value;
            if (form.ContainsKey("hex"))
            {
                var hex = (string)form["hex"];
                return Enumerable.Range(0, hex.Length / 2).Select(at => Convert.ToByte(hex.Substring(2 * at, 2), 16)).ToArray();
            }
            if (form.ContainsKey("file")) return File.ReadAllBytes(Path.Combine(Root, (string)form["file"]));
            byte[] once = Encoding.UTF8.GetBytes((string)form["repeat"]);
            return Enumerable.Range(0, (int)(double)form["times"]).SelectMany(_ => once).ToArray();
        }

        /// <summary>Compares bytes, a number or null with the wanted member, if it is wanted.</summary>
        internal void Compare(string name, object have)
        {
            compared.Add(name);
            if (!want.ContainsKey(name)) return;
            object wanted = want[name];
            if (wanted is double) Same(name, (long)(double)wanted, Convert.ToInt64(have));
            else if (wanted == null || have == null) Same(name, wanted == null, have == null);
            else Same(name, Encoding.UTF8.GetString(Value(wanted)), Encoding.UTF8.GetString((byte[])have), Value(wanted).SequenceEqual((byte[])have));
        }

        internal void Same<T>(string name, T wanted, T have, bool? equal = null)
        {
            if (!(equal ?? Equals(wanted, have))) wrong.Add(name + ": wanted <" + wanted + ">, have <" + have + ">");
        }

        /// <summary>What a fallible function promises, whatever its status.</summary>
        internal void Must(int status, ErrorHandle error, params NativeHandle[] outs)
        {
            foreach (NativeHandle one in outs)
                if (one.IsInvalid != (status != 0)) wrong.Add("status " + status + " with an output that is " + (one.IsInvalid ? "NULL" : "not NULL"));
            if (status == 0)
            {
                if (!error.IsInvalid) wrong.Add("an error without a status");
                return;
            }
            using (error)
            {
                Same("status of the error", status, NativeMethods.wxpay_error_status(error));
                if (Native.Text(NativeMethods.wxpay_error_message(error)) == "") wrong.Add("the error has no message");
                if (Native.Text(NativeMethods.wxpay_error_hint(error)) == "") wrong.Add("the error has no hint");
                throw new Stopped(status, NativeMethods.wxpay_error_outcome(error), Native.Text(NativeMethods.wxpay_error_json(error)));
            }
        }

        /// <summary>Runs it; what is wrong, a line each.</summary>
        internal List<string> Run(Action<Case> operation)
        {
            int status = 0, outcome = -1;
            try { operation(this); }
            catch (Stopped stopped)
            {
                status = stopped.Status;
                outcome = stopped.Outcome;
                Reports.Compare(this, stopped.Json);
            }
            catch (Exception error) { wrong.Add(error.ToString()); }
            Same("status", want.ContainsKey("status") ? (int)(double)want["status"] : 0, status);
            if (want.ContainsKey("outcome")) Same("outcome", (int)(double)want["outcome"], outcome);
            // After a failure the rest was not reached, and nothing of it may be wanted; before it all is read. A call reads all first.
            wrong.AddRange(want.Keys.Except(compared).Select(name => "wanted and not compared: " + name));
            if (status == 0 || Operation == "call") wrong.AddRange(given.Keys.Except(seen).Select(name => "not read: " + name));
            return wrong;
        }
    }

    /// <summary>Copies of what the library points to.</summary>
    internal static class Raw
    {
        internal static byte[] Text(IntPtr text)
        {
            if (text == IntPtr.Zero) return null;
            int length = 0;
            while (Marshal.ReadByte(text, length) != 0) length++;
            return Native.Bytes(text, (UIntPtr)(uint)length);
        }

        internal static UIntPtr Length(byte[] bytes) => Native.Length(bytes);
    }
}
