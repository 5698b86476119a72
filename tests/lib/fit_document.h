/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Runs a model of `analyzer fit` on cells given as text, and finds figures in its document. Every
 * document so made is held against what holds for all models: figures that the model's row
 * declares, and no null without a note.
 */
#ifndef MAATSTAF_TESTS_LIB_FIT_DOCUMENT_H
#define MAATSTAF_TESTS_LIB_FIT_DOCUMENT_H

#include "analyzer/fit/fit.h"
#include "tests/lib/golden.h"

/* The document as text, or NULL with *e set. */
const char *fit_document_text(struct arena *a, const char *model, const char *csv,
                              const struct fit_options *options, struct err *e);

/* The document; fails the test when the run does, or when the document breaks a rule of all. */
const json_t *fit_document(struct arena *a, const char *model, const char *csv,
                           const struct fit_options *options);

/* The one figure of a document with these keys; NULL means that the key is left out. */
const json_t *fit_document_figure(const json_t *document, const char *name, const char *method,
                                  const char *place, const char *group);

#endif
