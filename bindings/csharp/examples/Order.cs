using System;
using System.IO;
using LibWxPay;

/// An order from the environment's configuration: WXPAY_MCHID, WXPAY_PRIVATE_KEY_FILE, …
public static class Order
{
    public static int Main(string[] arguments)
    {
        string order = File.ReadAllText(arguments[0]); // the JSON of your order
        using (Client client = Client.FromEnvironment()) // make it once, keep it for the life of the process
        {
            try
            {
                using (Message answer = client.Post("/v3/pay/transactions/native", order))
                    Console.WriteLine(answer.Text); // the signature has been verified
                return 0;
            }
            catch (WxPayException error) // what is wrong, what to do, and what is known about the money
            {
                Console.Error.WriteLine(error.Message);
                return error.Outcome == Constants.WXPAY_OUTCOME_UNKNOWN ? 2 : 1; // 2: query the order first
            }
        }
    }
}
