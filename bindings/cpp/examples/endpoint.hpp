// A notification endpoint on a plain socket, so that this example needs no framework: what counts is
// on_notification below. Replace the socket by what your server hands you.
#ifndef EXAMPLE_ENDPOINT_HPP
#define EXAMPLE_ENDPOINT_HPP

#include <wxpay/wxpay.hpp>

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/// Yours: compares mchid, out_trade_no and amount with the order and stores the payment before it
/// returns. It must do nothing the second time: the same notification comes up to 16 times.
using StoreOnce = std::function<void(const wxpay::Notification &)>;

/// The whole endpoint: the answer is right in every case.
inline wxpay::Message on_notification(const wxpay::Client &client, const std::string &headers,
                                      const std::string &body, const StoreOnce &store_once)
{
    try {
        const wxpay::Notification notification = client.notification(headers, body);
        store_once(notification);
        return wxpay::Notification::reply_ok(); // 204
    } catch (const wxpay::Error &error) {
        std::cerr << error.what() << '\n';
        return error.reply(); // 401 for a forged one, 500 for a failure here
    } catch (const std::exception &failure) { // your own: WeChat Pay sends it again
        std::cerr << failure.what() << '\n';
        return wxpay::Notification::reply_fail();
    }
}

/// Listens on 127.0.0.1 and serves one connection at a time.
class Endpoint {
public:
    explicit Endpoint(std::uint16_t port = 0) : listener_(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto *const name = reinterpret_cast<sockaddr *>(&address);
        if (listener_ < 0 || ::bind(listener_, name, size) != 0 || ::listen(listener_, 16) != 0 ||
            ::getsockname(listener_, name, &size) != 0)
            throw std::runtime_error(std::string("cannot listen: ") + std::strerror(errno));
        port_ = ntohs(address.sin_port);
    }
    Endpoint(const Endpoint &) = delete;
    Endpoint &operator=(const Endpoint &) = delete;
    ~Endpoint() { ::close(listener_); }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/notify"; }

    /// Answers one notification; false when none came in time.
    bool serve_one(const wxpay::Client &client, const StoreOnce &store_once, int patience_ms)
    {
        const int connection = accept(patience_ms);
        if (connection < 0)
            return false;
        std::string headers, body;
        const bool complete = receive(connection, headers, body);
        if (complete)
            answer(connection, on_notification(client, headers, body, store_once));
        ::close(connection);
        return complete;
    }

    /// The next connection, or -1.
    int accept(int patience_ms) const
    {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, patience_ms) != 1)
            return -1;
        const int connection = ::accept(listener_, nullptr, nullptr);
        const timeval limit{10, 0};
        ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        return connection;
    }

    /// The header lines without the request line, and the raw body.
    static bool receive(int connection, std::string &headers, std::string &body)
    {
        std::string all;
        std::size_t end = std::string::npos, want = 0;
        char buffer[8192];
        while (end == std::string::npos || all.size() - end - 4 < want) {
            const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
            if (count <= 0 || all.size() > most)
                return false;
            all.append(buffer, static_cast<std::size_t>(count));
            if (end != std::string::npos || (end = all.find("\r\n\r\n")) == std::string::npos)
                continue;
            for (std::size_t at = all.find("\r\n"); at < end; at = all.find("\r\n", at + 2)) {
                if (::strncasecmp(all.c_str() + at + 2, "Content-Length:", 15) == 0)
                    want = std::strtoul(all.c_str() + at + 17, nullptr, 10);
            }
            if (want > most)
                return false;
        }
        const std::size_t first = all.find("\r\n") + 2;
        headers = first < end ? all.substr(first, end + 2 - first) : std::string();
        body = all.substr(end + 4, want);
        return true;
    }

private:
    static void answer(int connection, const wxpay::Message &reply)
    {
        std::string text = "HTTP/1.1 " + std::to_string(reply.status()) + " \r\nConnection: close\r\n";
        for (const auto &[name, value] : reply.headers())
            text += name + ": " + value + "\r\n";
        const std::string body = reply.body();
        if (reply.status() != 204) // which has neither body nor length
            text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        text += "\r\n" + body;
        for (std::size_t sent = 0; sent < text.size();) {
            const ssize_t count = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (count <= 0)
                return;
            sent += static_cast<std::size_t>(count);
        }
    }

    static constexpr std::size_t most = 1 << 20;
    int listener_;
    std::uint16_t port_ = 0;
};

#endif
