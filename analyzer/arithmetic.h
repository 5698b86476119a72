/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The same bytes from the same input: OpenBLAS would choose its kernels by the processor and share
 * its work out over threads, and so round otherwise on another machine. Both are pinned here, and
 * they can only be pinned from outside: the library reads its environment when it is loaded.
 */
#ifndef MAATSTAF_ANALYZER_ARITHMETIC_H
#define MAATSTAF_ANALYZER_ARITHMETIC_H

/* Starts the program anew with the pinned environment when it does not run in it already. Called
 * first in main(). When that fails the program goes on as it is. */
void arithmetic_pin(char *const *argv);

#endif
