// A small test runner: TEST registers, CHECK… throws with the place, main.cpp runs and counts.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <wxpay/wxpay.hpp>

#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Test {
    const char *name;
    void (*run)();
};
std::vector<Test> &tests();
struct Registered {
    Registered(const char *name, void (*run)()) { tests().push_back({name, run}); }
};
#define TEST(name)                                          \
    static void name();                                     \
    static const Registered registered_##name(#name, name); \
    static void name()

[[noreturn]] inline void failed(const char *file, int line, const std::string &what)
{
    throw std::logic_error(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

template <class A, class B>
void check_equal(const A &is, const B &want, const char *file, int line, const char *what)
{
    if (is == want)
        return;
    std::ostringstream said;
    said << what << " is <" << is << ">, expected <" << want << ">";
    failed(file, line, said.str());
}

/// The exception that `call` must throw, for a closer look.
template <class Wanted>
Wanted thrown(const std::function<void()> &call, const char *file, int line, const char *what)
{
    try {
        call();
    } catch (const Wanted &error) {
        return error;
    } catch (const std::exception &other) {
        failed(file, line, std::string(what) + " threw something else: " + other.what());
    }
    failed(file, line, std::string(what) + " did not throw");
}

#define CHECK(...) ((__VA_ARGS__) ? void() : failed(__FILE__, __LINE__, #__VA_ARGS__))
#define CHECK_EQ(is, want) check_equal(is, want, __FILE__, __LINE__, #is)
#define THROWN(Wanted, ...) thrown<wxpay::Wanted>([&] { __VA_ARGS__; }, __FILE__, __LINE__, #__VA_ARGS__)

inline bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

/// The simulator of this run.
std::string simulator_file(const std::string &name);
/// A member of merchant.json.
std::string merchant(const std::string &member);
/// A client of the simulator's merchant; the store is what SSL_CERT_FILE names.
wxpay::Config config();
wxpay::Client client();
/// A native order; the number is new each time.
std::string new_number();
std::string order(const std::string &number, const std::string &description = "测试 ☕");
/// The string member of flat JSON.
std::string member(const std::string &json, const std::string &name);

/// A notification as it came in over a socket.
struct Received {
    std::string headers, body;
    /// Name and value of each line of `headers`.
    std::vector<std::pair<std::string, std::string>> pairs() const;
};
/// One notification of the simulator, of that kind (good, bad_signature, skew:-400, …); `resource` is JSON.
Received received(const std::string &kind, const std::string &resource = {});

#endif
