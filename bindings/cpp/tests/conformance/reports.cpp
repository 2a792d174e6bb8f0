// Operations whose answer is a report with diagnosis ids, and a call whose error has them.
#include "operations.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

using namespace wxpay;

void compare_report(Case &c, const std::string &report)
{
    const Json json = Json::parse(report);
    std::vector<std::string> ids;
    for (const Json &one : json.value("diagnosis", Json::array()))
        ids.push_back(one.at("id").get<std::string>());
    for (const auto &[name, member] : {std::pair{"report_status", "status"}, {"verdict", "verdict"}, {"language", "language"}}) {
        if (c.want.has(name) && c.want.json(name) != json.value(member, Json()))
            throw Different(std::string(name) + " in " + report);
    }
    std::string joined;
    for (const std::string &id : ids)
        joined += (joined.empty() ? "" : " ") + id;
    c.expect("ids", joined);
    if (c.want.has("first"))
        c.expect("first", ids.empty() ? "" : ids.front());
    if (c.want.has("among")) {
        std::istringstream words(c.want.text("among"));
        for (std::string id; words >> id;) {
            if (std::find(ids.begin(), ids.end(), id) == ids.end())
                throw Different(id + " is not among " + joined);
        }
    }
    if (c.want.has("diagnosis_text")) {
        const std::string text = ids.empty() ? "" : json["diagnosis"][0].at("text").get<std::string>();
        if (text.find(c.want.text("diagnosis_text")) == std::string::npos)
            throw Different("the first diagnosis says <" + text + ">");
    }
}

static const wxpay_client *client_or_none(Case &c) { return c.in.has("client") ? client(c).handle() : nullptr; }

void explain_text(Case &c) { compare_report(c, wxpay::explain_text(c.in.bytes("text"))); }

void explain_response(Case &c)
{
    const std::string method = c.in.bytes("method"), url = c.in.bytes("url"), body = c.in.bytes("body");
    static_cast<void>(c.in.json("response")); // read below, if it comes to that
    const Client &by = client(c);
    const Message request = Message::new_request(method, url, body);
    detail::Call preparing, call;
    detail::Out<wxpay_message, wxpay_message_free> prepared;
    done(preparing, wxpay_client_prepare(by.handle(), request.handle(), c.now, prepared, preparing), prepared);
    const Message sent(prepared.take());
    const Message response = response_of(c, nonce_of(sent));
    detail::OutBytes out;
    done(call, wxpay_explain_response(by.handle(), sent.handle(), response.handle(), c.now, out, call), out);
    compare_report(c, out.bytes());
}

void trust_report(Case &c)
{
    detail::Call call;
    detail::OutBytes out;
    done(call, wxpay_trust_report(client_or_none(c), c.now, out, call), out);
    compare_report(c, out.bytes());
}

void trust_probe(Case &c)
{
    const std::string host = c.in.bytes("host"), bind = c.in.bytes("bind_address");
    const auto port = c.in.json("port").get<std::int32_t>();
    detail::Call call;
    detail::OutBytes out;
    const wxpay_status status = wxpay_trust_probe(client_or_none(c), host.data(), host.size(), port, bind.data(),
                                                  bind.size(), c.now, out, call);
    done(call, status, out);
    compare_report(c, out.bytes());
}

void call_once(Case &c)
{
    const std::string method = c.in.bytes("method"), url = c.in.bytes("url"), body = c.in.bytes("body");
    const Client by(config_of(c.in.json("config"), c.in.root()));
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out;
    const wxpay_status status = wxpay_client_call(by.handle(), method.data(), method.size(), url.data(), url.size(),
                                                  body.data(), body.size(), out, call);
    done(call, status, out);
    compare_report(c, "{}"); // nothing was diagnosed
}
