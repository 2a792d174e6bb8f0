using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace LibWxPay.Tests
{
    /// <summary>What is signed and sent: requests, and parameters of front ends. All but nonce and signature is compared,
    /// and the signature must verify.</summary>
    internal static class Outgoing
    {
        private static UIntPtr L(byte[] bytes) => Raw.Length(bytes);

        internal static MessageHandle Request(Case it)
        {
            MessageHandle request = Operations.Request(it, it.Bytes("method"), it.Bytes("url"), it.Bytes("body"));
            Operations.Headers(it, it, request);
            return request;
        }

        internal static void Prepare(Case it)
        {
            using (MessageHandle request = Request(it))
            {
                it.Must(NativeMethods.wxpay_client_prepare(Operations.Client(it), request, it.Time, out MessageHandle prepared, out ErrorHandle error), error, prepared);
                using (prepared) Prepared(it, prepared, null);
            }
        }

        internal static void PrepareUnsigned(Case it)
        {
            using (MessageHandle request = Request(it))
            {
                it.Must(NativeMethods.wxpay_client_prepare_unsigned(Operations.Client(it), request, it.Time, out MessageHandle prepared, out BufHandle toSign, out BufHandle digest, out ErrorHandle error), error, prepared, toSign, digest);
                using (prepared)
                {
                    byte[] text = Operations.Taken(toSign);
                    it.Same("length of the digest", 32, Operations.Taken(digest).Length);
                    byte[] signature = Operations.Signature(it, it.Bytes("sign_key"), text);
                    it.Must(NativeMethods.wxpay_message_attach_signature(prepared, signature, L(signature), out ErrorHandle failed), failed);
                    Prepared(it, prepared, text);
                }
            }
        }

        internal static byte[] HeaderOf(MessageHandle message, string name)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            return Raw.Text(NativeMethods.wxpay_message_header(message, bytes, L(bytes)));
        }

        internal static void Prepared(Case it, MessageHandle prepared, byte[] toSign, bool withBody = true)
        {
            it.Compare("method", Raw.Text(NativeMethods.wxpay_message_method(prepared)));
            it.Compare("url", Raw.Text(NativeMethods.wxpay_message_url(prepared)));
            if (withBody) it.Compare("body", Native.Bytes(NativeMethods.wxpay_message_body(prepared), NativeMethods.wxpay_message_body_len(prepared)));
            foreach (var header in it.Wanted("headers") as Dictionary<string, object> ?? new Dictionary<string, object>())
            {
                byte[] have = HeaderOf(prepared, header.Key);
                string want = header.Value == null ? null : Encoding.UTF8.GetString(Case.Value(header.Value));
                it.Same(header.Key, want, have == null ? null : Encoding.UTF8.GetString(have));
            }
            var wanted = it.Wanted("authorization") as Dictionary<string, object>;
            if (wanted == null) return;
            string authorization = Encoding.UTF8.GetString(HeaderOf(prepared, "Authorization"));
            string scheme = (string)wanted["scheme"];
            it.Same("scheme", scheme + " ", authorization.Substring(0, Math.Min(authorization.Length, scheme.Length + 1)));
            var members = new Dictionary<string, string>();
            foreach (string part in authorization.Substring(scheme.Length + 1).Split(','))
            {
                Match pair = Regex.Match(part, "\\A([a-z_]+)=\"([^\"]*)\"\\z");
                it.Same("member " + part, true, pair.Success);
                if (pair.Success) members.Add(pair.Groups[1].Value, pair.Groups[2].Value);
            }
            Signed(it, members, (Dictionary<string, object>)wanted["members"], "nonce_str", "signature", wanted["canonical"], wanted["verify_key"], toSign);
        }

        private static void Signed(Case it, Dictionary<string, string> have, Dictionary<string, object> want, string nonceMember, string signatureMember, object canonical, object verifyKey, byte[] toSign)
        {
            string names = string.Join(" ", want.Keys.Concat(new[] { nonceMember, signatureMember }).OrderBy(name => name, StringComparer.Ordinal));
            it.Same("members", names, string.Join(" ", have.Keys.OrderBy(name => name, StringComparer.Ordinal)));
            foreach (var member in want) it.Same(member.Key, Encoding.UTF8.GetString(Case.Value(member.Value)), have.ContainsKey(member.Key) ? have[member.Key] : null);
            string nonce = have[nonceMember];
            it.Same("form of the nonce", true, Regex.IsMatch(nonce, "\\A[0-9A-Za-z]{32}\\z"));
            byte[] text = Replaced(Case.Value(canonical), nonce);
            if (toSign != null) it.Same("to_sign", Encoding.UTF8.GetString(text), Encoding.UTF8.GetString(toSign), text.SequenceEqual(toSign));
            byte[] signature = Encoding.UTF8.GetBytes(have[signatureMember]);
            using (KeyHandle key = Operations.Key(it, Case.Value(verifyKey)))
                it.Must(NativeMethods.wxpay_verify(key, text, L(text), signature, L(signature), out ErrorHandle error), error);
        }

        /// <summary>The first `{nonce}` in bytes that need not be UTF-8.</summary>
        private static byte[] Replaced(byte[] canonical, string nonce)
        {
            byte[] mark = Encoding.ASCII.GetBytes("{nonce}");
            int at = Enumerable.Range(0, canonical.Length).First(start => canonical.Skip(start).Take(mark.Length).SequenceEqual(mark));
            return canonical.Take(at).Concat(Encoding.ASCII.GetBytes(nonce)).Concat(canonical.Skip(at + mark.Length)).ToArray();
        }

        internal static void Pay(Case it)
        {
            byte[] appid = it.Bytes("appid"), prepayId = it.Bytes("prepay_id");
            ClientHandle client = Operations.Client(it);
            BufHandle parameters;
            ErrorHandle error;
            int status;
            switch (it.Plain("kind"))
            {
                case "jsapi": status = NativeMethods.wxpay_pay_jsapi(client, appid, L(appid), prepayId, L(prepayId), it.Time, out parameters, out error); break;
                case "mini_program": status = NativeMethods.wxpay_pay_mini_program(client, appid, L(appid), prepayId, L(prepayId), it.Time, out parameters, out error); break;
                case "app": status = NativeMethods.wxpay_pay_app(client, appid, L(appid), prepayId, L(prepayId), it.Time, out parameters, out error); break;
                default: throw new FormatException("unknown kind");
            }
            it.Must(status, error, parameters);
            Paid(it, Operations.Taken(parameters), null);
        }

        internal static void PayUnsigned(Case it)
        {
            byte[] kind = Encoding.UTF8.GetBytes(it.Plain("kind")), appid = it.Bytes("appid"), prepayId = it.Bytes("prepay_id");
            it.Must(NativeMethods.wxpay_pay_unsigned(Operations.Client(it), kind, L(kind), appid, L(appid), prepayId, L(prepayId), it.Time, out BufHandle unsigned, out BufHandle toSign, out BufHandle digest, out ErrorHandle error), error, unsigned, toSign, digest);
            byte[] parameters = Operations.Taken(unsigned), text = Operations.Taken(toSign);
            byte[] signature = Operations.Signature(it, it.Bytes("sign_key"), text);
            it.Must(NativeMethods.wxpay_pay_attach(parameters, L(parameters), signature, L(signature), out BufHandle whole, out ErrorHandle failed), failed, whole);
            Paid(it, Operations.Taken(whole), text);
        }

        private static void Paid(Case it, byte[] json, byte[] toSign)
        {
            var have = Json.Object(Encoding.UTF8.GetString(json)).ToDictionary(member => member.Key, member => (string)member.Value);
            var wanted = it.Wanted("members") as Dictionary<string, object>;
            string nonce = (string)it.Wanted("nonce_member"), signature = (string)it.Wanted("signature_member");
            object canonical = it.Wanted("canonical"), key = it.Wanted("verify_key");
            Signed(it, have, wanted, nonce, signature, canonical, key, toSign);
        }
    }
}
