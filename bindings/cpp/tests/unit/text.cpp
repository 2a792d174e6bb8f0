// Chinese, emoji and NUL go through both ways, unchanged.
#include "check.hpp"

static const std::string nasty = std::string("支付 \xF0\x9F\x8D\x9C e\xCC\x81") + '\0' + "after NUL\r\n\t\"\\";

TEST(a_body_goes_out_byte_for_byte)
{
    const wxpay::Client one = client();
    const wxpay::Message request = wxpay::Message::request("POST", "/v3/pay/transactions/native", nasty);
    CHECK_EQ(request.body(), nasty);
    const wxpay::Message prepared = one.prepare(request);
    CHECK_EQ(prepared.body(), nasty);
    // What is signed ends in the body and its line end.
    const std::string explained = one.explain_request(request);
    CHECK(contains(explained, "\"sign_message_length\":"));
}

TEST(a_body_comes_back_byte_for_byte)
{
    const wxpay::Client one(wxpay::Config::from_json(simulator_file("brand.json")));
    const std::string body = "{\"echo\":\"支付 \xF0\x9F\x8D\x9C \\u0000 after\"}";
    CHECK_EQ(one.post("/brand/_sim/echo", body).body(), body);
    CHECK_EQ(wxpay::Message::new_response(200, nasty).body(), nasty);
    CHECK_EQ(wxpay::Message::new_response(200, "").body(), "");
    CHECK_EQ(wxpay::Message::new_response(200, {}).body(), "");
}

TEST(an_order_in_chinese_is_found_again)
{
    const wxpay::Client one = client();
    const std::string number = new_number();
    CHECK(contains(one.post("/v3/pay/transactions/native", order(number, "拿铁 ☕ 大杯")).body(), "code_url"));
    const std::string path = "/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + merchant("mchid");
    CHECK_EQ(member(one.get(path).body(), "trade_state"), "NOTPAY");
}

TEST(a_notification_keeps_chinese_emoji_and_escaped_nul)
{
    const std::string resource = "{\"mchid\":\"" + merchant("mchid") + "\",\"payer\":\"张三 \xF0\x9F\x8D\x9C\",\"nul\":\"a\\u0000b\"}";
    const Received got = received("good", resource);
    const wxpay::Notification notification = client().notification(got.headers, got.body);
    CHECK(contains(notification.plaintext(), "张三 \xF0\x9F\x8D\x9C"));
    CHECK(contains(notification.plaintext(), "a\\u0000b"));
    CHECK(contains(notification.json(), "张三 \xF0\x9F\x8D\x9C"));
}

TEST(a_sensitive_field_keeps_every_byte)
{
    const wxpay::Client one = client();
    const wxpay::EncryptResult encrypted = one.encrypt(nasty);
    CHECK_EQ(encrypted.used_key_id, merchant("public_key_id"));
    // WeChat Pay decrypts it and encrypts it back for us.
    const std::string text = "身份证 \xF0\x9F\x8D\x9C 1234";
    const auto sent = one.encrypt(text, merchant("public_key_id"));
    const std::string answer = one.post("/v3/_sim/echo-encrypted", "{\"ciphertext\":\"" + sent.ciphertext_base64 + "\"}",
                                        wxpay::Options().key_id(sent.used_key_id))
                                   .body();
    CHECK_EQ(member(answer, "plaintext"), text);
    CHECK_EQ(one.decrypt(member(answer, "reencrypted")), text);
    // With a NUL inside, which JSON cannot carry as it is: under our own key.
    const wxpay::primitives::Key own(simulator_file("apiclient_key.pem"));
    CHECK_EQ(one.decrypt(wxpay::primitives::oaep_encrypt(own, nasty)), nasty);
    CHECK_EQ(one.decrypt(wxpay::primitives::oaep_encrypt(own, std::string(3, '\0'))), std::string(3, '\0'));
}

TEST(a_nul_in_a_name_or_url_is_refused_not_cut)
{
    using namespace std::string_view_literals;
    THROWN(UsageError, wxpay::Message::new_request("GET", "/v3/certificates\0/x"sv, ""));
    THROWN(UsageError, wxpay::Config({{"mchid\0x"sv, "1900000001"}}));
    THROWN(UsageError, wxpay::Config({{"mchid", "1900000001\0x"sv}}));
    const wxpay::Client one = client();
    THROWN(UsageError, one.pay().jsapi("wx\0x"sv, "prepay"));
}

TEST(text_that_is_not_utf8_is_refused)
{
    const auto error = THROWN(UsageError, wxpay::Config({{"user_agent", "\xFF\xFE"}}));
    CHECK_EQ(error.status(), wxpay::status::invalid_utf8);
}

TEST(messages_for_people_come_in_chinese)
{
    CHECK_EQ(wxpay::status_text(wxpay::status::timeout, wxpay::lang::en), "the deadline passed");
    const std::string chinese = wxpay::status_text(wxpay::status::timeout, wxpay::lang::zh);
    CHECK(!chinese.empty() && static_cast<unsigned char>(chinese[0]) >= 0xE4);
}
