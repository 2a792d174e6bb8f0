// Receives notifications on 127.0.0.1:PORT until it is stopped, or for SECONDS; put your web server
// with HTTPS in front of it. Configured by WXPAY_… in the environment. Usage: notification_endpoint PORT [SECONDS]
#include "endpoint.hpp"

#include <chrono>
#include <set>

int main(int argc, char **argv)
{
    using clock = std::chrono::steady_clock;
    try {
        const wxpay::Client client = wxpay::Client::from_env();
        Endpoint endpoint(static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 0));
        const auto end = clock::now() + std::chrono::seconds(argc > 2 ? std::stol(argv[2]) : 1L << 30);
        std::cout << endpoint.url() << std::endl;
        std::set<std::string> seen; // yours: a unique index of business number and event type
        while (clock::now() < end) {
            endpoint.serve_one(
                client,
                [&](const wxpay::Notification &notification) {
                    if (seen.insert(notification.plaintext() + notification.event_type()).second)
                        std::cout << notification.event_type() << ' ' << notification.plaintext() << std::endl;
                },
                100);
        }
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
