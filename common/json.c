/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Parsing: a scan for depth that costs no memory, then jansson; its messages quote the input, so
 * only its codes and positions are passed on. Writing: our own, because the bytes are hashed and
 * may not change with a library's version.
 */
#include "common/json.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_DEFAULT = 8, DEPTH_MOST = 2048 /* jansson's own */, FILE_MOST = 16 * 1024 * 1024 };

/* ---- parsing --------------------------------------------------------------------------------- */

/*
 * jansson does not always tell a lack of memory from wrong text, and wrong text is the sender's
 * fault.
 */
static void *
allocate(size_t size)
{
    void *const p = malloc(size);

    if (!p && size > 0)
        err_fatal("out of memory");
    return p;
}

static void
set_allocator(void)
{
    json_set_alloc_funcs(allocate, free);
}

static void
tree_release(void *tree)
{
    json_decref(tree);
}

json_t *
json_own(struct arena *a, json_t *tree)
{
    return arena_own(a, tree, tree_release);
}

/* Past the closing quote of the string whose first byte is text.data[i], or the end. */
static size_t
skip_string(struct span text, size_t i)
{
    while (i < text.length && text.data[i] != '"')
        i += text.data[i] == '\\' ? 2 : 1;
    return i + 1;
}

/* Depth of brackets outside strings; a text that is not JSON gives some number. */
static bool
within_depth(struct span text, unsigned most)
{
    unsigned depth = 0;

    for (size_t i = 0; i < text.length;) {
        const char c = text.data[i++];

        if (c == '"')
            i = skip_string(text, i);
        else if ((c == '[' || c == '{') && ++depth > most)
            return false;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return true;
}

static const struct {
    enum json_error_code code;
    const char *text;
} faults[] = {
    {json_error_premature_end_of_input, "the text ends too early"},
    {json_error_end_of_input_expected, "more text after the end of the value"},
    {json_error_invalid_utf8, "not valid UTF-8"},
    {json_error_null_character, "a NUL character"},
    {json_error_null_byte_in_key, "a NUL character in a name"},
    {json_error_duplicate_key, "a name stands twice in one object"},
    {json_error_numeric_overflow, "a number is too large"},
    {json_error_stack_overflow, "nested too deep"},
};

static const char *
fault_text(enum json_error_code code)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (faults[i].code == code)
            return faults[i].text;
    }
    return "not well-formed";
}

json_t *
json_parse(struct arena *a, struct span text, unsigned max_depth, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const unsigned most = max_depth == 0 ? DEPTH_DEFAULT : max_depth;
    json_error_t fault;

    (void)pthread_once(&once, set_allocator);
    if (!within_depth(text, most)) {
        err_set(e, ERR_INPUT, "json is nested deeper than %u levels", most);
        return NULL;
    }

    json_t *const tree =
        json_loadb(text.length > 0 ? text.data : "", text.length, JSON_REJECT_DUPLICATES, &fault);

    if (tree)
        return json_own(a, tree);
    if (json_error_code(&fault) == json_error_out_of_memory)
        err_fatal("out of memory");
    err_set(e, ERR_INPUT, "json is wrong at line %d, column %d: %s", fault.line, fault.column,
            fault_text(json_error_code(&fault)));
    return NULL;
}

static bool
read_all(FILE *f, struct strbuf *b)
{
    size_t n = 1;

    while (n > 0 && strbuf_reserve(b, 65536)) {
        n = fread(b->data + b->length, 1, 65536, f);
        b->length += n;
    }
    return !ferror(f) && !b->overflow && b->length <= FILE_MOST;
}

