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

void
finding_add(struct findings *f, enum rule_id rule, const char *field, int64_t person_seq)
{
    if (f->count == f->capacity) {
        const unsigned capacity = f->capacity ? 2 * f->capacity : 8;
        struct finding *const list = arena_array(f->arena, capacity, sizeof *list);

        if (f->count > 0)
            memcpy(list, f->list, f->count * sizeof *list);
        f->list = list;
        f->capacity = capacity;
    }
    f->list[f->count++] = (struct finding){.rule = rule, .field = field, .person_seq = person_seq};
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
