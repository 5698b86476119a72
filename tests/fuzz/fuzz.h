/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What fuzz targets share: how one says that a promise is broken, a mutation of text by its tokens,
 * and the look whether anything of the input got into an answer. The canary is a word that stands
 * in no table and no message: mutations put it into the input, and it may come out nowhere else.
 */
#ifndef MAATSTAF_TESTS_FUZZ_FUZZ_H
#define MAATSTAF_TESTS_FUZZ_FUZZ_H

#include "collector/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANARY      "Qzx7Kvw"
#define CANARY_JSON "\"Qzx7Kvw\""

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

#define must(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

static inline _Noreturn void
fuzz_broken(const char *what, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

static inline bool
fuzz_holds(struct span text, const char *word)
{
    const size_t length = strlen(word);

    for (size_t i = 0; i + length <= text.length; i++)
        if (memcmp(text.data + i, word, length) == 0)
            return true;
    return false;
}

/* The document of a refusal is JSON of moderate size, and has nothing of the input in it. */
static inline void
fuzz_check_problem(struct arena *a, const struct finding *notes, unsigned count)
{
    struct strbuf *const out = strbuf_new(a, 1 << 20);
    struct err e;

    problem_write(out, a, 422, "rules", notes, count);

    const struct span text = {out->data, out->length};

    must(!out->overflow);
    must(json_parse(a, text, 0, &e) != NULL);
    must(!fuzz_holds(text, CANARY));
}

/* Puts `with` in place of data[from] … data[to - 1], where it fits; the new size. */
static inline size_t
fuzz_put(uint8_t *data, size_t size, size_t max_size, size_t from, size_t to, struct span with)
{
    if (size - (to - from) + with.length > max_size)
        return size;
    memmove(data + from + with.length, data + to, size - to);
    memcpy(data + from, with.data, with.length);
    return size - (to - from) + with.length;
}

/* The token of JSON or CSV that begins at or after `at`: a string with its quotes, or a run of
 * what stands between signs. */
static inline struct span
fuzz_token(const uint8_t *data, size_t size, size_t at)
{
    static const char signs[] = "{}[],:;| \t\r\n";
    const char *const text = (const char *)data;
    size_t end;

    while (at < size && (text[at] == '\0' || strchr(signs, text[at])))
        at++;
    end = at;
    if (at < size && text[at] == '"') {
        for (end++; end < size && text[end] != '"'; end++)
            end += text[end] == '\\' && end + 1 < size;
        end += end < size;
    } else {
        while (end < size && text[end] != '\0' && !strchr(signs, text[end]))
            end++;
    }
    return (struct span){text + at, end - at};
}

/*
 * One token becomes another one of the input or one of `values`, or is doubled with what follows
 * it. Bytes at random hardly ever leave a text that gets past a parser.
 */
static inline size_t
fuzz_mutate_tokens(uint8_t *data, size_t size, size_t max_size, unsigned seed,
                   const char *const *values, size_t value_count)
{
    char copy[512];

    if (size == 0 || seed % 4 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    seed /= 4;

    const struct span here = fuzz_token(data, size, (seed / 3) % size);
    const size_t from = (size_t)(here.data - (const char *)data);
    struct span with = span_of(values[(seed / 7) % value_count]);
    size_t to = from + here.length;

    if (seed % 3 == 1) {
        with = fuzz_token(data, size, (seed / 11) * 2654435761U % size);
    } else if (seed % 3 == 2) { /* from here on some tokens once more */
        with = (struct span){here.data, (seed / 13) % (sizeof copy)};
        if (with.length > size - from)
            with.length = size - from;
        to = from;
    }
    if (with.length > sizeof copy)
        return LLVMFuzzerMutate(data, size, max_size);
    memcpy(copy, with.data, with.length);
    with.data = copy;
    return fuzz_put(data, size, max_size, from, to, with);
}

#endif
