/* Chooses the arguments of generated_walk.c and judges the answers. What must hold for every
 * fallible function: the status is one of its @errors, outputs are NULL on failure, the error
 * says what is wrong and what to do, and nothing crashes. */

#ifndef WALK_H
#define WALK_H

#include <signal.h>

#include "walk_fixture.h"
#include "walk_memory.h"

#define SCRATCH 4096
#define SLOTS 8

struct args {
    const char *text[SLOTS];
    size_t len[SLOTS];
    void *handle[SLOTS];
    int64_t number[SLOTS];
    /* places for results: 0 none, 1 those that must not be NULL, 2 all */
    int outs;
    int errs;
};

struct handle_slot {
    const char *name;
    int type;
    int nullable;
};

struct function {
    const char *name;
    void (*call)(const struct args *);
    const char *texts[SLOTS];
    struct handle_slot handles[SLOTS];
    const char *numbers[SLOTS];
    /* ends with 0; NULL when it cannot fail */
    const int *errors;
    int needs_out;
    int frees;
    int network;
};

/* What the call at work must answer: one status, or one of these. */
enum { ANY = -1, FAILURE = -2, AS_FOR_NULL = -3 };
static const struct function *walked;
static const char *walked_case;
static int expected;
static unsigned long calls_made;
static unsigned long oks_of_walked;

static void counted(void)
{
    calls_made++;
}

static void blame(int holds)
{
    if (!holds)
        printf("    in %s, %s\n", walked->name, walked_case);
}

/* Any function may. */
static const int panics[] = {WXPAY_STATUS_PANIC, 0};
static const int no_memory[] = {WXPAY_STATUS_OUT_OF_MEMORY, 0};

static void answered(const struct args *a, wxpay_status status, wxpay_error *err)
{
    const int *known_error = walked->errors;
    counted();
    oks_of_walked += status == 0;
    while (*known_error != 0 && *known_error != status)
        known_error++;
    if (expected == WXPAY_STATUS_PANIC)
        known_error = panics;
    if (refusing && status == WXPAY_STATUS_OUT_OF_MEMORY)
        known_error = no_memory;
    refusing = 0;
    if (!(status == 0 || *known_error == status))
        printf("    status %d, %s\n", (int)status, a->errs ? wxpay_error_message(err) : "");
    blame(CHECK(status == 0 || *known_error == status));
    if (expected >= 0)
        blame(CHECK_NUMBER(status, expected));
    if (expected == FAILURE)
        blame(CHECK(status != 0));
    if (!a->errs)
        return;
    if (status == 0) {
        blame(CHECK(err == NULL));
        return;
    }
    blame(CHECK(err != NULL && (void *)err != POISON));
    blame(CHECK_NUMBER(wxpay_error_status(err), status));
    blame(CHECK(wxpay_error_message(err)[0] != 0));
    blame(CHECK(wxpay_error_hint(err)[0] != 0));
    blame(CHECK(strlen(wxpay_error_message(err)) < 2000));
    blame(CHECK(wxpay_error_json(err)[0] == '{'));
    blame(CHECK_PART(wxpay_error_json(err), "\"hint\""));
    /* safety.md S1: only a function that sends may say that nothing was sent. */
    if (!walked->network)
        blame(CHECK(wxpay_error_outcome(err) != WXPAY_OUTCOME_NOT_SENT));
    wxpay_error_free(err);
}

/* 1 when an object was made that must be freed. */
static int given(const struct args *a, wxpay_status status, int asked, void *out)
{
    (void)a;
    if (!asked)
        return 0;
    if (status != 0) {
        blame(CHECK(out == NULL));
        return 0;
    }
    blame(CHECK(out != NULL && out != POISON));
    return out != NULL && out != POISON;
}

static void gave_text(const struct args *a, const char *got, const char *for_null)
{
    (void)a;
    counted();
    if (expected == AS_FOR_NULL)
        blame(for_null == NULL ? CHECK(got == NULL) : CHECK_TEXT(got, for_null));
    else
        blame(CHECK(got == NULL || strlen(got) < 100000000));
}

static void gave_number(const struct args *a, int64_t got, int64_t for_null)
{
    (void)a;
    counted();
    if (expected == AS_FOR_NULL)
        blame(CHECK_NUMBER(got, for_null));
}

static void gave_pointer(const struct args *a, const void *got)
{
    (void)a;
    counted();
    if (expected == AS_FOR_NULL)
        blame(CHECK(got == NULL));
}

/* After a free of NULL or of an object of another type. */
static void still_alive(void)
{
    counted();
    blame(CHECK(wxpay_buf_data((wxpay_buf *)live[T_wxpay_buf])[0] == '{'));
    blame(CHECK_NUMBER(wxpay_error_status((wxpay_error *)live[T_wxpay_error]), WXPAY_STATUS_CONFIG_INCOMPLETE));
    blame(CHECK_TEXT(wxpay_message_method((wxpay_message *)live[T_wxpay_message]), "GET"));
    blame(CHECK(wxpay_notify_id((wxpay_notify *)live[T_wxpay_notify])[0] != 0));
}

