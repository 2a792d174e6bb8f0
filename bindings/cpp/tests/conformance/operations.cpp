// The operations of bindings/conformance/README.md. What takes no `now` goes through wxpay.hpp as users
// do; what takes one goes through wxpay.h, because no public method has it.
#include "operations.hpp"

#include <map>

using namespace wxpay;

Config config_of(const Json &members, const std::string &root)
{
    Config config;
    for (const auto &member : members.items())
        config.set(member.key(), bytes_of(member.value(), root));
    return config;
}

namespace {

using primitives::Key;
using MessageOut = detail::Out<wxpay_message, wxpay_message_free>;

std::map<std::string, Client> &clients()
{
    static std::map<std::string, Client> made;
    return made;
}

Client make_client(Case &c)
{
    static const Json all = Json::parse(file_content(c.in.root() + "/keys/clients.json"));
    const std::string name = c.in.text("client");
    if (!all.contains(name))
        throw Different("clients.json has no " + name);
    return Client(config_of(all[name], c.in.root()));
}

} // namespace

const Client &client(Case &c)
{
    const std::string name = c.in.text("client");
    auto found = clients().find(name);
    if (found == clients().end())
        found = clients().emplace(name, make_client(c)).first;
    return found->second;
}

void add_headers(Message &message, const Json &headers, const std::string &root)
{
    for (const Json &header : headers)
        message.add_header(bytes_of(header[0], root), bytes_of(header[1], root));
}

Message response_of(Case &c, const std::string &nonce)
{
    const Json &response = c.in.json("response");
    Members members(response, c.in.root());
    std::string body = members.bytes("body");
    replace_all(body, "{nonce}", nonce);
    Message message = Message::new_response(members.json("status").get<std::int32_t>(), body);
    add_headers(message, members.json("headers"), c.in.root());
    members.all_were_asked_for("response");
    return message;
}

void replace_all(std::string &text, const std::string &mark, const std::string &by)
{
    for (std::size_t at = 0; !by.empty() && (at = text.find(mark, at)) != std::string::npos; at += by.size())
        text.replace(at, mark.size(), by);
}

