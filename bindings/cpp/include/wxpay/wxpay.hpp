// libwxpay for C++17: WeChat Pay for merchants, API v3. Header-only over wxpay.h; link with -lwxpay.
//
//     wxpay::Client client = wxpay::Client::from_env();
//     wxpay::Message answer = client.post("/v3/pay/transactions/native", order_json);
//     std::string body = answer.body(); // its signature has been verified
//
// Text goes in as std::string_view and comes out as std::string; bodies are bytes and never parsed.
// Every failure is an exception derived from wxpay::Error: look at its outcome() before anything is
// sent again. Objects are moved, not copied; a client may be used by any number of threads.
#ifndef WXPAY_WXPAY_HPP
#define WXPAY_WXPAY_HPP

#include "download.hpp"
#include "error.hpp"
#include "generated.hpp"
#include "handle.hpp"

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <vector>

namespace wxpay {

/// What a braced list of headers or keys is taken as; any range of pairs does as well, such as a std::map.
using Pairs = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// The value of a configuration key or option: text, a whole number, a flag, or several lines.
class Value {
    template <class T>
    static constexpr bool is_text = std::is_convertible_v<const T &, std::string_view>;

public:
    /// NULL, as std::getenv gives it, is empty, and empty unsets a key.
    Value(const char *text) : text_(text == nullptr ? "" : text) {}
    Value(std::string_view text) : text_(text) {}
    Value(std::string text) : text_(std::move(text)) {}
    template <class Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
    Value(Number number) : text_(std::to_string(number))
    {
    }
    Value(std::initializer_list<std::string_view> lines) { join(lines); }
    template <class Lines, std::enable_if_t<!is_text<Lines> && !std::is_integral_v<Lines>, int> = 0,
              class = decltype(std::string_view(*std::begin(std::declval<const Lines &>())))>
    Value(const Lines &lines)
    {
        join(lines);
    }

    std::string_view text() const noexcept { return text_; }

private:
    template <class Lines>
    void join(const Lines &lines)
    {
        bool first = true;
        for (const auto &line : lines) {
            if (!std::exchange(first, false))
                text_ += '\n';
            text_ += std::string_view(line);
        }
    }

    std::string text_;
};

/// What is different for one call only.
class Options {
public:
    /// Milliseconds for the whole send.
    Options &timeout_ms(std::int64_t milliseconds) { return set("timeout_ms", milliseconds); }
    /// Your promise that repeating this request cannot act twice.
    Options &idempotent(bool promised = true) { return set("idempotent", promised); }
    /// The WeChat Pay key that encrypt() used.
    Options &key_id(std::string_view id) { return set("key_id", id); }
    /// Any option of Message::set.
    Options &set(std::string_view key, const Value &value)
    {
        settings_.emplace_back(key, value.text());
        return *this;
    }
    /// A further header of the request.
    Options &header(std::string_view name, std::string_view value)
    {
        headers_.emplace_back(name, value);
        return *this;
    }

private:
    friend class Message;
    std::vector<std::pair<std::string, std::string>> settings_, headers_;
};

/// One HTTP message: a request to send, or what came back. An answer that a Client returns is verified.
class Message : public generated::Message {
public:
    using generated::Message::Message;

    /// A request for Client::send; keep it to cancel() it from another thread.
    static Message request(std::string_view method, std::string_view url, std::string_view body = {},
                           const Options &options = {})
    {
        return new_request(method, url, body).with(options);
    }
    /// A file to be sent; what is signed is `meta`, made when it is empty.
    static Message upload(std::string_view url, std::string_view filename, std::string_view file,
                          std::string_view content_type = {}, std::string_view meta = {}, const Options &options = {})
    {
        return new_upload(url, meta, filename, content_type, file).with(options);
    }
    /// What a transport of your own received.
    template <class Headers = Pairs>
    static Message response(std::int32_t status, const Headers &headers, std::string_view body)
    {
        Message message = new_response(status, body);
        message.add_headers(headers);
        return message;
    }
    /// Headers as pairs of name and value, as pairs of name and several values, or as one block of lines.
    template <class Headers = Pairs>
    void add_headers(const Headers &headers)
    {
        if constexpr (std::is_convertible_v<const Headers &, std::string_view>) {
            add_header_block(headers);
        } else {
            for (const auto &header : headers) {
                if constexpr (std::is_convertible_v<decltype(header.second), std::string_view>) {
                    add_header(header.first, header.second);
                } else {
                    for (const auto &value : header.second)
                        add_header(header.first, value);
                }
            }
        }
    }
    /// All headers in order.
    std::vector<std::pair<std::string, std::string>> headers() const
    {
        std::vector<std::pair<std::string, std::string>> all;
        for (std::size_t index = 0; index < header_count(); ++index)
            all.emplace_back(header_name(index).value_or(""), header_value(index).value_or(""));
        return all;
    }

private:
    Message &&with(const Options &options)
    {
        for (const auto &[key, value] : options.settings_)
            set(key, value);
        add_headers(options.headers_);
        return std::move(*this);
    }
};

/// A notification that is verified and decrypted. It may come again, and twice at once: act on it once.
class Notification : public generated::Notification {
public:
    using generated::Notification::Notification;

