#ifndef OPERATIONS_HPP
#define OPERATIONS_HPP

#include "case.hpp"

/// Does it and compares; throws Different, or the wxpay::Error of the first call that fails.
void run_operation(const std::string &name, Case &c);

/// A prepared request with all that `want` says. `to_sign`, if given, must be what was to be signed.
void compare_prepared(Case &c, const wxpay::Message &prepared, const std::string *to_sign);

/// The same for parameters of a front end.
void compare_parameters(Case &c, const std::string &parameters, const std::string *to_sign);

#endif
