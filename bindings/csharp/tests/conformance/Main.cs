using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace LibWxPay.Tests
{
    /// <summary>The vectors in C#: conformance.exe DIRECTORY, which holds vectors/ and keys/.</summary>
    public static class Conformance
    {
        public static int Main(string[] arguments)
        {
            Case.Root = arguments[0];
            Loader.Load();
            int passed = 0, failed = 0;
            foreach (string file in Directory.GetFiles(Path.Combine(arguments[0], "vectors"), "*.json").OrderBy(name => name, StringComparer.Ordinal))
            {
                foreach (Dictionary<string, object> json in ((List<object>)Json.Read(File.ReadAllText(file))).Cast<Dictionary<string, object>>())
                {
                    var one = new Case(json);
                    Action<Case> operation;
                    List<string> wrong = Operations.All.TryGetValue(one.Operation, out operation) ? one.Run(operation) : new List<string> { "unknown operation " + one.Operation };
                    if (wrong.Count == 0) passed++;
                    else failed++;
                    foreach (string line in wrong) Console.WriteLine("FAILED " + one.Id + ": " + line);
                }
            }
            Console.WriteLine(passed + " passed, " + failed + " failed");
            return failed == 0 && passed > 0 ? 0 : 1;
        }
    }
}
