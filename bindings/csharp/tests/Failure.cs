using System;

namespace LibWxPay.Tests
{
    /// <summary>Something is not as it must be.</summary>
    public sealed class Failure : Exception
    {
        public Failure(string what) : base(what) { }
    }
}
