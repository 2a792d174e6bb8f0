// Reports about trust: what the store holds, what a server presents, what an error text means.
#include "check.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

int closed_port()
{
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    CHECK(::bind(listener, reinterpret_cast<sockaddr *>(&address), size) == 0);
    CHECK(::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) == 0);
    ::close(listener);
    return ntohs(address.sin_port);
}

std::int32_t port_of_simulator()
{
    const std::string url = merchant("base_url");
    return std::stoi(url.substr(url.rfind(':') + 1));
}

} // namespace

TEST(the_store_is_reported_without_a_client_and_of_one)
{
    for (const std::string &report : {wxpay::trust_report(), client().trust_report()}) {
        CHECK(contains(report, R"("schema":1,"status":0,"clock":"system")"));
        CHECK(contains(report, R"("kind":"environment")"));
        CHECK(contains(report, R"("id":"PRIVATE_BUNDLE")"));
        CHECK(contains(report, "DigiCert Global Root G2 is not in this store"));
    }
    const std::string system = wxpay::Client(config().set("trust_env", false)).trust_report();
    CHECK(contains(system, R"("kind":"system")"));
    CHECK(contains(system, R"("id":"ENV_IGNORED")"));
}

TEST(a_closed_port_is_a_report_and_no_exception)
{
    const std::int32_t port = closed_port();
    for (const std::string &report : {wxpay::trust_probe("127.0.0.1", port, ""), client().trust_probe("127.0.0.1", port, "")}) {
        CHECK(contains(report, R"("status":301)"));
        CHECK_EQ(member(report, "verdict"), "error");
        CHECK(contains(report, R"("id":"CONNECT_FAILED")"));
        CHECK_EQ(member(report, "address"), "127.0.0.1:" + std::to_string(port));
    }
    const std::string bound = wxpay::trust_probe("localhost", 0, "127.0.0.1:" + std::to_string(port));
    CHECK(contains(bound, R"("id":"CONNECT_FAILED")") && contains(bound, R"("id":"BIND_HOST")"));
}

TEST(a_server_is_probed_as_requests_reach_it)
{
    const std::int32_t port = port_of_simulator();
    for (const std::string &report : {wxpay::trust_probe("localhost", port, ""), client().trust_probe("localhost", port, "")}) {
        CHECK(contains(report, R"("schema":1,"status":0,)"));
        CHECK(contains(report, R"("trusted":true)"));
    }
    CHECK(contains(wxpay::Client(config().set("trust_env", false)).trust_probe("localhost", port, ""), R"("status":310)"));
}

TEST(what_is_no_host_and_no_port_is_refused)
{
    const wxpay::Client one = client();
    CHECK_EQ(THROWN(UsageError, wxpay::trust_probe("https://api.mch.weixin.qq.com", 443, "")).status(), 100);
    CHECK_EQ(THROWN(UsageError, one.trust_probe("localhost", -1, "")).status(), 100);
    CHECK_EQ(THROWN(UsageError, wxpay::trust_probe("localhost", 65536, "")).status(), 100);
    CHECK_EQ(THROWN(UsageError, one.trust_probe("localhost", 0, "x")).status(), 100);
}

TEST(an_error_text_is_explained)
{
    // WeChat Pay's guideline, "Common C++ Errors".
    const std::string report =
        wxpay::explain_text("cURL error 60: SSL certificate: unable to get local issuer certificate. \n"
                            "CURLE_SSL_CACERT (60)  peer certificate cannot be authenticated with known CA certificates.");
    CHECK(contains(report, R"("status":310)"));
    CHECK_EQ(member(report, "id"), "ROOT_NOT_IN_STORE");
    CHECK(contains(report, "CURLOPT_CAINFO"));
    CHECK_EQ(member(wxpay::explain_text("订单已支付 😀 \xff"), "id"), "UNKNOWN_TEXT");
}
