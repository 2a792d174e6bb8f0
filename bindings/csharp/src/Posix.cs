using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace LibWxPay
{
    /// <summary>The few calls of the C library that finding a library takes. By its own name, libc.so.6, both runtimes
    /// would look for it in the assembly's folder first; as <see cref="Loader.Name"/> it is the one in the process.</summary>
    internal static class Posix
    {
        private const int AtFdCwd = -100, AtSecure = 23, RtldNow = 2, RtldGlobal = 0x100;

        [DllImport(Loader.Name)]
        private static extern UIntPtr getauxval(UIntPtr type);

        [DllImport(Loader.Name)]
        private static extern uint geteuid();

        [DllImport(Loader.Name)]
        private static extern int statx(int directory, byte[] path, int flags, uint mask, [Out] uint[] result);

        [DllImport(Loader.Name, SetLastError = true)]
        private static extern int open(byte[] path, int flags, uint mode);

        [DllImport(Loader.Name)]
        private static extern int close(int file);

        [DllImport(Loader.Name)]
        private static extern IntPtr dlopen(byte[] path, int flags);

        [DllImport(Loader.Name)]
        private static extern IntPtr dlsym(IntPtr handle, byte[] name);

        [DllImport(Loader.Name)]
        private static extern IntPtr dlerror();

        /// <summary>The file of the C library in this process; before glibc 2.34 its name has the version.</summary>
        internal static string PathOfC()
        {
            string line = File.ReadLines("/proc/self/maps").First(one => one.Contains("/libc.so.6") || one.Contains("/libc-2."));
            return line.Substring(line.IndexOf('/'));
        }

        /// <summary>The environment is not the caller's to set: a set-user-id process.</summary>
        internal static bool IsPrivileged =>
            RuntimeInformation.IsOSPlatform(OSPlatform.Linux) && getauxval((UIntPtr)AtSecure) != UIntPtr.Zero;

        /// <summary>Why a file that exists may not be loaded; null if it may. Strictly, its group may not write to it,
        /// and it belongs to root or to this user.</summary>
        internal static string Refusal(string path, bool strictly)
        {
            if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux)) return null;
            // statx has one layout on every architecture: stx_uid is at byte 20, stx_mode the two at 28.
            var result = new uint[64];
            const uint typeModeAndUid = 11;
            if (statx(AtFdCwd, Native.Utf8(path + "\0"), 0, typeModeAndUid, result) != 0) return "it cannot be looked at";
            uint mode = result[28 / 4], owner = result[20 / 4];
            if ((mode & 0xF000) != 0x8000) return "it is not a regular file";
            if ((mode & (strictly ? 0x12 : 0x02)) != 0) return "its group or others may write to it";
            return strictly && owner != 0 && owner != geteuid() ? "it belongs to another user" : null;
        }

        /// <summary>A new file that only this user can read; not an old one, nor one that a link leads to.</summary>
        internal static FileStream Create(string path)
        {
            const int writeCreateExclusive = 0x800C1;
            if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux)) return new FileStream(path, FileMode.CreateNew);
            int file = open(Native.Utf8(path + "\0"), writeCreateExclusive, 0x180);
            if (file < 0) throw new IOException(path + " cannot be made (errno " + Marshal.GetLastWin32Error() + "); 17: it is there already.");
            // Mono opens files by name only; this one is ours already.
            close(file);
            return new FileStream(path, FileMode.Open, FileAccess.Write);
        }

        /// <summary>Loads the file so that Mono finds its functions among those of the process.</summary>
        internal static IntPtr Preload(string path)
        {
            IntPtr handle = dlopen(Native.Utf8(path + "\0"), RtldNow | RtldGlobal);
            if (handle == IntPtr.Zero) throw new DllNotFoundException(Native.OptionalText(dlerror()) ?? "dlopen failed");
            byte[] first = Native.Utf8("wxpay_abi_version\0");
            if (dlsym(dlopen(null, RtldNow), first) != dlsym(handle, first)) throw new DllNotFoundException("another libwxpay is in this process already");
            return handle;
        }
    }
}
