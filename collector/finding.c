/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The list of what is wrong with one record. It grows in the arena of the record and holds no value
 * of the record, so that it may outlive it in a report.
 */
#include "collector/finding.h"

#include <string.h>

void
findings_clear(struct findings *f, struct arena *a)
{
    *f = (struct findings){.arena = a};
}

static const char persons[] = "/persons";

static bool
begins(const char *text, const char *start)
{
    const size_t n = strlen(start);

    return strncmp(text, start, n) == 0 && (text[n] == '\0' || text[n] == '/');
}

void
finding_add_why(struct findings *f, enum rule_id rule, const char *field, int64_t person_seq,
                const char *reason)
{
    if (f->count == f->capacity) {
        const unsigned capacity = f->capacity ? 2 * f->capacity : 8;
        struct finding *const list = arena_array(f->arena, capacity, sizeof *list);

        if (f->count > 0)
            memcpy(list, f->list, f->count * sizeof *list);
        f->list = list;
        f->capacity = capacity;
    }
    const bool of_person = field && begins(field, persons); /* else a field of the stop */

    f->list[f->count++] = (struct finding){
        .rule = rule,
        .field = field,
        .reason = reason,
        .person_seq = person_seq,
        .person = of_person ? f->person : 0,
        .element = of_person ? f->element : 0,
    };
}

void
finding_add(struct findings *f, enum rule_id rule, const char *field, int64_t person_seq)
{
    finding_add_why(f, rule, field, person_seq, NULL);
}

const char *
finding_pointer(struct arena *a, const struct finding *f)
{
    static const char *const lists[] = {"/group", "/outcome/actions", "/outcome/finds",
                                        "/outcome/results"};

    if (!f->field || f->person == 0 || !begins(f->field, persons))
        return f->field ? f->field : "";

    const char *const rest = f->field + sizeof persons - 1;

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (!begins(rest, lists[i]))
            continue;
        if (f->element == 0)
            return arena_printf(a, "%s/%u%s", persons, f->person - 1, lists[i]);
        return arena_printf(a, "%s/%u%s/%u%s", persons, f->person - 1, lists[i], f->element - 1,
                            rest + strlen(lists[i]));
    }
    return arena_printf(a, "%s/%u%s", persons, f->person - 1, rest);
}

enum severity
findings_worst(const struct findings *f)
{
    enum severity worst = SEVERITY_INFO;

    for (unsigned i = 0; i < f->count; i++) {
        const enum severity s = rules[f->list[i].rule].severity;

        if (s < worst)
            worst = s;
    }
    return worst;
}
