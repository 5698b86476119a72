/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The parts of the service that need neither port nor database: tokens by their form, limits, the
 * quick look at a posted text, documents of refusals, forms of counts, ids of uploads, and that the
 * description of the interface knows every call.
 */
#include "collector/batches.h"
#include "collector/envelope.h"
#include "collector/form.h"
#include "collector/limit.h"
#include "collector/openapi.h"
#include "collector/problem.h"
#include "collector/serve_internal.h"
#include "collector/token.h"

#include <check.h>
#include <string.h>

Suite *service_suite(void);

static struct arena *arena;

static void
setup(void)
{
    arena = arena_new();
}

static void
teardown(void)
{
    arena_free(arena);
}

/* ---- tokens -----------------------------------------------------------------------------------
 */

START_TEST(two_tokens_are_never_the_same)
{
    char a[TOKEN_LENGTH + 1], b[TOKEN_LENGTH + 1];

    token_make(a);
    token_make(b);
    ck_assert_uint_eq(strlen(a), TOKEN_LENGTH);
    ck_assert_str_ne(a, b);
}
END_TEST

START_TEST(what_has_not_the_form_of_a_token_has_no_digest)
{
    char token[TOKEN_LENGTH + 1];
    uint8_t digest[DIGEST_BYTES], sha[DIGEST_BYTES];

    token_make(token);
    ck_assert(token_digest((struct span){token, TOKEN_LENGTH}, digest));
    sha256_of(token, TOKEN_LENGTH, sha);
    ck_assert_mem_eq(digest, sha, DIGEST_BYTES);
    ck_assert(!token_digest((struct span){token, TOKEN_LENGTH - 1}, digest));
    ck_assert(!token_digest((struct span){token + 1, TOKEN_LENGTH - 1}, digest));
    ck_assert(!token_digest((struct span){NULL, 0}, digest));
    token[0] = 'M';
    ck_assert(!token_digest((struct span){token, TOKEN_LENGTH}, digest));
}
END_TEST

/* ---- limits -----------------------------------------------------------------------------------
 */

START_TEST(a_burst_goes_through_and_then_the_rate)
{
    struct limit *const l = limit_new(arena, 2.0, 3.0);
    const struct span key = SPAN_LITERAL("10.0.0.1");

    for (int i = 0; i < 3; i++)
        ck_assert_double_eq(limit_take(l, key, 100.0), 0.0);
    ck_assert_double_eq_tol(limit_take(l, key, 100.0), 0.5, 1e-9);
    ck_assert_double_eq_tol(limit_take(l, key, 100.25), 0.25, 1e-9);
    ck_assert_double_eq(limit_take(l, key, 100.5), 0.0);
    ck_assert_double_gt(limit_take(l, key, 100.5), 0.0);
}
END_TEST

START_TEST(one_key_does_not_use_up_anothers_limit)
{
    struct limit *const l = limit_new(arena, 1.0, 1.0);

    ck_assert_double_eq(limit_take(l, span_of("a"), 1.0), 0.0);
    ck_assert_double_gt(limit_take(l, span_of("a"), 1.0), 0.0);
    ck_assert_double_eq(limit_take(l, span_of("b"), 1.0), 0.0);
}
END_TEST

START_TEST(a_flood_of_keys_takes_no_more_memory)
{
    struct limit *const l = limit_new(arena, 1.0, 1.0);
    const size_t before = arena_bytes(arena);
    char key[32];

    for (int i = 0; i < 200000; i++) {
        (void)snprintf(key, sizeof key, "2001:db8::%x", (unsigned)i);
        (void)limit_take(l, span_of(key), 1.0 + i * 1e-6);
    }
    ck_assert_uint_eq(arena_bytes(arena), before);
}
END_TEST

/* ---- the envelope -----------------------------------------------------------------------------
 */

static const struct {
    const char *text, *source, *number, *tx;
} envelopes[] = {
    {"{\"source_system\":\"a\",\"source_record_no\":\"1\",\"tx_type\":\"I\"}", "a", "1", "I"},
    {"{ \"tx_type\" : \"U\" ,\n\"source_record_no\":\t\"x-2\", \"source_system\":\"b\"}", "b",
     "x-2", "U"},
    /* Only of the outermost object. */
    {"{\"stop\":{\"source_system\":\"no\"},\"persons\":[{\"tx_type\":\"no\"}]}", "", "", ""},
    {"{\"a\":\"source_system\",\"source_system\":\"c\"}", "c", "", ""},
    {"{\"text\":\"{\\\"tx_type\\\":\\\"W\\\"}\",\"tx_type\":\"I\"}", "", "", "I"},
    /* Escapes need the parser. */
    {"{\"source_system\":\"\\u0061b\",\"tx_type\":\"I\"}", "ab", "", "I"},
    {"{\"\\u0074x_type\":\"W\"}", "", "", "W"},
    /* What is no such text finds nothing and hurts nobody. */
    {"{\"source_system\":5}", "", "", ""},
    {"{\"source_system\":{\"tx_type\":\"I\"}}", "", "", ""},
    {"{\"source_system\"", "", "", ""},
    {"{\"source_system\":\"a", "a", "", ""},
    {"{\"source_system\":\"a\\", "", "", ""},
    {"[\"source_system\"]", "", "", ""},
    {"\"tx_type\":\"I\"", "", "", ""},
    {"}}}}{\"tx_type\":\"I\"", "", "", ""},
    {"", "", "", ""},
};

