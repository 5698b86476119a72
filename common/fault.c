/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a passed fault point does. Only one point a process, so one counter is enough. A plan that
 * cannot be read ends the process: a test that asks for a fault and gets none would prove nothing.
 */
#include "common/fault.h"

#ifdef FAULTS

#include "common/err.h"
#include "common/str.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct plan {
    struct span point;
    int64_t passage;
    int64_t sleep_ms; /* 0: kill */
};

static struct span
cut(struct span *rest, char at)
{
    const char *const found = rest->length ? memchr(rest->data, at, rest->length) : NULL;
    const size_t length = found ? (size_t)(found - rest->data) : rest->length;
    const struct span piece = {rest->data, length};

    rest->data += length + (found != NULL);
    rest->length -= length + (found != NULL);
    return piece;
}

static bool
parse(struct span text, struct plan *p)
{
    p->point = cut(&text, ':');
    if (!span_int64(cut(&text, ':'), 1, 1000000000, &p->passage))
        return false;
    p->sleep_ms = 0;
    return text.length == 0 ||
           (span_is(cut(&text, '='), "sleep") && span_int64(text, 1, 3600000, &p->sleep_ms));
}

void
fault_reached(const char *point)
{
    static atomic_int_least64_t passages;
    const char *const text = getenv("MAATSTAF_FAULT");
    struct plan p;

    if (!text || !*text)
        return;
    if (!parse(span_of(text), &p))
        err_fatal("MAATSTAF_FAULT is not point:passage or point:passage:sleep=ms");
    if (!span_is(p.point, point) || atomic_fetch_add(&passages, 1) + 1 != p.passage)
        return;
    if (p.sleep_ms == 0)
        (void)kill(getpid(), SIGKILL);

    const struct timespec t = {p.sleep_ms / 1000, p.sleep_ms % 1000 * 1000000};

    (void)nanosleep(&t, NULL);
}

#endif
