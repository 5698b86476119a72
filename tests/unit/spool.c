/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The spool: what went in comes out, in order, once it was said to be durable, whatever the disk
 * does; and nothing else. First each fault by itself, then the executable model with more than
 * 200,000 random actions (MAATSTAF_SEED=n repeats one run).
 */
#include "collector/spool.h"
#include "collector/spool_segment.h"
#include "common/crc32c.h"
#include "tests/lib/capture.h"
#include "tests/lib/fixture.h"
#include "tests/lib/spool_io.h"
#include "tests/lib/spool_model.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *spool_suite(void);

static const uint8_t key[KEY_BYTES] = "0123456789abcdef0123456789abcdef";
static char dir[64];
static struct arena *life; /* of the open spool */
static struct spool_options options;
static struct err e;

/* ---- folder and files ------------------------------------------------------------------------ */

static void
make_folder(void)
{
    open_arena();
    life = arena_child(a);
    (void)snprintf(dir, sizeof dir, "%s/maatstaf-spool.XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    disk_reset();
    options = (struct spool_options){
        .dir = dir,
        .key = key,
        .segment_bytes = 400,
        .most_bytes = 100000,
        .floor_bytes = 1000,
        .io = &faulty_io,
    };
}

static const char *
path_of(const char *name)
{
    return arena_printf(a, "%s/%s", dir, name);
}

/* The n-th name in the folder that ends so, in order; NULL when there are fewer. */
static const char *
name_of(unsigned n, const char *ending)
{
    struct dirent **list;
    const int count = scandir(dir, &list, NULL, alphasort);
    const char *found = NULL;

    for (int i = 0; i < count; i++) {
        const char *const at = strstr(list[i]->d_name, ending);

        if (at && strcmp(at, ending) == 0 && n-- == 0)
            found = arena_strdup(a, list[i]->d_name);
        free(list[i]);
    }
    if (count >= 0)
        free(list);
    return found;
}

static const char *
segment(unsigned n)
{
    const char *const name = name_of(n, ".segment");

    ck_assert_ptr_nonnull(name);
    return path_of(name);
}

static void
remove_folder(void)
{
    arena_reset(life);
    for (const char *name = name_of(0, ""); name; name = name_of(0, ""))
        ck_assert_int_eq(unlink(path_of(name)), 0);
    (void)rmdir(dir);
    close_arena();
}

static struct span
content(const char *path)
{
    char *const bytes = arena_alloc(a, 1 << 20);
    const int fd = open(path, O_RDONLY);
    const ssize_t n = read(fd, bytes, 1 << 20);

    ck_assert_int_ge(n, 0);
    ck_assert_int_eq(close(fd), 0);
    return (struct span){bytes, (size_t)n};
}

static void
put(const char *path, uint64_t at, const void *bytes, size_t length)
{
    const int fd = open(path, O_WRONLY);

    ck_assert_int_eq(pwrite(fd, bytes, length, (off_t)at), (ssize_t)length);
    ck_assert_int_eq(close(fd), 0);
}

static void
flip(const char *path, uint64_t at)
{
    const char byte = (char)(content(path).data[at] ^ 1);

    put(path, at, &byte, 1);
}

/* ---- the spool ------------------------------------------------------------------------------- */

static struct spool *
opened(void)
{
    arena_reset(life);
    return spool_open(life, &options, &e);
}

static struct spool *
open_again(void)
{
    struct spool *const s = opened();

    ck_assert_msg(s != NULL, "%s", e.text);
    return s;
}

static bool
append(struct spool *s, const char *text)
{
    const struct span record = span_of(text);

    return spool_append(s, &record, 1, &e);
}

/* "1:one 2:two": what can be read now. */
static const char *
rest_of(struct spool *s)
{
    struct strbuf *const out = strbuf_new(a, 1 << 20);
    uint64_t sequence;
    struct span record;
    bool end;

    while (true) {
        ck_assert_msg(spool_read(s, a, &sequence, &record, &end, &e), "%s", e.text);
        if (end)
            return out->data;
        strbuf_printf(out, "%s%ju:%.*s", out->length ? " " : "", (uintmax_t)sequence,
                      (int)record.length, record.data);
    }
}

/* A record of 100 bytes that begins with a text. */
static const char *
wide(const char *text)
{
    return arena_printf(a, "%-100s", text);
}

/* Records 1 to count of 100 bytes, one an append: three a segment. */
static struct spool *
filled(unsigned count)
{
    struct spool *const s = open_again();

    for (unsigned i = 1; i <= count; i++)
        ck_assert(append(s, wide(arena_printf(a, "record %u", i))));
    return s;
}

/* The sequences that can be read: "1 2 5". */
static const char *
sequences_of(struct spool *s)
{
    struct strbuf *const out = strbuf_new(a, 1 << 20);
    uint64_t sequence;
    struct span record;
    bool end;

    while (true) {
        ck_assert_msg(spool_read(s, a, &sequence, &record, &end, &e), "%s", e.text);
        if (end)
            return out->data;
        ck_assert(
            span_equal(record, span_of(wide(arena_printf(a, "record %ju", (uintmax_t)sequence)))));
        strbuf_printf(out, "%s%ju", out->length ? " " : "", (uintmax_t)sequence);
    }
}

enum { WIDE = 148, HEAD = 72 }; /* bytes of such a record on disk, and of a segment's head */

/* ---- in and out ------------------------------------------------------------------------------ */

START_TEST(records_come_out_in_order_and_again_after_a_restart)
{
    struct spool *s = open_again();
    const struct span group[] = {TEXT("one"), TEXT(""), TEXT("three\0!")};

    ck_assert(spool_append(s, group, 3, &e));
    ck_assert(append(s, "four"));
    ck_assert_uint_eq(spool_count(s), 4);
    ck_assert_str_eq(rest_of(s), "1:one 2: 3:three 4:four");
    ck_assert_str_eq(rest_of(s), "");
    ck_assert(append(s, "five"));
    ck_assert_str_eq(rest_of(s), "5:five");
    s = open_again();
    ck_assert_uint_eq(spool_count(s), 5);
    ck_assert_str_eq(rest_of(s), "1:one 2: 3:three 4:four 5:five");
}
END_TEST

START_TEST(what_is_done_does_not_come_again_and_leaves_no_file)
{
    struct spool *s = filled(6);

    ck_assert_str_eq(sequences_of(s), "1 2 3 4 5 6");
    ck_assert(spool_done(s, 5, &e));
    ck_assert_uint_eq(spool_count(s), 1);
    ck_assert_ptr_null(name_of(1, ".segment"));
    s = open_again();
    ck_assert_str_eq(sequences_of(s), "6");
    ck_assert(spool_done(s, 6, &e));
    ck_assert_uint_eq(spool_count(s), 0);
    ck_assert_uint_eq(spool_bytes(s), 0);
    ck_assert_ptr_null(name_of(0, ".segment"));
    ck_assert(append(s, "next"));
    ck_assert_str_eq(rest_of(open_again()), "7:next");
}
END_TEST

START_TEST(a_rewind_begins_after_what_is_done)
{
    struct spool *const s = filled(9);

    ck_assert_str_eq(sequences_of(s), "1 2 3 4 5 6 7 8 9");
    ck_assert(spool_done(s, 3, &e));
    spool_rewind(s);
    ck_assert_str_eq(sequences_of(s), "4 5 6 7 8 9");
    spool_rewind(s);
    ck_assert(!spool_done(s, 4, &e)); /* not read since */
    ck_assert_int_eq(e.code, ERR_INTERNAL);
}
END_TEST

START_TEST(an_append_is_synced_once_and_a_new_segment_is_in_its_folder)
{
    struct spool *const s = open_again();
    const struct span group[] = {TEXT("one"), TEXT("two"), TEXT("three")};
    unsigned before = disk.syncs;

    ck_assert(spool_append(s, group, 3, &e));
    ck_assert_uint_eq(disk.syncs - before, 2); /* the segment and its folder */
    before = disk.syncs;
    ck_assert(spool_append(s, group, 3, &e));
    ck_assert_uint_eq(disk.syncs - before, 1);
    ck_assert(spool_append(s, group, 0, &e));
    ck_assert_uint_eq(disk.syncs - before, 1);
}
END_TEST

START_TEST(a_record_of_the_most_bytes_goes_in_and_a_longer_one_does_not)
{
    struct span record = {arena_alloc(a, SPOOL_RECORD_MOST + 1), SPOOL_RECORD_MOST + 1};
    struct span out;
    uint64_t sequence;
    bool end;

    options.most_bytes = 10 << 20;

    struct spool *s = open_again();

    ck_assert(!spool_append(s, &record, 1, &e));
    ck_assert_int_eq(e.code, ERR_INPUT);
    record.length--;
    ck_assert(spool_append(s, &record, 1, &e));
    ck_assert(append(s, "small"));
    s = open_again();
    ck_assert(spool_read(s, a, &sequence, &out, &end, &e) && !end);
    ck_assert(span_equal(out, record));
    ck_assert_str_eq(rest_of(s), "2:small");
}
END_TEST

START_TEST(nothing_on_disk_can_be_read_without_the_key)
{
    struct spool *const s = open_again();

    ck_assert(append(s, "CANARY-0123456789"));

    const struct span bytes = content(segment(0));

    for (size_t i = 0; i + 6 <= bytes.length; i++)
        ck_assert_int_ne(memcmp(bytes.data + i, "CANARY", 6), 0);
}
END_TEST

/* ---- who may, and limits --------------------------------------------------------------------- */

START_TEST(files_are_for_their_owner_alone)
{
    struct stat st;

    ck_assert_int_eq(rmdir(dir), 0);
    (void)filled(1);
    ck_assert_int_eq(stat(dir, &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, 0700);
    ck_assert_int_eq(stat(segment(0), &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(stat(path_of("done"), &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(chmod(dir, 0750), 0);
    ck_assert_ptr_null(opened());
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.text, "open to others"));
}
END_TEST

START_TEST(a_second_collector_is_told_who_owns_the_folder)
{
    struct arena *const second = arena_child(a);
    struct spool *const s = filled(1);

    ck_assert_ptr_null(spool_open(second, &options, &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.text, "in use by another collector"));
    ck_assert(append(s, "the first goes on"));
    arena_reset(life);
    ck_assert_ptr_nonnull(spool_open(second, &options, &e));
    arena_free(second);
}
END_TEST

START_TEST(links_are_not_followed)
{
    const char *const real = arena_printf(a, "%s-real", dir);

    (void)filled(1);
    arena_reset(life);

    const char *const name = segment(0), *const aside = path_of("elsewhere");

    ck_assert_int_eq(rename(name, aside), 0);
    ck_assert_int_eq(symlink(aside, name), 0);
    ck_assert_ptr_null(opened());
    ck_assert_int_eq(rename(aside, name), 0);
    ck_assert_int_eq(rename(dir, real), 0);
    ck_assert_int_eq(symlink(real, dir), 0);
    ck_assert_ptr_null(opened());
    ck_assert_int_eq(unlink(dir), 0);
    ck_assert_int_eq(rename(real, dir), 0);
    ck_assert_str_eq(sequences_of(open_again()), "1");
}
END_TEST

START_TEST(another_key_is_an_error_and_touches_nothing)
{
    static const uint8_t other[KEY_BYTES] = "another";

    (void)filled(6);
    options.key = other;
    ck_assert_ptr_null(opened());
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.text, "another key"));
    options.key = key;
    ck_assert_str_eq(sequences_of(open_again()), "1 2 3 4 5 6");
}
END_TEST

START_TEST(below_the_floor_nothing_is_taken_before_anything_is_written)
{
    struct spool *const s = filled(1);
    const unsigned before = disk.writes;

    disk.room = options.floor_bytes + HEAD + WIDE - 1;
    ck_assert(!append(s, wide("record 2")));
    ck_assert_int_eq(e.code, ERR_RETRY);
    ck_assert_ptr_nonnull(strstr(e.text, "bytes free"));
    ck_assert_uint_eq(disk.writes, before);
    disk.room++;
    ck_assert(append(s, wide("record 2")));
    ck_assert_str_eq(sequences_of(open_again()), "1 2");
}
END_TEST

START_TEST(the_most_bytes_are_kept)
{
    unsigned taken = 0;

    options.most_bytes = 2000;

    struct spool *const s = open_again();

    while (append(s, wide(arena_printf(a, "record %u", taken + 1))))
        taken++;
    ck_assert_int_eq(e.code, ERR_RETRY);
    ck_assert_uint_gt(taken, 9);
    ck_assert_uint_le(spool_bytes(s), 2000);
    (void)sequences_of(s);
    ck_assert(spool_done(s, 8, &e));
    ck_assert(append(s, wide(arena_printf(a, "record %u", taken + 1))));
}
END_TEST

/* ---- a disk that fails -------------------------------------------------------------------------
 */

START_TEST(short_and_interrupted_writes_are_gone_on_with)
{
    disk.most = 7;
    disk.interrupt = 3;
    (void)filled(5);
    ck_assert_str_eq(sequences_of(open_again()), "1 2 3 4 5");
}
END_TEST

/* A call fails in the middle of a segment: the record goes to a new one, the old one stays read. */
static const struct {
    unsigned fail_writes, fail_syncs;
    size_t partial;
} failing[] = {{1, 0, 0}, {1, 0, 60}, {1, 0, 147}, {0, 1, 0}};

START_TEST(a_failed_call_abandons_the_segment_and_goes_on_in_a_new_one)
{
    struct spool *s = filled(2);

    disk.fail_writes = failing[_i].fail_writes;
    disk.fail_syncs = failing[_i].fail_syncs;
    disk.partial = failing[_i].partial;
    ck_assert(append(s, wide("record 3")));
    ck_assert(append(s, wide("record 4")));
    ck_assert_uint_eq(content(segment(0)).length, HEAD + 2 * WIDE);
    ck_assert_str_eq(sequences_of(s), "1 2 3 4");
    ck_assert_str_eq(sequences_of(open_again()), "1 2 3 4");
    ck_assert_uint_eq(spool_lost(opened()), 0);
}
END_TEST

START_TEST(a_segment_whose_fsync_failed_is_never_synced_again)
{
    struct spool *const s = filled(1);
    struct stat st;

    ck_assert_int_eq(stat(segment(0), &st), 0);
    disk.fail_syncs = 1;
    ck_assert(append(s, wide("record 2")));

    const unsigned failed_at = disk.syncs - 3; /* then the new segment and its folder */

    ck_assert_uint_eq(disk.synced_inode[failed_at], st.st_ino);
    for (unsigned i = 3; i <= 20; i++)
        ck_assert(append(s, wide(arena_printf(a, "record %u", i))));
    (void)sequences_of(s);
    ck_assert(spool_done(s, 20, &e));
    for (unsigned i = failed_at + 1; i < disk.syncs; i++)
        ck_assert_uint_ne(disk.synced_inode[i], st.st_ino);
}
END_TEST

START_TEST(a_disk_that_stays_full_refuses_and_keeps_what_it_has)
{
    struct spool *s = filled(4);

    disk.fail_writes = 40;
    disk.write_errno = ENOSPC;
    for (int i = 0; i < 10; i++) {
        ck_assert(!append(s, "never acknowledged"));
        ck_assert_int_eq(e.code, ERR_RETRY);
    }
    ck_assert_uint_eq(spool_segments(s), 2);
    disk.fail_writes = 0;
    ck_assert(append(s, wide("record 5")));
    ck_assert_str_eq(sequences_of(s), "1 2 3 4 5");
    ck_assert_str_eq(sequences_of(open_again()), "1 2 3 4 5");
}
END_TEST

/* Bytes of an abandoned segment that the disk kept after all, though nobody was answered. */
START_TEST(what_an_abandoned_segment_kept_is_not_read_when_another_follows)
{
    struct spool *s = filled(2);
    const struct span whole = content(segment(0));

    disk.fail_syncs = 1;
    ck_assert(append(s, wide("record 3")));

    /* The sealed frame that had failed, made anew under the same segment. */
    struct segment_head head;
    struct strbuf *const b = strbuf_new(a, 4096);

    ck_assert_int_eq(segment_head_read(a, key, whole, &head), HEAD_GOOD);

    const struct segment_key own = segment_key(a, key, head.id);

    segment_frame_write(b, a, &own, head.id, 3, span_of("never acknowledged"));
    put(segment(0), whole.length, b->data, b->length);
    s = open_again();
    ck_assert_str_eq(sequences_of(s), "1 2 3");
    ck_assert_uint_eq(spool_lost(s), 0);
    arena_reset(life);
    flip(segment(0), HEAD + WIDE + 50); /* nor where one before it cannot be read */
    ck_assert_str_eq(sequences_of(open_again()), "1 3");
}
END_TEST

START_TEST(a_failing_mark_lets_records_come_again_and_frees_room_all_the_same)
{
    struct spool *s = filled(7);

    (void)sequences_of(s);
    disk.fail_writes = 1;
    disk.write_errno = ENOSPC;
    ck_assert(!spool_done(s, 4, &e));
    ck_assert_int_eq(e.code, ERR_RETRY);
    ck_assert_uint_eq(spool_segments(s), 2);
    ck_assert_str_eq(sequences_of(open_again()), "4 5 6 7");
}
END_TEST

START_TEST(a_passing_read_error_costs_nothing)
{
    struct spool *const s = filled(3);

    disk.fail_reads = 2;
    ck_assert_str_eq(sequences_of(s), "1 2 3");
    ck_assert_uint_eq(spool_lost(s), 0);
}
END_TEST

START_TEST(what_a_disk_cannot_read_is_damage)
{
    struct spool *const s = filled(6);

    disk.fail_reads = 3; /* the tries for one block, which holds the first segment */
    ck_assert_str_eq(sequences_of(s), "4 5 6");
    ck_assert_uint_eq(spool_lost(s), 3);
    ck_assert(spool_done(s, 6, &e));
    ck_assert_ptr_nonnull(name_of(0, ".segment.damaged"));
}
END_TEST

/* ---- torn and damaged ------------------------------------------------------------------------ */

START_TEST(a_torn_record_at_the_very_end_is_cut_wherever_it_tore)
{
    (void)filled(5);
    arena_reset(life);

    const char *const last = segment(1);
    const struct span whole = content(last);

    for (size_t length = 0; length <= whole.length; length++) {
        ck_assert_int_eq(truncate(last, 0), 0);
        put(last, 0, whole.data, length);

        struct spool *const s = open_again();

        ck_assert_str_eq(sequences_of(s), length < HEAD + WIDE       ? "1 2 3"
                                          : length < HEAD + 2 * WIDE ? "1 2 3 4"
                                                                     : "1 2 3 4 5");
        ck_assert_uint_eq(spool_lost(s), 0);
        arena_reset(life);
    }
}
END_TEST

START_TEST(room_that_was_never_filled_is_cut_like_a_torn_record)
{
    (void)filled(2);
    arena_reset(life);
    ck_assert_int_eq(truncate(segment(0), HEAD + 2 * WIDE + 5000), 0);

    struct spool *s = open_again();

    ck_assert(append(s, wide("record 3")));
    s = open_again();
    ck_assert_str_eq(sequences_of(s), "1 2 3");
    ck_assert_uint_eq(spool_lost(s), 0);
}
END_TEST

/* Every single byte of a segment, flipped: one record is lost and said to be, or none. */
START_TEST(a_flipped_bit_costs_its_record_and_no_other)
{
    (void)filled(7);
    arena_reset(life);

    const size_t length = content(segment(1)).length;

    for (size_t at = 0; at < length; at++) {
        struct capture c;
        const char *const name = segment(1);

        flip(name, at);
        capture_start(&c);

        struct spool *const s = open_again();

        capture_end(&c);
        ck_assert_str_eq(sequences_of(s), at < HEAD              ? "1 2 3 4 5 6 7"
                                          : at < HEAD + WIDE     ? "1 2 3 5 6 7"
                                          : at < HEAD + 2 * WIDE ? "1 2 3 4 6 7"
                                                                 : "1 2 3 4 5 7");
        ck_assert_uint_eq(spool_lost(s), at >= HEAD);
        ck_assert_ptr_nonnull(strstr(c.err, " error spool segment 0000000002-"));
        ck_assert_ptr_nonnull(strstr(c.err, at < HEAD ? "cannot be read=0;" : "cannot be read=1;"));
        arena_reset(life);
        flip(name, at);
    }
}
END_TEST

START_TEST(a_flipped_bit_in_the_last_record_is_damage_and_not_a_torn_write)
{
    (void)filled(2);
    arena_reset(life);
    for (size_t at = HEAD + WIDE; at < HEAD + 2 * WIDE; at++) {
        flip(segment(0), at);

        struct spool *const s = open_again();

        ck_assert_str_eq(sequences_of(s), "1");
        ck_assert_uint_eq(spool_lost(s), 1);
        arena_reset(life);
        flip(segment(0), at);
    }
}
END_TEST

START_TEST(a_damaged_segment_is_set_aside_when_the_rest_of_it_is_done)
{
    (void)filled(6);
    flip(segment(0), HEAD + WIDE + 20);

    struct spool *s = open_again();

    ck_assert_str_eq(sequences_of(s), "1 3 4 5 6");
    ck_assert_ptr_null(name_of(0, ".segment.damaged"));
    s = open_again();
    ck_assert_uint_eq(spool_lost(s), 1); /* and is said again after a restart */
    ck_assert_str_eq(sequences_of(s), "1 3 4 5 6");
    ck_assert(spool_done(s, 6, &e));
    ck_assert_ptr_nonnull(name_of(0, ".segment.damaged"));
    ck_assert_ptr_null(name_of(0, ".segment"));
    s = open_again();
    ck_assert_uint_eq(spool_lost(s), 0);
    ck_assert_uint_eq(spool_count(s), 0);
}
END_TEST

START_TEST(a_segment_of_which_nothing_can_be_read_does_not_stay_in_the_way)
{
    (void)filled(3);
    for (unsigned i = 0; i < 3; i++)
        flip(segment(0), HEAD + i * WIDE + 30);

    struct spool *const s = open_again();

    ck_assert_str_eq(sequences_of(s), "");
    ck_assert_uint_eq(spool_count(s), 0);
    ck_assert_ptr_nonnull(name_of(0, ".segment.damaged"));
    ck_assert(append(s, "next"));
    ck_assert_uint_eq(spool_count(s), 1);
}
END_TEST

START_TEST(damage_at_the_end_of_the_segment_being_written_does_not_wait_for_the_next_record)
{
    struct spool *const s = filled(3);

    flip(segment(0), HEAD + 2 * WIDE + 30);
    ck_assert_str_eq(sequences_of(s), "1 2");
    ck_assert(spool_done(s, 2, &e));
    ck_assert_uint_eq(spool_count(s), 0);
    ck_assert_uint_eq(spool_lost(s), 1);
    ck_assert_ptr_nonnull(name_of(0, ".segment.damaged"));
    ck_assert(append(s, wide("record 4")));
    ck_assert_str_eq(sequences_of(s), "4");
    ck_assert(spool_done(s, 4, &e));
    ck_assert_uint_eq(spool_count(s), 0);
}
END_TEST

START_TEST(a_segment_removed_while_it_is_written_takes_no_more)
{
    struct spool *s = filled(1);

    ck_assert_int_eq(unlink(segment(0)), 0);
    ck_assert(append(s, wide("record 2")));
    ck_assert_ptr_nonnull(name_of(0, ".segment"));
    s = open_again();
    ck_assert_str_eq(sequences_of(s), "2");
}
END_TEST

START_TEST(a_missing_segment_is_noticed)
{
    (void)filled(9);
    ck_assert_int_eq(unlink(segment(1)), 0);

    struct spool *const s = open_again();

    ck_assert_uint_eq(spool_lost(s), 3);
    ck_assert_str_eq(sequences_of(s), "1 2 3 7 8 9");
    ck_assert_int_eq(unlink(segment(0)), 0);
    ck_assert_uint_eq(spool_lost(open_again()), 6);
}
END_TEST

/* ---- somebody at the files ---------------------------------------------------------------------
 */

/* Changes a sealed byte of record 2 and makes the checksum right again. */
START_TEST(a_change_with_the_right_checksum_is_still_damage)
{
    (void)filled(3);

    const char *const name = segment(0);

    flip(name, HEAD + WIDE + 40);

    const struct span bytes = content(name);
    const uint32_t crc = crc32c(bytes.data + HEAD + WIDE, WIDE - 4);
    const char right[] = {(char)(crc >> 24), (char)(crc >> 16), (char)(crc >> 8), (char)crc};

    put(name, HEAD + 2 * WIDE - 4, right, 4);

    struct spool *const s = open_again();

    ck_assert_str_eq(sequences_of(s), "1 3");
    ck_assert_uint_eq(spool_lost(s), 1);
}
END_TEST

START_TEST(records_in_another_order_or_segment_are_not_replayed)
{
    (void)filled(6);

    const char *const name = segment(0);
    const struct span bytes = content(name), other = content(segment(1));

    put(name, HEAD, bytes.data + HEAD + WIDE, WIDE); /* 2 1 3 */
    put(name, HEAD + WIDE, bytes.data + HEAD, WIDE);

    struct spool *s = open_again();

    ck_assert_str_eq(sequences_of(s), "2 3 4 5 6");
    ck_assert_uint_eq(spool_lost(s), 1);
    put(name, HEAD, bytes.data + HEAD, WIDE); /* 1 4 3, the 4 from the other segment */
    put(name, HEAD + WIDE, other.data + HEAD, WIDE);
    s = open_again();
    ck_assert_str_eq(sequences_of(s), "1 3 4 5 6");
    ck_assert_uint_eq(spool_lost(s), 1);
}
END_TEST

START_TEST(a_renamed_segment_keeps_its_place)
{
    (void)filled(6);
    ck_assert_int_eq(rename(segment(0), path_of("0000000009-00000000000000000099-"
                                                "00000000000000000000000000000000.segment")),
                     0);
    ck_assert_str_eq(sequences_of(open_again()), "1 2 3 4 5 6");
}
END_TEST

/* ---- the model ------------------------------------------------------------------------------- */

enum { RUNS = 20, ACTIONS = 11000, LIES = 5 };

/* The run's log goes to nowhere: it is full of damage. */
static bool
run_model(struct spool_model_run *run)
{
    struct capture c;

    capture_start(&c);

    const bool ok = spool_model_run(run, dir);

    capture_end(&c);
    return ok;
}

/* Every second run repeats from day to day, the others are new ones. */
static uint64_t
seed_of_run(int i)
{
    const char *const given = getenv("MAATSTAF_SEED");
    uint64_t seed = (uint64_t)i;

    if (given)
        return strtoull(given, NULL, 10);
    if (i % 2)
        random_bytes(&seed, sizeof seed);
    return seed;
}

START_TEST(random_actions_do_what_a_plain_list_does)
{
    struct spool_model_run run = {
        .seed = seed_of_run(_i),
        .actions = ACTIONS,
        .honest_only = _i % 4 < 2,
    };

    ck_assert_msg(run_model(&run), "MAATSTAF_SEED=%ju%s, action %u: %s", (uintmax_t)run.seed,
                  run.honest_only ? " (no damage)" : "", run.action, run.why);
    ck_assert_uint_gt(run.appended, ACTIONS / 4);
    ck_assert_uint_gt(run.read, ACTIONS / 4);
    ck_assert_uint_gt(run.crashes, ACTIONS / 50);
    ck_assert_uint_gt(run.failed, 0);
    ck_assert(run.honest_only || (run.lost > 0 && run.damaged > 0));
}
END_TEST

START_TEST(a_disk_that_lies_is_noticed_by_the_model)
{
    struct spool_model_run run = {
        .seed = (uint64_t)_i,
        .actions = ACTIONS,
        .honest_only = true,
        .lie = 400,
    };

    ck_assert(!run_model(&run));
}
END_TEST

static TCase *
faults(void)
{
    TCase *const t = tcase_create("faults");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, short_and_interrupted_writes_are_gone_on_with);
    tcase_add_loop_test(t, a_failed_call_abandons_the_segment_and_goes_on_in_a_new_one, 0,
                        (int)(sizeof failing / sizeof *failing));
    tcase_add_test(t, a_segment_whose_fsync_failed_is_never_synced_again);
    tcase_add_test(t, a_disk_that_stays_full_refuses_and_keeps_what_it_has);
    tcase_add_test(t, what_an_abandoned_segment_kept_is_not_read_when_another_follows);
    tcase_add_test(t, a_failing_mark_lets_records_come_again_and_frees_room_all_the_same);
    tcase_add_test(t, a_passing_read_error_costs_nothing);
    tcase_add_test(t, what_a_disk_cannot_read_is_damage);
    tcase_add_test(t, a_torn_record_at_the_very_end_is_cut_wherever_it_tore);
    tcase_add_test(t, room_that_was_never_filled_is_cut_like_a_torn_record);
    tcase_add_test(t, a_flipped_bit_costs_its_record_and_no_other);
    tcase_add_test(t, a_flipped_bit_in_the_last_record_is_damage_and_not_a_torn_write);
    tcase_add_test(t, a_damaged_segment_is_set_aside_when_the_rest_of_it_is_done);
    tcase_add_test(t, a_segment_of_which_nothing_can_be_read_does_not_stay_in_the_way);
    tcase_add_test(
        t, damage_at_the_end_of_the_segment_being_written_does_not_wait_for_the_next_record);
    tcase_add_test(t, a_segment_removed_while_it_is_written_takes_no_more);
    tcase_add_test(t, a_missing_segment_is_noticed);
    tcase_add_test(t, a_change_with_the_right_checksum_is_still_damage);
    tcase_add_test(t, records_in_another_order_or_segment_are_not_replayed);
    tcase_add_test(t, a_renamed_segment_keeps_its_place);
    return t;
}

static TCase *
plain(void)
{
    TCase *const t = tcase_create("plain");

    tcase_add_test(t, records_come_out_in_order_and_again_after_a_restart);
    tcase_add_test(t, what_is_done_does_not_come_again_and_leaves_no_file);
    tcase_add_test(t, a_rewind_begins_after_what_is_done);
    tcase_add_test(t, an_append_is_synced_once_and_a_new_segment_is_in_its_folder);
    tcase_add_test(t, a_record_of_the_most_bytes_goes_in_and_a_longer_one_does_not);
    tcase_add_test(t, nothing_on_disk_can_be_read_without_the_key);
    tcase_add_test(t, files_are_for_their_owner_alone);
    tcase_add_test(t, a_second_collector_is_told_who_owns_the_folder);
    tcase_add_test(t, links_are_not_followed);
    tcase_add_test(t, another_key_is_an_error_and_touches_nothing);
    tcase_add_test(t, below_the_floor_nothing_is_taken_before_anything_is_written);
    tcase_add_test(t, the_most_bytes_are_kept);
    return t;
}

static TCase *
model(void)
{
    TCase *const t = tcase_create("model");

    tcase_set_timeout(t, 300);
    tcase_add_loop_test(t, random_actions_do_what_a_plain_list_does, 0, RUNS);
    tcase_add_loop_test(t, a_disk_that_lies_is_noticed_by_the_model, 0, LIES);
    return t;
}

Suite *
spool_suite(void)
{
    Suite *const s = suite_create("spool");
    TCase *const cases[] = {plain(), faults(), model()};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tcase_add_checked_fixture(cases[i], make_folder, remove_folder);
        suite_add_tcase(s, cases[i]);
    }
    return s;
}
