/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Catches what code under test writes to standard output and standard error, at the level of file
 * descriptors. Long output is cut. For tests only: one capture at a time.
 */
#ifndef MAATSTAF_TESTS_LIB_CAPTURE_H
#define MAATSTAF_TESTS_LIB_CAPTURE_H

#include <stdio.h>

struct capture {
    char out[32768], err[16384];
    int saved[2];
    FILE *files[2];
};

void capture_start(struct capture *c);

/* Puts both streams back and fills out and err. */
void capture_end(struct capture *c);

#endif
