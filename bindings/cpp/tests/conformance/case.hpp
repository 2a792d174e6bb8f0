// One case of bindings/conformance and how it is compared. A member that nobody asked for is a failure.
#ifndef CASE_HPP
#define CASE_HPP

#include <wxpay/wxpay.hpp>

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

using Json = nlohmann::ordered_json;

/// What a case found different.
struct Different : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline std::string file_content(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(file), {}};
    if (!file)
        throw Different("cannot read " + path);
    return content;
}

/// The bytes of a value in any of its forms; `root` is bindings/conformance.
inline std::string bytes_of(const Json &value, const std::string &root)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.contains("hex") && value.size() == 1) {
        const std::string hex = value["hex"].get<std::string>();
        std::string bytes;
        for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
            bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
        return bytes;
    }
    if (value.contains("file") && value.size() == 1)
        return file_content(root + "/" + value["file"].get<std::string>());
    if (value.contains("repeat") && value.contains("times") && value.size() == 2) {
        std::string bytes;
        for (int count = value["times"].get<int>(); count > 0; --count)
            bytes += value["repeat"].get<std::string>();
        return bytes;
    }
    throw Different("a value in a form that is not known: " + value.dump());
}

/// Members of `in` or `want`, and which of them were asked for.
class Members {
public:
    Members(const Json &object, const std::string &root) : object_(object), root_(root)
    {
        for (const auto &member : object.items())
            left_.insert(member.key());
    }
    bool has(const std::string &name) const { return object_.contains(name); }
    const Json &json(const std::string &name)
    {
        left_.erase(name);
        if (!has(name))
            throw Different("the case has no " + name);
        return object_[name];
    }
    std::string bytes(const std::string &name) { return bytes_of(json(name), root_); }
    std::string text(const std::string &name) { return json(name).get<std::string>(); }
    const std::string &root() const { return root_; }
    void all_were_asked_for(const std::string &what) const
    {
        if (!left_.empty())
            throw Different(what + " has " + *left_.begin() + ", which this runner does not know");
    }

private:
    const Json &object_;
    const std::string &root_;
    std::set<std::string> left_;
};

inline void same(const std::string &what, const std::string &is, const std::string &wanted)
{
    if (is != wanted)
        throw Different(what + " is <" + is + ">, expected <" + wanted + ">");
}

struct Case {
    Members in, want;
    std::int64_t now;

    /// Compares with the member of `want`, if it is there.
    void expect(const std::string &name, const std::string &is)
    {
        if (want.has(name))
            same(name, is, want.bytes(name));
    }
    /// The same where null means none.
    void expect(const std::string &name, const std::optional<std::string> &is)
    {
        if (!want.has(name))
            return;
        if (want.json(name).is_null() == is.has_value())
            throw Different(name + (is ? " is <" + *is + ">, expected none" : " is not there"));
        if (is)
            same(name, *is, want.bytes(name));
    }
    void expect_number(const std::string &name, std::int64_t is)
    {
        if (want.has(name) && want.json(name).get<std::int64_t>() != is)
            throw Different(name + " is " + std::to_string(is) + ", expected " + want.json(name).dump());
    }
};

/// Ends a call of wxpay.h: a failure must have left nothing in its places.
template <class... Places>
void done(wxpay::detail::Call &call, wxpay_status status, Places &...places)
{
    const bool left = status != 0 && (... || (places.take() != nullptr));
    try {
        call.done(status);
    } catch (const wxpay::Error &) {
        if (left)
            throw Different("*out is not NULL after a failure");
        throw;
    }
}

#endif
