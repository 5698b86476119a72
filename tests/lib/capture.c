/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Standard output and error go to temporary files until the end of the capture, which reads them
 * back.
 */
#include "tests/lib/capture.h"

#include <check.h>
#include <unistd.h>

void
capture_start(struct capture *c)
{
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        c->files[i] = tmpfile();
        ck_assert_ptr_nonnull(c->files[i]);
        c->saved[i] = dup(STDOUT_FILENO + i);
        ck_assert_int_ge(dup2(fileno(c->files[i]), STDOUT_FILENO + i), 0);
    }
}

static void
read_back(FILE *f, char *text, size_t size)
{
    rewind(f);
    text[fread(text, 1, size - 1, f)] = '\0';
    fclose(f);
}

void
capture_end(struct capture *c)
{
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_ge(dup2(c->saved[i], STDOUT_FILENO + i), 0);
        close(c->saved[i]);
    }
    read_back(c->files[0], c->out, sizeof c->out);
    read_back(c->files[1], c->err, sizeof c->err);
}
