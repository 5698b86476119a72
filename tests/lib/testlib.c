/* SPDX-License-Identifier: EUPL-1.2 */
/* Skipped tests are written to the file that MAATSTAF_SKIPPED names, for the run's last line. */
#include "tests/lib/testlib.h"

#include "common/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

void
test_skipped(const char *test, const char *why)
{
    const char *const list = getenv("MAATSTAF_SKIPPED");

    printf("skipped: %s: %s\n", test, why);
    fflush(stdout);
    if (!list)
        return;
    /* Tests run in processes of their own: a file carries the count to the runner. */
    FILE *const f = fopen(list, "a");

    if (f) {
        fprintf(f, "%s: %s\n", test, why);
        fclose(f);
    }
}

const char *
shared_data(struct arena *a, const char *test, const char *relative)
{
    const char *const root = getenv("MAATSTAF_DATA");
    const char *const path = arena_printf(a, "%s/%s", root ? root : "../shared/data", relative);

    if (access(path, R_OK) == 0)
        return path;
    test_skipped(test, arena_printf(a, "%s is not here", path));
    return NULL;
}

void
assert_close(const char *what, double ours, double reference, double tolerance)
{
    if (isnan(ours) && isnan(reference))
        return;

    const double allowed = tolerance * fmax(1.0, fabs(reference));

    ck_assert_msg(ours == reference || fabs(ours - reference) <= allowed,
                  "%s: ours %.17g, reference %.17g, difference %.3g, allowed %.3g", what, ours,
                  reference, ours - reference, allowed);
}

struct span
unpacked(struct arena *a, const char *path)
{
    struct strbuf *const b = strbuf_new(a, 64 << 20);
    char block[65536];
    ssize_t n;
    int ends[2], status;

    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execlp("gzip", "gzip", "-dc", path, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    while ((n = read(ends[0], block, sizeof block)) > 0)
        strbuf_add(b, block, (size_t)n);
    close(ends[0]);
    ck_assert(waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status));
    return (struct span){b->data, b->length};
}
