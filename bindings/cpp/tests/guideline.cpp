// The case of WeChat Pay's server certificate guideline in one process: guideline PORT DIR KEYS. DIR and the
// server are conformance/guideline.sh's; SSL_CERT_FILE is DIR/store.pem.
#include <wxpay/wxpay.hpp>

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>

static void must(bool is, const std::string &what)
{
    if (is)
        return;
    std::cerr << what << std::endl;
    std::exit(1);
}

static const std::string missing = "DigiCert Global Root G2 is not in this store";

/// `ids` of the first diagnosis, and what its text must contain.
static void must_say(const std::string &report, const std::string &id, const std::string &text)
{
    const auto first = nlohmann::json::parse(report).at("diagnosis").at(0);
    must(first.at("id") == id && first.at("text").get<std::string>().find(text) != std::string::npos, report);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const std::int32_t port = std::stoi(argv[1]);
    const std::string directory = argv[2], keys = argv[3];
    const wxpay::Client client({{"mchid", "1900000001"},
                                {"private_key_file", keys + "/merchant_key.pem"},
                                {"merchant_certificate_file", keys + "/merchant_cert.pem"},
                                {"public_key_id", "PUB_KEY_ID_0110000000012024010100000001"},
                                {"public_key_file", keys + "/wechat_public.pem"},
                                {"base_url", "https://localhost:" + std::to_string(port)}});
    // Without a client and of one.
    const auto status_of_probes = [&](bool is_missing) {
        int sum = 0;
        for (const std::string &report : {wxpay::trust_probe("localhost", port, ""), client.trust_probe("localhost", port, "")}) {
            sum += nlohmann::json::parse(report).at("status").get<int>();
            if (is_missing)
                must_say(report, "ROOT_NOT_IN_STORE", missing);
        }
        return sum;
    };

    try {
        client.post("/v3/pay/transactions/native", "{}");
        must(false, "the server was trusted");
    } catch (const wxpay::TransportError &error) {
        must(error.status() == wxpay::status::tls_unknown_issuer && error.outcome() == wxpay::Outcome::not_sent, error.what());
        must_say(error.json(), "ROOT_NOT_IN_STORE", missing);
        must(std::string(error.what()).find(missing) != std::string::npos, error.what());
    }
    must(status_of_probes(true) == 310 + 310, "the probe trusts the server");
    must_say(wxpay::trust_report(), "ONLY_OLD_ROOT", missing);
    must_say(client.trust_report(), "ONLY_OLD_ROOT", missing);

    // Solution 2: the root is added to the file that is in use.
    {
        std::ofstream store(directory + "/store.pem", std::ios::app | std::ios::binary);
        store << std::ifstream(directory + "/root.pem", std::ios::binary).rdbuf();
    }
    try {
        client.get("/v3/certificates");
        must(false, "an answer that nobody signed was taken");
    } catch (const wxpay::SignatureError &error) {
        must(error.status() == wxpay::status::signature_headers_missing, error.what());
    }
    must(status_of_probes(false) == 0, "the probe still refuses");
    must(nlohmann::json::parse(client.trust_report()).at("store").at("reloads") == 1, "the store was not reloaded once");
    std::cout << "cpp: ok" << std::endl;
}
