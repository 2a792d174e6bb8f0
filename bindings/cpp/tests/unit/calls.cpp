// Requests, options, other transports, keys in an HSM, front ends.
#include "check.hpp"

#include "../../examples/endpoint.hpp"

#include <cstdlib>
#include <map>

TEST(every_method_is_sent_as_it_is_called)
{
    const wxpay::Client one = client();
    const auto method_of = [&](const std::function<void()> &call) { return THROWN(ApiError, call()).request()->method(); };
    const std::string nowhere = "/v3/nowhere";
    CHECK_EQ(method_of([&] { one.get(nowhere); }), "GET");
    CHECK_EQ(method_of([&] { one.post(nowhere, "{}"); }), "POST");
    CHECK_EQ(method_of([&] { one.put(nowhere, "{}"); }), "PUT");
    CHECK_EQ(method_of([&] { one.patch(nowhere, "{}"); }), "PATCH");
    CHECK_EQ(method_of([&] { one.del(nowhere); }), "DELETE");
    CHECK_EQ(method_of([&] { one.call("PUT", nowhere); }), "PUT");
}

TEST(an_answer_says_all_it_knows)
{
    const wxpay::Client one = client();
    const wxpay::Message answer = one.get("/v3/certificates");
    CHECK_EQ(answer.status(), 200);
    CHECK_EQ(answer.verified(), wxpay::verified::signature);
    CHECK_EQ(answer.key_id(), merchant("public_key_id"));
    CHECK(!answer.request_id().empty());
    CHECK_EQ(*answer.header("request-id"), answer.request_id());
    CHECK(!answer.header("no-such-header"));
    CHECK(contains(answer.trace(), "\"total"));
    const auto headers = answer.headers();
    CHECK_EQ(headers.size(), answer.header_count());
    CHECK(!answer.header_name(headers.size()));
}

TEST(options_are_for_one_call)
{
    const wxpay::Client one = client();
    const auto prepared = one.prepare("GET", "/v3/certificates", "", wxpay::Options().header("X-Trace", "abc").timeout_ms(5));
    CHECK_EQ(*prepared.header("X-Trace"), "abc");
    CHECK_EQ(THROWN(UsageError, wxpay::Options options; options.set("no_such", 1);
                    one.get("/v3/certificates", options))
                 .status(),
             wxpay::status::config_unknown_key);
    // Headers that the library writes are not to be had.
    THROWN(UsageError, one.get("/v3/certificates", wxpay::Options().header("Authorization", "x")));
    CHECK_EQ(one.get("/v3/certificates", wxpay::Options().idempotent().key_id(merchant("public_key_id"))).status(), 200);
}

TEST(another_transport_sends_and_the_client_checks)
{
    const wxpay::Client one = client();
    const std::string number = new_number();
    const wxpay::Message prepared = one.prepare("POST", "/v3/pay/transactions/native", order(number));
    CHECK_EQ(prepared.method(), "POST");
    CHECK_EQ(prepared.url(), merchant("base_url") + "/v3/pay/transactions/native");
    CHECK(contains(*prepared.header("authorization"), "WECHATPAY2-SHA256-RSA2048 mchid=\"" + merchant("mchid")));
    CHECK_EQ(prepared.body(), order(number));
    // The transport: the same bytes, sent by the library as they are.
    const wxpay::Message sent = one.send(prepared);
    const wxpay::Message checked = one.check(prepared, sent.status(), sent.headers(), sent.body());
    CHECK_EQ(checked.verified(), wxpay::verified::signature);
    CHECK_EQ(checked.body(), sent.body());
    const auto forged = THROWN(SignatureError, one.check(prepared, 200, sent.headers(), sent.body() + " "));
    CHECK_EQ(forged.status(), wxpay::status::signature_invalid);
    THROWN(SignatureError, one.check(prepared, 200, {{"Content-Type", "text/html"}}, "<html>"));
    wxpay::Message response = wxpay::Message::response(sent.status(), sent.headers(), sent.body());
    CHECK_EQ(response.verified(), wxpay::verified::not_checked);
    one.check(prepared, response);
    CHECK_EQ(response.verified(), wxpay::verified::signature);
}

TEST(a_key_elsewhere_signs_what_it_is_given)
{
    const wxpay::primitives::Key elsewhere(simulator_file("apiclient_key.pem"));
    wxpay::Config keyless = config();
    keyless.set("private_key_file", "").set("external_signer", true);
    const wxpay::Client one(keyless);
    auto unsigned_request = one.prepare_unsigned(wxpay::Message::request("GET", "/v3/certificates"));
    CHECK_EQ(unsigned_request.to_sign_sha256.size(), 32U);
    CHECK_EQ(unsigned_request.to_sign.substr(0, 21), "GET\n/v3/certificates\n");
    unsigned_request.message.attach_signature(wxpay::primitives::sign(elsewhere, unsigned_request.to_sign));
    CHECK_EQ(one.send(unsigned_request.message).status(), 200);

    const auto parameters = one.pay().unsigned_("jsapi", "wx0123", "wx_prepay");
    const std::string complete = wxpay::Pay::attach(parameters.params, wxpay::primitives::sign(elsewhere, parameters.to_sign));
    CHECK_EQ(member(complete, "package"), "prepay_id=wx_prepay");
    wxpay::primitives::verify(elsewhere, parameters.to_sign, member(complete, "paySign"));
}

