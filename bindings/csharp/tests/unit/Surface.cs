using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace LibWxPay.Tests
{
    /// <summary>All that is public, compared with tests/surface.txt: a name is added or lost on purpose only.</summary>
    public static class Surface
    {
        private const BindingFlags Own = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

        private static string Name(Type type)
        {
            if (type.IsArray) return Name(type.GetElementType()) + "[]";
            string name = type.IsNested && !type.IsGenericParameter ? Name(type.DeclaringType) + "." + type.Name : type.Name;
            if (!type.IsGenericType) return name;
            return name.Split('`')[0] + "<" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ">";
        }

        private static string Parameters(MethodBase method) =>
            "(" + string.Join(", ", method.GetParameters().Select(one => Name(one.ParameterType) + " " + one.Name + (one.IsOptional ? "?" : ""))) + ")";

        private static IEnumerable<string> Members(Type type)
        {
            string name = Name(type);
            yield return name + " : " + (type.BaseType == null ? "" : Name(type.BaseType));
            foreach (ConstructorInfo one in type.GetConstructors(Own)) yield return name + ".new" + Parameters(one);
            foreach (MethodInfo one in type.GetMethods(Own).Where(one => !one.IsSpecialName || one.Name.StartsWith("op_")))
                yield return name + "." + one.Name + Parameters(one) + " : " + Name(one.ReturnType);
            foreach (PropertyInfo one in type.GetProperties(Own)) yield return name + "." + one.Name + " : " + Name(one.PropertyType);
            foreach (FieldInfo one in type.GetFields(Own)) yield return name + "." + one.Name + (one.IsLiteral ? " = " + one.GetRawConstantValue() : "");
        }

        private static Type[] Types => typeof(Client).Assembly.GetExportedTypes();

        [Test]
        public static void public_names_are_those_that_are_written_down()
        {
            string[] have = Types.SelectMany(Members).OrderBy(line => line, StringComparer.Ordinal).ToArray();
            string file = Environment.GetEnvironmentVariable("SURFACE");
            if (Environment.GetEnvironmentVariable("WXPAY_BLESS") == "1") File.WriteAllLines(file, have);
            string[] want = File.ReadAllLines(file);
            string added = string.Join("\n  + ", have.Except(want)), lost = string.Join("\n  - ", want.Except(have));
            Expect.True(added == "" && lost == "", "the surface changed (WXPAY_BLESS=1 writes it anew):\n  + " + added + "\n  - " + lost);
        }

        [Test]
        public static void no_public_method_takes_a_time()
        {
            var parameters = Types.SelectMany(type => type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)).SelectMany(method => method.GetParameters())).ToArray();
            Expect.True(parameters.Length > 100, "parameters: " + parameters.Length);
            foreach (ParameterInfo one in parameters)
            {
                Expect.True(one.Name.IndexOf("now", StringComparison.OrdinalIgnoreCase) < 0, one.Member + " takes " + one.Name);
                Expect.True(one.ParameterType != typeof(DateTime) && one.ParameterType != typeof(DateTimeOffset), one.Member + " takes a " + one.ParameterType);
                Expect.True(one.ParameterType != typeof(long) || one.Name == "index", one.Member + " takes a number of 64 bits that is no index");
            }
        }

        [Test]
        public static void single_steps_are_reached_through_primitives_only()
        {
            string[] steps = { "CanonicalRequest", "CanonicalResponse", "Sign", "Verify", "AeadDecrypt", "OaepEncrypt", "OaepDecrypt" };
            foreach (Type type in Types)
            {
                bool apart = Name(type).StartsWith("Primitives");
                foreach (MethodInfo method in type.GetMethods(Own)) Expect.True(apart || !steps.Contains(method.Name), type + "." + method.Name);
            }
            foreach (string step in steps) Expect.True(typeof(Primitives).GetMethod(step) != null, step);
        }

        [Test]
        public static void no_pointer_or_handle_is_public()
        {
            foreach (Type type in Types)
                foreach (MethodInfo method in type.GetMethods(Own))
                    foreach (Type one in method.GetParameters().Select(parameter => parameter.ParameterType).Concat(new[] { method.ReturnType }))
                        Expect.True(one != typeof(IntPtr) && !typeof(System.Runtime.InteropServices.SafeHandle).IsAssignableFrom(one), type + "." + method.Name);
        }
    }
}
