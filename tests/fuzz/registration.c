/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The whole way of a post: JSON text to record, rules, fate, tuples and the document of a refusal.
 * The text written anew by another writer (keys in another order, escapes undone) has the same
 * fate, findings and keyed hash; what is stored has no plain BSN in it and its tuples are whole;
 * and nothing of the input comes out in an answer.
 */
#include "collector/envelope.h"
#include "collector/parcel.h"
#include "common/utf8.h"
#include "collector/decode.h"
#include "tests/fuzz/fuzz.h"

static struct installation installation;
static struct arena *life; /* the process's: reachable until the end */
static struct decoder *decoder;
static struct packer packer;
static struct parcel parcel;

static bool
read_nothing(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    (void)context;
    (void)buffer;
    (void)capacity;
    (void)e;
    *got = 0;
    return true;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const uint8_t key[KEY_BYTES] = "key of the corpus of posts";
    static const struct group_decision perceived = {
        .perceived = true, .from = INT64_MIN, .until = INT64_MAX};
    const struct installation *embedded;
    struct err e;

    (void)argc;
    (void)argv;
    life = arena_new();
    embedded = installation_embedded(life, &e);
    must(embedded != NULL);
    installation = *embedded; /* with perceived groups, or none of them would be stored */
    installation.decision_count = 1;
    installation.decisions = &perceived;
    decoder = decoder_new(life, (struct reader){read_nothing, NULL}, FORM_NDJSON, NULL,
                          &installation, &e);
    packer.checker =
        checker_new(life, &installation, NULL, civil_days(2026, 11, 23) * 86400 * MICROS, &e);
    must(decoder != NULL && packer.checker != NULL);
    packer.encoder = encoder_new(life, key);
    packer.zone = installation.zone;
    parcel_init(&parcel, life);
    return 0;
}

/* ---- what was made of a text ----------------------------------------------------------------- */

struct judged {
    bool fatal, has_id;
    enum fate fate;
    unsigned counts[RULE_COUNT]; /* of findings; their order follows the order of the keys */
    uint8_t stop_id[16], mac[DIGEST_BYTES];
};

/* Two bytes of columns, then each with four bytes of length: exactly to the next tuple's start. */
static void
check_tuples(const struct tuples *t, uint8_t *columns)
{
    const struct tuple *const index = (const void *)t->index->data;
    const uint8_t *const bytes = (const void *)t->bytes->data;
    const uint32_t count = tuples_count(t);

    for (uint32_t i = 0; i < count; i++) {
        const size_t end = i + 1 < count ? index[i + 1].offset : t->bytes->length;
        size_t at = index[i].offset + 2;

        must(at <= end && bytes[at - 2] == 0 && bytes[at - 1] > 0);
        must(*columns == 0 || *columns == bytes[at - 1]);
        *columns = bytes[at - 1];
        for (uint8_t c = 0; c < *columns; c++) {
            must(end - at >= 4);

            const uint32_t length = (uint32_t)bytes[at] << 24 | (uint32_t)bytes[at + 1] << 16 |
                                    (uint32_t)bytes[at + 2] << 8 | bytes[at + 3];

            at += 4;
            must(length == UINT32_MAX || length <= end - at);
            at += length == UINT32_MAX ? 0 : length;
        }
        must(at == end);
    }
}

static void
check_chunk(struct judged *j)
{
    static uint8_t columns[TABLE_COUNT]; /* each table always has as many */
    const struct place place = {.batch = 7, .first_leaf = 3};
    const struct entry *const entry = chunk_entry(&parcel.chunk, 0);

    must(chunk_count(&parcel.chunk) == 1);
    must(memcmp(entry->stop_id, j->stop_id, sizeof j->stop_id) == 0);
    must(entry->leaf_count > 0 && strchr("IUNW", entry->tx_type) && entry->tx_type);
    must(tuples_count(&parcel.chunk.tables[TABLE_STOP]) == 1);
    memcpy(j->mac, entry->mac, sizeof j->mac);
    for (unsigned t = 0; t < TABLE_COUNT; t++) {
        const uint32_t before = tuples_count(&parcel.chunk.tables[t]);

        check_tuples(&parcel.chunk.tables[t], &columns[t]);
        must(chunk_place(&parcel.chunk, (enum table)t, &place) == before);
    }
}

static bool
is_bsn(const char *d)
{
    int sum = 0;

    for (int i = 0; i < 8; i++)
        sum += (9 - i) * (d[i] - '0');
    return (sum - (d[8] - '0')) % 11 == 0 && strncmp(d, "000000000", 9) != 0;
}

/* Nine digits that pass the test between spaces or ends: no accident of the screen's finer rules.
 */
static void
check_text(const struct value *v)
{
    const struct span s = v->text;
    size_t digits = 0;

    for (size_t i = 0; v->given && i <= s.length; i++) {
        if (i < s.length && s.data[i] >= '0' && s.data[i] <= '9') {
            digits++;
            continue;
        }
        must(digits != 9 || (i < s.length && s.data[i] != ' ') ||
             (i > 9 && s.data[i - 10] != ' ') || !is_bsn(s.data + i - 9));
        digits = 0;
    }
}

