// The exceptions of wxpay.hpp: one class, and one below it for each group of statuses.
#ifndef WXPAY_ERROR_HPP
#define WXPAY_ERROR_HPP

#include "generated.hpp"

#include <stdexcept>

namespace wxpay {

/// Why something failed. Caught by group through the classes below, or all as this.
class Error : public std::runtime_error, public generated::Error {
public:
    Error(wxpay_status status, const generated::Error &facts)
        : std::runtime_error(describe(facts)), generated::Error(facts), status_(status)
    {
    }
    /// For failures that the library itself was not asked about.
    Error(wxpay_status status, const std::string &message)
        : std::runtime_error(message), generated::Error(nullptr), status_(status)
    {
    }

    /// One of wxpay::status; an unknown number belongs to the group of its hundred.
    std::int32_t status() const noexcept { return status_; }
    /// Such as "SIGNATURE_INVALID".
    std::string status_name() const { return wxpay_status_name(status_); }
    /// What is known about the money. Read it after a failed send or call, before anything is sent again.
    Outcome outcome() const noexcept { return to_outcome(generated::Error::outcome()); }
    /// The same request with the same business numbers may be sent again now; never with new ones.
    bool retryable() const noexcept { return generated::Error::retryable() != 0; }
    /// One sentence on what is wrong; what() has the hint, the outcome and the Request-ID too.
    std::string message() const { return handle() == nullptr ? what() : generated::Error::message(); }
    /// What to answer to a notification that was not opened: 401 for a forged one, 500 for a failure here.
    Message reply(std::string_view reason = {}) const;

private:
    static std::string describe(const generated::Error &facts)
    {
        std::string text = facts.message() + " " + facts.hint() + " (outcome ";
        text += outcome_name(to_outcome(facts.outcome()));
        const std::string request_id = facts.request_id();
        return text + (request_id.empty() ? "" : ", Request-ID " + request_id) + ")";
    }

    wxpay_status status_;
};

/// 1xx: arguments, configuration, keys.
class UsageError : public Error {
    using Error::Error;
};
/// 2xx: signatures and encryption.
class SignatureError : public Error {
    using Error::Error;
};
/// 3xx: network and TLS.
class TransportError : public Error {
    using Error::Error;
};
/// 4xx: what WeChat Pay answered.
class ApiError : public Error {
    using Error::Error;
};
/// 5xx: cancelled, forked, out of memory.
class ProcessError : public Error {
    using Error::Error;
};
/// 9xx: a defect of the library.
class InternalError : public Error {
    using Error::Error;
};

inline void detail::raise(wxpay_status status, wxpay_error *error)
{
    const generated::Error facts(error);
    switch (status / 100) {
    case 1: throw UsageError(status, facts);
    case 2: throw SignatureError(status, facts);
    case 3: throw TransportError(status, facts);
    case 4: throw ApiError(status, facts);
    case 5: throw ProcessError(status, facts);
    case 9: throw InternalError(status, facts);
    default: throw Error(status, facts);
    }
}

} // namespace wxpay

#endif
