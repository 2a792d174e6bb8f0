using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace LibWxPay.Tests
{
    /// <summary>Each operation by the generated declarations: only they take a time.</summary>
    internal static class Operations
    {
        internal static readonly Dictionary<string, Action<Case>> All = new Dictionary<string, Action<Case>>
        {
            { "canonical_request", CanonicalRequest }, { "canonical_response", CanonicalResponse }, { "sign", Sign }, { "verify", Verify },
            { "aead_decrypt", AeadDecrypt }, { "oaep_decrypt", OaepDecrypt }, { "oaep_encrypt", OaepEncrypt }, { "key_load", KeyLoad },
            { "key_matches_cert", KeyMatchesCert }, { "config_set", ConfigSet }, { "client_new", ClientNew }, { "message_set", MessageSet },
            { "header", Header }, { "prepare", Outgoing.Prepare }, { "prepare_unsigned", Outgoing.PrepareUnsigned }, { "check", Check },
            { "notify_open", NotifyOpen }, { "notify_reply", NotifyReply }, { "pay", Outgoing.Pay }, { "pay_unsigned", Outgoing.PayUnsigned },
            { "pay_h5_url", PayH5Url }, { "client_encrypt", ClientEncrypt }, { "client_decrypt", ClientDecrypt },
            { "upload", Files.Upload }, { "encrypt_fields", Files.EncryptFields }, { "decrypt_fields", Files.DecryptFields }, { "bill", Files.Bill },
            { "v2_sign", V2.Sign }, { "v2_prepare", V2.Prepare }, { "v2_check", V2.Check }, { "v2_refund_open", V2.RefundOpen },
            { "v2_reply", V2.Reply }, { "pay_score", V2.Score }, { "explain_response", Reports.ExplainResponse },
            { "load_certificates", LoadCertificates }, { "status", Status }, { "explain_text", Reports.ExplainText },
            { "trust_report", Reports.TrustReport }, { "trust_probe", Reports.TrustProbe }, { "call", Reports.Call },
        };

        private static readonly Dictionary<string, ClientHandle> Kept = new Dictionary<string, ClientHandle>();
        private static Dictionary<string, object> clients;

        internal static UIntPtr L(byte[] bytes) => Raw.Length(bytes);

        internal static KeyHandle Key(Case it, byte[] data, byte[] passphrase = null)
        {
            it.Must(NativeMethods.wxpay_key_load(data, L(data), passphrase, L(passphrase), out KeyHandle key, out ErrorHandle error), error, key);
            return key;
        }

        private static ConfigHandle Config(Case it)
        {
            it.Must(NativeMethods.wxpay_config_new(out ConfigHandle config, out ErrorHandle error), error, config);
            return config;
        }

        private static void Set(Case it, ConfigHandle config, byte[] key, byte[] value)
        {
            it.Must(NativeMethods.wxpay_config_set(config, key, L(key), value, L(value), out ErrorHandle error), error);
        }

        internal static ClientHandle Made(Case it, Dictionary<string, object> keys)
        {
            using (ConfigHandle config = Config(it))
            {
                foreach (var one in keys) Set(it, config, Encoding.UTF8.GetBytes(one.Key), Case.Value(one.Value));
                it.Must(NativeMethods.wxpay_client_new(config, out ClientHandle client, out ErrorHandle error), error, client);
                return client;
            }
        }

        internal static ClientHandle Client(Case it, bool fresh = false)
        {
            string name = it.Plain("client");
            if (clients == null) clients = Json.Object(File.ReadAllText(Path.Combine(Case.Root, "keys/clients.json")));
            if (fresh) return Made(it, (Dictionary<string, object>)clients[name]);
            if (!Kept.ContainsKey(name)) Kept[name] = Made(it, (Dictionary<string, object>)clients[name]);
            return Kept[name];
        }

        internal static MessageHandle Request(Case it, byte[] method, byte[] url, byte[] body)
        {
            it.Must(NativeMethods.wxpay_message_new_request(method, L(method), url, L(url), body, L(body), out MessageHandle request, out ErrorHandle error), error, request);
            return request;
        }

        private static MessageHandle Response(Case it, int status, byte[] body)
        {
            it.Must(NativeMethods.wxpay_message_new_response(status, body, L(body), out MessageHandle response, out ErrorHandle error), error, response);
            return response;
        }

        /// <summary>`headers` or `block` of `from`, where there is one.</summary>
        internal static void Headers(Case it, Case from, MessageHandle message)
        {
            if (from.Has("headers"))
            {
                foreach (List<object> pair in ((List<object>)from.Raw("headers")).Cast<List<object>>())
                {
                    byte[] name = Case.Value(pair[0]), value = Case.Value(pair[1]);
                    it.Must(NativeMethods.wxpay_message_add_header(message, name, L(name), value, L(value), out ErrorHandle error), error);
                }
            }
            if (!from.Has("block")) return;
            byte[] block = from.Bytes("block");
            it.Must(NativeMethods.wxpay_message_add_header_block(message, block, L(block), out ErrorHandle failed), failed);
        }

        /// <summary>The response; `verdict` is what a getter gives where none can be made: 0. `{nonce}` in its body becomes `nonce`.</summary>
        internal static MessageHandle Received(Case it, string verdict, string nonce = null)
        {
            Case response = it.Inner("response");
            try
            {
                byte[] body = response.Bytes("body");
                MessageHandle message = Response(it, response.Number("status"), nonce == null ? body : Files.Replaced(body, "{nonce}", nonce));
                Headers(it, response, message);
                return message;
            }
            catch (Stopped)
            {
                if (verdict != null) it.Compare(verdict, 0);
                throw;
            }
        }

        internal static byte[] Taken(BufHandle buf) => Native.TakeBytes(buf);

        private static void CanonicalRequest(Case it)
        {
            byte[] method = it.Bytes("method"), url = it.Bytes("url"), timestamp = it.Bytes("timestamp"), nonce = it.Bytes("nonce"), body = it.Bytes("body");
            it.Must(NativeMethods.wxpay_canonical_request(method, L(method), url, L(url), timestamp, L(timestamp), nonce, L(nonce), body, L(body), out BufHandle text, out ErrorHandle error), error, text);
            it.Compare("text", Taken(text));
        }

        private static void CanonicalResponse(Case it)
        {
            byte[] timestamp = it.Bytes("timestamp"), nonce = it.Bytes("nonce"), body = it.Bytes("body");
            it.Must(NativeMethods.wxpay_canonical_response(timestamp, L(timestamp), nonce, L(nonce), body, L(body), out BufHandle text, out ErrorHandle error), error, text);
            it.Compare("text", Taken(text));
        }

        internal static byte[] Signature(Case it, byte[] key, byte[] message)
        {
            using (KeyHandle by = Key(it, key))
            {
                it.Must(NativeMethods.wxpay_sign(by, message, L(message), out BufHandle signature, out ErrorHandle error), error, signature);
                return Taken(signature);
            }
        }

        private static void Sign(Case it) => it.Compare("signature", Signature(it, it.Bytes("key"), it.Bytes("message")));

        private static void Verify(Case it)
        {
            byte[] message = it.Bytes("message"), signature = it.Bytes("signature");
            using (KeyHandle key = Key(it, it.Bytes("key")))
                it.Must(NativeMethods.wxpay_verify(key, message, L(message), signature, L(signature), out ErrorHandle error), error);
        }

        private static void AeadDecrypt(Case it)
        {
            byte[] key = it.Bytes("key"), nonce = it.Bytes("nonce"), aad = it.Bytes("aad"), ciphertext = it.Bytes("ciphertext");
            it.Must(NativeMethods.wxpay_aead_decrypt(key, L(key), nonce, L(nonce), aad, L(aad), ciphertext, L(ciphertext), out BufHandle plaintext, out ErrorHandle error), error, plaintext);
            it.Compare("plaintext", Taken(plaintext));
        }

        internal static byte[] Decrypted(Case it, byte[] key, byte[] ciphertext)
        {
            using (KeyHandle by = Key(it, key))
            {
                it.Must(NativeMethods.wxpay_oaep_decrypt(by, ciphertext, L(ciphertext), out BufHandle plaintext, out ErrorHandle error), error, plaintext);
                return Taken(plaintext);
            }
        }

        private static void OaepDecrypt(Case it) => it.Compare("plaintext", Decrypted(it, it.Bytes("key"), it.Bytes("ciphertext")));

        private static void OaepEncrypt(Case it)
        {
            byte[] plaintext = it.Bytes("plaintext");
            // Both are loaded before anything is encrypted.
            using (KeyHandle key = Key(it, it.Bytes("key")))
            using (Key(it, it.Bytes("private_key")))
            {
                it.Must(NativeMethods.wxpay_oaep_encrypt(key, plaintext, L(plaintext), out BufHandle ciphertext, out ErrorHandle error), error, ciphertext);
                it.Compare("plaintext", Decrypted(it, it.Bytes("private_key"), Taken(ciphertext)));
            }
        }

        private static void KeyLoad(Case it)
        {
            using (KeyHandle key = Key(it, it.Bytes("data"), it.Bytes("passphrase")))
            {
                it.Must(NativeMethods.wxpay_key_info(key, out BufHandle info, out ErrorHandle error), error, info);
                Dictionary<string, object> have = Json.Object(Encoding.UTF8.GetString(Taken(info)));
                var want = it.Wanted("info") as Dictionary<string, object>;
                foreach (var member in want ?? new Dictionary<string, object>()) it.Same("info." + member.Key, member.Value, have.ContainsKey(member.Key) ? have[member.Key] : "(absent)");
            }
        }

        private static void KeyMatchesCert(Case it)
        {
            byte[] cert = it.Bytes("cert");
            using (KeyHandle key = Key(it, it.Bytes("key")))
                it.Must(NativeMethods.wxpay_key_matches_cert(key, cert, L(cert), out ErrorHandle error), error);
        }

        private static void ConfigSet(Case it)
        {
            using (ConfigHandle config = Config(it)) Set(it, config, it.Bytes("key"), it.Bytes("value"));
        }

        private static void ClientNew(Case it)
        {
            using (Made(it, (Dictionary<string, object>)it.Raw("config"))) { }
        }

        private static void MessageSet(Case it)
        {
            byte[] key = it.Bytes("key"), value = it.Bytes("value");
            using (MessageHandle request = Request(it, Encoding.ASCII.GetBytes("GET"), Encoding.ASCII.GetBytes("/v3/certificates"), null))
                it.Must(NativeMethods.wxpay_message_set(request, key, L(key), value, L(value), out ErrorHandle error), error);
        }

        private static void Header(Case it)
        {
            byte[] name = Encoding.UTF8.GetBytes(it.Plain("name"));
            using (MessageHandle message = Response(it, 200, null))
            {
                Headers(it, it, message);
                it.Compare("value", Raw.Text(NativeMethods.wxpay_message_header(message, name, L(name))));
            }
        }

        private static void Check(Case it)
        {
            using (MessageHandle request = Request(it, it.Bytes("method"), it.Bytes("url"), it.Bytes("body")))
            using (MessageHandle response = Received(it, "verified"))
            {
                int status = NativeMethods.wxpay_client_check(Client(it), request, response, it.Time, out ErrorHandle error);
                it.Compare("verified", NativeMethods.wxpay_message_verified(response));
                it.Must(status, error);
            }
        }

        private static void NotifyOpen(Case it)
        {
            using (MessageHandle message = Response(it, 0, it.Bytes("body")))
            {
                Headers(it, it, message);
                it.Must(NativeMethods.wxpay_notify_open(Client(it), message, it.Time, out NotifyHandle notify, out ErrorHandle error), error, notify);
                using (notify)
                {
                    it.Compare("notify_id", Raw.Text(NativeMethods.wxpay_notify_id(notify)));
                    it.Compare("event_type", Raw.Text(NativeMethods.wxpay_notify_event_type(notify)));
                    it.Compare("resource_type", Raw.Text(NativeMethods.wxpay_notify_resource_type(notify)));
                    it.Compare("original_type", Raw.Text(NativeMethods.wxpay_notify_original_type(notify)));
                    it.Compare("create_time", Raw.Text(NativeMethods.wxpay_notify_create_time(notify)));
                    it.Compare("summary", Raw.Text(NativeMethods.wxpay_notify_summary(notify)));
                    it.Compare("serial", Raw.Text(NativeMethods.wxpay_notify_serial(notify)));
                    it.Compare("json", Raw.Text(NativeMethods.wxpay_notify_json(notify)));
                    it.Compare("plaintext", Native.Bytes(NativeMethods.wxpay_notify_plaintext(notify), NativeMethods.wxpay_notify_plaintext_len(notify)));
                    it.Compare("timestamp", NativeMethods.wxpay_notify_timestamp(notify));
                }
            }
        }

        private static void NotifyReply(Case it)
        {
            byte[] reason = it.Bytes("reason"), name = Encoding.ASCII.GetBytes("Content-Type");
            it.Must(NativeMethods.wxpay_notify_reply(it.Number("result"), reason, L(reason), out MessageHandle reply, out ErrorHandle error), error, reply);
            using (reply)
            {
                it.Compare("http_status", NativeMethods.wxpay_message_status(reply));
                it.Compare("body", Native.Bytes(NativeMethods.wxpay_message_body(reply), NativeMethods.wxpay_message_body_len(reply)));
                it.Compare("content_type", Raw.Text(NativeMethods.wxpay_message_header(reply, name, L(name))));
            }
        }

        private static void PayH5Url(Case it)
        {
            byte[] url = it.Bytes("h5_url"), redirect = it.Bytes("redirect_url");
            it.Must(NativeMethods.wxpay_pay_h5_url(url, L(url), redirect, L(redirect), out BufHandle whole, out ErrorHandle error), error, whole);
            it.Compare("url", Taken(whole));
        }

        private static void ClientEncrypt(Case it)
        {
            byte[] id = it.Bytes("key_id"), plaintext = it.Bytes("plaintext");
            it.Must(NativeMethods.wxpay_client_encrypt(Client(it), id, L(id), plaintext, L(plaintext), out BufHandle ciphertext, out BufHandle used, out ErrorHandle error), error, ciphertext, used);
            it.Compare("used_key_id", Taken(used));
            it.Compare("plaintext", Decrypted(it, it.Bytes("private_key"), Taken(ciphertext)));
        }

        private static void ClientDecrypt(Case it)
        {
            byte[] ciphertext = it.Bytes("ciphertext");
            it.Must(NativeMethods.wxpay_client_decrypt(Client(it), ciphertext, L(ciphertext), out BufHandle plaintext, out ErrorHandle error), error, plaintext);
            it.Compare("plaintext", Taken(plaintext));
        }

        private static void LoadCertificates(Case it)
        {
            using (ClientHandle client = Client(it, true))
            using (MessageHandle response = Received(it, "due"))
            {
                int status = NativeMethods.wxpay_client_load_certificates(client, response, it.Time, out ErrorHandle error);
                it.Compare("due", NativeMethods.wxpay_client_certificates_due(client, it.Time));
                it.Must(status, error);
            }
        }

        private static void Status(Case it)
        {
            int code = it.Number("code");
            it.Compare("name", Raw.Text(NativeMethods.wxpay_status_name(code)));
            it.Compare("en", Raw.Text(NativeMethods.wxpay_status_text(code, Constants.WXPAY_LANG_EN)));
            it.Compare("zh", Raw.Text(NativeMethods.wxpay_status_text(code, Constants.WXPAY_LANG_ZH)));
        }
    }
}