TEST(front_ends_get_their_parameters)
{
    const wxpay::Client one = client();
    const wxpay::primitives::Key key(simulator_file("apiclient_key.pem"));
    const std::string jsapi = one.pay().jsapi("wx0123", "P1");
    CHECK_EQ(member(jsapi, "appId"), "wx0123");
    const std::string signed_text =
        "wx0123\n" + member(jsapi, "timeStamp") + "\n" + member(jsapi, "nonceStr") + "\nprepay_id=P1\n";
    wxpay::primitives::verify(key, signed_text, member(jsapi, "paySign"));
    CHECK_EQ(member(one.pay().mini_program("wx0123", "P1"), "package"), "prepay_id=P1");
    CHECK_EQ(member(one.pay().app("wx0123", "P1"), "partnerid"), merchant("mchid"));
    CHECK_EQ(wxpay::Pay::h5_url("https://wx.example/h5?a=1", "https://shop.example/路"),
             "https://wx.example/h5?a=1&redirect_url=https%3A%2F%2Fshop.example%2F%E8%B7%AF");
}

TEST(platform_certificates_are_downloaded)
{
    wxpay::Config automatic = config();
    automatic.set("public_key_id", "").set("public_key_file", "").set("auto_certificates", true);
    const wxpay::Client one(automatic);
    CHECK_EQ(one.certificates_due(), 2);
    one.refresh_certificates();
    CHECK_EQ(one.certificates_due(), 0);
    CHECK_EQ(one.get("/v3/certificates").verified(), wxpay::verified::signature);

    const wxpay::Client by_hand(automatic);
    const wxpay::Message request = by_hand.certificates_request();
    CHECK_EQ(request.url(), "/v3/certificates");
    const wxpay::Message got = one.send(one.prepare(request));
    by_hand.load_certificates(wxpay::Message::response(got.status(), got.headers(), got.body()));
    CHECK_EQ(by_hand.certificates_due(), 0);
}

TEST(a_configuration_comes_from_everywhere)
{
    const std::map<std::string, std::string> map{{"mchid", "1900000001"}, {"merchant_serial", "0A"}};
    CHECK(contains(wxpay::Config(map).check(), "1900000001"));
    wxpay::Config values{{"timeout_ms", 5000}, {"shared", true}, {"proxy_from_env", false}};
    values.set("api_v3_key", {"0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"});
    values.set("connect_timeout_ms", std::int64_t{1000}).set("max_idle_connections", std::size_t{3});
    const std::vector<std::string> keys(2, "0123456789abcdef0123456789abcdef");
    values.set("api_v2_key", keys);
    values.set("accept_language", std::getenv("NO_SUCH_VARIABLE_OF_THIS_TEST"));
    const std::string report = values.check();
    CHECK(contains(report, "\"timeout_ms\":\"5000\"") && contains(report, "\"shared\":\"1\""));
    CHECK(contains(report, "\"proxy_from_env\":\"0\"") && contains(report, "\"max_idle_connections\":\"3\""));
    CHECK(!contains(report, "accept_language"));

    const std::string pem = simulator_file("wechatpay_public_key.pem");
    wxpay::Config two = config();
    two.set("public_key_id", "").set("public_key_file", "");
    two.public_keys({{"PUB_KEY_ID_ONE", pem}}).bind_hosts({{"api.mch.weixin.qq.com", "127.0.0.1:9"}});
    CHECK(contains(wxpay::Client(two).info(), "PUB_KEY_ID_ONE"));
    const std::map<std::string, std::string> files{{"PUB_KEY_ID_FILE", merchant("public_key_file")}};
    wxpay::Config filed = config();
    filed.set("public_key_id", "").set("public_key_file", "").public_key_files(files);
    CHECK(contains(wxpay::Client(filed).info(), "PUB_KEY_ID_FILE"));

    ::setenv("UNIT_WXPAY_MCHID", "1900000009", 1);
    CHECK(contains(wxpay::Config::from_env("UNIT_WXPAY_").check(), "1900000009"));
    CHECK(contains(wxpay::Config::from_json("{\"mchid\":\"1900000002\"}").check(), "1900000002"));
    ::setenv("UNIT_WXPAY_NO_SUCH", "1", 1);
    THROWN(UsageError, wxpay::Client::from_env("UNIT_WXPAY_"));
}

TEST(primitives_agree_with_each_other)
{
    namespace primitives = wxpay::primitives;
    const primitives::Key key(simulator_file("apiclient_key.pem"));
    CHECK(contains(key.info(), "\"bits\":2048"));
    key.matches_cert(simulator_file("apiclient_cert.pem"));
    CHECK_EQ(THROWN(UsageError, key.matches_cert(simulator_file("wechatpay_certificate.pem"))).status(),
             wxpay::status::key_cert_mismatch);
    CHECK_EQ(primitives::canonical_request("GET", "/a?b=1", "1700000000", "n", ""), "GET\n/a?b=1\n1700000000\nn\n\n");
    CHECK_EQ(primitives::canonical_response("1700000000", "n", "{}"), "1700000000\nn\n{}\n");
    primitives::verify(key, "bytes", primitives::sign(key, "bytes"));
    THROWN(SignatureError, primitives::verify(key, "other", primitives::sign(key, "bytes")));
    THROWN(SignatureError, primitives::aead_decrypt(std::string(32, 'k'), std::string(12, 'n'), "", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST(the_library_says_what_it_is)
{
    CHECK_EQ(wxpay::version(), WXPAY_VERSION);
    CHECK(contains(wxpay::build_info(), "\"abi\""));
    wxpay::selftest();
    client().warm();
}
