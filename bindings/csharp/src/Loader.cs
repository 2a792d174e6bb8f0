using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;

namespace LibWxPay
{
    /// <summary>Finds the native library by absolute path, and only so: beside this assembly; else WXPAY_LIBRARY; else in
    /// a fixed list of directories. Never by a bare name, LD_LIBRARY_PATH, PATH or the current directory.</summary>
    internal static class Loader
    {
        /// <summary>What DllImport names; no file. Mono looks among what this process has loaded, CoreCLR asks
        /// <see cref="Resolve"/>: neither searches. (Both search the assembly's folder for any other name.)</summary>
        internal const string Name = "__Internal";

        private const string Variable = "WXPAY_LIBRARY";
        private static readonly object Gate = new object();
        private static volatile string loaded;
        private static string opened;
        private static IntPtr handle;

        internal static string LoadedPath { get { Load(); return loaded; } }
        internal static bool ByEnvironment { get; private set; }

        internal static void Load()
        {
            if (loaded != null) return;
            lock (Gate)
            {
                if (loaded != null) return;
                // A second try after a failure keeps the first library: DllImport binds only once.
                if (handle == IntPtr.Zero)
                {
                    opened = Find();
                    Open(opened);
                }
                CheckVersion(opened);
                loaded = opened;
            }
        }

        private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);
        private static bool IsMac => RuntimeInformation.IsOSPlatform(OSPlatform.OSX);
        private static string FileName => IsWindows ? "wxpay.dll" : IsMac ? "libwxpay.0.dylib" : "libwxpay.so.0";

        /// <summary>As NuGet spells this process, and as Debian does.</summary>
        private static string Rid(bool debian)
        {
            bool arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
            if (debian) return arm ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
            return (IsWindows ? "win" : IsMac ? "osx" : "linux") + (arm ? "-arm64" : "-x64");
        }

        private static string Find()
        {
            ByEnvironment = false;
            string own = typeof(Loader).Assembly.Location;
            string beside = string.IsNullOrEmpty(own) ? AppContext.BaseDirectory : Path.GetDirectoryName(own);
            string native = Path.Combine("runtimes", Rid(false), "native");
            // A NuGet package as it lies in the cache. Elsewhere what is two folders above is not the package's own.
            bool inCache = beside.EndsWith(Path.DirectorySeparatorChar + Path.Combine("lib", "netstandard2.0"), StringComparison.Ordinal);
            string above = inCache ? Path.Combine(beside, "..", "..", native) : null;
            foreach (string dir in new[] { beside, Path.Combine(beside, native), above })
            {
                string path = dir == null ? "" : Path.GetFullPath(Path.Combine(dir, FileName));
                // Group may write beside the assembly: NuGet lets it where the umask does, as to the assembly itself.
                if (File.Exists(path)) return Allowed(path, Posix.Refusal(path, dir == above));
            }
            string chosen = Environment.GetEnvironmentVariable(Variable), unused = " is not set";
            if (!string.IsNullOrEmpty(chosen) && Posix.IsPrivileged) unused = " is ignored in a set-user-id process";
            else if (!string.IsNullOrEmpty(chosen))
            {
                ByEnvironment = true;
                return Allowed(chosen, Refusal(chosen));
            }
            string debian = Rid(true);
            foreach (string dir in new[] { "/usr/local/lib", "/usr/local/lib64", "/usr/local/lib/" + debian, "/usr/lib/" + debian, "/usr/lib64", "/usr/lib" })
                if (!IsWindows && File.Exists(dir + "/" + FileName)) return dir + "/" + FileName;
            throw Fail(Path.Combine(beside, FileName), "it is not there, " + Variable + unused + ", and it is not in the system's library directories",
                "Install the package with its native library, or set " + Variable + " to the absolute path of " + FileName + ".");
        }

        private static string Allowed(string path, string why)
        {
            if (why == null) return path;
            throw Fail(path, why, "Name it by its absolute path: a regular file of root or of this user that only its owner may write (chmod go-w).");
        }

        private static string Refusal(string path)
        {
            if (!Path.IsPathRooted(path) || (IsWindows && !path.Contains(":\\"))) return Variable + " is not an absolute path";
            if (!File.Exists(path)) return "there is no such file";
            if (IsMac) return Variable + " works on Linux and Windows only";
            return Posix.Refusal(path, true);
        }

        private static void Open(string path)
        {
            try
            {
                if (Modern != null) handle = OpenByRuntime(path);
                else if (!IsWindows && !IsMac) handle = Posix.Preload(path);
                else throw new PlatformNotSupportedException(".NET Core 3.0 or newer is needed on this system");
            }
            catch (Exception error)
            {
                error = error is TargetInvocationException ? error.InnerException : error;
                throw Fail(path, error.Message, "Install the libwxpay that was built for this architecture and system.");
            }
        }

        // By reflection: the class is newer than netstandard2.0. Mono has none.
        private static readonly Type Modern = Type.GetType("System.Runtime.InteropServices.NativeLibrary");

        static Loader()
        {
            if (Modern == null) return;
            MethodInfo set = Modern.GetMethod("SetDllImportResolver");
            MethodInfo resolve = typeof(Loader).GetMethod("Resolve", BindingFlags.Static | BindingFlags.NonPublic);
            set.Invoke(null, new object[] { typeof(Loader).Assembly, Delegate.CreateDelegate(set.GetParameters()[1].ParameterType, resolve) });
        }

        private static IntPtr OpenByRuntime(string path) =>
            (IntPtr)Modern.GetMethod("Load", new[] { typeof(string) }).Invoke(null, new object[] { path });

        // Before the library is chosen only Posix calls, and gets what is in the process.
        private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
            name != Name ? IntPtr.Zero : handle != IntPtr.Zero ? handle : OpenByRuntime(Posix.PathOfC());

        private static void CheckVersion(string path)
        {
            uint version;
            try { version = NativeAbi.wxpay_abi_version(); }
            catch (EntryPointNotFoundException) { throw Fail(path, "it has no wxpay_abi_version: it is not libwxpay", "Install libwxpay."); }
            int major = (int)(version >> 16), minor = (int)(version & 0xffff);
            if (major != Constants.AbiMajor || minor < Constants.AbiMinor)
                throw Fail(path, "its ABI is " + major + "." + minor + ", this package needs " + Constants.AbiMajor + "." + Constants.AbiMinor + " or a newer one of the same major",
                    "Install libwxpay and this package in the same version.");
        }

        private static DllNotFoundException Fail(string path, string why, string cure) =>
            new DllNotFoundException("libwxpay cannot be loaded from " + path + " into this " + RuntimeInformation.ProcessArchitecture + " process: " + why.Trim('\n', '.').Replace("\n", " ") + ". " + cure);

        /// <summary>Apart from NativeMethods, whose first use would come back here.</summary>
        private static class NativeAbi
        {
            [DllImport(Name, CallingConvention = CallingConvention.Cdecl)]
            internal static extern uint wxpay_abi_version();
        }
    }

    public static partial class Library
    {
        /// <summary>The file that was loaded.</summary>
        public static string LoadedPath { get { return Loader.LoadedPath; } }

        /// <summary>Whether WXPAY_LIBRARY named that file.</summary>
        public static bool ChosenByEnvironment { get { Loader.Load(); return Loader.ByEnvironment; } }
    }
}
