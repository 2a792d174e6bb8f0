// unit SIMDIR [PART]: runs the tests, those whose name has PART if it is given.
#include "check.hpp"

#include "../../examples/endpoint.hpp"

#include <atomic>
#include <fstream>
#include <iostream>
#include <iterator>

std::vector<Test> &tests()
{
    static std::vector<Test> all;
    return all;
}

static std::string simulator;

std::string simulator_file(const std::string &name)
{
    std::ifstream file(simulator + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string member(const std::string &json, const std::string &name)
{
    std::size_t at = json.find('"' + name + "\":");
    if (at == std::string::npos)
        throw std::logic_error("no " + name + " in " + json);
    at = json.find('"', at + name.size() + 3) + 1;
    return json.substr(at, json.find('"', at) - at);
}

std::string merchant(const std::string &name) { return member(simulator_file("merchant.json"), name); }

// The machine may be slow, and valgrind slows it down: no test but those of time-outs depends on time.
wxpay::Config config()
{
    wxpay::Config config = wxpay::Config::from_json_file(simulator + "/merchant.json");
    config.set("connect_timeout_ms", 60000).set("timeout_ms", 120000);
    return config;
}

wxpay::Client client() { return wxpay::Client(config()); }

std::string new_number()
{
    static std::atomic<int> count{0};
    return "unit" + std::to_string(::getpid()) + "n" + std::to_string(::time(nullptr)) + "n" + std::to_string(++count);
}

std::string order(const std::string &number, const std::string &description)
{
    return R"({"appid":")" + merchant("_appid") + R"(","mchid":")" + merchant("mchid") + R"(","description":")" +
           description + R"(","out_trade_no":")" + number +
           R"(","notify_url":"http://127.0.0.1:9/notify","amount":{"total":100,"currency":"CNY"}})";
}

std::vector<std::pair<std::string, std::string>> Received::pairs() const
{
    std::vector<std::pair<std::string, std::string>> all;
    std::istringstream lines(headers);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t colon = line.find(": ");
        all.emplace_back(line.substr(0, colon), line.substr(colon + 2, line.find('\r') - colon - 2));
    }
    return all;
}

Received received(const std::string &kind, const std::string &resource)
{
    Endpoint endpoint;
    const wxpay::Client sender = client();
    const std::string body = R"({"url":")" + endpoint.url() + R"(","kind":")" + kind + "\"" +
                             (resource.empty() ? "" : ",\"resource\":" + resource) + "}";
    sender.post("/_sim/notify", body);
    const int connection = endpoint.accept(10000);
    Received got;
    if (connection < 0 || !Endpoint::receive(connection, got.headers, got.body))
        throw std::logic_error("no notification came");
    ::close(connection);
    return got;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    simulator = argv[1];
    const std::string part = argc > 2 ? argv[2] : "";
    int passed = 0, failures = 0;
    for (const Test &test : tests()) {
        if (!contains(test.name, part))
            continue;
        try {
            test.run();
            ++passed;
        } catch (const std::exception &error) {
            ++failures;
            std::cout << "FAILED " << test.name << ": " << error.what() << std::endl;
        }
    }
    std::cout << passed << " passed, " << failures << " failed" << std::endl;
    return failures == 0 ? 0 : 1;
}
