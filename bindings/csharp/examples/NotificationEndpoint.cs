using System;
using System.IO;
using System.Net;
using LibWxPay;

/// Answers one notification of WeChat Pay, with nothing but the framework's HttpListener.
public static class NotificationEndpoint
{
    /// `storeOnce` finds your order, compares mchid, out_trade_no and amount with it, and stores the payment. True when it is
    /// stored, also if it was stored before: the same notification comes up to 16 times.
    public static void Answer(HttpListenerContext context, Client client, Func<Notification, bool> storeOnce)
    {
        var raw = new MemoryStream();
        context.Request.InputStream.CopyTo(raw); // the bytes, before anything parses them
        Message reply;
        try
        {
            using (Notification notification = client.Notification(context.Request.Headers, raw.ToArray()))
                reply = storeOnce(notification) ? notification.ReplyOk() : notification.ReplyFail();
        }
        catch (WxPayException error)
        {
            Console.Error.WriteLine(error.Message);
            reply = error.Reply(); // 401 to a forgery, 500 to our own failure
        }
        catch (Exception error) // your own code failed: 500, and it comes again
        {
            Console.Error.WriteLine(error.Message);
            reply = Notification.Reply(Constants.WXPAY_STATUS_INTERNAL);
        }
        using (reply)
        using (HttpListenerResponse response = context.Response)
        {
            response.StatusCode = reply.Status;
            response.ContentType = reply.Header("Content-Type");
            response.ContentLength64 = reply.Body.Length;
            response.OutputStream.Write(reply.Body, 0, reply.Body.Length);
        }
    }
}
