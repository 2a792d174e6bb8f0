using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace LibWxPay
{
    public sealed partial class Configuration : IEnumerable
    {
        /// <summary>Empty; fill it with an initializer: <c>new Configuration { { "mchid", "1900000001" }, { "timeout_ms", 5000 } }</c>.</summary>
        public Configuration() : this(New()) { }

        /// <summary>From environment variables: WXPAY_MCHID, WXPAY_PRIVATE_KEY_FILE, …</summary>
        public static Configuration FromEnvironment(string prefix = "WXPAY_") => Filled(it => it.LoadEnv(prefix));

        /// <summary>From a JSON object.</summary>
        public static Configuration FromJson(string json) => Filled(it => it.LoadJson(json));

        /// <summary>From a file that holds a JSON object.</summary>
        public static Configuration FromJsonFile(string path) => FromJson(File.ReadAllText(path));

        /// <summary>Sets one key: text; a number; true or false, written 1 and 0; or several texts, a line each.</summary>
        public void Add(string key, object value) => Set(key, Text(Native.Given(key, value)));

        /// <summary>Keys with an id or host of their own: <c>{ "public_key_file", new Dictionary { [id] = path } }</c>
        /// sets "public_key_file.ID".</summary>
        public void Add(string key, IEnumerable<KeyValuePair<string, string>> values)
        {
            foreach (KeyValuePair<string, string> one in values) Add(key + "." + Native.Given(key, one.Key), one.Value);
        }

        internal static Configuration Filled(Action<Configuration> fill)
        {
            var configuration = new Configuration();
            try { fill(configuration); }
            catch { configuration.Dispose(); throw; }
            return configuration;
        }

        private static string Text(object value)
        {
            if (value is bool) return (bool)value ? "1" : "0";
            var lines = value as IEnumerable<string>;
            return lines != null ? string.Join("\n", lines) : Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        IEnumerator IEnumerable.GetEnumerator() { throw new NotSupportedException("A configuration is not read back: it holds secrets."); }
    }
}
