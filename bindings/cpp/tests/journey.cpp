// The main job of a merchant's service in C++: order, payment, notification, query, refund.
//
//     SSL_CERT_FILE=DIR/ca.pem journey DIR
//
// DIR is what `wxpay simulate --dir DIR` wrote. Needs the library and its headers only.
#include "../examples/endpoint.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

namespace {

int steps = 0;

void say(const std::string &what) { std::cout << ' ' << ++steps << ". " << what << std::endl; }

void demand(bool fact, const std::string &what)
{
    if (!fact)
        throw std::runtime_error(what);
}

/// The string member `name` of a flat JSON text. A real service uses its JSON library.
std::string member(const std::string &json, const std::string &name)
{
    std::size_t at = json.find('"' + name + "\":");
    demand(at != std::string::npos, "no " + name + " in " + json);
    at = json.find('"', at + name.size() + 3) + 1;
    return json.substr(at, json.find('"', at) - at);
}

/// What a signature does not say: that this is about that order, of this merchant, over that amount.
bool is_about(const std::string &json, const std::string &number, const std::string &mchid, long total)
{
    const std::string name = "\"total\":";
    const std::size_t at = json.find(name);
    return member(json, "out_trade_no") == number && member(json, "mchid") == mchid && at != std::string::npos &&
           std::strtol(json.c_str() + at + name.size(), nullptr, 10) == total;
}

std::string shown(const wxpay::Message &answer, const std::string &what)
{
    demand(answer.verified() == wxpay::verified::signature, what + ": the answer is not signed");
    std::cout << "    " << what << " -> " << answer.status() << ", signed by " << answer.key_id() << '\n';
    return answer.body();
}

void journey(const std::string &dir)
{
    std::ifstream file(dir + "/merchant.json");
    const std::string merchant{std::istreambuf_iterator<char>(file), {}};
    const std::string appid = member(merchant, "_appid"), mchid = member(merchant, "mchid");
    const std::string number = "cpp" + std::to_string(::time(nullptr)) + std::to_string(::getpid());
    const std::string refund = "R" + number;

    say("load merchant.json, check that keys and ids belong together");
    const wxpay::Client client(wxpay::Config::from_json(merchant));
    wxpay::selftest();

    say("load the system's trust store (the one SSL_CERT_FILE names)");
    client.warm();

    say("sign and send an order of 1.00 yuan over TLS; check the signed answer");
    Endpoint endpoint;
    const std::string order = R"({"appid":")" + appid + R"(","mchid":")" + mchid +
                              R"(","description":"libwxpay 示例","out_trade_no":")" + number + R"(","notify_url":")" +
                              endpoint.url() + R"(","amount":{"total":100,"currency":"CNY"}})";
    const std::string code_url =
        member(shown(client.post("/v3/pay/transactions/native", order), "POST /v3/pay/transactions/native"), "code_url");
    std::cout << "    QR code: " << code_url << '\n';

    say("the buyer scans and pays (the simulator's control plays the buyer)");
    shown(client.call("POST", "/_sim/pay/" + number), "POST /_sim/pay/" + number);

    say("receive the payment notification: verify, then decrypt, then compare, then answer 204");
    std::set<std::string> stored; // a unique index of business number and event type
    int delivered = 0;
    const StoreOnce store_once = [&](const wxpay::Notification &notification) {
        const std::string json = notification.plaintext();
        demand(is_about(json, number, mchid, 100), "the notification is about another order");
        demand(member(json, "appid") == appid, "it is for another appid");
        demand(member(json, "trade_state") == "SUCCESS", "it is not about a payment");
        if (stored.insert(number + notification.event_type()).second)
            ++delivered;
        std::cout << "    " << notification.event_type() << ", signed by " << notification.serial() << ", order "
                  << number << " is paid\n";
    };
    demand(endpoint.serve_one(client, store_once, 10000), "no notification came within 10 seconds");
    demand(delivered == 1, "the payment was not stored");
    // Whoever saw it can send it again, and it verifies again; StoreOnce has a key for each.
    demand(!stored.insert(number + "TRANSACTION.SUCCESS").second, "the same notification would be handled twice");
    // What went over the wire, as WeChat Pay saw it: 204, so it does not come again.
    std::string seen;
    for (int tries = 0; tries < 50 && seen.find("\"status\":204") == std::string::npos; ++tries) {
        seen = client.get("/_sim/notifications").body();
        const std::size_t at = seen.find(endpoint.url());
        seen = at == std::string::npos ? "" : seen.substr(at);
        ::usleep(20000);
    }
    demand(seen.find("\"status\":204") != std::string::npos, "WeChat Pay did not get 204: " + seen);

    say("query the order: a notification is not the last word");
    const std::string query = "/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + mchid;
    const std::string state = shown(client.get(query), "GET " + query);
    demand(is_about(state, number, mchid, 100) && member(state, "trade_state") == "SUCCESS", "the order is not paid");
    // Another order's answer is as genuine, and whoever stands on the way can swap the two.
    std::string another = order;
    another.replace(another.find(number), number.size(), "X" + number);
    shown(client.post("/v3/pay/transactions/native", another), "POST /v3/pay/transactions/native");
    const std::string theirs = "/v3/pay/transactions/out-trade-no/X" + number + "?mchid=" + mchid;
    const std::string swapped = shown(client.get(theirs), "GET " + theirs);
    demand(is_about(swapped, "X" + number, mchid, 100), "the other order is not there");
    demand(!is_about(swapped, number, mchid, 100), "an answer was taken for another one's");

    say("refund 0.40 yuan; if this failed, only the same out_refund_no may be sent again");
    const std::string wanted = R"({"out_trade_no":")" + number + R"(","out_refund_no":")" + refund +
                               R"(","amount":{"refund":40,"total":100,"currency":"CNY"}})";
    shown(client.post("/v3/refund/domestic/refunds", wanted, wxpay::Options().idempotent()), "POST /v3/refund/domestic/refunds");

    say("query the refund");
    const std::string path = "/v3/refund/domestic/refunds/" + refund;
    demand(member(shown(client.get(path), "GET " + path), "status") == "SUCCESS", "the refund is not there");
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::cerr << "usage: SSL_CERT_FILE=DIR/ca.pem " << argv[0] << " DIR\n";
        return 2;
    }
    try {
        journey(argv[1]);
    } catch (const wxpay::Error &error) {
        std::cerr << error.what() << '\n' << error.json() << '\n';
        return 1;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    std::cout << "cpp: ok (" << steps << " steps)" << std::endl;
    return 0;
}
