// Sends an order; configured by WXPAY_… in the environment. Usage: order '{"appid":"wx…", …}'
#include <wxpay/wxpay.hpp>

#include <iostream>

int main(int argc, char **argv)
{
    try {
        const wxpay::Client client = wxpay::Client::from_env();
        const wxpay::Message answer = client.post("/v3/pay/transactions/native", argc > 1 ? argv[1] : "{}");
        std::cout << answer.body() << '\n'; // verified
        return 0;
    } catch (const wxpay::Error &error) {
        std::cerr << error.what() << '\n';
        switch (error.outcome()) {
        case wxpay::Outcome::not_sent: std::cerr << "mend the cause, send the same request again\n"; break;
        case wxpay::Outcome::rejected: std::cerr << "correct the request\n"; break;
        case wxpay::Outcome::done_unverified: std::cerr << "query the order, deliver nothing\n"; break;
        case wxpay::Outcome::unknown: std::cerr << "query the order before anything is sent again\n"; break;
        }
        return 1;
    }
}