static void
check_stored(const struct record *r, struct judged *j)
{
    for (unsigned i = 0; i < r->person_count; i++)
        check_text(&r->persons[i].text[TEXT_selection_text]);
    must(r->v[STOP_source_system].given && r->v[STOP_source_record_no].given);
    must(r->v[STOP_tx_type].given && r->v[STOP_source_version].given);
    check_chunk(j);
}

/* Texts of findings are the program's own. */
static void
check_notes(struct arena *a, const struct findings *f)
{
    for (unsigned i = 0; i < f->count; i++) {
        must(f->list[i].rule < RULE_COUNT && f->list[i].field != NULL);
        must(f->list[i].field[0] == '\0' || f->list[i].field[0] == '/');
        must(finding_pointer(a, &f->list[i]) != NULL);
    }
    fuzz_check_problem(a, f->list, f->count);
}

/* Who the quick look takes for the sender is whom the decoder finds, which normalises besides. */
static void
check_envelope(struct arena *a, struct span text, const struct record *r)
{
    const struct value *const source = &r->v[STOP_source_system];
    struct envelope quick;

    envelope_read(a, text, &quick);
    must(!source->given || span_equal(source->text, utf8_nfc(a, quick.source_system)));
}

static void
judge(struct arena *a, struct span text, struct judged *j)
{
    struct findings f = {0};
    struct record *r = NULL;
    enum rule_id fatal = RULE_COUNT;
    struct err e = {0};

    memset(j, 0, sizeof *j);
    findings_clear(&f, a);

    const enum decode_status status = decoder_text(decoder, a, text, &r, &f, &fatal, &e);

    must(status != DECODE_END);
    j->fatal = status == DECODE_FATAL;
    must(j->fatal == (fatal != RULE_COUNT) && j->fatal == (e.text[0] != '\0'));
    must(!fuzz_holds(span_of(e.text), CANARY) && !fuzz_holds(span_of(e.hint), CANARY));
    if (j->fatal)
        return;
    check_envelope(a, text, r);
    parcel_clear(&parcel);
    must(parcel_take(&parcel, &packer, a, r, civil_days(2026, 11, 23) * 86400 * MICROS, &f));
    must(parcel_count(&parcel) == 1);

    const struct outcome *const o = parcel_outcome(&parcel, 0);

    j->fate = o->fate;
    j->has_id = o->has_id;
    memcpy(j->stop_id, o->stop_id, sizeof j->stop_id);
    for (unsigned i = 0; i < f.count; i++)
        j->counts[f.list[i].rule]++;
    j->counts[RULE_W062] = 0; /* said of a text that came before */
    check_notes(a, &f);
    if (o->fate == FATE_STORE)
        check_stored(r, j);
    else
        must(chunk_count(&parcel.chunk) == 0 && f.count > 0);
}

/* ---- the same by another writer -------------------------------------------------------------- */

/* A text that says the same, or no data: it is no JSON, or has numbers that do not come back. */
static struct span
written_anew(struct arena *a, struct span text)
{
    struct err e;
    json_t *const tree = json_parse(a, text, 0, &e);
    char *const again = tree ? json_dumps(tree, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    struct span out = {NULL, 0};

    if (again)
        out = (struct span){arena_strdup(a, again), strlen(again)};
    free(again);
    return out;
}

static bool
is_same(const struct judged *x, const struct judged *y)
{
    return x->fatal == y->fatal && x->has_id == y->has_id && x->fate == y->fate &&
           memcmp(x->counts, y->counts, sizeof x->counts) == 0 &&
           memcmp(x->stop_id, y->stop_id, sizeof x->stop_id) == 0 &&
           memcmp(x->mac, y->mac, sizeof x->mac) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *const a = arena_new();
    struct judged first, second;

    /* As the group commit does: what is set apart is one line. */
    char *const line = arena_strndup(a, (const char *)data, size);

    for (size_t i = 0; i < size; i++)
        if (line[i] == '\n' || line[i] == '\r')
            line[i] = ' ';

    const struct span text = {line, size}, again = written_anew(a, text);

    judge(a, text, &first);
    if (again.data) {
        judge(a, again, &second);
        must(is_same(&first, &second));
    }
    arena_free(a);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const values[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1.0",
        "1e3",
        "9223372036854775808",
        "{}",
        "[]",
        "[[]]",
        "\"\"",
        "\" \"",
        CANARY_JSON,
        "\"Qzx7Kvw\":1,\"a\"",
        "\"W\"",
        "\"U\"",
        "\"N\"",
        "\"I\"",
        "2",
        "\"bsn\"",
        "\"naam\"",
        "\"A 123456782 b\"",
        "\"NL91ABNA0417164300\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\"e\\u0301\"",
        "\"2026-10-25T02:30:00\"",
        "\"2026-11-20T21:40:00Z\"",
        "\"2026-11-20T21:40:00+01:00\"",
        "\"9999-12-31T23:59:59-14:00\"",
        "\"2026.1\"",
        "\"1.0.0\"",
        "\"schema_version\"",
        "\"persons\"",
        "\"outcome\"",
        "\"De heer Jansen reed 06-12345678\"",
        "\"BU05182811\"",
        "\"\\u0073top\"",
    };

    return fuzz_mutate_tokens(data, size, max_size, seed, values, sizeof values / sizeof *values);
}
