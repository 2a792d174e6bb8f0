/* A client of the simulator's merchant, and its private key, for the ABI tests. */

#ifndef ABI_CLIENT_H
#define ABI_CLIENT_H

#include "abi.h"

static wxpay_error *err = POISON(wxpay_error);
static const char *merchant_json;
static wxpay_client *client;
static wxpay_key *key;

/* The value of a text member of a JSON object without escapes in it. */
static inline const char *member(const char *json, const char *name, char *into, size_t size)
{
    char quoted[64];
    const char *at, *end;
    snprintf(quoted, sizeof quoted, "\"%s\":\"", name);
    at = strstr(json, quoted);
    if (at == NULL) {
        snprintf(quoted, sizeof quoted, "\"%s\": \"", name);
        at = strstr(json, quoted);
    }
    if (!CHECK(at != NULL)) {
        printf("    no %s in %s\n", name, json);
        return "";
    }
    at += strlen(quoted);
    end = strchr(at, '"');
    snprintf(into, size, "%.*s", (int)(end - at), at);
    return into;
}

/* Of merchant.json, with the simulator's authority beside the system's. */
static inline void make_client(void)
{
    char *merchant = file_beside(merchant_json, "merchant.json"), *pem = file_beside(merchant_json, "apiclient_key.pem");
    char ca[4200];
    wxpay_config *config = NULL;
    FINE(wxpay_config_new(&config, &err));
    FINE(wxpay_config_load_json(config, S(merchant), &err));
    snprintf(ca, sizeof ca, "%.*s/ca.pem", (int)(strrchr(merchant_json, '/') - merchant_json), merchant_json);
    FINE(wxpay_config_set(config, S("extra_ca_file"), S(ca), &err));
    FINE(wxpay_client_new(config, &client, &err));
    wxpay_config_free(config);
    FINE(wxpay_key_load(S(pem), NULL, 0, &key, &err));
    free(merchant);
    free(pem);
}

#endif
