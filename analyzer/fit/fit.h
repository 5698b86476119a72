/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `analyzer fit MODEL`: the models on plain CSV cells, without a database, for researchers and for
 * checking. CSV in, one JSON document out (8-interfaces). Knows files and figures; the statistics
 * are analyzer/stat's.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_H
#define MAATSTAF_ANALYZER_FIT_FIT_H

#include "common/arena.h"
#include "common/err.h"
#include "common/option.h"

#include <stdio.h>

/*
 * The options of all models. A model says which it reads (fit_model.h); the command line refuses
 * the others and leaves them zero. Every model reads the seed, which the document repeats.
 */
#define FIT_OPTIONS(X)                                                                             \
    X(INT, seed, "seed", "N", "1", "seed of what is drawn at random")                              \
    X(TEXT, reference, "reference", "GROUP", NULL,                                                 \
      "compare with this group; default: with all others in the same place together "              \
      "(\"others\"), "                                                                             \
      "in a regression with the first")                                                            \
    X(REAL, level, "level", "LEVEL", "0.95", "confidence level of the intervals")                  \
    X(TEXT, formula, "formula", "TERMS", NULL,                                                     \
      "right-hand side as in R: 'dark + ns(minute, 6) + place'; default: all further columns")     \
    X(TEXT, family, "family", "poisson|quasipoisson|negbin", "poisson",                            \
      "how counts scatter about their mean")                                                       \
    X(TEXT, group, "group", "GROUP", NULL, "only this group (default: each in turn)")              \
    X(INT, df, "df", "N", "6", "degrees of freedom of the spline over clock time")                 \
    X(TEXT, adjust, "adjust", "TERMS", "place",                                                    \
      "what else to adjust for, as in a formula: 'place + season'; none: clock time only")         \
    X(FLAG, by_place, "by-place", NULL, NULL,                                                      \
      "also each place by itself, and the places pooled by inverse variance")                      \
    X(TEXT, latitude, "latitude", "DEGREES", NULL,                                                 \
      "where the sun is asked for the light at a date; the column dark is not needed then")        \
    X(TEXT, longitude, "longitude", "DEGREES", NULL, "east is positive")                           \
    X(TEXT, time_zone, "time-zone", "ZONE", NULL, "of the clock: Europe/Amsterdam")                \
    X(TEXT, window, "window", "FROM-TO", NULL,                                                     \
      "keep these clock times, 17:06-21:42; default: from the earliest to the latest dusk, where " \
      "dusk is known")                                                                             \
    X(INT, clock_change, "clock-change", "DAYS", "0",                                              \
      "keep dates within so many days of a change of the clock; 0: all")                           \
    X(INT, baseline, "baseline", "MONTHS", "0",                                                    \
      "months from the first that are taken to be in control; 0: all")                             \
    X(REAL, sigma, "sigma", "SIGMA", "3", "limits at this many standard deviations")               \
    X(REAL, shift, "shift", "RATIO", "1.25",                                                       \
      "the ratio that the CUSUM watches for, and its inverse (shares: odds ratio)")                \
    X(REAL, weight, "weight", "WEIGHT", "0.2", "weight of the last month in the weighted ratio")   \
    X(INT, run_length, "run-length", "MONTHS", "60",                                               \
      "wanted mean number of months to the first false alarm of all series together")              \
    X(REAL, epsilon, "epsilon", "E", "0.1",                                                        \
      "largest mean error of the risks that the bounds are drawn for")                             \
    X(INT, steps, "steps", "N", "10", "points of a curve, its ends included")                      \
    X(REAL, alpha, "alpha", "ALPHA", "0.05", "one-sided level of each of two tests")               \
    X(TEXT, start, "start", "MONTH", NULL,                                                         \
      "first month of the decision; default: the first with treated = 1")                          \
    X(TEXT, unit, "unit", "UNIT", NULL, "only this unit (default: each in turn)")                  \
    X(INT, chains, "chains", "N", "4", "independent chains of the sampler")                        \
    X(INT, iter, "iter", "N", "2000",                                                              \
      "iterations of each chain; a quarter of them (500 where there are fewer) is warm-up")        \
    X(TEXT, signal, "signal", "hierarchical|fast|beta", "hierarchical",                            \
      "which published variant of the threshold test")                                             \
    X(TEXT, sampler, "sampler", "nuts|hmc", "nuts",                                                \
      "until a trajectory turns back, or paths of a given length")

OPTION_STRUCT(fit_options, FIT_OPTIONS);

/*
 * Reads cells from `in` and writes the document to `out`, with a newline. ERR_USAGE: no such model,
 * or an option out of range; ERR_INPUT: the cells are wrong, with line, column and remedy;
 * ERR_RETRY: reading or writing failed. Nothing is written on failure. A fit that does not converge
 * is a result
 * ("converged": false), not a failure.
 */
bool fit_run(struct arena *parent, const char *model, FILE *in, const struct fit_options *options,
             FILE *out, struct err *e);

/* As fit_run, from a file; NULL or "-" is standard input. Faults of the cells name the file. */
bool fit_run_file(struct arena *parent, const char *model, const char *path,
                  const struct fit_options *options, FILE *out, struct err *e);

/* The commands "fit MODEL", one a model, with the columns, figures and options of the model's own
 * row; `run` finds the model by fit_model_of(). Returns how many; the arena owns them. */
size_t fit_commands(struct arena *a,
                    int (*run)(const struct program *p, struct arena *a, const void *options,
                               int argc, char *const *argv),
                    const struct command **commands);

/* The model's name in the verb of a command that fit_commands() made. */
const char *fit_model_of(const struct command *command);

#endif
