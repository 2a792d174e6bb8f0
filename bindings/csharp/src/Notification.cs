using System.Text;

namespace LibWxPay
{
    public sealed partial class Notification
    {
        /// <summary>The decrypted resource as text.</summary>
        public string Text { get { return Encoding.UTF8.GetString(Plaintext); } }

        /// <summary>Send this when it is stored, also if it was stored before.</summary>
        public Message ReplyOk() { return Reply(Constants.WXPAY_STATUS_OK); }

        /// <summary>Send this when your own work failed: it comes again.</summary>
        public Message ReplyFail(string reason = "") { return Reply(Constants.WXPAY_STATUS_INTERNAL, reason); }
    }
}
