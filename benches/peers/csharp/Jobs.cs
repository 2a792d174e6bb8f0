// Section (b) in C#: Jobs.exe FIXTURE. The package in bindings/csharp against what .NET itself offers, which is what
// the SDKs for .NET call: RSA.SignData, RSA.VerifyData, AesGcm, System.Text.Json. Call by call in one process.
//
// Mono's compiler does not know AesGcm and System.Text.Json. They are bound once, as delegates and compiled expressions.

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using LibWxPay;

static class Jobs
{
    const string Target = "/v3/pay/transactions/native";
    static readonly bool Quick = Environment.GetEnvironmentVariable("WXPAY_BENCH_QUICK") == "1";
    static readonly bool IsMono = Type.GetType("Mono.Runtime") != null;
    static readonly string Language = IsMono ? "C# on Mono" : "C#";
    static string directory;

    static string Text(string name) { return File.ReadAllText(Path.Combine(directory, name)); }

    static Dictionary<string, string> Lines(string name, string separator)
    {
        return Text(name).Split(new[] { '\n' }, StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(new[] { separator }, 2, StringSplitOptions.None))
            .ToDictionary(pair => pair[0], pair => pair[1]);
    }

    // DER: the integers of an RSA key are all that is needed of it.
    static List<byte[]> Integers(byte[] der, int from, int to, List<byte[]> found)
    {
        while (from < to)
        {
            int tag = der[from++], length = der[from++];
            if (length > 0x80)
            {
                int octets = length & 0x7f;
                length = 0;
                for (; octets > 0; octets--) length = length << 8 | der[from++];
            }
            if (tag == 0x30) Integers(der, from, from + length, found);
            else if (tag == 0x03) Integers(der, from + 1, from + length, found);
            else if (tag == 0x04) Integers(der, from, from + length, found);
            else if (tag == 0x02) found.Add(der.Skip(from).Take(length).SkipWhile(octet => octet == 0).ToArray());
            from += length;
        }
        return found;
    }

    static RSA Key(string file)
    {
        byte[] der = Convert.FromBase64String(string.Concat(Text(file).Split('\n').Where(line => !line.StartsWith("-----"))));
        List<byte[]> numbers = Integers(der, 0, der.Length, new List<byte[]>());
        // A private key: the version of PKCS#8, that of PKCS#1, then n, e, d, p, q, dp, dq, qinv.
        RSAParameters parameters = numbers.Count == 2
            ? new RSAParameters { Modulus = numbers[0], Exponent = numbers[1] }
            : new RSAParameters
            {
                Modulus = numbers[2], Exponent = numbers[3], D = Padded(numbers[4], 256), P = Padded(numbers[5], 128),
                Q = Padded(numbers[6], 128), DP = Padded(numbers[7], 128), DQ = Padded(numbers[8], 128), InverseQ = Padded(numbers[9], 128),
            };
        RSA rsa = RSA.Create();
        rsa.ImportParameters(parameters);
        return rsa;
    }

    static byte[] Padded(byte[] number, int length) { return new byte[length - number.Length].Concat(number).ToArray(); }

    static string Authorization(RSA key, Dictionary<string, string> merchant, string order)
    {
        string nonce = Guid.NewGuid().ToString("N");
        string time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] text = Encoding.UTF8.GetBytes("POST\n" + Target + "\n" + time + "\n" + nonce + "\n" + order + "\n");
        string signature = Convert.ToBase64String(key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return "WECHATPAY2-SHA256-RSA2048 mchid=\"" + merchant["mchid"] + "\",nonce_str=\"" + nonce + "\",signature=\"" + signature
            + "\",timestamp=\"" + time + "\",serial_no=\"" + merchant["serial"] + "\"";
    }

    delegate void Decrypt(byte[] nonce, byte[] sealedText, byte[] tag, byte[] plain, byte[] associatedData);

    static Decrypt AesGcm(byte[] key)
    {
        Type type = Type.GetType("System.Security.Cryptography.AesGcm, System.Security.Cryptography", true);
        Type bytes = typeof(byte[]);
        object gcm = Activator.CreateInstance(type, new object[] { key });
        return (Decrypt)Delegate.CreateDelegate(typeof(Decrypt), gcm, type.GetMethod("Decrypt", new[] { bytes, bytes, bytes, bytes, bytes }));
    }

