// conformance DIR: every case of DIR/vectors/*.json; DIR is bindings/conformance.
#include "operations.hpp"

#include <filesystem>
#include <iostream>

/// An error where one is wanted, with all that every error has.
static void compare_error(Case &c, const wxpay::Error &error, int wanted)
{
    if (error.status() != wanted)
        throw Different("status is " + std::to_string(error.status()) + ", expected " + std::to_string(wanted) + ": " +
                        error.what());
    if (wxpay_error_status(error.handle()) != wanted)
        throw Different("the error has another status");
    if (error.message().empty() || error.hint().empty())
        throw Different("the error has no message or no hint");
    c.expect_number("outcome", static_cast<std::int32_t>(error.outcome()));
    compare_report(c, error.json());
}

static void run(const Json &item, const std::string &root)
{
    for (const auto &member : item.items()) {
        if (std::string("|id|op|now|in|want|").find("|" + member.key() + "|") == std::string::npos)
            throw Different("the case has " + member.key() + ", which this runner does not know");
    }
    Case c{Members(item.at("in"), root), Members(item.at("want"), root), item.value("now", std::int64_t{0})};
    const int wanted = c.want.has("status") ? c.want.json("status").get<int>() : 0;
    bool failed = false;
    try {
        run_operation(item.at("op").get<std::string>(), c);
    } catch (const wxpay::Error &error) {
        failed = true;
        compare_error(c, error, wanted);
    }
    if (!failed && wanted != 0)
        throw Different("it succeeded, expected status " + std::to_string(wanted));
    c.in.all_were_asked_for("in");
    c.want.all_were_asked_for("want");
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    const std::string root = argv[1];
    std::set<std::string> files;
    for (const auto &entry : std::filesystem::directory_iterator(root + "/vectors")) {
        if (entry.path().extension() == ".json")
            files.insert(entry.path().string());
    }
    int passed = 0, different = 0;
    for (const std::string &file : files) {
        for (const Json &item : Json::parse(file_content(file))) {
            try {
                run(item, root);
                ++passed;
            } catch (const std::exception &error) {
                ++different;
                std::cout << item.value("id", "a case without id in " + file) << ": " << error.what() << '\n';
            }
        }
    }
    std::cout << passed << " passed, " << different << " failed" << std::endl;
    return different == 0 && passed > 0 ? 0 : 1;
}
