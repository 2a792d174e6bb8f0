// Notifications as frameworks hand them over, and the answer in every case.
#include "check.hpp"

#include <map>
#include <unordered_map>

TEST(a_notification_is_opened_with_all_its_fields)
{
    const Received got = received("good");
    const wxpay::Notification notification = client().notification(got.headers, got.body);
    CHECK_EQ(notification.event_type(), "TRANSACTION.SUCCESS");
    CHECK_EQ(notification.resource_type(), "encrypt-resource");
    CHECK_EQ(notification.original_type(), "transaction");
    CHECK_EQ(notification.serial(), merchant("public_key_id"));
    CHECK_EQ(notification.id(), member(got.body, "id"));
    CHECK_EQ(notification.create_time(), member(got.body, "create_time"));
    CHECK_EQ(notification.summary(), member(got.body, "summary"));
    CHECK_EQ(std::to_string(notification.timestamp()),
             *wxpay::Message::response(0, got.headers, "").header("Wechatpay-Timestamp"));
    CHECK_EQ(notification.plaintext()[0], '{');
    CHECK(contains(notification.json(), notification.plaintext()));
}

TEST(headers_come_in_any_container_and_spelling)
{
    const Received got = received("good");
    const wxpay::Client one = client();
    const auto pairs = got.pairs();
    const std::map<std::string, std::string> map(pairs.begin(), pairs.end());
    const std::unordered_map<std::string, std::string> unordered(pairs.begin(), pairs.end());
    const std::multimap<std::string, std::string> multimap(pairs.begin(), pairs.end());
    std::map<std::string, std::vector<std::string>> several;
    std::vector<std::pair<std::string_view, std::string_view>> views;
    // CGI and FastCGI: HTTP_WECHATPAY_SERIAL=…, CONTENT_TYPE=…
    std::map<std::string, std::string> cgi{{"REQUEST_METHOD", "POST"}, {"SERVER_PORT", "443"}, {"PATH", "/bin"}};
    for (const auto &[name, value] : pairs) {
        several[name].push_back(value);
        views.emplace_back(name, value);
        std::string spelled = "HTTP_" + name;
        for (char &letter : spelled)
            letter = letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
        cgi[spelled] = value;
    }
    const std::string id = member(got.body, "id");
    CHECK_EQ(one.notification(pairs, got.body).id(), id);
    CHECK_EQ(one.notification(map, got.body).id(), id);
    CHECK_EQ(one.notification(unordered, got.body).id(), id);
    CHECK_EQ(one.notification(multimap, got.body).id(), id);
    CHECK_EQ(one.notification(several, got.body).id(), id);
    CHECK_EQ(one.notification(views, got.body).id(), id);
    CHECK_EQ(one.notification(cgi, got.body).id(), id);
    CHECK_EQ(one.notification(got.headers, got.body).id(), id);
    const wxpay::Message message = wxpay::Message::response(0, pairs, "");
    CHECK_EQ(one.notification({{"wechatpay-serial", *message.header("Wechatpay-Serial")},
                               {"WECHATPAY-TIMESTAMP", *message.header("Wechatpay-Timestamp")},
                               {"wechatpay_nonce", *message.header("Wechatpay-Nonce")},
                               {"Wechatpay-Signature", *message.header("Wechatpay-Signature")}},
                              got.body)
                 .id(),
             id);
}

/// The exception that a notification of this kind throws.
static wxpay::Error refused(const std::string &kind)
{
    const Received got = received(kind);
    const wxpay::Client one = client();
    return THROWN(Error, one.notification(got.headers, got.body));
}

static std::string reply_of(const wxpay::Message &reply)
{
    return std::to_string(reply.status()) + " " + reply.header("Content-Type").value_or("-") + " " + reply.body();
}

TEST(a_forged_one_is_answered_401)
{
    const auto error = refused("bad_signature");
    CHECK_EQ(error.status(), wxpay::status::signature_invalid);
    CHECK_EQ(error.reply().status(), 401);
    CHECK(contains(reply_of(error.reply("no")), "401 application/json {\"code\":\"FAIL\""));
}

TEST(a_replay_after_301_seconds_is_expired)
{
    CHECK_EQ(refused("skew:-301").status(), wxpay::status::timestamp_expired);
    // The future comes nearer while this runs, the past goes away.
    CHECK_EQ(refused("skew:360").status(), wxpay::status::timestamp_expired);
    CHECK_EQ(refused("skew:-301").reply().status(), 401);
    const Received got = received("skew:-240");
    CHECK_EQ(client().notification(got.headers, got.body).id(), member(got.body, "id"));
}

TEST(probes_unknown_keys_and_missing_headers_are_told_apart)
{
    CHECK_EQ(refused("sign_probe").status(), wxpay::status::signature_probe);
    CHECK_EQ(refused("wrong_serial").status(), wxpay::status::serial_unknown);
    CHECK_EQ(refused("no_signature").status(), wxpay::status::signature_headers_missing);
    const auto wrong_key = refused("wrong_api_v3_key");
    CHECK_EQ(wrong_key.status(), wxpay::status::decrypt_failed);
}

TEST(a_changed_byte_is_refused)
{
    Received got = received("good");
    got.body[got.body.size() / 2] ^= 1;
    const wxpay::Client one = client();
    THROWN(SignatureError, one.notification(got.headers, got.body));
}

TEST(the_answers_are_what_wechat_pay_wants)
{
    CHECK_EQ(reply_of(wxpay::Notification::reply_ok()), "204 - ");
    const std::string own_failure = reply_of(wxpay::Notification::reply_fail("数据库"));
    CHECK(contains(own_failure, "500 application/json {\"code\":\"FAIL\""));
    CHECK(contains(own_failure, "数据库"));
    // A failure of this side while opening is a 500 too, so that it comes again.
    wxpay::Config without_key = config();
    without_key.set("api_v3_key", "");
    const wxpay::Client one(without_key);
    const Received got = received("good");
    CHECK_EQ(THROWN(UsageError, one.notification(got.headers, got.body)).reply().status(), 500);
}
