// Run with a library of another ABI: the first use says so, and so does the second.
#include <wxpay/wxpay.hpp>

#include <iostream>

int main()
{
    int refused = 0;
    for (int count = 0; count < 2; ++count) {
        try {
            const wxpay::Config config;
        } catch (const wxpay::UsageError &error) {
            std::cout << error.status() << ' ' << error.what() << '\n';
            ++refused;
        }
    }
    return refused == 2 ? 0 : 1;
}
