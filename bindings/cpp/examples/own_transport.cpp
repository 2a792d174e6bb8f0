// With an HTTP client of your own: the library signs and verifies, you send. Prints what to send and
// reads what came from files, so that any client fits between: own_transport METHOD URL BODY ANSWER_HEADERS ANSWER_BODY
#include <wxpay/wxpay.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

static std::string content(const char *path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    try {
        const wxpay::Client client = wxpay::Client::from_env();
        const wxpay::Message prepared = client.prepare(argv[1], argv[2], argv[3]);
        std::cout << prepared.method() << ' ' << prepared.url() << '\n';
        for (const auto &[name, value] : prepared.headers())
            std::cout << name << ": " << value << '\n';
        std::cout << '\n' << prepared.body() << std::endl;
        std::string line; // your transport runs here; then a line with the status comes
        if (argc < 6 || !std::getline(std::cin, line))
            return 0;
        const wxpay::Message answer = client.check(prepared, std::stoi(line), content(argv[4]), content(argv[5]));
        std::cout << answer.body() << '\n'; // verified
    } catch (const wxpay::Error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