static void run(struct args *a, int expect, const char *name)
{
    walked_case = name;
    expected = expect;
    for (a->errs = 0; a->errs <= 1; a->errs++)
        walked->call(a);
}

/* Right handles and texts that go through the first checks; a_NULL: no texts. */
static struct args good(const struct function *f, int with_texts)
{
    struct args a;
    int i;
    memset(&a, 0, sizeof a);
    a.outs = 2;
    for (i = 0; f->handles[i].name != NULL; i++) {
        a.handle[i] = live[f->handles[i].type];
        if (f->handles[i].type == T_wxpay_message)
            a.handle[i] = plausible_message(f->name, f->handles[i].name);
    }
    for (i = 0; with_texts && f->texts[i] != NULL; i++) {
        struct text text = plausible(f->name, f->texts[i]);
        a.text[i] = text.data;
        a.len[i] = text.len;
    }
    for (i = 0; with_texts && f->numbers[i] != NULL; i++)
        a.number[i] = strcmp(f->numbers[i], "status") == 0 ? 200 : strcmp(f->numbers[i], "port") == 0;
    return a;
}

static void walk_handles(const struct function *f)
{
    int i, type;
    for (i = 0; f->handles[i].name != NULL; i++) {
        struct args a = good(f, 1);
        a.handle[i] = NULL;
        run(&a, f->errors == NULL ? AS_FOR_NULL : f->handles[i].nullable ? ANY : WXPAY_STATUS_NULL_ARGUMENT, "NULL handle");
        for (type = 0; type < T_COUNT; type++) {
            if (type == f->handles[i].type)
                continue;
            a = good(f, 1);
            a.handle[i] = live[type];
            run(&a, f->errors == NULL ? AS_FOR_NULL : WXPAY_STATUS_INVALID_ARGUMENT, type_names[type]);
        }
        for (type = 0; type < MESSAGES && f->handles[i].type == T_wxpay_message && !f->frees; type++) {
            a = good(f, 1);
            a.handle[i] = messages[type];
            run(&a, ANY, "another kind of message");
        }
    }
}

static struct text big;
static struct text notify_headers;

static void walk_texts(const struct function *f)
{
    /* a pointer, a length, and the status when everything else is right */
    const struct { const char *name, *data; size_t len; int expect; } bad[] = {
        {"NULL and 5", NULL, 5, WXPAY_STATUS_NULL_ARGUMENT},
        {"NULL and SIZE_MAX", NULL, SIZE_MAX, WXPAY_STATUS_NULL_ARGUMENT},
        {"SIZE_MAX", "x", SIZE_MAX, WXPAY_STATUS_INVALID_ARGUMENT},
        {"PTRDIFF_MAX and one", "x", SIZE_MAX / 2 + 1, WXPAY_STATUS_INVALID_ARGUMENT},
        {"NULL and 0", NULL, 0, ANY},
        {"empty", "", 0, ANY},
        {"zero length of something", "x", 0, ANY},
        {"not UTF-8", "\xff\xfe\xc0\x80", 4, ANY},
        {"half a character", "\xe5\xbe", 2, ANY},
        {"a NUL inside", "a\0b", 3, ANY},
        {"line ends", "a\r\nX-Evil: 1\r\n", 14, ANY},
        {"not closed", "{\"a\":[", 6, ANY},
        {"very long", big.data, big.len, ANY},
    };
    size_t value;
    int slot, full;
    for (slot = 0; f->texts[slot] != NULL; slot++)
        for (value = 0; value < sizeof bad / sizeof bad[0]; value++)
            for (full = 0; full <= 1; full++) {
                struct args a = good(f, full);
                a.text[slot] = bad[value].data;
                a.len[slot] = bad[value].len;
                run(&a, full && f->errors != NULL ? bad[value].expect : ANY, bad[value].name);
            }
}

static void walk_numbers(const struct function *f)
{
    static const int64_t numbers[] = {1, -1, 0x7fffffff, -0x7fffffff - 1, 100000000000, INT64_MAX, INT64_MIN};
    size_t value;
    int slot;
    for (slot = 0; f->numbers[slot] != NULL; slot++)
        for (value = 0; value < sizeof numbers / sizeof numbers[0]; value++) {
            int64_t number = numbers[value];
            int is_now = strcmp(f->numbers[slot], "now") == 0;
            struct args a = good(f, 1);
            a.number[slot] = number;
            /* safety.md S12 */
            run(&a, is_now && f->errors != NULL && (number < 0 || number >= 100000000000) ? WXPAY_STATUS_INVALID_ARGUMENT : ANY, "numbers");
        }
}

