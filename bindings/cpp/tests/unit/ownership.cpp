// Who owns what: moves only, exactly one release, also when an exception comes in between. Leaks and
// double frees are found by valgrind and the sanitizers, under which this runs too.
#include "check.hpp"

#include <type_traits>

template <class T>
constexpr bool moves_only = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
                            std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;
static_assert(moves_only<wxpay::Client>);
static_assert(moves_only<wxpay::Config>);
static_assert(moves_only<wxpay::Message>);
static_assert(moves_only<wxpay::Notification>);
static_assert(moves_only<wxpay::primitives::Key>);
static_assert(std::is_copy_constructible_v<wxpay::Options>);

// An exception is copied while another one is on its way: that must not throw.
static_assert(std::is_nothrow_copy_constructible_v<wxpay::Error>);
static_assert(std::is_nothrow_copy_constructible_v<wxpay::ApiError>);
static_assert(std::is_base_of_v<std::runtime_error, wxpay::Error>);
static_assert(std::has_virtual_destructor_v<wxpay::Error>);

// An object costs what its pointer costs.
static_assert(sizeof(wxpay::Client) == sizeof(void *));
static_assert(sizeof(wxpay::Message) == sizeof(void *));
static_assert(!std::is_polymorphic_v<wxpay::Client>);

// A raw handle, a number or a client cannot become another object by accident.
static_assert(!std::is_convertible_v<wxpay_client *, wxpay::Client>);
static_assert(!std::is_convertible_v<wxpay::Config, wxpay::Client>);
static_assert(!std::is_constructible_v<wxpay::Client, wxpay_message *>);

TEST(what_was_moved_from_is_empty_and_says_so)
{
    wxpay::Client first = client();
    const void *const handle = first.handle();
    wxpay::Client second = std::move(first);
    CHECK_EQ(second.handle(), handle);
    CHECK(second && !first);
    const auto error = THROWN(UsageError, first.info());
    CHECK_EQ(error.status(), wxpay::status::null_argument);
    CHECK_EQ(first.certificates_due(), 0);

    wxpay::Message message = wxpay::Message::request("GET", "/v3/certificates");
    const wxpay::Message taken = std::move(message);
    CHECK_EQ(message.url(), "");
    CHECK_EQ(message.body(), "");
    CHECK(!message.header("Accept"));
    CHECK_EQ(taken.url(), "/v3/certificates");
}

TEST(assignment_releases_what_was_held)
{
    wxpay::Client kept = client();
    for (int count = 0; count < 10; ++count)
        kept = client();
    wxpay::Client &same = kept;
    kept = std::move(same);
    CHECK(contains(kept.info(), merchant("mchid")));
}

TEST(a_released_handle_is_the_callers)
{
    wxpay::Message message = wxpay::Message::request("GET", "/v3/certificates");
    wxpay_message *const raw = message.release();
    CHECK(!message);
    CHECK_EQ(std::string(wxpay_message_url(raw)), "/v3/certificates");
    wxpay_message_free(raw);
}

TEST(objects_of_the_c_interface_are_taken_over)
{
    wxpay_message *raw = nullptr;
    CHECK_EQ(wxpay_message_new_response(200, "x", 1, &raw, nullptr), 0);
    const wxpay::Message message(raw);
    CHECK_EQ(message.body(), "x");
}

TEST(an_exception_in_between_releases_everything)
{
    for (int count = 0; count < 20; ++count) {
        // The second header is refused after the message was made, the configuration after it was filled.
        THROWN(UsageError, wxpay::Message::response(200, {{"A", "1"}, {"B\n", "2"}}, std::string(100000, 'x')));
        THROWN(UsageError, wxpay::Message::request("GET", "/x", "", wxpay::Options().timeout_ms(-1)));
        THROWN(UsageError, wxpay::Client({{"mchid", "1900000001"}, {"no_such_key", "1"}}));
        THROWN(UsageError, wxpay::Client({{"mchid", "1900000001"}}));
        THROWN(ApiError, wxpay::Config::from_json("{\"mchid\": 5}"));
    }
    struct Foreign {};
    try {
        const wxpay::Client one = client();
        const wxpay::Message request = wxpay::Message::request("GET", "/v3/certificates");
        const wxpay::Message prepared = one.prepare(request);
        throw Foreign();
    } catch (const Foreign &) {
    }
}

TEST(what_an_error_lends_outlives_the_exception)
{
    const wxpay::Client one = client();
    const auto answer_of = [&] {
        try {
            one.post("/v3/pay/transactions/native", "{}");
        } catch (const wxpay::ApiError &error) {
            return error.response();
        }
        throw std::logic_error("an order without anything was accepted");
    };
    const auto answer = answer_of();
    CHECK(static_cast<bool>(answer));
    CHECK_EQ(answer->status(), 400);
    CHECK(contains((*answer).body(), "PARAM_ERROR"));
    CHECK(!answer->headers().empty());
}

TEST(there_may_be_no_request_and_no_response)
{
    const auto error = THROWN(UsageError, wxpay::Config({{"no_such_key", "1"}}));
    CHECK(!error.request());
    CHECK(!error.response());
}

TEST(an_error_is_copied_and_stored)
{
    std::exception_ptr stored;
    try {
        wxpay::Client({{"mchid", "1900000001"}});
    } catch (...) {
        stored = std::current_exception();
    }
    try {
        std::rethrow_exception(stored);
    } catch (const wxpay::UsageError &error) {
        const wxpay::Error copy = error;
        stored = nullptr;
        CHECK_EQ(copy.status(), wxpay::status::config_incomplete);
        CHECK(!copy.hint().empty());
    }
}
