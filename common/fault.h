/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Faults on purpose, for builds that are never installed. FAULT(point) marks a place where a test
 * may stop the process; PLANTED(name) marks a place where a test build does the wrong thing, to
 * show that the test of that promise fails. In an ordinary build both leave nothing behind.
 * docs/operations/torture.md says how they are used.
 */
#ifndef MAATSTAF_COMMON_FAULT_H
#define MAATSTAF_COMMON_FAULT_H

/*
 * Built with FAULTS=1, MAATSTAF_FAULT="point:n" kills the process with SIGKILL at the n-th passage
 * (from 1) of that point, and "point:n:sleep=ms" holds the thread there so long. Any thread.
 */
void fault_reached(const char *point);

#ifdef FAULTS
#define FAULT(point) fault_reached(point)
#else
#define FAULT(point) ((void)0)
#endif

/*
 * One planted fault a build: `make PLANTED=ack-before-commit`. To be used as a condition of the
 * preprocessor or of C; a name that is not in this list does not compile.
 */
#define PLANTED_ID_ack_before_commit 1 /* answers 201 before COMMIT */
#define PLANTED_ID_no_dedup          2 /* a known key is stored again */
#define PLANTED_ID_skip_last_line    3 /* the last line of a file is dropped without a word */
#define PLANTED_ID_no_screen         4 /* request heads are not screened */
#define PLANTED_ID_no_reaper         5 /* slow connections stay */
#define PLANTED_ID_grant_too_much    6 /* a role may do what it must not */
#define PLANTED_ID_keep_identifier   7 /* a refused identifier is kept */

#ifndef PLANTED_BUILD
#define PLANTED_BUILD 0
#endif
#define PLANTED(name) (PLANTED_BUILD == PLANTED_ID_##name)

#endif