namespace {

/// Headers from `headers` or `block`.
void add_received_headers(Case &c, Message &message)
{
    if (c.in.has("block"))
        message.add_header_block(c.in.bytes("block"));
    else
        add_headers(message, c.in.json("headers"), c.in.root());
}

void canonical_request(Case &c)
{
    const std::string method = c.in.bytes("method"), url = c.in.bytes("url"), timestamp = c.in.bytes("timestamp"),
                      nonce = c.in.bytes("nonce"), body = c.in.bytes("body");
    c.expect("text", primitives::canonical_request(method, url, timestamp, nonce, body));
}

void canonical_response(Case &c)
{
    const std::string timestamp = c.in.bytes("timestamp"), nonce = c.in.bytes("nonce"), body = c.in.bytes("body");
    c.expect("text", primitives::canonical_response(timestamp, nonce, body));
}

void sign(Case &c)
{
    const std::string key = c.in.bytes("key"), message = c.in.bytes("message");
    c.expect("signature", primitives::sign(Key(key), message));
}

void verify(Case &c)
{
    const std::string key = c.in.bytes("key"), message = c.in.bytes("message"), signature = c.in.bytes("signature");
    primitives::verify(Key(key), message, signature);
}

void aead_decrypt(Case &c)
{
    const std::string key = c.in.bytes("key"), nonce = c.in.bytes("nonce"), aad = c.in.bytes("aad"),
                      ciphertext = c.in.bytes("ciphertext");
    c.expect("plaintext", primitives::aead_decrypt(key, nonce, aad, ciphertext));
}

void oaep_decrypt(Case &c)
{
    const std::string key = c.in.bytes("key"), ciphertext = c.in.bytes("ciphertext");
    c.expect("plaintext", primitives::oaep_decrypt(Key(key), ciphertext));
}

void oaep_encrypt(Case &c)
{
    const std::string key = c.in.bytes("key"), private_key = c.in.bytes("private_key"), plaintext = c.in.bytes("plaintext");
    const Key to(key), from(private_key);
    c.expect("plaintext", primitives::oaep_decrypt(from, primitives::oaep_encrypt(to, plaintext)));
}

void key_load(Case &c)
{
    const std::string data = c.in.bytes("data"), passphrase = c.in.bytes("passphrase");
    const Json info = Json::parse(Key(data, passphrase).info());
    if (!c.want.has("info"))
        return;
    for (const auto &member : c.want.json("info").items()) {
        if (!info.contains(member.key()) || info[member.key()] != member.value())
            throw Different("info." + member.key() + " in " + info.dump() + ", expected " + member.value().dump());
    }
}

void key_matches_cert(Case &c)
{
    const std::string key = c.in.bytes("key"), cert = c.in.bytes("cert");
    Key(key).matches_cert(cert);
}

void config_set(Case &c)
{
    const std::string key = c.in.bytes("key"), value = c.in.bytes("value");
    Config().set(key, value);
}

void client_new(Case &c) { const Client made(config_of(c.in.json("config"), c.in.root())); }

void message_set(Case &c)
{
    const std::string key = c.in.bytes("key"), value = c.in.bytes("value");
    Message::new_request("GET", "/v3/certificates", "").set(key, value);
}

void header(Case &c)
{
    const std::string name = c.in.text("name");
    Message message = Message::new_response(200, "");
    add_received_headers(c, message);
    c.expect("value", message.header(name));
}

void prepare(Case &c)
{
    const std::string method = c.in.bytes("method"), url = c.in.bytes("url"), body = c.in.bytes("body");
    const Json headers = c.in.has("headers") ? c.in.json("headers") : Json::array();
    const Client &by = client(c);
    Message request = Message::new_request(method, url, body);
    add_headers(request, headers, c.in.root());
    detail::Call call;
    MessageOut out;
    done(call, wxpay_client_prepare(by.handle(), request.handle(), c.now, out, call), out);
    compare_prepared(c, Message(out.take()), nullptr);
}

void prepare_unsigned(Case &c)
{
    const std::string method = c.in.bytes("method"), url = c.in.bytes("url"), body = c.in.bytes("body"),
                      sign_key = c.in.bytes("sign_key");
    const Json headers = c.in.has("headers") ? c.in.json("headers") : Json::array();
    const Client &by = client(c);
    Message request = Message::new_request(method, url, body);
    add_headers(request, headers, c.in.root());
    detail::Call call;
    MessageOut out;
    detail::OutBytes to_sign, digest;
    done(call, wxpay_client_prepare_unsigned(by.handle(), request.handle(), c.now, out, to_sign, digest, call), out,
         to_sign, digest);
    Message message(out.take());
    const std::string text = to_sign.bytes();
    message.attach_signature(primitives::sign(Key(sign_key), text));
    compare_prepared(c, message, &text);
}

void check(Case &c)
{
    const std::string method = c.in.bytes("method"), url = c.in.bytes("url"), body = c.in.bytes("body");
    const Client &by = client(c);
    const Message request = Message::new_request(method, url, body);
    Message response(nullptr);
    try {
        response = response_of(c);
    } catch (const Error &) {
        c.expect_number("verified", response.verified()); // of none
        throw;
    }
    detail::Call call;
    const wxpay_status status = wxpay_client_check(by.handle(), request.handle(), response.handle(), c.now, call);
    c.expect_number("verified", response.verified());
    done(call, status);
}

void notify_open(Case &c)
{
    const std::string body = c.in.bytes("body");
    const Client &by = client(c);
    Message message = Message::new_response(0, body);
    add_received_headers(c, message);
    detail::Call call;
    detail::Out<wxpay_notify, wxpay_notify_free> out;
    done(call, wxpay_notify_open(by.handle(), message.handle(), c.now, out, call), out);
    const Notification opened(out.take());
    c.expect("notify_id", opened.id());
    c.expect("event_type", opened.event_type());
    c.expect("resource_type", opened.resource_type());
    c.expect("original_type", opened.original_type());
    c.expect("create_time", opened.create_time());
    c.expect("summary", opened.summary());
    c.expect("serial", opened.serial());
    c.expect("plaintext", opened.plaintext());
    c.expect("json", opened.json());
    c.expect_number("timestamp", opened.timestamp());
}

void notify_reply(Case &c)
{
    const Message reply = Notification::reply(c.in.json("result").get<std::int32_t>(), c.in.bytes("reason"));
    c.expect_number("http_status", reply.status());
    c.expect("body", reply.body());
    c.expect("content_type", reply.header("Content-Type"));
}

void pay(Case &c)
{
    const std::string kind = c.in.text("kind"), appid = c.in.bytes("appid"), prepay_id = c.in.bytes("prepay_id");
    const auto function = kind == "jsapi"          ? wxpay_pay_jsapi
                          : kind == "mini_program" ? wxpay_pay_mini_program
                          : kind == "app"          ? wxpay_pay_app
                                                   : throw Different("no kind " + kind);
    const Client &by = client(c);
    detail::Call call;
    detail::OutBytes out;
    done(call, function(by.handle(), appid.data(), appid.size(), prepay_id.data(), prepay_id.size(), c.now, out, call), out);
    compare_parameters(c, out.bytes(), nullptr);
}

void pay_unsigned(Case &c)
{
    const std::string kind = c.in.text("kind"), appid = c.in.bytes("appid"), prepay_id = c.in.bytes("prepay_id"),
                      sign_key = c.in.bytes("sign_key");
    const Client &by = client(c);
    detail::Call call;
    detail::OutBytes parameters, to_sign, digest;
    const wxpay_status status =
        wxpay_pay_unsigned(by.handle(), kind.data(), kind.size(), appid.data(), appid.size(), prepay_id.data(),
                           prepay_id.size(), c.now, parameters, to_sign, digest, call);
    done(call, status, parameters, to_sign, digest);
    const std::string text = to_sign.bytes();
    compare_parameters(c, Pay::attach(parameters.bytes(), primitives::sign(Key(sign_key), text)), &text);
}

void pay_h5_url(Case &c)
{
    const std::string h5_url = c.in.bytes("h5_url"), redirect_url = c.in.bytes("redirect_url");
    c.expect("url", Pay::h5_url(h5_url, redirect_url));
}

void client_encrypt(Case &c)
{
    const std::string key_id = c.in.bytes("key_id"), plaintext = c.in.bytes("plaintext"),
                      private_key = c.in.bytes("private_key");
    const EncryptResult result = client(c).encrypt(plaintext, key_id);
    c.expect("used_key_id", result.used_key_id);
    c.expect("plaintext", primitives::oaep_decrypt(Key(private_key), result.ciphertext_base64));
}

void client_decrypt(Case &c)
{
    const std::string ciphertext = c.in.bytes("ciphertext");
    c.expect("plaintext", client(c).decrypt(ciphertext));
}

void load_certificates(Case &c)
{
    const Client by = make_client(c); // fresh: what is loaded stays
    const Message response = response_of(c);
    detail::Call call;
    const wxpay_status status = wxpay_client_load_certificates(by.handle(), response.handle(), c.now, call);
    c.expect_number("due", wxpay_client_certificates_due(by.handle(), c.now));
    done(call, status);
}

void status_texts(Case &c)
{
    const auto code = c.in.json("code").get<std::int32_t>();
    c.expect("name", status_name(code));
    c.expect("en", status_text(code, lang::en));
    c.expect("zh", status_text(code, lang::zh));
}

} // namespace

