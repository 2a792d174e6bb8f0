using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace LibWxPay.Tests
{
    /// <summary>A test: a public static method without arguments that returns nothing or a Task. Its name states the rule.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestAttribute : Attribute { }

    /// <summary>Says what it expected and what it found.</summary>
    public static class Expect
    {
        public static void Equal<T>(T want, T have, string what = "")
        {
            if (!EqualityComparer<T>.Default.Equals(want, have)) throw new Failure(what + ": expected <" + want + ">, found <" + have + ">");
        }

        public static void Bytes(byte[] want, byte[] have, string what = "")
        {
            if (!want.SequenceEqual(have)) throw new Failure(what + ": expected " + BitConverter.ToString(want) + ", found " + BitConverter.ToString(have));
        }

        public static void True(bool fact, string what)
        {
            if (!fact) throw new Failure(what);
        }

        public static void Contains(string part, string text)
        {
            if (text == null || !text.Contains(part)) throw new Failure("<" + part + "> is not in <" + text + ">");
        }

        public static T Throws<T>(Action action) where T : Exception
        {
            try { action(); }
            catch (T error) { return error; }
            throw new Failure("nothing was thrown, expected " + typeof(T).Name);
        }

        public static async Task<T> ThrowsAsync<T>(Func<Task> action) where T : Exception
        {
            try { await action(); }
            catch (T error) { return error; }
            throw new Failure("nothing was thrown, expected " + typeof(T).Name);
        }
    }

    public static class Runner
    {
        /// <summary>`--list` prints the names; names run only those; nothing runs all.</summary>
        public static int Main(string[] arguments)
        {
            if (arguments.Length > 1 && arguments[0] == "--probe") return Probe.Run(arguments[1]);
            List<MethodInfo> tests = typeof(Runner).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                .Where(method => method.GetCustomAttribute<TestAttribute>() != null)
                .OrderBy(Name, StringComparer.Ordinal).ToList();
            if (arguments.Contains("--list"))
            {
                foreach (MethodInfo test in tests) Console.WriteLine(Name(test));
                return 0;
            }
            if (arguments.Length > 0) tests = tests.Where(test => arguments.Any(Name(test).Contains)).ToList();
            int failed = 0;
            foreach (MethodInfo test in tests)
            {
                try
                {
                    var task = test.Invoke(null, null) as Task;
                    if (task != null && !task.Wait(TimeSpan.FromSeconds(120))) throw new Failure("it did not end within 120 seconds");
                    Console.WriteLine("ok " + Name(test));
                }
                catch (Exception error)
                {
                    failed++;
                    while ((error is TargetInvocationException || error is AggregateException) && error.InnerException != null) error = error.InnerException;
                    Console.WriteLine("FAILED " + Name(test) + ": " + error);
                }
            }
            Console.WriteLine((tests.Count - failed) + " passed, " + failed + " failed");
            return failed == 0 && tests.Count > 0 ? 0 : 1;
        }

        private static string Name(MethodInfo test) => test.DeclaringType.Name + "." + test.Name;
    }

    /// <summary>One look from a process of its own, for the tests that lay out files around the package.</summary>
    public static class Probe
    {
        public static int Run(string what)
        {
            try
            {
                Console.WriteLine("loaded " + Library.LoadedPath + " by " + (Library.ChosenByEnvironment ? "environment" : "place") + ", version " + Library.Version);
                if (what == "twice") Console.WriteLine(Library.BuildInfo);
                return 0;
            }
            catch (Exception error)
            {
                Console.WriteLine(error.GetType().Name + ": " + error.Message);
                // A second try says the same, and never loads by other ways.
                try { Console.WriteLine(Library.Version); }
                catch (Exception again) { Console.WriteLine(again.Message == error.Message ? "again the same" : "then " + again.Message); }
                return 1;
            }
        }
    }
}
