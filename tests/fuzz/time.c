/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Times, dates and months as text: what is read, written and read again is the same; a clock time
 * made of an instant leads back to it in a zone that has summer time.
 */
#include "common/clock.h"
#include "tests/fuzz/fuzz.h"

static struct zone *zone;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static struct arena *life;
    struct err e;

    (void)argc;
    (void)argv;
    life = arena_new();
    zone = zone_open(life, "Europe/Amsterdam", &e);
    return zone ? 0 : 1;
}

static void
check_instant(instant t)
{
    char text[32];
    struct civil c;
    instant again, first, second;
    bool has_offset;

    instant_civil_utc(t, &c);
    must(civil_valid(&c) || c.year < 1 || c.year > 9999);
    must(civil_utc(&c) == t);
    instant_text(t, text);
    if (strcmp(text, "out of range") == 0) {
        must(c.year < 1 || c.year > 9999);
        return;
    }
    must(instant_parse(span_of(text), &again, &has_offset) && again == t && has_offset);
    if (c.year < 2 || c.year > 9998)
        return;
    zone_civil(zone, t, &c);
    must(civil_valid(&c) && zone_offset(zone, t) == (int)((civil_utc(&c) - t) / MICROS));
    must(zone_instants(zone, &c, &first, &second) != ZONE_MISSING);
    must(first == t || second == t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *const exact = malloc(size > 0 ? size : 1), text[32];
    const struct span s = {exact, size};
    int64_t days;
    struct month m;
    instant t;
    bool has_offset;

    must(exact != NULL);
    memcpy(exact, data, size);
    if (instant_parse(s, &t, &has_offset)) {
        must(size >= 16 && size <= 35);
        check_instant(t);
    }
    if (date_parse(s, &days)) {
        date_text(days, text);
        must(span_is(s, text));
    }
    if (month_parse(s, &m)) {
        month_text(m, text);
        must(span_is(s, text) && m.month >= 1 && m.month <= 12);
        must(month_index(month_of_index(month_index(m))) == month_index(m));
        check_instant(month_start(zone, m));
    }
    free(exact);
    return 0;
}