void run_operation(const std::string &name, Case &c)
{
    static const std::map<std::string, void (*)(Case &)> operations{
        {"canonical_request", canonical_request},
        {"canonical_response", canonical_response},
        {"sign", sign},
        {"verify", verify},
        {"aead_decrypt", aead_decrypt},
        {"oaep_decrypt", oaep_decrypt},
        {"oaep_encrypt", oaep_encrypt},
        {"key_load", key_load},
        {"key_matches_cert", key_matches_cert},
        {"config_set", config_set},
        {"client_new", client_new},
        {"message_set", message_set},
        {"header", header},
        {"prepare", prepare},
        {"prepare_unsigned", prepare_unsigned},
        {"check", check},
        {"notify_open", notify_open},
        {"notify_reply", notify_reply},
        {"pay", pay},
        {"pay_unsigned", pay_unsigned},
        {"pay_h5_url", pay_h5_url},
        {"client_encrypt", client_encrypt},
        {"client_decrypt", client_decrypt},
        {"load_certificates", load_certificates},
        {"upload", upload},
        {"encrypt_fields", encrypt_fields},
        {"decrypt_fields", decrypt_fields},
        {"bill", bill},
        {"v2_sign", v2_sign},
        {"v2_prepare", v2_prepare},
        {"v2_check", v2_check},
        {"v2_refund_open", v2_refund_open},
        {"v2_reply", v2_reply},
        {"pay_score", pay_score},
        {"explain_response", explain_response},
        {"status", status_texts},
        {"explain_text", explain_text},
        {"trust_report", trust_report},
        {"trust_probe", trust_probe},
        {"call", call_once},
    };
    const auto found = operations.find(name);
    if (found == operations.end())
        throw Different("this runner does not know the operation " + name);
    found->second(c);
}
