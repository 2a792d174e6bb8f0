using System;

namespace LibWxPay
{
    /// <summary>A call of the library failed. Before anything is sent again look at <see cref="Outcome"/>: it says what
    /// is known about the money.</summary>
    public partial class WxPayException : Exception
    {
        private string text;

        internal WxPayException(int status, ErrorHandle error)
        {
            if (error.IsInvalid) Status = status;
            else Native.Held(error, it => { Read(it); return 0; });
            // A later version may add an outcome. Nothing is known about what is not known here.
            if (Outcome < 0 || Outcome >= Constants.OutcomeNames.Length) Outcome = Constants.WXPAY_OUTCOME_UNKNOWN;
            StatusName = Library.StatusName(Status);
            text = Reason;
            if (!string.IsNullOrEmpty(Hint)) text += " " + Hint;
            text += " (" + StatusName + " " + Status + ", outcome " + OutcomeName;
            text += string.IsNullOrEmpty(RequestId) ? ")" : ", Request-ID " + RequestId + ")";
            // What is borrowed from it holds a count of its own, so this frees it with the last of them.
            error.Dispose();
        }

        /// <summary>Such as "SIGNATURE_INVALID".</summary>
        public string StatusName { get; private set; }

        /// <summary>UNKNOWN, NOT_SENT, REJECTED or DONE_UNVERIFIED.</summary>
        public string OutcomeName { get { return Constants.OutcomeNames[Outcome]; } }

        /// <summary>What is wrong, what to do, the outcome and the Request-ID.</summary>
        public override string Message { get { return text; } }

        /// <summary>The answer to a notification that could not be opened: 401 if it is not authentic, else 500.</summary>
        public Message Reply() { return LibWxPay.Notification.Reply(Status); }
    }
}
