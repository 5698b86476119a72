/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every line is composed in memory and written by one call, so that lines of several processes do
 * not mix. What could fake a line or steer a terminal is written as an escape: control characters,
 * line separators, direction marks, bytes that are not UTF-8, and the backslash itself.
 */
#include "common/log.h"

#include "common/clock.h"
#include "common/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 2048, LINE_BYTES = 4 * MESSAGE_BYTES + 128, NOTE_BYTES = 160 };

/* Back to the first column and wipe the line: what a progress line leaves behind goes away. */
#define WIPE "\r\033[K"
/* Without wrapping a long progress line stays one line, which WIPE can wipe. */
#define NO_WRAP "\033[?7l"
#define WRAP    "\033[?7h"

static const char *const level_names[] = {
    [LOG_ERROR] = "error",
    [LOG_WARNING] = "warning",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

static enum log_level threshold = LOG_WARNING;

/* ---- escaping ------------------------------------------------------------------------------- */

/* Bytes of the character at s that may be shown as it is, or 0. */
static size_t
shown_length(const char *s, size_t left)
{
    const unsigned char first = (unsigned char)s[0];

    if (first < 0x80)
        return first >= 0x20 && first != 0x7f && first != '\\';

    const size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const struct span character = {s, length};
    size_t bad;

    if (length > left || !utf8_valid(character, &bad) || utf8_has_forbidden(character))
        return 0;
    if (memcmp(s, "\xe2\x80\xa8", length) == 0 || memcmp(s, "\xe2\x80\xa9", length) == 0)
        return 0; /* U+2028 and U+2029 */
    return length;
}

static size_t
escape_byte(char *out, char byte)
{
    static const char hex[] = "0123456789abcdef";
    static const char named[][2] = {{'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};

    out[0] = '\\';
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (named[i][0] == byte) {
            out[1] = named[i][1];
            return 2;
        }
    }
    out[1] = 'x';
    out[2] = hex[(unsigned char)byte >> 4];
    out[3] = hex[(unsigned char)byte & 15];
    return 4;
}

/* Writes text escaped and NUL-terminated to out, which holds 4 * strlen(text) + 1; gives its
 * length. */
static size_t
escape(char *out, const char *text)
{
    size_t left = strlen(text);
    size_t used = 0;

    while (left > 0) {
        const size_t shown = shown_length(text, left);
        const size_t taken = shown ? shown : 1;

        if (shown) {
            memcpy(out + used, text, shown);
            used += shown;
        } else {
            used += escape_byte(out + used, *text);
        }
        text += taken;
        left -= taken;
    }
    out[used] = '\0';
    return used;
}

/* ---- lines ---------------------------------------------------------------------------------- */

static bool
stderr_redraws(void)
{
    const char *const terminal = getenv("TERM");

    return terminal && strcmp(terminal, "dumb") != 0 && isatty(STDERR_FILENO) == 1;
}

static void
write_line(const char *before, const char *text)
{
    char line[LINE_BYTES + 64];
    char escaped[4 * MESSAGE_BYTES + 1];

    escape(escaped, text);

    const int length =
        snprintf(line, sizeof line, "%s%s%s\n", stderr_redraws() ? WIPE : "", before, escaped);

    fwrite(line, 1, length > 0 ? (size_t)length : 0, stderr);
    fflush(stderr);
}

void
log_set_level(enum log_level level)
{
    threshold = level;
}

bool
log_level_parse(const char *name, enum log_level *level)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++) {
        if (strcmp(level_names[i], name) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

void
log_write(enum log_level level, const char *format, ...)
{
    char text[MESSAGE_BYTES];
    char time[32];
    char before[64];
    va_list args;

    if (level > threshold)
        return;
    va_start(args, format);
    const int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length < 0)
        return;
    if ((size_t)length >= sizeof text)
        utf8_trim(text);

    instant_text(clock_now(), time);
    snprintf(before, sizeof before, "%s %s ", time, level_names[level]);
    write_line(before, text);
}

void
log_err(const char *program, const struct err *e)
{
    char before[64];

    snprintf(before, sizeof before, "%s: ", program);
    write_line(before, e->text);
    if (e->hint[0])
        write_line("hint: ", e->hint);
}

/* ---- progress ------------------------------------------------------------------------------- */

static void
draw(const char *text)
{
    fputs(text, stderr);
    fflush(stderr);
}

void
progress_start(struct progress *p, const char *what, uint64_t total)
{
    *p = (struct progress){
        .what = what,
        .total = total,
        .started = clock_seconds(),
        .drawn = -1.0,
        .terminal = stderr_redraws(),
    };
}

/* "1:05 left" or "2:03:04 left", or nothing when it cannot be told yet. */
static void
remaining_text(double seconds, char out[32])
{
    out[0] = '\0';
    if (!(seconds >= 0.0 && seconds < 360000.0))
        return;

    const unsigned s = (unsigned)(seconds + 0.5);

    if (s >= 3600)
        snprintf(out, 32, "  %u:%02u:%02u left", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(out, 32, "  %u:%02u left", s / 60, s % 60);
}

/* 1234567 as "1,234,567". */
static void
count_text(uint64_t n, char out[32])
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    size_t used = 0;

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

void
progress_update(struct progress *p, uint64_t done, const char *note)
{
    char line[1024], shown_note[4 * NOTE_BYTES + 1] = "", cut_note[NOTE_BYTES];
    char count[32], rate_count[32], left[32] = "", percent[16] = "";

    if (!p->terminal)
        return;

    const double now = clock_seconds();

    if (p->drawn >= 0.0 && now - p->drawn < 0.1)
        return;
    p->drawn = now;

    const double elapsed = now - p->started;
    const double rate = elapsed > 0.0 ? (double)done / elapsed : 0.0;

    if (p->total > 0 && done <= p->total) {
        snprintf(percent, sizeof percent, " %3u%%",
                 (unsigned)(100.0 * (double)done / (double)p->total));
        if (rate > 0.0)
            remaining_text((double)(p->total - done) / rate, left);
    }
    if (note) {
        if (snprintf(cut_note, sizeof cut_note, "%s", note) >= (int)sizeof cut_note)
            utf8_trim(cut_note);
        escape(shown_note, cut_note);
    }
    if (p->bytes) {
        snprintf(count, sizeof count, "%.1f MB", (double)done / 1e6);
        snprintf(rate_count, sizeof rate_count, "%.1f MB", rate < 1e15 ? rate / 1e6 : 0.0);
    } else {
        count_text(done, count);
        count_text(rate < 1e15 ? (uint64_t)rate : 0, rate_count);
    }
    snprintf(line, sizeof line, WIPE NO_WRAP "%.80s%s  %s  %s/s%s%s%s" WRAP, p->what, percent,
             count, rate_count, left, note ? "  " : "", shown_note);
    draw(line);
}

void
progress_end(struct progress *p)
{
    if (p->terminal && p->drawn >= 0.0)
        draw(WIPE);
    p->drawn = -1.0;
}
