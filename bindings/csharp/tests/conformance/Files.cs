using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace LibWxPay.Tests
{
    /// <summary>Uploads, fields by pointer and bills: bytes of which a part is made anew each time.</summary>
    internal static class Files
    {
        private static UIntPtr L(byte[] bytes) => Raw.Length(bytes);

        /// <summary>Bytes one to one as characters, to search in them.</summary>
        private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

        internal static byte[] Replaced(byte[] text, string mark, string by) => Latin1.GetBytes(Latin1.GetString(text).Replace(mark, by));

        internal static byte[] BodyOf(MessageHandle message) => Native.Bytes(NativeMethods.wxpay_message_body(message), NativeMethods.wxpay_message_body_len(message));

        internal static void Upload(Case it)
        {
            byte[] url = it.Bytes("url"), meta = it.Bytes("meta"), filename = it.Bytes("filename"), contentType = it.Bytes("content_type"), file = it.Bytes("file");
            ClientHandle client = Operations.Client(it);
            it.Must(NativeMethods.wxpay_message_new_upload(url, L(url), meta, L(meta), filename, L(filename), contentType, L(contentType), file, L(file), out MessageHandle upload, out ErrorHandle error), error, upload);
            using (upload)
            {
                it.Must(NativeMethods.wxpay_client_prepare(client, upload, it.Time, out MessageHandle prepared, out ErrorHandle failed), failed, prepared);
                using (prepared)
                {
                    const string kind = "multipart/form-data; boundary=";
                    string type = Encoding.UTF8.GetString(Outgoing.HeaderOf(prepared, "Content-Type") ?? new byte[0]);
                    it.Same("Content-Type", true, type.StartsWith(kind, StringComparison.Ordinal) && type.Length >= kind.Length + 32);
                    if (it.Wants("body"))
                    {
                        byte[] want = Replaced(Case.Value(it.Wanted("body")), "{boundary}", type.Substring(kind.Length)), have = BodyOf(prepared);
                        it.Same("body", Latin1.GetString(want), Latin1.GetString(have));
                    }
                    Outgoing.Prepared(it, prepared, null, false);
                }
            }
        }

        internal static void EncryptFields(Case it)
        {
            byte[] url = it.Bytes("url"), body = it.Bytes("body"), pointers = it.Bytes("pointers"), key = it.Bytes("private_key");
            ClientHandle client = Operations.Client(it);
            using (MessageHandle request = Operations.Request(it, Encoding.ASCII.GetBytes("POST"), url, body))
            {
                it.Must(NativeMethods.wxpay_client_encrypt_fields(client, request, pointers, L(pointers), out ErrorHandle error), error);
                it.Must(NativeMethods.wxpay_client_prepare(client, request, 0, out MessageHandle prepared, out ErrorHandle failed), failed, prepared);
                using (prepared)
                {
                    it.Compare("serial", Outgoing.HeaderOf(prepared, "Wechatpay-Serial"));
                    if (it.Wants("body")) Sealed(it, Latin1.GetString(BodyOf(prepared)), Latin1.GetString(Case.Value(it.Wanted("body"))), key);
                }
            }
        }

        /// <summary>The body is the expected one with a ciphertext in each place, and each opens.</summary>
        private static void Sealed(Case it, string body, string want, byte[] key)
        {
            var plaintexts = new List<byte>();
            string[] pieces = want.Split(new[] { "<ciphertext>" }, StringSplitOptions.None);
            for (int number = 0; number < pieces.Length; number++)
            {
                if (number > 0)
                {
                    int end = body.IndexOf('"');
                    if (number > 1) plaintexts.Add((byte)'\n');
                    plaintexts.AddRange(Operations.Decrypted(it, key, Latin1.GetBytes(body.Substring(0, end))));
                    body = body.Substring(end);
                }
                it.Same("start of the body", pieces[number], body.Substring(0, Math.Min(body.Length, pieces[number].Length)));
                body = body.Substring(Math.Min(body.Length, pieces[number].Length));
            }
            it.Same("end of the body", "", body);
            it.Compare("plaintexts", plaintexts.ToArray());
        }

        internal static void DecryptFields(Case it)
        {
            byte[] pointers = it.Bytes("pointers");
            ClientHandle client = Operations.Client(it);
            using (MessageHandle request = Operations.Request(it, it.Bytes("method"), it.Bytes("url"), it.Bytes("body")))
            using (MessageHandle response = Operations.Received(it, null))
            {
                it.Must(NativeMethods.wxpay_client_check(client, request, response, it.Time, out ErrorHandle error), error);
                it.Must(NativeMethods.wxpay_client_decrypt_fields(client, response, pointers, L(pointers), out BufHandle json, out ErrorHandle failed), failed, json);
                it.Compare("json", Operations.Taken(json));
            }
        }

        internal static void Bill(Case it)
        {
            byte[] csv = it.Bytes("csv"), totals = it.Bytes("totals");
            it.Must(NativeMethods.wxpay_bill_open(csv, L(csv), out BillHandle bill, out ErrorHandle error), error, bill);
            using (bill)
            {
                UIntPtr[] columns = Enumerable.Range(0, (int)NativeMethods.wxpay_bill_column_count(bill)).Select(at => (UIntPtr)(uint)at).ToArray();
                Func<IEnumerable<string>, string> row = cells => string.Join("\t", cells) + "\n";
                Func<long, string> amount = fen => fen == long.MinValue ? "-" : fen.ToString();
                var rows = new StringBuilder();
                var amounts = new StringBuilder();
                var marks = new StringBuilder();
                for (long number = 1; ; number++)
                {
                    it.Must(NativeMethods.wxpay_bill_next(bill, out ErrorHandle failed), failed);
                    if (NativeMethods.wxpay_bill_row(bill) == 0) break;
                    it.Same("number of the row", number, NativeMethods.wxpay_bill_row(bill));
                    rows.Append(row(columns.Select(at => Native.Text(NativeMethods.wxpay_bill_field(bill, at)))));
                    amounts.Append(row(columns.Select(at => amount(NativeMethods.wxpay_bill_fen(bill, at)))));
                    marks.Append(string.Concat(columns.Select(at => NativeMethods.wxpay_bill_is_text(bill, at))) + "\n");
                }
                var sums = new StringBuilder();
                foreach (string name in Encoding.UTF8.GetString(totals).Split('\n'))
                {
                    byte[] bytes = Encoding.UTF8.GetBytes(name);
                    string total = Native.OptionalText(NativeMethods.wxpay_bill_total(bill, bytes, L(bytes)));
                    sums.Append(row(new[] { name, total ?? "~", amount(NativeMethods.wxpay_bill_total_fen(bill, bytes, L(bytes))) }));
                }
                it.Compare("columns", Encoding.UTF8.GetBytes(row(columns.Select(at => Native.Text(NativeMethods.wxpay_bill_column_name(bill, at))))));
                it.Compare("rows", Encoding.UTF8.GetBytes(rows.ToString()));
                it.Compare("fen", Encoding.UTF8.GetBytes(amounts.ToString()));
                it.Compare("marks", Encoding.UTF8.GetBytes(marks.ToString()));
                it.Compare("totals", Encoding.UTF8.GetBytes(sums.ToString()));
                it.Compare("row_count", NativeMethods.wxpay_bill_row_count(bill));
            }
        }
    }
}
