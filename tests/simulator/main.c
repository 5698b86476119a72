/* SPDX-License-Identifier: EUPL-1.2 */
/* maatstaf-simulate: registrations of a city with planted disparities,
 * and the truth beside them. */
#include "common/json.h"
#include "common/option.h"
#include "tests/simulator/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIMULATE_OPTIONS(X)                                                                        \
    X(INT, months, "months", "N", "24", "how many months")                                         \
    X(INT, stops, "stops", "N", "24000", "how many registered stops")                              \
    X(INT, seed, "seed", "N", "1", "seed of all chance")                                           \
    X(TEXT, plan, "plan", "FILE", NULL, "disparities to plant (nothing is planted without)")       \
    X(REAL, unit_overlap, "unit-overlap", "SHARE", "0",                                            \
      "share of the stops of a wijk that the unit next door makes")                                \
    X(MONTH, last, "last-month", "YYYY-MM", NULL, "last month (default: the one before this)")     \
    X(TEXT, format, "format", "ndjson|csv", "ndjson", "form of the registrations")                 \
    X(TEXT, out, "out", "DIR", NULL, "write stops.ndjson (or .csv) and truth.json there")          \
    X(TEXT, truth, "truth", "FILE", NULL, "write the truth there (registrations go to stdout)")

OPTION_STRUCT(simulate_options, SIMULATE_OPTIONS);
#define OPTION_OWNER struct simulate_options
static const struct option_spec simulate_specs[] = {SIMULATE_OPTIONS(OPTION_SPEC)};
#undef OPTION_OWNER

static FILE *
open_output(struct arena *a, const char *folder, const char *name, struct err *e)
{
    const char *const path = folder ? arena_printf(a, "%s/%s", folder, name) : name;
    FILE *const f = fopen(path, "wb");

    if (!f)
        err_set(e, ERR_INPUT, "cannot write %s: %s", path, strerror(errno));
    return f;
}

static bool
close_output(FILE *f, const char *name, struct err *e)
{
    return fclose(f) == 0 ||
           err_set(e, ERR_INTERNAL, "cannot finish %s: %s", name, strerror(errno));
}

static bool
write_truth(struct arena *a, const char *folder, const char *name, const json_t *truth,
            struct err *e)
{
    FILE *const f = open_output(a, folder, name, e);

    if (!f)
        return false;

    struct strbuf *const b = strbuf_new(a, 64 << 20);

    json_write(b, truth, JSON_PRETTY);
    strbuf_add_char(b, '\n');
    if (fwrite(b->data, 1, b->length, f) != b->length) {
        fclose(f);
        return err_set(e, ERR_INTERNAL, "cannot write %s: %s", name, strerror(errno));
    }
    return close_output(f, name, e);
}

static bool
run_simulation(struct arena *a, const struct simulate_options *o, struct err *e)
{
    struct city city;
    struct plan plan;
    struct civil now;
    const bool csv = strcmp(o->format, "csv") == 0;

    instant_civil_utc(clock_now(), &now);
    if (o->months < 1 || o->months > 600)
        return err_set(e, ERR_USAGE, "--months is from 1 to 600");
    if (o->stops < 0 || o->stops > 1000000000)
        return err_set(e, ERR_USAGE, "--stops is from 0 to 1000000000");
    if (!(o->unit_overlap >= 0 && o->unit_overlap < 1))
        return err_set(e, ERR_USAGE, "--unit-overlap is a share from 0, and under 1");
    if (!o->out && isatty(STDOUT_FILENO))
        return err_set(e, ERR_USAGE, "a terminal is no place for %lld registrations",
                       (long long)o->stops) ||
               err_hint(e, "write them to a folder with --out DIR, or send stdout to a file");
    if (!city_load(&city, a, 2020, e) || !plan_load(&plan, a, o->plan, &city, e))
        return false;
    if (o->out && mkdir(o->out, 0777) != 0 && errno != EEXIST)
        return err_set(e, ERR_INPUT, "cannot make the folder %s: %s", o->out, strerror(errno));

    const char *const name = csv ? "stops.csv" : "stops.ndjson";
    FILE *const out = o->out ? open_output(a, o->out, name, e) : stdout;

    if (!out)
        return false;

    const struct simulation s = {
        .city = &city,
        .plan = &plan,
        .last = o->last.year ? o->last : month_add((struct month){now.year, now.month}, -1),
        .months = (unsigned)o->months,
        .stops = (uint64_t)o->stops,
        .seed = (uint64_t)o->seed,
        .unit_overlap = o->unit_overlap,
        .csv = csv,
    };
    const json_t *const truth = simulate(&s, a, out, e);

    if (out != stdout && !close_output(out, name, e))
        return false;
    if (!truth)
        return false;
    if (o->out)
        return write_truth(a, o->out, "truth.json", truth, e);
    return !o->truth || write_truth(a, NULL, o->truth, truth, e);
}

static int
run(const struct program *p, struct arena *a, const void *options, int argc, char *const *argv)
{
    struct err e = {ERR_NONE, "", ""};

    (void)argc;
    (void)argv;
    return run_simulation(a, options, &e) ? 0 : program_fail(p, &e);
}

static const struct command commands[] = {
    {
        .verb = "",
        .arguments = "",
        .summary = "write simulated registrations of The Hague",
        .details = "Registrations are canonical NDJSON (or flat CSV) of stops that never happened, "
                   "in The Hague's buurten, "
                   "with the disparities of a plan planted in them. The truth file says what was "
                   "planted and what "
                   "was there before registration.",
        .options = simulate_specs,
        .option_count = sizeof simulate_specs / sizeof *simulate_specs,
        .options_size = sizeof(struct simulate_options),
        .run = run,
    },
};

int
main(int argc, char **argv)
{
    static const struct program program = {
        .part = "simulate",
        .summary = "stops that never happened, with planted disparities",
        .commands = commands,
        .command_count = 1,
    };

    return program_main(&program, argc, argv);
}