    /// The answer after you stored what it says. A Message: send its status, headers and body as they are.
    static Message reply_ok() { return reply(status::ok, {}); }
    /// The answer when your side failed: WeChat Pay sends it again.
    static Message reply_fail(std::string_view reason = {}) { return reply(status::internal, reason); }
};

/// Keys and values as docs/configuration.md lists them.
class Config : public generated::Config {
public:
    using generated::Config::Config;
    using Values = std::initializer_list<std::pair<std::string_view, Value>>;

    Config() : Config(create()) {}
    Config(Values values) : Config() { set_all("", values); }
    /// From any range of pairs, such as a std::map.
    template <class Range, class = decltype(std::begin(std::declval<const Range &>())->second)>
    explicit Config(const Range &values) : Config()
    {
        set_all("", values);
    }
    static Config from_env(std::string_view prefix = "WXPAY_")
    {
        Config config;
        config.load_env(prefix);
        return config;
    }
    static Config from_json(std::string_view json)
    {
        Config config;
        config.load_json(json);
        return config;
    }
    static Config from_json_file(const std::string &path)
    {
        std::string json;
        try {
            std::ifstream file(path, std::ios::binary);
            file.exceptions(std::ios::failbit | std::ios::badbit);
            json.assign(std::istreambuf_iterator<char>(file), {});
        } catch (const std::ios_base::failure &) { // no such file, no permission, a directory
            throw UsageError(status::file_unreadable, path + ": " + status_text(status::file_unreadable, lang::en));
        }
        return from_json(json);
    }

    Config &set(std::string_view key, const Value &value)
    {
        generated::Config::set(key, value.text());
        return *this;
    }
    /// WeChat Pay public keys by id, as PEM.
    template <class Range = Pairs>
    Config &public_keys(const Range &pem_by_id)
    {
        return set_all("public_key.", pem_by_id);
    }
    /// WeChat Pay public keys by id, as paths.
    template <class Range = Pairs>
    Config &public_key_files(const Range &path_by_id)
    {
        return set_all("public_key_file.", path_by_id);
    }
    /// Addresses by host, to try a new server.
    template <class Range = Pairs>
    Config &bind_hosts(const Range &address_by_host)
    {
        return set_all("bind_host.", address_by_host);
    }

private:
    template <class Range>
    Config &set_all(const std::string &prefix, const Range &values)
    {
        for (const auto &pair : values)
            set(prefix + std::string(pair.first), pair.second);
        return *this;
    }
};

/// One merchant. Make it once and keep it: it holds keys, trusted roots and connections.
class Client : public generated::Client {
public:
    using generated::Client::Client;

    explicit Client(const Config &config) : Client(create(config)) {}
    Client(Config::Values values) : Client(Config(values)) {}
    static Client from_env(std::string_view prefix = "WXPAY_") { return Client(Config::from_env(prefix)); }

    /// Each signs, sends, and returns the answer once its signature is verified. `url` is path and query,
    /// already percent-encoded; `body` goes out byte for byte.
    Message get(std::string_view url, const Options &options = {}) const { return call("GET", url, {}, options); }
    Message post(std::string_view url, std::string_view body, const Options &options = {}) const
    {
        return call("POST", url, body, options);
    }
    Message put(std::string_view url, std::string_view body, const Options &options = {}) const
    {
        return call("PUT", url, body, options);
    }
    Message patch(std::string_view url, std::string_view body, const Options &options = {}) const
    {
        return call("PATCH", url, body, options);
    }
    /// DELETE, which C++ keeps for itself.
    Message del(std::string_view url, const Options &options = {}) const { return call("DELETE", url, {}, options); }
    Message call(std::string_view method, std::string_view url, std::string_view body = {},
                 const Options &options = {}) const
    {
        return send(Message::request(method, url, body, options));
    }

