#ifndef OPERATIONS_HPP
#define OPERATIONS_HPP

#include "case.hpp"

wxpay::Config config_of(const Json &members, const std::string &root);
/// The client that `in` names, made once.
const wxpay::Client &client(Case &c);

void add_headers(wxpay::Message &message, const Json &headers, const std::string &root);
/// Every mark by something that is not empty.
void replace_all(std::string &text, const std::string &mark, const std::string &by);
/// `response` of `in`; `{nonce}` in its body becomes `nonce`, if there is one.
wxpay::Message response_of(Case &c, const std::string &nonce = {});
/// nonce_str of a prepared request.
std::string nonce_of(const wxpay::Message &prepared);

void upload(Case &c);
void encrypt_fields(Case &c);
void decrypt_fields(Case &c);
void bill(Case &c);
void v2_sign(Case &c);
void v2_prepare(Case &c);
void v2_check(Case &c);
void v2_refund_open(Case &c);
void v2_reply(Case &c);
void pay_score(Case &c);
void explain_response(Case &c);
void explain_text(Case &c);
void trust_report(Case &c);
void trust_probe(Case &c);
void call_once(Case &c);

/// Does it and compares; throws Different, or the wxpay::Error of the first call that fails.
void run_operation(const std::string &name, Case &c);

/// What `want` asks of a report, or of the JSON of an error.
void compare_report(Case &c, const std::string &report);

/// A prepared request with all that `want` says. `to_sign`, if given, must be what was to be signed.
void compare_prepared(Case &c, const wxpay::Message &prepared, const std::string *to_sign, bool with_body = true);

/// The same for parameters of a front end.
void compare_parameters(Case &c, const std::string &parameters, const std::string *to_sign);

#endif
