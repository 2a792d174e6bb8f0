// Prepared requests and front-end parameters: all but nonce and signature is compared, and the signature
// is verified over what must have been signed.
#include "operations.hpp"

#include <map>

static void compare_signed(std::string canonical, const std::string &nonce, const std::string &signature,
                           const std::string &key, const std::string *to_sign)
{
    if (nonce.size() != 32 ||
        nonce.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != std::string::npos)
        throw Different("the nonce is " + nonce);
    const std::size_t at = canonical.find("{nonce}");
    if (at == std::string::npos)
        throw Different("canonical has no {nonce}");
    canonical.replace(at, 7, nonce);
    if (to_sign != nullptr)
        same("to_sign", *to_sign, canonical);
    try {
        wxpay::primitives::verify(wxpay::primitives::Key(key), canonical, signature);
    } catch (const wxpay::Error &error) {
        throw Different("the signature is not over <" + canonical + ">: " + error.what());
    }
}

/// `SCHEME name="value",name="value"`.
static std::map<std::string, std::string> authorization_members(const std::string &header, const std::string &scheme)
{
    std::map<std::string, std::string> members;
    same("scheme", header.substr(0, header.find(' ')), scheme);
    for (std::size_t at = header.find(' ') + 1; at < header.size();) {
        const std::size_t equals = header.find("=\"", at), end = header.find('"', equals + 2);
        if (equals == std::string::npos || end == std::string::npos)
            throw Different("Authorization is " + header);
        const std::string name = header.substr(at, equals - at);
        if (!members.emplace(name, header.substr(equals + 2, end - equals - 2)).second)
            throw Different("Authorization has " + name + " twice");
        at = end + 1;
        if (at < header.size() && header[at++] != ',')
            throw Different("Authorization is " + header);
    }
    return members;
}

void compare_prepared(Case &c, const wxpay::Message &prepared, const std::string *to_sign, bool with_body)
{
    c.expect("method", prepared.method());
    c.expect("url", prepared.url());
    if (with_body)
        c.expect("body", prepared.body());
    if (c.want.has("headers")) {
        Members headers(c.want.json("headers"), c.want.root());
        Case inner{c.in, headers, 0};
        for (const auto &header : c.want.json("headers").items())
            inner.expect(header.key(), prepared.header(header.key()));
    }
    if (!c.want.has("authorization"))
        return;
    Members want(c.want.json("authorization"), c.want.root());
    auto members = authorization_members(prepared.header("Authorization").value_or(""), want.text("scheme"));
    const std::string nonce = members["nonce_str"], signature = members["signature"];
    members.erase("nonce_str");
    members.erase("signature");
    for (const auto &member : want.json("members").items()) {
        same("Authorization's " + member.key(), members[member.key()], bytes_of(member.value(), c.want.root()));
        members.erase(member.key());
    }
    if (!members.empty())
        throw Different("Authorization also has " + members.begin()->first);
    compare_signed(want.bytes("canonical"), nonce, signature, want.bytes("verify_key"), to_sign);
    want.all_were_asked_for("authorization");
}

void compare_parameters(Case &c, const std::string &parameters, const std::string *to_sign)
{
    Json object = Json::parse(parameters);
    const std::string nonce_member = c.want.text("nonce_member"), signature_member = c.want.text("signature_member");
    const std::string nonce = object.at(nonce_member), signature = object.at(signature_member);
    object.erase(nonce_member);
    object.erase(signature_member);
    for (const auto &member : c.want.json("members").items()) {
        same(member.key(), object.at(member.key()).get<std::string>(), bytes_of(member.value(), c.want.root()));
        object.erase(member.key());
    }
    if (!object.empty())
        throw Different("there is more: " + object.dump());
    compare_signed(c.want.bytes("canonical"), nonce, signature, c.want.bytes("verify_key"), to_sign);
}