    /// A file: signs, sends and verifies as the others. `content_type` empty: from the file's name.
    Message upload(std::string_view url, std::string_view filename, std::string_view file,
                   std::string_view content_type = {}, std::string_view meta = {}, const Options &options = {}) const
    {
        return send(Message::upload(url, filename, file, content_type, meta, options));
    }
    /// Downloads to a file, which is there only when all of it was right: Download::save. `source` is the body
    /// of the answer that names the file.
    void download_to(std::string_view source, const std::string &path) const { download_open(source).save(path); }
    /// Downloads a bill of any size. No row is given before all of it was right.
    Bill bill(std::string_view source) const
    {
        Download download = download_open(source);
        return Bill::open_download(download);
    }
    /// API v2: signs, sends and verifies; `json` has the fields. Gives the answer and its fields as JSON.
    V2SendResult v2_call(std::string_view path, std::string_view json, std::string_view sign_type = {}) const;

    using generated::Client::prepare;
    /// The exact message for a transport of your own: method, absolute URL, headers, body.
    Message prepare(std::string_view method, std::string_view url, std::string_view body = {},
                    const Options &options = {}) const
    {
        return prepare(Message::request(method, url, body, options));
    }
    using generated::Client::check;
    /// What that transport received, verified.
    template <class Headers = Pairs>
    Message check(const Message &prepared, std::int32_t status, const Headers &headers, std::string_view body) const
    {
        Message response = Message::response(status, headers, body);
        check(prepared, response);
        return response;
    }

    /// Verifies, then decrypts. `headers` in any spelling, `body` as it was received and before anything
    /// parses it. If it throws, answer with the exception's reply().
    template <class Headers = Pairs>
    Notification notification(const Headers &headers, std::string_view body) const
    {
        return Notification::open(*this, Message::response(0, headers, body));
    }

    /// For a sensitive field; put used_key_id into Options::key_id of the request that carries it.
    EncryptResult encrypt(std::string_view plaintext, std::string_view key_id = {}) const;
    /// Parameters for front ends. It belongs to this client and must not outlive it.
    Pay pay() const & noexcept { return Pay(handle()); }
    Pay pay() const && = delete;
};

namespace primitives {

/// A private key, a public key or a certificate.
class Key : public generated::Key {
public:
    using generated::Key::Key;
    explicit Key(std::string_view pem_or_der, std::string_view passphrase = {}) : Key(load(pem_or_der, passphrase)) {}
};

} // namespace primitives
} // namespace wxpay

#include "generated_calls.hpp"

namespace wxpay {

inline Message Error::reply(std::string_view reason) const { return Notification::reply(status_, reason); }

inline EncryptResult Client::encrypt(std::string_view plaintext, std::string_view key_id) const
{
    return generated::Client::encrypt(key_id, plaintext);
}

inline V2SendResult Client::v2_call(std::string_view path, std::string_view json, std::string_view sign_type) const
{
    return v2_send(v2_prepare(path, sign_type, json));
}

inline void detail::require_abi()
{
    const std::uint32_t found = wxpay_abi_version();
    if (found >> 16 == WXPAY_VERSION_MAJOR && (found & 0xffff) >= WXPAY_VERSION_MINOR)
        return;
    std::string path = "the libwxpay linked in";
    std::ifstream maps("/proc/self/maps"); // elsewhere than on Linux there is none
    for (std::string line; std::getline(maps, line);) {
        if (line.find("libwxpay") != std::string::npos && line.find('/') != std::string::npos)
            path = line.substr(line.find('/'));
    }
    throw UsageError(status::unsupported,
                     path + " has ABI " + std::to_string(found >> 16) + "." + std::to_string(found & 0xffff) +
                         ", but this program was compiled with wxpay.h " WXPAY_VERSION " and needs ABI " +
                         std::to_string(WXPAY_VERSION_MAJOR) + "." + std::to_string(WXPAY_VERSION_MINOR) +
                         ". Install libwxpay " WXPAY_VERSION
                         " or newer of the same major version, or compile the program with that library's headers.");
}

} // namespace wxpay

#endif
