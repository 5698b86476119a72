/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Profiles and what comes through them: the text of a profile, a NUL, and a foreign CSV. A profile
 * that is refused says what is wrong. One that is taken decodes the file alike in one piece and in
 * pieces, and no finding holds anything of the file.
 */
#include "collector/decode.h"
#include "collector/profile_source.h"
#include "tests/fuzz/fuzz.h"

static const struct installation *installation;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static struct arena *life;
    struct err e;

    (void)argc;
    (void)argv;
    life = arena_new();
    installation = installation_embedded(life, &e);
    return installation ? 0 : 1;
}

struct total {
    uint64_t records, findings, dropped;
    enum decode_status last;
};

static struct total
decode(const struct profile *p, struct span text, size_t step)
{
    struct arena *const a = arena_new();
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal = RULE_COUNT;
    struct err e = {0};
    struct total t = {.last = DECODE_FATAL};
    const struct installation *const in = installation_for_profile(a, installation, p, &e);
    struct decoder *const d =
        in ? decoder_new(a, reader_memory(a, text, step), FORM_CSV, p, in, &e) : NULL;

    must(d || e.text[0] != '\0');
    while (d && (t.last = decoder_next(d, a, &r, &f, &fatal, &e)) == DECODE_RECORD) {
        t.records++;
        t.findings += f.count;
        must(r->line > 1 && r->rows > 0);
        must(findings_worst(&f) == SEVERITY_REFUSE || r->v[STOP_source_record_no].given);
        fuzz_check_problem(a, f.list, f.count);
    }
    t.dropped = d ? decoder_dropped_values(d) : 0;
    must(!d || (t.last == DECODE_FATAL) == (fatal != RULE_COUNT));
    arena_free(a);
    return t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *const a = arena_new();
    const uint8_t *const end = size > 0 ? memchr(data, '\0', size) : NULL;
    const size_t length = end ? (size_t)(end - data) : size;
    struct err e = {0};
    const struct profile *const p =
        profile_compile(a, "fuzzed", (struct span){(const char *)data, length}, &e);

    if (!p) {
        must(e.code == ERR_CONFIG && e.text[0] != '\0');
    } else if (end) {
        const struct span file = {(const char *)end + 1, size - length - 1};
        const struct total whole = decode(p, file, 0), pieces = decode(p, file, 5);

        must(whole.records == pieces.records && whole.findings == pieces.findings);
        must(whole.last == pieces.last && whole.dropped == pieces.dropped);
    }
    arena_free(a);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const values[] = {
        "\"column\"", "\"map\"",
        "\"join\"",   "\"by\"",
        "\"value\"",  "\"when\"",
        "\"bands\"",  "\"unmapped\"",
        "\"drop\"",   "\"absent\"",
        "\"refuse\"", "{}",
        "[]",         "null",
        "true",       "0",
        "-1",         "1e300",
        "\"\"",       "\"a\"",
        "a",          "\"Europe/Amsterdam\"",
        "\"X/Y\"",    "\"2026-11-20\"",
        CANARY_JSON,  CANARY,
    };

    return fuzz_mutate_tokens(data, size, max_size, seed, values, sizeof values / sizeof *values);
}