static void walk_function(const struct function *f)
{
    struct args a;
    int i;
    walked = f;
    oks_of_walked = 0;
    make_changing();
    for (i = 0; f->handles[i].name != NULL; i++)
        if (f->handles[i].type == T_wxpay_download)
            renew_download();
    memset(&a, 0, sizeof a);
    run(&a, f->errors == NULL && f->handles[0].name != NULL ? AS_FOR_NULL
            : f->needs_out || (f->handles[0].name != NULL && !f->handles[0].nullable) ? WXPAY_STATUS_NULL_ARGUMENT : ANY,
        "everything NULL");
    if (!f->frees) {
        for (a = good(f, 1), a.outs = 0; a.outs <= 2; a.outs++)
            run(&a, a.outs == 0 && f->needs_out ? WXPAY_STATUS_NULL_ARGUMENT : ANY, "plausible arguments");
        walk_texts(f);
        walk_numbers(f);
    }
    walk_handles(f);
    free_changing();
    if (f->errors != NULL && oks_of_walked == 0)
        printf("never OK: %s\n", f->name);
}

#include "walk_panics.h"

/* Every form in every text, and as the body of every message, with large allocations refused. */
static int with_memory;

/* An allocation that was not asked for ends here. */
static void aborted(int signal_number)
{
    (void)signal_number;
    printf("aborted in %s, %s\n", walked->name, walked_case);
    fflush(stdout);
}

static void refuse_in(const struct function *f)
{
    int i, slot;
    walked = f;
    make_changing();
    for (i = 0; i < FORMS; i++) {
        walked_case = form_names[i];
        expected = ANY;
        for (slot = 0; f->texts[slot] != NULL; slot++) {
            struct args a = good(f, 1);
            a.text[slot] = forms[i].data;
            a.len[slot] = forms[i].len;
            a.errs = 1;
            refusing = 1;
            f->call(&a);
            refusing = 0;
        }
        for (slot = 0; f->handles[slot].name != NULL && !f->frees; slot++) {
            wxpay_message *large[2] = {NULL, NULL};
            int kind;
            if (f->handles[slot].type != T_wxpay_message)
                continue;
            CHECK_NUMBER(wxpay_message_new_request("POST", 4, "/v3/x", 5, forms[i].data, forms[i].len, &large[0], NULL), 0);
            CHECK_NUMBER(wxpay_message_new_response(200, forms[i].data, forms[i].len, &large[1], NULL), 0);
            CHECK_NUMBER(wxpay_message_add_header_block(large[1], notify_headers.data, notify_headers.len, NULL), 0);
            for (kind = 0; kind < 2; kind++) {
                struct args a = good(f, 1);
                a.handle[slot] = large[kind];
                a.errs = 1;
                refusing = 1;
                f->call(&a);
                refusing = 0;
                wxpay_message_free(large[kind]);
            }
        }
    }
    free_changing();
}

static int walk(const struct function *functions, size_t count, void (*free_handle)(int, void *), int argc, char **argv)
{
    size_t i;
    char *slash;
    if (argc < 2) {
        printf("usage: walk DIR/merchant.json [BYTES | panics | memory]\n");
        return 2;
    }
    snprintf(directory, sizeof directory, "%s", argv[1]);
    slash = strrchr(directory, '/');
    if (slash != NULL)
        *slash = 0;
    with_panics = argc > 2 && strcmp(argv[2], "panics") == 0;
    with_memory = argc > 2 && strcmp(argv[2], "memory") == 0;
    big.len = argc > 2 && !with_panics && !with_memory ? (size_t)atol(argv[2]) : 10000000;
    big.data = (char *)malloc(big.len);
    memset(big.data, 'a', big.len);
    plausible_texts();
    notify_headers = file_text("notify.headers");
    if (with_memory)
    {
        make_forms(1500000);
        signal(SIGABRT, aborted);
    }
    make_live();
    for (i = 0; i < T_COUNT; i++)
        if (!CHECK(live[i] != NULL))
            printf("    no live %s: make one in walk_fixture.h\n", type_names[i]);
    free_changing();
    for (i = 0; i < count; i++)
        if (with_panics)
            panic_in(&functions[i]);
        else if (with_memory)
            refuse_in(&functions[i]);
        else
            walk_function(&functions[i]);
    if (with_panics)
        panic_deeper();
    for (i = 0; i < T_COUNT; i++)
        if (i != T_wxpay_config && i != T_wxpay_message)
            free_handle((int)i, live[i]);
    for (i = 0; i < MESSAGES; i++)
        if (i != RECEIVED && i != WITH_BODY && i != V2_REQUEST)
            free_handle(T_wxpay_message, messages[i]);
    for (i = 0; i < known_count; i++)
        free(known[i].text.data);
    free(big.data);
    free(notify_headers.data);
    for (i = 0; i < FORMS; i++)
        free(forms[i].data);
    if (with_memory)
        printf("memory: %lu allocations refused\n", allocations_refused);
    printf("walk: %lu functions, %lu calls\n", (unsigned long)count, calls_made);
    return checks_done("walk");
}

#endif
