// API v2 and PayScore.
#include "operations.hpp"

using namespace wxpay;

/// An object without the order of its members.
static void same_object(Case &c, const std::string &name, const std::string &is)
{
    if (!c.want.has(name))
        return;
    const auto found = nlohmann::json::parse(is), wanted = nlohmann::json::parse(c.want.json(name).dump());
    same(name, found.dump(), wanted.dump());
}

static Message prepare(const Client &by, Members &from)
{
    const std::string path = from.bytes("path"), sign_type = from.bytes("sign_type"), json = from.bytes("json");
    return by.v2_prepare(path, sign_type, json);
}

void v2_sign(Case &c)
{
    const std::string sign_type = c.in.bytes("sign_type"), json = c.in.bytes("json");
    c.expect("signature", client(c).v2_sign(sign_type, json));
}

void v2_prepare(Case &c)
{
    const Client &by = client(c);
    const Message out = prepare(by, c.in);
    c.expect("method", out.method());
    c.expect("url", out.url());
    c.expect("content_type", out.header("Content-Type"));
    Message sent = Message::new_response(200, out.body());
    same_object(c, "fields", by.v2_notification(sent));
}

void v2_check(Case &c)
{
    const Client &by = client(c);
    Message request(nullptr);
    if (c.in.has("request")) {
        Members asked(c.in.json("request"), c.in.root());
        request = prepare(by, asked);
        asked.all_were_asked_for("request");
    }
    Message response = response_of(c);
    std::string fields;
    try {
        fields = request ? by.v2_check(request, response) : by.v2_notification(response);
    } catch (const Error &) {
        c.expect_number("verified", response.verified());
        throw;
    }
    c.expect_number("verified", response.verified());
    same_object(c, "fields", fields);
}

void v2_refund_open(Case &c)
{
    const std::string req_info = c.in.bytes("req_info");
    const Json opened = Json::parse(client(c).refund_unauthenticated(req_info));
    if (opened.size() != 2 || opened.at("authenticated") != false)
        throw Different("it is " + opened.dump());
    same_object(c, "refund", opened.at("refund").dump());
}

void v2_reply(Case &c)
{
    const Message reply = wxpay::v2_reply(c.in.json("result").get<std::int32_t>(), c.in.bytes("reason"));
    c.expect_number("http_status", reply.status());
    c.expect("body", reply.body());
    c.expect("content_type", reply.header("Content-Type"));
}

void pay_score(Case &c)
{
    const std::string package = c.in.bytes("package");
    const Client &by = client(c);
    detail::Call call;
    detail::OutBytes out;
    done(call, wxpay_pay_score(by.handle(), package.data(), package.size(), c.now, out, call), out);
    Json members = Json::parse(out.bytes());
    same("sign", members.at("sign").get<std::string>(), by.v2_sign("HMAC-SHA256", out.bytes()));
    if (members.at("nonce_str").get<std::string>().size() != 32)
        throw Different("nonce_str is " + members["nonce_str"].dump());
    members.erase("sign");
    members.erase("nonce_str");
    same_object(c, "members", members.dump());
}
