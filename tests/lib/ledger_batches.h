/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A database whose ledger was written by an encoder of the tests' own: rows as SQL, leaves and
 * roots from bytes put together here. It shares nothing with the collector's encoder.
 */
#ifndef MAATSTAF_TESTS_LIB_LEDGER_BATCHES_H
#define MAATSTAF_TESTS_LIB_LEDGER_BATCHES_H

/* Makes the database anew with three batches of stops and a refused one between them. */
void ledger_batches(const char *database);

#endif
