// Uploads, downloads, bills, encrypted fields and API v2.
#include "check.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

/// A directory that goes away.
struct Directory {
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("wxpay-" + new_number());
    Directory() { std::filesystem::create_directory(path); }
    Directory(const Directory &) = delete;
    Directory &operator=(const Directory &) = delete;
    ~Directory() { std::filesystem::remove_all(path); }
    std::string file(const char *name) const { return (path / name).string(); }
    std::ptrdiff_t files() const { return std::distance(std::filesystem::directory_iterator(path), {}); }
};

std::string content(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string image_of(std::size_t size)
{
    std::string image;
    for (std::size_t at = 0; at < size; ++at)
        image += static_cast<char>(at * at >> 3);
    return image;
}

/// The JSON that downloads it.
std::string uploaded(const wxpay::Client &one, const std::string &image, const std::string &more = "")
{
    const wxpay::Message answer = one.upload("/v3/merchant-service/images/upload", "投诉 \"1\".png", image);
    CHECK_EQ(answer.verified(), wxpay::verified::signature);
    return "{\"download_url\":\"/v3/merchant-service/images/" + member(answer.body(), "media_id") + "\"" + more + "}";
}

} // namespace

TEST(an_image_is_uploaded_and_downloaded)
{
    const wxpay::Client one = client();
    const std::string image = image_of(200'000), source = uploaded(one, image);
    CHECK(one.download(source) == image);
    wxpay::Download download = one.download_open(source);
    std::string got;
    char buffer[1000];
    while (const std::size_t count = download.read(buffer, sizeof buffer))
        got.append(buffer, count);
    CHECK(got == image);
    CHECK_EQ(download.received(), 200'000);
    CHECK_EQ(download.verified() == 0, false);
}

TEST(a_file_is_there_only_when_it_is_whole)
{
    const wxpay::Client one = client();
    const Directory directory;
    const std::string image = image_of(200'000), path = directory.file("image.png");
    std::int64_t told = 0;
    one.download_open(uploaded(one, image)).save(path, [&](std::int64_t received, std::int64_t) { told = received; });
    CHECK(content(path) == image);
    CHECK_EQ(told, 200'000);
    CHECK(std::filesystem::status(path).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    std::ofstream(path) << "old";
    const std::string wrong = ",\"hash_type\":\"SHA1\",\"hash_value\":\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"";
    const auto error = THROWN(SignatureError, one.download_to(uploaded(one, image, wrong), path));
    CHECK_EQ(error.status(), wxpay::status::digest_mismatch);
    CHECK_EQ(content(path), "old");
    CHECK_EQ(directory.files(), 1);
}

TEST(what_stands_in_the_way_stays)
{
    const wxpay::Client one = client();
    const Directory directory;
    std::ofstream(directory.file("other")) << "other";
    std::filesystem::create_symlink(directory.file("other"), directory.file("image.png.part"));
    const std::string source = uploaded(one, "image"), path = directory.file("image.png");
    const auto error = thrown<std::system_error>([&] { one.download_to(source, path); }, __FILE__, __LINE__, "save");
    CHECK_EQ(error.code().value(), EEXIST);
    CHECK_EQ(content(directory.file("other")), "other");
}

TEST(a_progress_that_throws_ends_it)
{
    const wxpay::Client one = client();
    const Directory directory;
    wxpay::Download download = one.download_open(uploaded(one, "image"));
    const auto stop = [](std::int64_t, std::int64_t) { throw std::domain_error("stop"); };
    thrown<std::domain_error>([&] { download.save(directory.file("image.png"), stop); }, __FILE__, __LINE__, "save");
    CHECK_EQ(directory.files(), 0);
}

TEST(the_rest_of_a_file_is_not_saved_as_the_whole)
{
    const wxpay::Client one = client();
    const Directory directory;
    wxpay::Download download = one.download_open(uploaded(one, "image"));
    char buffer[2];
    download.read(buffer, sizeof buffer);
    thrown<std::logic_error>([&] { download.save(directory.file("image.png")); }, __FILE__, __LINE__, "save");
    CHECK_EQ(directory.files(), 0);
}

TEST(a_download_is_cancelled)
{
    const wxpay::Client one = client();
    wxpay::Download download = one.download_open(uploaded(one, "image"));
    download.cancel();
    char buffer[1];
    CHECK_EQ(THROWN(ProcessError, download.read(buffer, 1)).status(), wxpay::status::cancelled);
}

TEST(a_bill_is_read_row_by_row)
{
    wxpay::Bill bill = wxpay::Bill::open("交易时间,订单金额\n`2024-01-01,`12.34\n`2024-01-02,`x\n总数,总额\n`2,`12.34\n");
    CHECK_EQ(bill.row_count(), 2);
    CHECK(bill.next_row());
    CHECK_EQ(*bill.field("交易时间"), "2024-01-01");
    CHECK_EQ(*bill.fen("订单金额"), 1234);
    CHECK_EQ(bill.fields().at("订单金额"), "12.34");
    CHECK(bill.next_row());
    CHECK(!bill.fen("订单金额") && !bill.fen("没有这一列") && !bill.field("没有这一列"));
    CHECK(!bill.next_row());
    CHECK_EQ(*bill.total_fen("总额"), 1234);
    CHECK(!bill.total_fen("没有这一项"));
    CHECK_EQ(THROWN(ApiError, wxpay::Bill::open("{\"code\":\"NO_STATEMENT_EXIST\"}")).status(),
             wxpay::status::malformed_bill);
}

TEST(todays_bill_is_downloaded)
{
    const wxpay::Client one = client();
    const std::string number = new_number();
    one.post("/v3/pay/transactions/native", order(number));
    one.post("/_sim/pay/" + number, "{}");
    const std::time_t now = std::time(nullptr) + 8 * 3600;
    char day[16];
    CHECK_EQ(std::strftime(day, sizeof day, "%Y-%m-%d", std::gmtime(&now)), 10U);
    wxpay::Bill bill = one.bill(one.get("/v3/bill/tradebill?tar_type=GZIP&bill_date=" + std::string(day)).body());
    std::int64_t sum = 0;
    while (bill.next_row())
        sum += bill.fen("订单金额").value();
    CHECK(sum > 0);
    CHECK_EQ(*bill.total_fen("订单总金额"), sum);
}

TEST(fields_are_encrypted_and_decrypted)
{
    const wxpay::Client one = client();
    wxpay::Message request = wxpay::Message::request("POST", "/v3/x", "{\"name\":\"张三\",\"amount\":1.10}");
    one.encrypt_fields(request, "/name");
    CHECK(contains(request.body(), ",\"amount\":1.10}") && !contains(request.body(), "张三"));
    CHECK_EQ(*one.prepare(request).header("Wechatpay-Serial"), merchant("public_key_id"));
    THROWN(UsageError, one.encrypt_fields(request, "/amount"));
    const auto sealed = one.encrypt("张三");
    const wxpay::Message answer =
        one.post("/v3/_sim/echo-encrypted", "{\"ciphertext\":\"" + sealed.ciphertext_base64 + "\"}",
                 wxpay::Options().key_id(sealed.used_key_id));
    CHECK_EQ(member(one.decrypt_fields(answer, "/reencrypted"), "reencrypted"), "张三");
}

TEST(an_order_of_api_v2)
{
    const wxpay::Client one = client();
    const std::string number = new_number();
    const auto placed = one.v2_call("/pay/unifiedorder", "{\"appid\":\"" + merchant("_appid") +
                                                             "\",\"body\":\"测试\",\"total_fee\":1,\"out_trade_no\":\"" + number +
                                                             "\",\"spbill_create_ip\":\"127.0.0.1\",\"notify_url\":\"http://"
                                                             "127.0.0.1:9/\",\"trade_type\":\"NATIVE\",\"product_id\":\"1\"}");
    CHECK_EQ(member(placed.json, "result_code"), "SUCCESS");
    CHECK_EQ(placed.response.verified(), wxpay::verified::signature);
    const wxpay::Message prepared = one.v2_prepare("/pay/orderquery", "", "{\"out_trade_no\":\"" + number + "\"}");
    const auto sent = one.v2_send(prepared);
    std::string body = sent.response.body();
    wxpay::Message good = wxpay::Message::response(200, {}, body);
    CHECK_EQ(one.v2_check(prepared, good), sent.json);
    body.replace(body.find("NOTPAY"), 6, "SUCCES");
    wxpay::Message forged = wxpay::Message::response(200, {}, body);
    CHECK(THROWN(SignatureError, one.v2_check(prepared, forged)).outcome() == wxpay::Outcome::unknown);
    THROWN(SignatureError, one.v2_notification(forged));
    CHECK(contains(wxpay::v2_reply(0, {}).body(), "SUCCESS"));
    CHECK_EQ(one.v2_sign("HMAC-SHA256", "{\"a\":\"1\"}").size(), 64U);
    CHECK_EQ(THROWN(SignatureError, one.refund_unauthenticated("AAAA")).status(), wxpay::status::decrypt_failed);
}
