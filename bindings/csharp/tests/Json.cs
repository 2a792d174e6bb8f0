using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace LibWxPay.Tests
{
    /// <summary>A small JSON reader for tests and vectors: object, array, string, number, true, false, null become
    /// Dictionary, List, string, double, bool, null.</summary>
    public sealed class Json
    {
        private readonly string text;
        private int at;

        private Json(string text) { this.text = text; }

        public static object Read(string text)
        {
            var reader = new Json(text);
            object value = reader.Value();
            reader.Space();
            if (reader.at != text.Length) throw new FormatException("text after the value at " + reader.at);
            return value;
        }

        public static Dictionary<string, object> Object(string text) => (Dictionary<string, object>)Read(text);

        /// <summary>The member at a path such as "amount/total".</summary>
        public static object At(string text, string path)
        {
            object value = Read(text);
            foreach (string name in path.Split('/'))
            {
                var list = value as List<object>;
                value = list != null ? list[int.Parse(name)] : ((Dictionary<string, object>)value)[name];
            }
            return value;
        }

        public static string Quote(string text)
        {
            var quoted = new StringBuilder("\"");
            foreach (char c in text)
            {
                if (c < ' ' || c == '"' || c == '\\') quoted.AppendFormat("\\u{0:x4}", (int)c);
                else quoted.Append(c);
            }
            return quoted.Append('"').ToString();
        }

        private void Space()
        {
            while (at < text.Length && " \t\r\n".IndexOf(text[at]) >= 0) at++;
        }

        private char Next() => at < text.Length ? text[at++] : throw new FormatException("the text ends early");

        private void Want(string word)
        {
            if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) throw new FormatException("expected " + word + " at " + at);
            at += word.Length;
        }

        private bool Is(char c)
        {
            Space();
            if (at >= text.Length || text[at] != c) return false;
            at++;
            return true;
        }

        private object Value()
        {
            Space();
            char c = at < text.Length ? text[at] : '\0';
            if (c == '{')
            {
                var members = new Dictionary<string, object>();
                at++;
                if (Is('}')) return members;
                do
                {
                    Space();
                    string name = Text();
                    if (!Is(':')) throw new FormatException("expected : at " + at);
                    members.Add(name, Value());
                } while (Is(','));
                if (!Is('}')) throw new FormatException("expected } at " + at);
                return members;
            }
            if (c == '[')
            {
                var items = new List<object>();
                at++;
                if (Is(']')) return items;
                do items.Add(Value()); while (Is(','));
                if (!Is(']')) throw new FormatException("expected ] at " + at);
                return items;
            }
            if (c == '"') return Text();
            if (c == 't') { Want("true"); return true; }
            if (c == 'f') { Want("false"); return false; }
            if (c == 'n') { Want("null"); return null; }
            int from = at;
            while (at < text.Length && "+-.eE0123456789".IndexOf(text[at]) >= 0) at++;
            return double.Parse(text.Substring(from, at - from), NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        private string Text()
        {
            Want("\"");
            var value = new StringBuilder();
            for (char c = Next(); c != '"'; c = Next())
            {
                if (c == '\\')
                {
                    c = Next();
                    int plain = "\"\\/bfnrt".IndexOf(c);
                    if (plain >= 0) c = "\"\\/\b\f\n\r\t"[plain];
                    else if (c == 'u')
                    {
                        c = (char)int.Parse(text.Substring(at, 4), NumberStyles.AllowHexSpecifier);
                        at += 4;
                    }
                    else throw new FormatException("unknown escape at " + at);
                }
                value.Append(c);
            }
            return value.ToString();
        }
    }
}
