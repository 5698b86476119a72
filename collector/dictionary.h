/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whether a language knows a word: a dictionary of the hunspell form, read once. It suggests
 * nothing and judges nothing; what an unknown word means is lexicon.h's. The arena owns it. One
 * thread at a time: hunspell changes its own memory while it looks.
 */
#ifndef MAATSTAF_COLLECTOR_DICTIONARY_H
#define MAATSTAF_COLLECTOR_DICTIONARY_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

struct dictionary;

/* The path of a language in a setting like "nl=/usr/share/hunspell/nl_NL,en=…"; NULL when the
 * setting does not have the language. */
const char *dictionary_path(struct arena *a, const char *setting, const char *language);

/* Whether PATH.aff and PATH.dic can be read; opens neither for longer than that. */
bool dictionary_readable(const char *path);

/* Reads PATH.aff and PATH.dic. ERR_CONFIG when one is not there or is not in UTF-8. */
struct dictionary *dictionary_open(struct arena *a, const char *path, struct err *e);

/* word: UTF-8, spelt as it stands; a capital is accepted on every word, a small letter not on a
 * name. */
bool dictionary_knows(struct dictionary *d, const char *word);

#endif