    /// Parses JSON text as JsonDocument and gives the strings of these members, of `resource` where `inner` is.
    static Func<string, string[]> Members(string inner, params string[] names)
    {
        Type document = Type.GetType("System.Text.Json.JsonDocument, System.Text.Json", true);
        Type options = Type.GetType("System.Text.Json.JsonDocumentOptions, System.Text.Json", true);
        Type element = Type.GetType("System.Text.Json.JsonElement, System.Text.Json", true);
        ParameterExpression text = Expression.Parameter(typeof(string)), parsed = Expression.Variable(document);
        Func<Expression, string, Expression> property = (of, name) =>
            Expression.Call(of, element.GetMethod("GetProperty", new[] { typeof(string) }), Expression.Constant(name));
        Expression root = Expression.Property(parsed, "RootElement");
        if (inner != null) root = property(root, inner);
        Expression found = Expression.NewArrayInit(typeof(string), names.Select(name => (Expression)Expression.Call(property(root, name), element.GetMethod("GetString"))));
        Expression parse = Expression.Assign(parsed, Expression.Call(document.GetMethod("Parse", new[] { typeof(string), options }), text, Expression.Default(options)));
        Expression body = Expression.Block(new[] { parsed }, parse, Expression.TryFinally(found, Expression.Call(parsed, document.GetMethod("Dispose"))));
        return Expression.Lambda<Func<string, string[]>>(body, text).Compile();
    }

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    static void Compare(string members, Action ours, Action theirs, int calls)
    {
        var pairs = new List<string>();
        // Until the runtime has compiled both for good.
        for (int i = 0; i < (Quick ? 5 : 400); i++) { ours(); theirs(); }
        for (int round = 0; round < (Quick ? 3 : 25); round++)
        {
            var times = new[] { new List<double>(), new List<double>() };
            for (int i = 0; i < (Quick ? 10 : calls); i++)
            {
                for (int step = 0; step < 2; step++)
                {
                    int which = (i + step) % 2;
                    long start = Stopwatch.GetTimestamp();
                    if (which == 0) ours(); else theirs();
                    times[which].Add((Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency);
                }
            }
            pairs.Add(string.Format(CultureInfo.InvariantCulture, "[{0:0.000},{1:0.000}]", Median(times[0]), Median(times[1])));
        }
        Line("\"section\":\"b\"," + members + ",\"pairs\":[" + string.Join(",", pairs) + "]");
    }

    static void Line(string members) { Console.Out.Write("{" + members + "}\n"); }

    static int Main(string[] words)
    {
        directory = words[0];
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });
        Dictionary<string, string> merchant = Lines("merchant", "="), headers = Lines("notification.headers", ": ");
        string order = Text("order.json");
        byte[] orderBytes = Encoding.UTF8.GetBytes(order), body = Encoding.UTF8.GetBytes(Text("notification.json"));
        RSA privateKey = Key("private.pem"), publicKey = Key("public.pem");
        string runtime = IsMono ? "Mono" : ".NET (CoreCLR)";
        string version = IsMono
            ? (string)Type.GetType("Mono.Runtime").GetMethod("GetDisplayName", BindingFlags.NonPublic | BindingFlags.Static).Invoke(null, null)
            : Environment.Version.ToString();
        Line("\"peer\":\"" + runtime + "\",\"version\":\"" + version + "\"");
        string prefix = IsMono ? "mono" : "csharp";
        using (Client client = Client.FromJson(Text("config.json")))
        {
            Compare("\"id\":\"" + prefix + ".authorization\",\"what\":\"" + Language + ": Authorization\",\"against\":\"RSA.SignData of " + runtime + "\",\"target\":1.02,"
                + "\"note\":\"client.Prepare of a POST, every header; against the one header by RSA.SignData, key imported once.\"",
                () => { using (Message prepared = client.Prepare("POST", Target, orderBytes)) prepared.Header("Authorization"); },
                () => Authorization(privateKey, merchant, order), 120);
            string row = "\"id\":\"" + prefix + ".notification\",\"what\":\"" + Language + ": notification opened\",\"against\":\"RSA, AesGcm and JsonDocument of " + runtime + "\"";
            if (IsMono)
            {
                Line("\"section\":\"b\"," + row + ",\"skipped\":\"Mono has no AES-GCM\"");
                return 0;
            }
            Decrypt decrypt = AesGcm(Encoding.UTF8.GetBytes(merchant["api_v3_key"]));
            Func<string, string[]> resource = Members("resource", "ciphertext", "nonce", "associated_data"), state = Members(null, "trade_state"), openedState = Members("resource", "trade_state");
            Func<string> theirs = () =>
            {
                string time = headers["Wechatpay-Timestamp"], text = Encoding.UTF8.GetString(body);
                if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(time, CultureInfo.InvariantCulture)) > 300
                    || headers["Wechatpay-Serial"] != merchant["public_key_id"]) throw new InvalidOperationException("expired, or another key");
                byte[] signed = Encoding.UTF8.GetBytes(time + "\n" + headers["Wechatpay-Nonce"] + "\n" + text + "\n");
                if (!publicKey.VerifyData(signed, Convert.FromBase64String(headers["Wechatpay-Signature"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
                    throw new InvalidOperationException("forged");
                string[] parts = resource(text);
                byte[] sealedText = Convert.FromBase64String(parts[0]), plain = new byte[sealedText.Length - 16], tag = new byte[16], cipher = new byte[plain.Length];
                Buffer.BlockCopy(sealedText, 0, cipher, 0, cipher.Length);
                Buffer.BlockCopy(sealedText, cipher.Length, tag, 0, 16);
                decrypt(Encoding.UTF8.GetBytes(parts[1]), cipher, tag, plain, Encoding.UTF8.GetBytes(parts[2]));
                return state(Encoding.UTF8.GetString(plain))[0];
            };
            Func<string> ours = () => { using (Notification opened = client.Notification(headers, body)) return openedState(opened.Json)[0]; };
            if (ours() != "SUCCESS" || theirs() != "SUCCESS") throw new InvalidOperationException("not what was encrypted");
            Compare(row + ",\"ratio\":\"theirs/ours\",\"better\":\"more\",\"target\":1.7,"
                + "\"note\":\"client.Notification and its JSON read by JsonDocument; against window, RSA.VerifyData, JsonDocument, AesGcm, JsonDocument, keys imported once.\"",
                () => ours(), () => theirs(), 600);
        }
        return 0;
    }
}
