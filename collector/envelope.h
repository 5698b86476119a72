/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A quick look at whose record a posted text is, before it is decoded: the few text members of the
 * outermost object that say so. It validates nothing: what is no JSON, or says a thing twice, is
 * refused by the decoder; here it only finds less. No access is decided by what is found here
 * alone.
 */
#ifndef MAATSTAF_COLLECTOR_ENVELOPE_H
#define MAATSTAF_COLLECTOR_ENVELOPE_H

#include "common/str.h"

struct envelope { /* empty: not found */
    struct span source_system, source_record_no, tx_type;
};

/* Spans point into text, or into the arena where the text has escapes. */
void envelope_read(struct arena *a, struct span text, struct envelope *out);

#endif
