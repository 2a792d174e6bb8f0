// How wxpay.hpp holds what the C interface gives: owners that release exactly once, and one call helper
// that turns a status into an exception. Nothing here knows what WeChat Pay is.
#ifndef WXPAY_HANDLE_HPP
#define WXPAY_HANDLE_HPP

#include <wxpay.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#if defined(__GNUC__) && !defined(__EXCEPTIONS)
#error "wxpay.hpp reports failures by exceptions: compile without -fno-exceptions, or use wxpay.h"
#endif

namespace wxpay {

/// One object of the C interface. It can be moved, never copied. One that was moved from is empty:
/// its getters answer 0 and "", everything else throws UsageError.
template <class T, void (*Free)(T *)>
class Owner {
public:
    using handle_type = T;

    /// Takes over what a function of wxpay.h gave.
    explicit Owner(T *handle) noexcept : handle_(handle) {}
    Owner(Owner &&other) noexcept : handle_(other.release()) {}
    Owner &operator=(Owner &&other) noexcept
    {
        if (this != &other) {
            Free(handle_);
            handle_ = other.release();
        }
        return *this;
    }
    Owner(const Owner &) = delete;
    Owner &operator=(const Owner &) = delete;
    ~Owner() { Free(handle_); }

    /// For functions of wxpay.h; it stays owned here.
    const T *handle() const noexcept { return handle_; }
    T *handle() noexcept { return handle_; }
    /// Gives it up: whoever takes it releases it with its _free.
    [[nodiscard]] T *release() noexcept { return std::exchange(handle_, nullptr); }
    explicit operator bool() const noexcept { return handle_ != nullptr; }

private:
    T *handle_;
};

/// The same for objects that never change and are copied with an exception.
template <class T, void (*Free)(T *)>
class Shared {
public:
    using handle_type = T;

    explicit Shared(T *handle)
    {
        if (handle != nullptr)
            handle_.reset(handle, Free);
    }

    const T *handle() const noexcept { return handle_.get(); }

protected:
    const std::shared_ptr<const T> &shared() const noexcept { return handle_; }

private:
    std::shared_ptr<const T> handle_;
};

/// An object that is part of another one, which it keeps alive; there may be none.
template <class Object>
class Borrowed {
    using T = typename Object::handle_type;

public:
    Borrowed(std::shared_ptr<const void> keeper, const T *handle) noexcept
        // Only the const face of it is ever shown.
        : keeper_(std::move(keeper)), object_(const_cast<T *>(handle))
    {
    }
    Borrowed(Borrowed &&) noexcept = default;
    Borrowed &operator=(Borrowed &&) = delete;
    ~Borrowed() { static_cast<void>(object_.release()); }

    explicit operator bool() const noexcept { return static_cast<bool>(object_); }
    const Object &operator*() const noexcept { return object_; }
    const Object *operator->() const noexcept { return &object_; }

private:
    std::shared_ptr<const void> keeper_;
    Object object_;
};

namespace detail {

/// Throws unless the library that was loaded has the ABI that this was compiled for. Asked once.
void require_abi();

/// Throws the exception of the status; takes over `error`, which may be null.
[[noreturn]] void raise(wxpay_status status, wxpay_error *error);

/// One fallible call: `Call call; call.done(wxpay_…(…, call));`
class Call {
public:
    Call()
    {
        static const bool checked = (require_abi(), true);
        static_cast<void>(checked);
    }
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;
    operator wxpay_error **() noexcept { return &error_; }
    void done(wxpay_status status)
    {
        if (status != WXPAY_STATUS_OK)
            raise(status, std::exchange(error_, nullptr));
    }

private:
    wxpay_error *error_ = nullptr;
};

/// The place that a call writes an owned object to; releases what nobody took.
template <class T, void (*Free)(T *)>
class Out {
public:
    Out() = default;
    Out(const Out &) = delete;
    Out &operator=(const Out &) = delete;
    ~Out() { Free(handle_); }
    operator T **() noexcept { return &handle_; }
    T *take() noexcept { return std::exchange(handle_, nullptr); }

protected:
    T *handle_ = nullptr;
};

class OutBytes : public Out<wxpay_buf, wxpay_buf_free> {
public:
    std::string bytes() const
    {
        return {reinterpret_cast<const char *>(wxpay_buf_data(handle_)), wxpay_buf_len(handle_)};
    }
};

inline std::string text(const char *from) { return from == nullptr ? std::string() : std::string(from); }

inline std::optional<std::string> optional_text(const char *from)
{
    return from == nullptr ? std::nullopt : std::optional<std::string>(from);
}

/// The least number stands for none.
inline std::optional<std::int64_t> optional_number(std::int64_t number) noexcept
{
    return number == INT64_MIN ? std::nullopt : std::optional<std::int64_t>(number);
}

inline std::string bytes(const std::uint8_t *from, std::size_t length)
{
    return from == nullptr ? std::string() : std::string(reinterpret_cast<const char *>(from), length);
}

} // namespace detail
} // namespace wxpay

#endif