START_TEST(the_envelope_says_whose_record_it_is)
{
    struct envelope e;

    envelope_read(arena, span_of(envelopes[_i].text), &e);
    ck_assert_msg(span_is(e.source_system, envelopes[_i].source), "source of %s",
                  envelopes[_i].text);
    ck_assert_msg(span_is(e.source_record_no, envelopes[_i].number), "number of %s",
                  envelopes[_i].text);
    ck_assert_msg(span_is(e.tx_type, envelopes[_i].tx), "kind of %s", envelopes[_i].text);
}
END_TEST

/* ---- problems ---------------------------------------------------------------------------------
 */

START_TEST(a_problem_names_every_rule_with_its_place_and_both_texts)
{
    struct findings f;
    struct strbuf *const out = strbuf_new(arena, 65536);
    struct err e;

    findings_clear(&f, arena);
    finding_add(&f, RULE_R011, "/stop/started_at", 0);
    f.person = 2;
    finding_add_why(&f, RULE_R013, "/persons/selection/fact", 2, "unknown field");
    problem_write(out, arena, 400, "invalid", f.list, f.count);

    json_t *const o = json_parse(arena, (struct span){out->data, out->length}, 0, &e);
    json_t *const list = json_object_get(o, "violations");

    ck_assert_int_eq(json_integer_value(json_object_get(o, "status")), 400);
    ck_assert_str_eq(json_string_value(json_object_get(o, "type")), "urn:maatstaf:problem:invalid");
    ck_assert_uint_eq(json_array_size(list), 2);

    const json_t *const second = json_array_get(list, 1);

    ck_assert_str_eq(json_string_value(json_object_get(second, "code")), "R013");
    ck_assert_str_eq(json_string_value(json_object_get(second, "severity")), "R");
    ck_assert_str_eq(json_string_value(json_object_get(second, "pointer")),
                     "/persons/1/selection/fact");
    ck_assert_int_eq(json_integer_value(json_object_get(second, "person_seq")), 2);
    ck_assert_str_eq(json_string_value(json_object_get(second, "reason")), "unknown field");
    ck_assert_str_eq(json_string_value(json_object_get(second, "message_nl")), rules[RULE_R013].nl);
    ck_assert_str_eq(json_string_value(json_object_get(second, "message_en")), rules[RULE_R013].en);
    ck_assert_str_eq(json_string_value(json_object_get(second, "rule_version")),
                     rules[RULE_R013].since);
}
END_TEST

START_TEST(every_refusal_of_the_server_has_words_of_its_own)
{
    static const char *const codes[] = {"syntax",    "framing",     "host",           "parameter",
                                        "not-found", "method",      "too-slow",       "too-large",
                                        "media",     "expectation", "head-too-large", "busy",
                                        "version",   "uri-too-long"};

    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++)
        ck_assert_str_eq(problem_kind_find(codes[i])->code, codes[i]);
    ck_assert_str_eq(problem_kind_find("something else")->code, "refused");
}
END_TEST

/* ---- counts -----------------------------------------------------------------------------------
 */

static const struct {
    const char *text;
    enum rule_id rule;
    const char *place;
} bad_totals[] = {
    {"", RULE_R001, ""},
    {"[]", RULE_R001, ""},
    {"{}", RULE_R011, "/control_totals"},
    {"{\"control_totals\":{}}", RULE_R013, "/control_totals"},
    {"{\"control_totals\":[]}", RULE_R013, "/control_totals"},
    {"{\"control_totals\":[5]}", RULE_R013, "/control_totals/0"},
    {"{\"control_totals\":[{\"period_from\":\"2026-10-01\",\"period_to\":\"2026-10-31\","
     "\"kind\":\"fines\"}]}",
     RULE_R011, "/control_totals/0/count"},
    {"{\"control_totals\":[{\"period_from\":\"2026-02-30\",\"period_to\":\"2026-10-31\","
     "\"kind\":\"fines\",\"count\":1}]}",
     RULE_R013, "/control_totals/0/period_from"},
    {"{\"control_totals\":[{\"period_from\":\"2026-10-01\",\"period_to\":\"2026-10-31\","
     "\"kind\":\"fines\",\"count\":-1}]}",
     RULE_R013, "/control_totals/0/count"},
    {"{\"control_totals\":[{\"period_from\":\"2026-10-01\",\"period_to\":\"2026-10-31\","
     "\"kind\":\"fines\",\"count\":1.0}]}",
     RULE_R013, "/control_totals/0/count"},
    {"{\"control_totals\":[{\"period_from\":\"2026-10-01\",\"period_to\":\"2026-10-31\","
     "\"kind\":\"fines\",\"count\":1,\"source\":\"x\"}]}",
     RULE_R013, "/control_totals/0"},
    {"{\"control_totals\":[{\"period_from\":\"2026-10-01\",\"period_to\":\"2026-10-31\","
     "\"kind\":\"\",\"count\":1}]}",
     RULE_R013, "/control_totals/0/kind"},
};

