/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From a checked record to bytes: binary COPY tuples per table, the HMAC of what was received, and
 * the salted leaves of the ledger, all from one pass over the fields (docs/decisions: the canonical
 * form is the tuple's own bytes).
 */
#ifndef MAATSTAF_COLLECTOR_ENCODE_H
#define MAATSTAF_COLLECTOR_ENCODE_H

#include "collector/record.h"
#include "common/digest.h"

enum table { TABLE_STOP, TABLE_PERSON, TABLE_ACTION, TABLE_FIND, TABLE_RESULT, TABLE_TEXT, TABLE_GROUP, TABLE_TRAIT, TABLE_OFFICER, TABLE_COUNT };

struct chunk; /* encoded records waiting to be claimed and sent; bounded */

#endif
