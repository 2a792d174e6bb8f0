// Threads over one client, cancellation, forks.
#include "check.hpp"

#include "../../examples/endpoint.hpp"

#include <atomic>
#include <chrono>
#include <sys/wait.h>
#include <thread>

using clock_type = std::chrono::steady_clock;

TEST(threads_share_a_client)
{
    const wxpay::Client one = client();
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&] {
            for (int count = 0; count < 5; ++count) {
                try {
                    if (one.get("/v3/certificates").verified() == wxpay::verified::signature)
                        ++right;
                } catch (const wxpay::Error &error) {
                    std::cout << error.what() << '\n';
                }
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    CHECK_EQ(right.load(), 40);
}

TEST(another_thread_cancels_while_the_answer_is_awaited)
{
    const wxpay::Client one = client();
    // After this there is a connection, so that the request leaves at once.
    one.post("/_sim/fault", R"({"path":"/v3/pay/transactions/native","count":1,"kind":"delay_ms:15000"})");
    const wxpay::Message request = wxpay::Message::request("POST", "/v3/pay/transactions/native", order(new_number()));
    const auto begin = clock_type::now();
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(2000));
        request.cancel();
    });
    const auto error = THROWN(ProcessError, one.send(request));
    other.join();
    CHECK_EQ(error.status(), wxpay::status::cancelled);
    CHECK(error.outcome() == wxpay::Outcome::unknown); // it had been sent
    CHECK(clock_type::now() - begin < std::chrono::seconds(14));
}

TEST(while_a_request_hangs_another_thread_goes_on)
{
    Endpoint silent; // accepts and never says a word
    const std::string at = silent.url();
    wxpay::Config patient = config();
    patient.set("base_url", "https://" + at.substr(7, at.rfind('/') - 7)).set("connect_timeout_ms", 100000);
    const wxpay::Client hanging(patient.set("timeout_ms", 100000));
    const wxpay::Client working = client();
    const wxpay::Message request = wxpay::Message::request("GET", "/v3/certificates");
    std::atomic<bool> hangs{true};
    std::int32_t status = 0;
    bool not_sent = false;
    std::thread hanger([&] {
        try {
            hanging.send(request);
        } catch (const wxpay::Error &error) {
            status = error.status();
            not_sent = error.outcome() == wxpay::Outcome::not_sent;
        }
        hangs = false;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    int done = 0;
    for (; done < 10; ++done)
        working.get("/v3/certificates");
    const bool still = hangs;
    request.cancel();
    hanger.join();
    CHECK_EQ(done, 10);
    CHECK(still);
    CHECK_EQ(status, wxpay::status::cancelled);
    CHECK(not_sent);
}

TEST(a_client_made_before_a_fork_works_in_the_child)
{
    const wxpay::Client one = client();
    const Received got = received("good");
    one.get("/v3/certificates"); // the parent has a connection
    // The verdict goes through a pipe: under valgrind the exit status is about what a child leaves alone on
    // purpose (docs/fork.md).
    int ends[2];
    CHECK_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        char verdict = 'n';
        try {
            const bool sent = one.get("/v3/certificates").verified() == wxpay::verified::signature;
            const bool opened = one.notification(got.headers, got.body).id() == member(got.body, "id");
            const std::string secret = one.encrypt("x").ciphertext_base64;
            verdict = sent && opened && !secret.empty() ? 'y' : 'n';
        } catch (const std::exception &error) {
            std::cerr << error.what() << '\n';
        }
        ::_exit(::write(ends[1], &verdict, 1) == 1 ? 0 : 1);
    }
    ::close(ends[1]);
    char verdict = '-';
    CHECK_EQ(::read(ends[0], &verdict, 1), 1);
    ::close(ends[0]);
    CHECK_EQ(::waitpid(child, nullptr, 0), child);
    CHECK_EQ(verdict, 'y');
    CHECK_EQ(one.get("/v3/certificates").status(), 200);
}