START_TEST(a_fault_in_counts_is_named_by_its_place)
{
    struct findings f;

    ck_assert_ptr_null(form_read(arena, &form_control_totals, span_of(bad_totals[_i].text), &f));
    ck_assert_uint_eq(f.count, 1);
    ck_assert_int_eq(f.list[0].rule, bad_totals[_i].rule);
    ck_assert_str_eq(finding_pointer(arena, &f.list[0]), bad_totals[_i].place);
}
END_TEST

START_TEST(good_counts_are_read)
{
    struct findings f;

    ck_assert_uint_eq(
        json_array_size(form_read(
            arena, &form_control_totals,
            span_of("{\"control_totals\":[{\"period_from\":\"2026-10-01\",\"period_to\":"
                    "\"2026-10-31\",\"unit_code\":\"HGL-01\",\"kind\":\"fines\",\"count\":0}]}"),
            &f)),
        1);
    ck_assert_uint_eq(json_array_size(form_read(
                          arena, &form_aggregates,
                          span_of("{\"cells\":[{\"month\":\"2026-10\",\"area_code\":\"BU05180704\","
                                  "\"group_code\":\"zwart\",\"kind\":\"persons\",\"count\":12}]}"),
                          &f)),
                      1);
    ck_assert_ptr_null(form_read(
        arena, &form_aggregates,
        span_of("{\"cells\":[{\"month\":\"2026-13\",\"area_code\":\"\",\"group_code\":\"zwart\","
                "\"kind\":\"person\",\"count\":12}]}"),
        &f));
    ck_assert_uint_eq(f.count, 3);
}
END_TEST

/* ---- uploads ----------------------------------------------------------------------------------
 */

START_TEST(an_upload_is_known_by_source_name_and_content)
{
    const uint8_t one[DIGEST_BYTES] = {1}, two[DIGEST_BYTES] = {2};
    char a[37], b[37];

    batch_id("s", "n", one, a);
    batch_id("s", "n", one, b);
    ck_assert_str_eq(a, b);
    batch_id("s", "n", two, b);
    ck_assert_str_ne(a, b);
    batch_id("s", "m", one, b);
    ck_assert_str_ne(a, b);
    batch_id("t", "n", one, b);
    ck_assert_str_ne(a, b);
}
END_TEST

/* ---- the description ---------------------------------------------------------------------------
 */

START_TEST(the_description_has_every_call_and_every_parameter)
{
    struct span text;
    struct err e;

    ck_assert(openapi_text(arena, &text, &e));

    json_error_t why;
    json_t *const root = json_own(arena, json_loadb(text.data, text.length, 0, &why));
    json_t *const paths = json_object_get(root, "paths");

    ck_assert_ptr_nonnull(paths);
    for (unsigned i = 0; i < service_route_count; i++) {
        const struct http_route *const r = &service_routes[i].http;
        char method[8] = "";
        size_t wanted = 0;

        if (!service_routes[i].operation)
            continue;
        for (unsigned k = 0; r->method[k]; k++)
            method[k] = (char)(r->method[k] | 0x20);
        for (const char *c = r->path; *c; c++)
            wanted += *c == '{';
        for (const char *c = r->query; c && *c; c++)
            wanted += *c == ' ' || c == r->query;

        json_t *const call = json_object_get(json_object_get(paths, r->path + 3), method);

        ck_assert_msg(call != NULL, "%s %s is not described", r->method, r->path);
        ck_assert_msg(json_array_size(json_object_get(call, "parameters")) == wanted,
                      "parameters of %s %s", r->method, r->path);
    }
}
END_TEST

Suite *
service_suite(void)
{
    Suite *const s = suite_create("service");
    TCase *const c = tcase_create("service");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, two_tokens_are_never_the_same);
    tcase_add_test(c, what_has_not_the_form_of_a_token_has_no_digest);
    tcase_add_test(c, a_burst_goes_through_and_then_the_rate);
    tcase_add_test(c, one_key_does_not_use_up_anothers_limit);
    tcase_add_test(c, a_flood_of_keys_takes_no_more_memory);
    tcase_add_loop_test(c, the_envelope_says_whose_record_it_is, 0,
                        (int)(sizeof envelopes / sizeof *envelopes));
    tcase_add_test(c, a_problem_names_every_rule_with_its_place_and_both_texts);
    tcase_add_test(c, every_refusal_of_the_server_has_words_of_its_own);
    tcase_add_loop_test(c, a_fault_in_counts_is_named_by_its_place, 0,
                        (int)(sizeof bad_totals / sizeof *bad_totals));
    tcase_add_test(c, good_counts_are_read);
    tcase_add_test(c, an_upload_is_known_by_source_name_and_content);
    tcase_add_test(c, the_description_has_every_call_and_every_parameter);
    suite_add_tcase(s, c);
    return s;
}
