/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signals of an opened document, ready to be laid out: one struct a signal, with its words in the
 * reader's language. Shared by the text, HTML and CSV reports. Computes nothing; texts belong to
 * the view's arena.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_VIEW_SIGNALS_H
#define MAATSTAF_ANALYZER_REPORT_VIEW_SIGNALS_H

#include "analyzer/report/view.h"

enum { SIGNAL_LINES_MOST = 12, SHORT_SHOWN = 8 };

/* Which part of the list a signal belongs to. */
enum signal_part {
    PART_BRIEF, /* reaches the mayor's brief: told in full */
    PART_OTHER, /* of grade A to C besides: in full when only signals are asked for */
    PART_WATCH, /* grade D */
    PART_CLOSED,
    PARTS
};
extern const char
    *const part_headings[PARTS]; /* keys of texts; NULL: of PART_BRIEF there is none */

struct signal_view {
    const json_t *json;
    enum signal_part part;
    bool is_folded;     /* told under the signal of the city before it */
    const char *also;   /* "Moerwijk (B), Laak (C)": those told under it, or NULL */
    const char *grade;  /* "A"; of a closed one what it was */
    const char *place;  /* its name */
    const char *title;  /* place, group, subject */
    const char *course; /* "since March 2026, higher than last month (C)" */
    const char *headline, *otherwise, *ask;
    const char *evidence[SIGNAL_LINES_MOST]; /* "E3 …: yes"; the last ends at NULL or the end */
    const char *doubts[SIGNAL_LINES_MOST];
};

struct signal_views {
    struct signal_view *list; /* the brief in its order, then as in the document, strongest first;
                                 each is followed by those that are told under it */
    size_t count, of[PARTS];  /* of: without those told under another */
};

struct signal_views view_signals(const struct view *v);

/* Whether one is told in full here, or in one line. */
bool view_signal_in_full(const struct view *v, const struct signal_view *s);

/* "D: Moerwijk, x: searched more often (since March 2026, new). One grade lower: …", and the places
 * told under it */
const char *view_signal_line(const struct view *v, const struct signal_view *s);

/* "And 12 more". */
const char *view_more_signals(const struct view *v, size_t count);

/* A table of them for machines, a row each. */
struct strbuf *signals_csv(struct arena *a, const struct view *v);

#endif
