// Every failure is an exception of its group and carries what the library knows.
#include "check.hpp"

using wxpay::Outcome;

TEST(each_group_has_its_exception)
{
    const auto raised = [](wxpay_status status) { wxpay::detail::raise(status, nullptr); };
    THROWN(UsageError, raised(100));
    THROWN(SignatureError, raised(201));
    THROWN(TransportError, raised(310));
    THROWN(ApiError, raised(400));
    THROWN(ProcessError, raised(501));
    THROWN(InternalError, raised(901));
    // Numbers that a later library adds belong to their group; a new group is an Error.
    THROWN(SignatureError, raised(299));
    CHECK_EQ(THROWN(Error, raised(777)).status(), 777);
    CHECK_EQ(THROWN(Error, raised(777)).status_name(), "UNKNOWN");
}

TEST(an_unknown_outcome_counts_as_unknown)
{
    CHECK(wxpay::to_outcome(99) == Outcome::unknown);
    CHECK(wxpay::to_outcome(1) == Outcome::not_sent);
    CHECK_EQ(wxpay::outcome_name(Outcome::done_unverified), "DONE_UNVERIFIED");
    CHECK_EQ(wxpay::outcome_name(static_cast<Outcome>(99)), "UNKNOWN");
}

TEST(wechat_pays_error_answer_is_all_there)
{
    const auto error = THROWN(ApiError, client().post("/v3/pay/transactions/native", "{}"));
    CHECK_EQ(error.status(), wxpay::status::api_error);
    CHECK_EQ(error.status_name(), "API_ERROR");
    CHECK(error.outcome() == Outcome::rejected);
    CHECK_EQ(error.http_status(), 400);
    CHECK_EQ(error.api_code(), "PARAM_ERROR");
    CHECK(!error.api_message().empty());
    CHECK(!error.request_id().empty());
    CHECK(!error.retryable());
    CHECK_EQ(error.retry_after_s(), -1);
    CHECK(contains(error.json(), "\"outcome\""));
    CHECK_EQ(error.request()->method(), "POST");
    CHECK_EQ(error.response()->request_id(), error.request_id());
    for (const std::string &part : {error.message(), error.hint(), std::string("REJECTED"), error.request_id()})
        CHECK(contains(error.what(), part));
}

TEST(an_unknown_root_has_a_cure_and_nothing_was_sent)
{
    // Without the environment's store the simulator's authority is unknown.
    const wxpay::Client one(config().set("trust_env", false));
    const auto error = THROWN(TransportError, one.get("/v3/certificates"));
    CHECK_EQ(error.status_name(), "TLS_UNKNOWN_ISSUER");
    CHECK(error.outcome() == Outcome::not_sent);
    CHECK(contains(error.message(), "private CA") && contains(error.json(), "\"TLS_INSPECTION\""));
    CHECK(contains(error.hint(), "extra_ca_file"));
    CHECK(contains(error.what(), "NOT_SENT"));
}

TEST(nobody_listens_is_not_sent)
{
    const wxpay::Client one(config().set("base_url", "https://127.0.0.1:9"));
    const auto error = THROWN(TransportError, one.post("/v3/pay/transactions/native", order(new_number())));
    CHECK_EQ(error.status(), wxpay::status::connect);
    CHECK(error.outcome() == Outcome::not_sent);
}

static void fault(const wxpay::Client &one, const std::string &kind, const std::string &path)
{
    one.post("/_sim/fault", R"({"path":")" + path + R"(","count":1,"kind":")" + kind + "\"}");
}

TEST(a_wrong_signature_is_done_but_unverified)
{
    const wxpay::Client one = client();
    fault(one, "bad_signature", "/v3/pay/transactions/native");
    const auto error = THROWN(SignatureError, one.post("/v3/pay/transactions/native", order(new_number())));
    CHECK_EQ(error.status(), wxpay::status::signature_invalid);
    CHECK(error.outcome() == Outcome::done_unverified);
    CHECK_EQ(error.response()->body(), ""); // what did not verify is not handed out
}

TEST(a_late_answer_is_unknown)
{
    const wxpay::Client one = client();
    fault(one, "delay_ms:10000", "/v3/pay/transactions/native"); // and now there is a connection
    const auto error = THROWN(TransportError, one.post("/v3/pay/transactions/native", order(new_number()),
                                                       wxpay::Options().timeout_ms(3000)));
    CHECK_EQ(error.status(), wxpay::status::timeout);
    CHECK(error.outcome() == Outcome::unknown);
}

TEST(wrong_use_says_what_to_do)
{
    const auto error = THROWN(UsageError, wxpay::Config({{"api_v3_keys", "x"}}));
    CHECK_EQ(error.status_name(), "CONFIG_UNKNOWN_KEY");
    CHECK(contains(error.what(), "api_v3_key"));
    THROWN(UsageError, wxpay::Config::from_json_file("/tmp"));
    const auto unreadable = THROWN(UsageError, wxpay::Config::from_json_file("/no/such/file.json"));
    CHECK_EQ(unreadable.status(), wxpay::status::file_unreadable);
    CHECK(contains(unreadable.message(), "/no/such/file.json"));
    CHECK(unreadable.outcome() == Outcome::unknown);
}