json_t *
json_parse_file(struct arena *a, const char *path, struct err *e)
{
    FILE *const f = fopen(path, "re");

    if (!f) {
        err_set(e, ERR_INPUT, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }

    struct arena *const own = arena_new();
    struct strbuf *const b = strbuf_new(own, FILE_MOST + 2 * 65536);
    json_t *tree = NULL;

    errno = 0;
    if (read_all(f, b))
        tree = json_parse(a, (struct span){b->data, b->length}, DEPTH_MOST, e);
    else if (ferror(f))
        err_set(e, ERR_INPUT, "cannot read it: %s", strerror(errno));
    else
        err_set(e, ERR_INPUT, "longer than %d bytes", FILE_MOST);
    (void)fclose(f);
    arena_free(own);
    if (!tree)
        err_context(e, "%s", path);
    return tree;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* A decimal number: 0.d1d2d3… * 10^point. */
struct decimal {
    char digits[18];
    int count;
    int point;
};

static double
decimal_value(const struct decimal *d)
{
    char text[40];

    (void)snprintf(text, sizeof text, "0.%se%d", d->digits, d->point);
    return strtod(text, NULL);
}

/* The decimal with `count` digits nearest to a positive value. */
static void
decimal_nearest(double value, int count, struct decimal *d)
{
    char text[40];

    (void)snprintf(text, sizeof text, "%.*e", count - 1, value);
    d->digits[0] = text[0];
    if (count > 1)
        memcpy(d->digits + 1, text + 2, (size_t)count - 1); /* after the point */
    d->digits[count] = '\0';
    d->count = count;
    d->point = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
}

/* One unit in the last digit up; false when that would carry past the first digit. */
static bool
decimal_up(struct decimal *d)
{
    int i = d->count - 1;

    while (i >= 0 && d->digits[i] == '9')
        d->digits[i--] = '0';
    if (i < 0)
        return false;
    d->digits[i]++;
    return true;
}

/*
 * Fewest digits that read back as value. A normal double that has a form of 15 digits or fewer
 * shows it among its nearest 15; a subnormal may need less than that nearest form. At a power of
 * two the interval below is half as wide, so that the nearest 16 digits may miss where the next
 * ones up still hit.
 */
static void
decimal_shortest(double value, struct decimal *d)
{
    for (int count = value < DBL_MIN ? 1 : 15; count < 17; count++) {
        decimal_nearest(value, count, d);
        if (decimal_value(d) == value)
            return;
        if (decimal_up(d) && decimal_value(d) == value)
            return;
    }
    decimal_nearest(value, 17, d);
}

/* ---- the same in whole numbers, where 128 bits hold everything exactly ----------------------- */

__extension__ typedef unsigned __int128 wide;

enum { PLACES_MOST = 32 /* 5^32 and the 53 bits of a double together fill 128 */ };

static wide
power_of_five(int n)
{
    wide power = 1;

    for (wide square = 5; n > 0; n >>= 1) {
        power *= n & 1 ? square : 1;
        square *= n > 1 ? square : 1;
    }
    return power;
}

static uint64_t
power_of_ten(int n)
{
    return (uint64_t)power_of_five(n) << n;
}

/*
 * value = fraction * 2^-bits. Times 10^places it is exact / 2^drop, and half a unit of its last bit
 * is fives / 2 in the same measure.
 */
struct scaled {
    wide exact, fives;
    int drop;
    bool power_of_two;
};

static wide
scaled_nearest(const struct scaled *v)
{
    const wide whole = v->exact >> v->drop;
    const wide rest = v->exact - (whole << v->drop), half = (wide)1 << (v->drop - 1);

    return whole + (rest > half || (rest == half && whole % 2 == 1));
}

/* Whether a whole number of 10^-places is read as value: never a tie, for fives is odd. */
static bool
scaled_reads_back(const struct scaled *v, wide candidate)
{
    const wide shown = candidate << v->drop;

    if (shown >= v->exact)
        return 2 * (shown - v->exact) < v->fives;
    return (v->power_of_two ? 4 : 2) * (v->exact - shown) < v->fives;
}

static void
decimal_of(wide digits, int count, int point, struct decimal *d)
{
    uint64_t left = (uint64_t)digits;

    d->count = count;
    d->point = point;
    d->digits[count] = '\0';
    for (int i = count; i-- > 0; left /= 10)
        d->digits[i] = (char)('0' + left % 10);
}

/* What decimal_shortest() finds, for most values; false when it must be asked. */
static bool
decimal_shortest_fast(double value, struct decimal *d)
{
    int exponent;
    const uint64_t fraction = (uint64_t)ldexp(frexp(value, &exponent), 53);
    const int least = (int)floor((exponent - 1) * 0.30102999566398120) + 1; /* of value's point */
    int point = least;

    for (int count = 15; count <= 17;) {
        const int places = count - point, drop = 53 - exponent - places;

        if (places < 0 || places > PLACES_MOST || drop < 1)
            return false;

        const wide fives = power_of_five(places);
        const struct scaled v = {fraction * fives, fives, drop, fraction == UINT64_C(1) << 52};
        const uint64_t end = power_of_ten(count);
        wide digits = scaled_nearest(&v);

        if (digits >= end) { /* one digit more before the point, of value or by rounding up */
            point++;
            continue;
        }
        if (count == 17 || scaled_reads_back(&v, digits) ||
            (++digits < end && scaled_reads_back(&v, digits))) {
            decimal_of(digits, count, point, d);
            return true;
        }
        count++;
        point = least;
    }
    return false;
}

/* ---- layout ---------------------------------------------------------------------------------- */

static char *
put(char *out, const char *text, int length)
{
    memcpy(out, text, (size_t)length);
    return out + length;
}

/*
 * Layout as ECMAScript's Number::toString, which RFC 8785 prescribes, but with an exponent from
 * 1e18 on (there 1e21): every whole number written in full then fits an int64 and can be parsed.
 * At the most 24 bytes: 17 digits, 0.00000 or e-308.
 */
static void
decimal_text(const struct decimal *d, char out[31])
{
    static const char zeros[] = "00000000000000000";
    const int n = d->point, k = d->count;

    if (k <= n && n <= 18) {
        out = put(put(out, d->digits, k), zeros, n - k);
    } else if (0 < n && n <= 18) {
        out = put(put(out, d->digits, n), ".", 1);
        out = put(out, d->digits + n, k - n);
    } else if (-6 < n && n <= 0) {
        out = put(put(put(out, "0.", 2), zeros, -n), d->digits, k);
    } else {
        char exponent[8];
        const int length = snprintf(exponent, sizeof exponent, "e%+d", n - 1);

        out = put(out, d->digits, 1);
        if (k > 1)
            out = put(put(out, ".", 1), d->digits + 1, k - 1);
        out = put(out, exponent, length);
    }
    *out = '\0';
}

static void
whole_text(uint64_t value, char *out)
{
    char digits[20];
    int at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    *put(out, digits + at, (int)sizeof digits - at) = '\0';
}

void
json_real_text(double value, char out[32])
{
    const double size = fabs(value);
    struct decimal d;

    if (!isfinite(value)) {
        memcpy(out, "null", sizeof "null");
        return;
    }
    if (value < 0)
        *out++ = '-';
    if (size < 0x1p53 && size == (double)(uint64_t)size) {
        whole_text((uint64_t)size, out); /* -0 is the same number as 0 and has no sign here */
        return;
    }
    if (!decimal_shortest_fast(size, &d))
        decimal_shortest(size, &d);
    while (d.count > 1 && d.digits[d.count - 1] == '0')
        d.digits[--d.count] = '\0';
    decimal_text(&d, out);
}

json_t *
json_number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* ---- writing --------------------------------------------------------------------------------- */

static void write_value(struct strbuf *b, const json_t *value, enum json_style style,
                        unsigned depth);

static void
write_real(struct strbuf *b, double value, enum json_style style)
{
    char text[32];

    if (style == JSON_SEVENTEEN && isfinite(value)) {
        strbuf_printf(b, "%.17g", value);
        return;
    }
    json_real_text(value, text);
    strbuf_add_text(b, text);
}

/* The two-character escape of a byte, or NUL. */
static char
short_escape(char c)
{
    static const char from[] = "\"\\\b\t\n\f\r", to[] = "\"\\btnfr";
    const char *const at = c == '\0' ? NULL : strchr(from, c);

    return at ? to[at - from] : '\0';
}

static void
write_string(struct strbuf *b, const char *s, size_t length)
{
    size_t start = 0;

    strbuf_add_char(b, '"');
    for (size_t i = 0; i < length; i++) {
        const char escape = short_escape(s[i]);

        if ((unsigned char)s[i] >= 0x20 && !escape)
            continue;
        strbuf_add(b, s + start, i - start);
        if (escape)
            strbuf_printf(b, "\\%c", escape);
        else
            strbuf_printf(b, "\\u%04x", (unsigned)(unsigned char)s[i]);
        start = i + 1;
    }
    strbuf_add(b, s + start, length - start);
    strbuf_add_char(b, '"');
}

static void
write_break(struct strbuf *b, enum json_style style, unsigned depth)
{
    if (style == JSON_PRETTY)
        strbuf_printf(b, "\n%*s", (int)(2 * depth), "");
}

static void
write_array(struct strbuf *b, const json_t *array, enum json_style style, unsigned depth)
{
    const size_t count = json_array_size(array);

    strbuf_add_char(b, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            strbuf_add_char(b, ',');
        write_break(b, style, depth + 1);
        write_value(b, json_array_get(array, i), style, depth + 1);
    }
    if (count > 0)
        write_break(b, style, depth);
    strbuf_add_char(b, ']');
}

struct member {
    const char *name;
    const json_t *value;
};

static int
by_name(const void *a, const void *b)
{
    const struct member *const left = a, *const right = b;

    return strcmp(left->name, right->name); /* as unsigned bytes */
}

/* Allocated with malloc; sorted. */
static struct member *
members_of(const json_t *object, size_t count)
{
    struct member *const members = malloc((count + 1) * sizeof *members);
    json_t *const o = (json_t *)(uintptr_t)object; /* iterators want it not const, change nothing */
    size_t i = 0;

    if (!members)
        err_fatal("out of memory");
    for (void *at = json_object_iter(o); at; at = json_object_iter_next(o, at)) {
        members[i].name = json_object_iter_key(at);
        members[i++].value = json_object_iter_value(at);
    }
    qsort(members, count, sizeof *members, by_name);
    return members;
}

static void
write_object(struct strbuf *b, const json_t *object, enum json_style style, unsigned depth)
{
    const size_t count = json_object_size(object);
    struct member *const members = members_of(object, count);

    strbuf_add_char(b, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            strbuf_add_char(b, ',');
        write_break(b, style, depth + 1);
        write_string(b, members[i].name, strlen(members[i].name));
        strbuf_add_text(b, style == JSON_PRETTY ? ": " : ":");
        write_value(b, members[i].value, style, depth + 1);
    }
    if (count > 0)
        write_break(b, style, depth);
    strbuf_add_char(b, '}');
    free(members);
}

static void
write_value(struct strbuf *b, const json_t *value, enum json_style style, unsigned depth)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(b, value, style, depth);
        break;
    case JSON_ARRAY:
        write_array(b, value, style, depth);
        break;
    case JSON_STRING:
        write_string(b, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        strbuf_printf(b, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        write_real(b, json_real_value(value), style);
        break;
    case JSON_TRUE:
        strbuf_add_text(b, "true");
        break;
    case JSON_FALSE:
        strbuf_add_text(b, "false");
        break;
    case JSON_NULL:
        strbuf_add_text(b, "null");
        break;
    }
}

void
json_write(struct strbuf *b, const json_t *value, enum json_style style)
{
    write_value(b, value, style, 0);
}
