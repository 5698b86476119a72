/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Decoding of whatever arrives: the first byte chooses the form (canonical NDJSON or CSV, or a
 * profile), the rest is the file. Nothing may crash or leak, every record is within its file, a
 * record without a refusing finding has what storing needs, and the read size changes nothing.
 */
#include "collector/decode.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FORMS = 5 };

static const struct installation *installation;
static const struct profile *profiles[FORMS];

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *const names[FORMS] = {NULL, NULL, "minneapolis", "data-police-uk",
                                             "open-policing"};
    static struct arena *a; /* reachable until the end: not a leak */
    struct err e;

    (void)argc;
    (void)argv;
    a = arena_new();
    installation = installation_embedded(a, &e);
    for (int i = 0; installation && i < FORMS; i++)
        if (names[i] && !(profiles[i] = profile_load(a, names[i], &e)))
            abort();
    return installation ? 0 : 1;
}

static void
need(bool condition)
{
    if (!condition)
        abort();
}

/* What a record that is not refused must have, whatever was in the file. */
static void
check_accepted(const struct record *r)
{
    static const enum stop_field needed[] = {STOP_source_system, STOP_source_record_no,
                                             STOP_source_version, STOP_tx_type, STOP_started_at};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        need(r->v[needed[i]].given);
    for (unsigned i = 0; i < r->person_count; i++)
        need(r->persons[i].group_count <= GROUPS_MOST);
}

/* How many records and findings came out, and how it ended. */
struct total {
    size_t records, findings;
    enum decode_status last;
};

static struct total
decode(int form, struct span text, size_t step)
{
    struct arena *const a = arena_new();
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal = RULE_COUNT;
    struct err e = {0};
    struct total t = {0};

    struct decoder *const d =
        decoder_new(a, reader_memory(a, text, step), form == 0 ? FORM_NDJSON : FORM_CSV,
                    profiles[form], installation, &e);
    need(d != NULL);
    while ((t.last = decoder_next(d, a, &r, &f, &fatal, &e)) == DECODE_RECORD) {
        t.records++;
        t.findings += f.count;
        need(r->line > 0 && r->rows > 0);
        if (findings_worst(&f) != SEVERITY_REFUSE)
            check_accepted(r);
    }
    need((t.last == DECODE_FATAL) == (fatal != RULE_COUNT));
    need(t.last != DECODE_FATAL || e.text[0] != '\0');
    arena_free(a);
    return t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum decode_form form;
    struct err e;

    if (size == 0)
        return 0;
    const int choice = data[0] % FORMS;
    const struct span text = {(const char *)data + 1, size - 1};
    decode_detect(text, &form, &e);
    const struct total whole = decode(choice, text, 0), pieces = decode(choice, text, 3);
    need(whole.records == pieces.records && whole.findings == pieces.findings &&
         whole.last == pieces.last);
    return 0;
}
