// Uploads, fields by pointer and bills: bytes of which a part is made anew each time.
#include "operations.hpp"

using namespace wxpay;

std::string nonce_of(const Message &prepared)
{
    const std::string header = prepared.header("Authorization").value_or(""), mark = "nonce_str=\"";
    const std::size_t at = header.find(mark) + mark.size();
    return header.substr(at, header.find('"', at) - at);
}

static Message prepared(Case &c, const Client &by, const Message &request, std::int64_t now)
{
    static_cast<void>(c);
    detail::Call call;
    detail::Out<wxpay_message, wxpay_message_free> out;
    done(call, wxpay_client_prepare(by.handle(), request.handle(), now, out, call), out);
    return Message(out.take());
}

void upload(Case &c)
{
    const std::string url = c.in.bytes("url"), meta = c.in.bytes("meta"), filename = c.in.bytes("filename"),
                      content_type = c.in.bytes("content_type"), file = c.in.bytes("file");
    const Client &by = client(c);
    const Message out = prepared(c, by, Message::new_upload(url, meta, filename, content_type, file), c.now);
    const std::string kind = "multipart/form-data; boundary=", type = out.header("Content-Type").value_or("");
    same("Content-Type", type.substr(0, kind.size()), kind);
    const std::string boundary = type.substr(kind.size());
    if (boundary.size() < 32 || boundary.size() > 70)
        throw Different("the boundary is " + boundary);
    if (c.want.has("body")) {
        std::string body = c.want.bytes("body");
        replace_all(body, "{boundary}", boundary);
        same("body", out.body(), body);
    }
    compare_prepared(c, out, nullptr, false);
}

void encrypt_fields(Case &c)
{
    const std::string url = c.in.bytes("url"), pointers = c.in.bytes("pointers");
    const primitives::Key private_key(c.in.bytes("private_key"));
    Message request = Message::new_request("POST", url, c.in.bytes("body"));
    const Client &by = client(c);
    by.encrypt_fields(request, pointers);
    const Message out = prepared(c, by, request, 0);
    c.expect("serial", out.header("Wechatpay-Serial"));
    if (!c.want.has("body"))
        return;
    std::string body = out.body(), expected = c.want.bytes("body"), plaintexts;
    const std::string mark = "<ciphertext>";
    for (bool first = true;; first = false) {
        const std::size_t length = expected.find(mark);
        const std::string piece = expected.substr(0, length);
        same("body", body.substr(0, piece.size()), piece);
        body.erase(0, piece.size());
        if (length == std::string::npos)
            break;
        expected.erase(0, length + mark.size());
        const std::size_t end = body.find('"');
        plaintexts += (first ? "" : "\n") + primitives::oaep_decrypt(private_key, body.substr(0, end));
        body.erase(0, end);
    }
    same("the end of the body", body, "");
    c.expect("plaintexts", plaintexts);
}

void decrypt_fields(Case &c)
{
    const std::string method = c.in.bytes("method"), url = c.in.bytes("url"), body = c.in.bytes("body"),
                      pointers = c.in.bytes("pointers");
    const Client &by = client(c);
    const Message request = Message::new_request(method, url, body);
    Message response = response_of(c);
    detail::Call call;
    done(call, wxpay_client_check(by.handle(), request.handle(), response.handle(), c.now, call));
    c.expect("json", by.decrypt_fields(response, pointers));
}

void bill(Case &c)
{
    const std::string csv = c.in.bytes("csv"), names = c.in.bytes("totals") + "\n";
    Bill bill = Bill::open(csv);
    const std::size_t count = bill.column_count();
    const auto row = [count](const auto &cell, const std::string &between) {
        std::string text;
        for (std::size_t at = 0; at < count; ++at)
            text += (at == 0 ? "" : between) + cell(at);
        return text + "\n";
    };
    const auto amount = [](const std::optional<std::int64_t> &fen) { return fen ? std::to_string(*fen) : "-"; };
    std::string rows, fen, marks, totals;
    for (std::int64_t number = 1; bill.next_row(); ++number) {
        if (bill.row() != number)
            throw Different("row " + std::to_string(number) + " has another number");
        rows += row([&](std::size_t at) { return bill.field(at).value_or(""); }, "\t");
        fen += row([&](std::size_t at) { return amount(bill.fen(at)); }, "\t");
        marks += row([&](std::size_t at) { return std::to_string(bill.is_text(at)); }, "");
    }
    for (std::size_t at = 0; at < names.size();) {
        const std::string name = names.substr(at, names.find('\n', at) - at);
        at += name.size() + 1;
        totals += name + "\t" + bill.total(name).value_or("~") + "\t" + amount(bill.total_fen(name)) + "\n";
    }
    c.expect("columns", row([&](std::size_t at) { return bill.column_name(at).value_or(""); }, "\t"));
    c.expect("rows", rows);
    c.expect("fen", fen);
    c.expect("marks", marks);
    c.expect("totals", totals);
    c.expect_number("row_count", bill.row_count());
}
