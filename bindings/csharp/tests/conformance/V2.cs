using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LibWxPay.Tests
{
    /// <summary>API v2 and PayScore.</summary>
    internal static class V2
    {
        private static UIntPtr L(byte[] bytes) => Raw.Length(bytes);

        /// <summary>An object of text, in any order.</summary>
        private static void SameObject(Case it, string name, Dictionary<string, object> have)
        {
            if (!it.Wants(name)) return;
            Func<Dictionary<string, object>, string> shown = of =>
                string.Join(", ", of.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => member.Key + "=" + member.Value));
            it.Same(name, shown((Dictionary<string, object>)it.Wanted(name)), shown(have));
        }

        private static Dictionary<string, object> Parsed(BufHandle json) => Json.Object(Encoding.UTF8.GetString(Operations.Taken(json)));

        private static MessageHandle Prepare(Case it, Case from, ClientHandle client)
        {
            byte[] path = from.Bytes("path"), signType = from.Bytes("sign_type"), json = from.Bytes("json");
            it.Must(NativeMethods.wxpay_v2_prepare(client, path, L(path), signType, L(signType), json, L(json), out MessageHandle prepared, out ErrorHandle error), error, prepared);
            return prepared;
        }

        internal static void Sign(Case it)
        {
            byte[] signType = it.Bytes("sign_type"), json = it.Bytes("json");
            it.Must(NativeMethods.wxpay_v2_sign(Operations.Client(it), signType, L(signType), json, L(json), out BufHandle signature, out ErrorHandle error), error, signature);
            it.Compare("signature", Operations.Taken(signature));
        }

        internal static void Prepare(Case it)
        {
            ClientHandle client = Operations.Client(it);
            using (MessageHandle prepared = Prepare(it, it, client))
            {
                it.Compare("method", Raw.Text(NativeMethods.wxpay_message_method(prepared)));
                it.Compare("url", Raw.Text(NativeMethods.wxpay_message_url(prepared)));
                it.Compare("content_type", Outgoing.HeaderOf(prepared, "Content-Type"));
                byte[] body = Files.BodyOf(prepared);
                it.Must(NativeMethods.wxpay_message_new_response(200, body, L(body), out MessageHandle sent, out ErrorHandle failed), failed, sent);
                it.Must(NativeMethods.wxpay_v2_check(client, new MessageHandle(), sent, out BufHandle json, out ErrorHandle error), error, json);
                SameObject(it, "fields", Parsed(json));
            }
        }

        internal static void Check(Case it)
        {
            ClientHandle client = Operations.Client(it);
            using (MessageHandle request = it.Has("request") ? Prepare(it, it.Inner("request"), client) : new MessageHandle())
            using (MessageHandle response = Operations.Received(it, "verified"))
            {
                int status = NativeMethods.wxpay_v2_check(client, request, response, out BufHandle json, out ErrorHandle error);
                it.Compare("verified", NativeMethods.wxpay_message_verified(response));
                it.Must(status, error, json);
                SameObject(it, "fields", Parsed(json));
            }
        }

        internal static void RefundOpen(Case it)
        {
            byte[] info = it.Bytes("req_info");
            it.Must(NativeMethods.wxpay_v2_refund_open(Operations.Client(it), info, L(info), out BufHandle json, out ErrorHandle error), error, json);
            Dictionary<string, object> opened = Parsed(json);
            it.Same("members", "authenticated refund", string.Join(" ", opened.Keys.OrderBy(name => name, StringComparer.Ordinal)));
            it.Same("authenticated", false, (bool)opened["authenticated"]);
            SameObject(it, "refund", (Dictionary<string, object>)opened["refund"]);
        }

        internal static void Reply(Case it)
        {
            byte[] reason = it.Bytes("reason");
            it.Must(NativeMethods.wxpay_v2_reply(it.Number("result"), reason, L(reason), out MessageHandle reply, out ErrorHandle error), error, reply);
            using (reply)
            {
                it.Compare("http_status", NativeMethods.wxpay_message_status(reply));
                it.Compare("body", Files.BodyOf(reply));
                it.Compare("content_type", Outgoing.HeaderOf(reply, "Content-Type"));
            }
        }

        internal static void Score(Case it)
        {
            byte[] package = it.Bytes("package"), hmac = Encoding.ASCII.GetBytes("HMAC-SHA256");
            ClientHandle client = Operations.Client(it);
            it.Must(NativeMethods.wxpay_pay_score(client, package, L(package), it.Time, out BufHandle made, out ErrorHandle error), error, made);
            byte[] json = Operations.Taken(made);
            it.Must(NativeMethods.wxpay_v2_sign(client, hmac, L(hmac), json, L(json), out BufHandle sign, out ErrorHandle failed), failed, sign);
            Dictionary<string, object> members = Json.Object(Encoding.UTF8.GetString(json));
            it.Same("sign", Encoding.UTF8.GetString(Operations.Taken(sign)), (string)members["sign"]);
            it.Same("length of the nonce", 32, ((string)members["nonce_str"]).Length);
            members.Remove("sign");
            members.Remove("nonce_str");
            SameObject(it, "members", members);
        }
    }
}
