using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LibWxPay.Tests
{
    /// <summary>Operations whose answer is a report with diagnosis ids, and a call whose error has them.</summary>
    internal static class Reports
    {
        private static UIntPtr L(byte[] bytes) => Raw.Length(bytes);

        /// <summary>What `want` asks of a report, or of the JSON of an error.</summary>
        internal static void Compare(Case it, string json)
        {
            Dictionary<string, object> report = Json.Object(json);
            Func<string, object> member = name => report.ContainsKey(name) ? report[name] : null;
            var diagnosis = ((List<object>)member("diagnosis") ?? new List<object>()).Cast<Dictionary<string, object>>().ToList();
            List<string> ids = diagnosis.Select(one => (string)one["id"]).ToList();
            if (it.Wants("report_status")) it.Same("report_status", it.Wanted("report_status"), member("status"));
            if (it.Wants("verdict")) it.Same("verdict", it.Wanted("verdict"), member("verdict"));
            if (it.Wants("language")) it.Same("language", it.Wanted("language"), member("language"));
            if (it.Wants("ids")) it.Same("ids", it.Wanted("ids"), string.Join(" ", ids));
            if (it.Wants("first")) it.Same("first", it.Wanted("first"), ids.FirstOrDefault());
            if (it.Wants("among"))
                foreach (string id in ((string)it.Wanted("among")).Split(' ')) it.Same(id + " among " + string.Join(" ", ids), true, ids.Contains(id));
            if (!it.Wants("diagnosis_text")) return;
            string text = diagnosis.Count == 0 ? "" : (string)diagnosis[0]["text"], wanted = (string)it.Wanted("diagnosis_text");
            it.Same("first text", wanted, text, text.IndexOf(wanted, StringComparison.Ordinal) >= 0);
        }

        private static void Compare(Case it, BufHandle report) => Compare(it, Encoding.UTF8.GetString(Operations.Taken(report)));

        /// <summary>The client that `in` names, or none: NULL.</summary>
        private static ClientHandle ClientOrNone(Case it) => it.Has("client") ? Operations.Client(it) : new ClientHandle();

        internal static void ExplainText(Case it)
        {
            byte[] text = it.Bytes("text");
            it.Must(NativeMethods.wxpay_explain_text(text, L(text), out BufHandle report, out ErrorHandle error), error, report);
            Compare(it, report);
        }

        internal static void ExplainResponse(Case it)
        {
            ClientHandle client = Operations.Client(it);
            using (MessageHandle request = Outgoing.Request(it))
            {
                it.Must(NativeMethods.wxpay_client_prepare(client, request, it.Time, out MessageHandle prepared, out ErrorHandle error), error, prepared);
                string nonce = Encoding.UTF8.GetString(Outgoing.HeaderOf(prepared, "Authorization")).Split(new[] { "nonce_str=\"" }, StringSplitOptions.None)[1].Split('"')[0];
                using (prepared)
                using (MessageHandle response = Operations.Received(it, null, nonce))
                {
                    it.Must(NativeMethods.wxpay_explain_response(client, prepared, response, it.Time, out BufHandle report, out ErrorHandle failed), failed, report);
                    Compare(it, report);
                }
            }
        }

        internal static void TrustReport(Case it)
        {
            it.Must(NativeMethods.wxpay_trust_report(ClientOrNone(it), it.Time, out BufHandle report, out ErrorHandle error), error, report);
            Compare(it, report);
        }

        internal static void TrustProbe(Case it)
        {
            byte[] host = it.Bytes("host"), bind = it.Bytes("bind_address");
            it.Must(NativeMethods.wxpay_trust_probe(ClientOrNone(it), host, L(host), it.Number("port"), bind, L(bind), it.Time, out BufHandle report, out ErrorHandle error), error, report);
            Compare(it, report);
        }

        internal static void Call(Case it)
        {
            byte[] method = it.Bytes("method"), url = it.Bytes("url"), body = it.Bytes("body");
            using (ClientHandle client = Operations.Made(it, (Dictionary<string, object>)it.Raw("config")))
            {
                it.Must(NativeMethods.wxpay_client_call(client, method, L(method), url, L(url), body, L(body), out MessageHandle response, out ErrorHandle error), error, response);
                using (response) Compare(it, "{}"); // nothing was diagnosed
            }
        }
    }
}
