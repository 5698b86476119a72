/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Profiles: headers, maps, the standard columns, what a source covers, and every mistake that a
 * profile can hold. Real files are profile_real.c's.
 */
#include "collector/check.h"
#include "collector/profile_source.h"
#include "tests/unit/decoding.h"

Suite *profile_suite(void);

/* ---- the other header of the same source ----------------------------------------------------- */

static const char bulk_header[] =
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing\n";

START_TEST(the_bulk_download_is_taken_by_its_own_header)
{
    const char *const text =
        arena_printf(a, "%s%s", bulk_header,
                     "Person search,2021-06-01T12:00:00+00:00,True,,51.5,-0.1,Female,over 34,White "
                     "- Irish,White,"
                     "Misuse of Drugs Act 1971 (section 23),Controlled drugs,Arrest,True,False\n");
    const struct record *const r = record_of(FORM_CSV, loaded("data-police-uk"), span_of(text));
    const struct person *const p = &r->persons[0];

    ck_assert_str_eq(r->v[STOP_initiated_by].code->code, "operation");
    ck_assert_str_eq(p->v[PERSON_perceived_gender].code->code, "woman");
    ck_assert_str_eq(p->actions[0].v[ACTION_search_basis].code->code, "UK_MDA23");
    ck_assert_str_eq(p->results[0].v[RESULT_result].code->code, "arrest_suspect");
    ck_assert_uint_eq(p->find_count, 1);
    ck_assert(!p->v[PERSON_treatment_flags].given);
    ck_assert(!r->v[STOP_buurt_code].given);
    ck_assert(r->v[STOP_source_version].given && r->v[STOP_source_version].number == 1);
}
END_TEST

static const struct {
    const char *old, *new, *found;
} bulk_edits[] = {
    {"Female", "Unheard of", "2: R012 /persons/perceived_gender\n"},
    {",Arrest,", ",FALSE,", "2: R012 /persons/outcome/results/result\n"},
    {",Arrest,", ",,", "2: fine\n"},
    {"2021-06-01T12:00:00+00:00", "1 June 2021", "2: R013 /stop/started_at\n"},
    {"2021-06-01T12:00:00+00:00", "", "2: R011 /stop/started_at\n"},
    {"Controlled drugs", "Something new", "2: fine\n"},
    {"51.5,", "51.5,1,", "2: R001 \n"},
};

START_TEST(a_value_that_no_map_has_is_refused_or_what_the_profile_says)
{
    const char *const row =
        "Person search,2021-06-01T12:00:00+00:00,True,,51.5,-0.1,Female,over 34,White - "
        "Irish,White,"
        "Misuse of Drugs Act 1971 (section 23),Controlled drugs,Arrest,True,False\n";
    const char *const text =
        arena_printf(a, "%s%s", bulk_header, edited(row, bulk_edits[_i].old, bulk_edits[_i].new));

    ck_assert_str_eq(outcome_of(FORM_CSV, loaded("data-police-uk"), span_of(text)),
                     bulk_edits[_i].found);
}
END_TEST

/* How often E090 is found in the row, and how often it did not apply. */
static void
judge_search(const struct profile *profile, const char *legislation, unsigned *found,
             uint64_t *not_applicable)
{
    const char *const text = arena_printf(
        a,
        "%sPerson search,2021-06-01T12:00:00+00:00,,,51.5,-0.1,Male,18-24,NA,White,%s,Stolen goods,"
        "Arrest,,\n",
        bulk_header, legislation);
    struct decoder *const d = decoder_of(FORM_CSV, profile, span_of(text));
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal;
    struct err e = {0};
    struct checker *const c =
        checker_new(a, installation_for_profile(a, installation, profile, &e), profile, 0, &e);

    ck_assert_msg(c != NULL, "%s", e.text);
    ck_assert(decoder_next(d, a, &r, &f, &fatal, &e) == DECODE_RECORD);
    ck_assert_uint_eq(f.count, 0);
    check_record(c, a, r, r->v[STOP_started_at].number + INT64_C(3600) * MICROS, &f);
    *found = 0;
    for (unsigned i = 0; i < f.count; i++)
        *found += f.list[i].rule == RULE_E090;
    *not_applicable = checker_not_applicable(c)[RULE_E090];
}

/* A published search without its law stays without; only a profile that says so lets it pass. */
START_TEST(a_rule_does_not_apply_where_the_source_left_its_field_out)
{
    static const char law[] = "Police and Criminal Evidence Act 1984 (section 1)";
    struct profile strict = *loaded("data-police-uk");
    unsigned found;
    uint64_t not_applicable;

    judge_search(loaded("data-police-uk"), law, &found, &not_applicable);
    ck_assert_uint_eq(found, 0);
    ck_assert_uint_eq(not_applicable, 0);
    judge_search(loaded("data-police-uk"), "", &found, &not_applicable);
    ck_assert_uint_eq(found, 0);
    ck_assert_uint_eq(not_applicable, 1);
    strict.has_gaps = false;
    judge_search(&strict, "", &found, &not_applicable);
    ck_assert_uint_eq(found, 1);
    ck_assert_uint_eq(not_applicable, 0);
}
END_TEST

START_TEST(another_header_is_refused)
{
    const char *const text = edited(bulk_header, "Type,Date", "Date,Type");
    const char *const found =
        outcome_of(FORM_CSV, loaded("data-police-uk"), span_of(arena_printf(a, "%sx\n", text)));

    ck_assert_msg(
        strncmp(found, "fatal F001: the header is none that profile data-police-uk", 58) == 0, "%s",
        found);
}
END_TEST

/* ---- columns in any order -------------------------------------------------------------------- */

static const struct {
    const char *text, *what;
} open_rows[] = {
    {"date,time,subject_age,subject_race,subject_sex,type,arrest_made,citation_issued,"
     "warning_issued,search_conducted,search_person,search_vehicle,contraband_found,search_basis,"
     "beat\n2017-01-02,23:15:00,25,black,male,vehicular,FALSE,TRUE,FALSE,TRUE,TRUE,TRUE,FALSE,"
     "probable cause,7\n",
     "25-34 black man car clothing/US_PROBABLE_CAUSE vehicle/US_PROBABLE_CAUSE nothing "
     "criminal_fine area 7"},
    {"subject_race,date,raw_race,outcome,lat,county_name\n"
     "hispanic,2017-01-02,H,warning,41.1,Cook\n",
     "hispanic warning date_only area Cook"},
    {"subject_age,date,frisk_performed,search_conducted\n11.5,2017-01-02,TRUE,FALSE\n",
     "<12 not_recorded safety_frisk none date_only"},
    {"subject_age,date,contraband_found,contraband_drugs,contraband_weapons\n"
     "200,2017-01-02,TRUE,TRUE,NA\n",
     "65+ not_recorded contraband_drugs date_only"},
    {"subject_age,date,contraband_found\nNA,2017-01-02,TRUE\n",
     "not_recorded contraband date_only"},
    {"subject_age,date,arrest_made,citation_issued,warning_issued\n"
     "x,2017-01-02,FALSE,FALSE,FALSE\n",
     "not_recorded nothing_sent_on date_only"},
};

static void
say(struct strbuf *b, const struct value *v)
{
    if (v->given)
        strbuf_printf(b, "%s%s", b->length ? " " : "", v->code->code);
}

/* What the record says, in a few words. */
static const char *
words_of(const struct record *r)
{
    const struct person *const p = &r->persons[0];
    struct strbuf *const b = strbuf_new(a, 4096);

    strbuf_add_text(b, "");
    say(b, &p->v[PERSON_age_band]);
    for (unsigned i = 0; i < p->group_count; i++)
        say(b, &(struct value){.given = true, .code = p->groups[i].v[GROUP_codes].codes[0]});
    say(b, &p->v[PERSON_perceived_gender]);
    say(b, &r->v[STOP_stop_mode]);
    for (unsigned i = 0; i < p->action_count; i++) {
        say(b, &p->actions[i].v[ACTION_search_kind]);
        if (p->actions[i].v[ACTION_search_basis].given)
            strbuf_printf(b, "/%s", p->actions[i].v[ACTION_search_basis].code->code);
    }
    for (unsigned i = 0; i < p->find_count; i++)
        say(b, &p->finds[i].v[FIND_found_class]);
    for (unsigned i = 0; i < p->result_count; i++)
        say(b, &p->results[i].v[RESULT_result]);
    say(b, &r->v[STOP_time_precision]);
    const struct value *const area = &r->v[STOP_buurt_code];
    if (area->given)
        strbuf_printf(b, " area %.*s", (int)area->text.length, area->text.data);
    return b->data;
}

START_TEST(standard_columns_come_in_any_order_and_any_subset)
{
    const struct record *const r =
        record_of(FORM_CSV, loaded("open-policing"), span_of(open_rows[_i].text));

    ck_assert_str_eq(words_of(r), open_rows[_i].what);
}
END_TEST

START_TEST(the_content_key_knows_no_order_and_no_quotes)
{
    const struct profile *const p = loaded("open-policing");
    const struct record *const x =
        record_of(FORM_CSV, p, SPAN_LITERAL("date,subject_race,beat\n2017-01-02,white,7\n"));
    const struct record *const y = record_of(
        FORM_CSV, p, SPAN_LITERAL("beat,subject_race,date\n7,\"white\",\"2017-01-02\"\n"));
    const struct record *const z =
        record_of(FORM_CSV, p, SPAN_LITERAL("date,subject_race,beat\n2017-01-02,white,8\n"));

    ck_assert_mem_eq(x->stop_id, y->stop_id, 16);
    ck_assert_mem_ne(x->stop_id, z->stop_id, 16);
    ck_assert_uint_eq(x->v[STOP_source_record_no].text.length, 7 + 64);
}
END_TEST

static const char *const open_headers[] = {"date,date\n", "date,shoe_size\n", "shoe_size\n",
                                           "raw_\n", "Date,time\n"};

START_TEST(the_content_key_keeps_cells_apart)
{
    const struct profile *const p = loaded("open-policing");
    const struct record *const x =
        record_of(FORM_CSV, p, SPAN_LITERAL("date,district,beat\n2017-01-02,a,bc\n"));
    const struct record *const y =
        record_of(FORM_CSV, p, SPAN_LITERAL("date,district,beat\n2017-01-02,ab,c\n"));

    ck_assert_mem_ne(x->stop_id, y->stop_id, 16);
}
END_TEST

START_TEST(standard_columns_are_known_and_there_once)
{
    const char *const found = outcome_of(FORM_CSV, loaded("open-policing"),
                                         span_of(arena_printf(a, "%sx,y\n", open_headers[_i])));

    ck_assert_msg(strncmp(found, "fatal F001:", 11) == 0, "%s", found);
}
END_TEST

/* ---- what a source covers -------------------------------------------------------------------- */

START_TEST(a_profile_says_what_its_source_covers)
{
    const struct coverage *const c = profile_coverage(loaded("minneapolis"));
    const struct coverage *const all = profile_coverage(NULL);

    ck_assert(c->stop[STOP_started_at] && c->stop[STOP_source_record_no]);
    ck_assert(c->person[PERSON_behaviour] && c->group[GROUP_codes] && c->result[RESULT_result]);
    ck_assert(!c->stop[STOP_selection_method] && !c->stop[STOP_registered_at]);
    ck_assert(!c->action[ACTION_search_basis] && !c->text[TEXT_selection_text]);
    ck_assert(!c->find[FIND_found_class] && !c->officer[OFFICER_officer_pseudonym]);
    for (unsigned i = 0; i < STOP_COUNT; i++)
        ck_assert(all->stop[i] || i == STOP_RECEIVED);
    for (unsigned i = 0; i < GROUP_COUNT; i++)
        ck_assert(all->group[i] || i == GROUP_RECEIVED);
}
END_TEST

START_TEST(every_shipped_profile_loads_and_describes_itself)
{
    const char *const *list = profile_list(a);
    unsigned count = 0;

    for (; list[0]; list += 2, count++) {
        ck_assert_str_eq(profile_description(loaded(list[0])), list[1]);
        decoder_of(FORM_CSV, loaded(list[0]), SPAN_LITERAL("x\n"));
    }
    ck_assert_uint_ge(count, 3);
}
END_TEST

/* ---- mistakes in a profile ------------------------------------------------------------------- */

static const char small_profile[] =
    "{'description':'d','source':'s','licence':'l','zone':'Europe/Paris','key':'no',"
    "'headers':[{'name':'h','order':'exact','columns':['no','at','sex','extra']}],"
    "'stop':{'source_system':'x','tx_type':'I','started_at':{'column':'at'}},"
    "'person':{'perceived_gender':{'column':'sex','map':{'m':'man','f':'woman'}}},"
    "'dropped':{'extra':'not needed'},'codes':{}}";

static const struct {
    const char *old, *new, *message;
} mistakes[] = {
    {"'source':'s',", "", "source: is missing"},
    {"'zone':'Europe/Paris',", "'zone':7,", "zone: is not a text"},
    {"'zone'", "'zoen'", "zoen: is not a key that belongs here"},
    {"'dropped':{'extra':'not needed'}", "'dropped':{}",
     "columns.extra: is neither used nor dropped with a reason"},
    {"'dropped':{'extra':'not needed'}", "'dropped':{'extra':''}", "dropped.extra: has no reason"},
    {"'dropped':{'extra':'not needed'}", "'dropped':{'extra':'x','sex':'y'}",
     "columns.sex: is used and dropped as well"},
    {"'dropped':{'extra':'not needed'}", "'dropped':{'extra':'x','hat':'y'}",
     "dropped.hat: names a column that no header has"},
    {"{'column':'at'}", "{'column':'on'}", "stop.started_at: names a column that no header has"},
    {"'started_at':{'column':'at'}", "'occupants':{'column':'at'}", "stop.started_at: is missing"},
    {"'started_at'", "'begun_at'", "stop.begun_at: is not a field that belongs here"},
    {"'started_at'", "'when'", "stop.when: is not a field that belongs here"},
    {"'started_at'", "'source_record_no':'1','started_at'",
     "stop.source_record_no: is said by key"},
    {"'key':'no',", "", "key: names a column that no header has"},
    {"'order':'exact'", "'order':'some'", "headers.order: is neither exact nor any"},
    {"'columns':['no','at','sex','extra']", "'columns':['no','at','sex','extra','at']",
     "headers.columns: has a column twice"},
    {"'columns':['no','at','sex','extra']", "'columns':['no','at','sex','extra'],'as':['N']",
     "headers.as: has another number of names than columns"},
    {"{'m':'man','f':'woman'}", "{'m':'man','f':7}",
     "person.perceived_gender.map.f: is neither a text nor null"},
    {"'sex','map'", "'sex','mpa'", "person.perceived_gender.mpa: is not a key that belongs here"},
    {"'map':{'m':'man','f':'woman'}", "'bands':[[5,'man'],[3,'woman']]",
     "person.perceived_gender.bands: does not rise"},
    {"'map':{'m':'man','f':'woman'}", "'unmapped':7",
     "person.perceived_gender.unmapped: is not refuse, drop or a text"},
    {"{'column':'sex','map':{'m':'man','f':'woman'}}", "[{'when':{'sex':'m'}}]",
     "person.perceived_gender: has a case without a value"},
    {"{'column':'sex','map':{'m':'man','f':'woman'}}", "[{'when':{'hat':'m'},'value':'man'}]",
     "person.perceived_gender.when.hat: names a column that no header has"},
    {"'codes':{}", "'codes':{'role':[{'code':'a','nl':'b','en':'c','flags':['big']}]}",
     "role.a: has an unknown flag"},
    {"'codes':{}", "'codes':{'role':[{'code':'a','nl':'b'}]}", "en: is missing"},
    {"'codes':{}", "'ambiguous_time':'last','codes':{}",
     "ambiguous_time: is not first, second or refuse"},
    {"'codes':{}", "'areas':'all','codes':{}", "areas: is neither any nor loaded"},
    {"'codes':{}", "'go_live':'2017','codes':{}", "go_live: is not a date (yyyy-mm-dd)"},
    {"'codes':{}", "'gaps':{'person.perceived_gender':''},'codes':{}",
     "gaps.person.perceived_gender: has no reason"},
    {"'codes':{}", "'gaps':{'person.age_band':'why'},'codes':{}",
     "gaps.person.age_band: is not a field that the profile gives"},
    {"'codes':{}", "'gaps':{'age_band':'why'},'codes':{}",
     "gaps.age_band: is not a field that the profile gives"},
    {"'codes':{}", "'gaps':[],'codes':{}", "gaps: is not an object of fields and reasons"},
};

START_TEST(a_mistake_in_a_profile_is_named_with_its_place)
{
    const char *const text = json_text(edited(small_profile, mistakes[_i].old, mistakes[_i].new));
    struct err e = {0};

    ck_assert_msg(profile_compile(a, "mine", span_of(text), &e) == NULL, "%s",
                  mistakes[_i].message);
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_str_eq(e.text, arena_printf(a, "profile mine: %s", mistakes[_i].message));
}
END_TEST

static const struct {
    const char *old, *new, *message;
} misfits[] = {
    {"'m':'man'", "'m':'male'", "profile mine: field perceived_gender does not take \"male\""},
    {"'tx_type':'I'", "'tx_type':'Z'", "profile mine: field tx_type does not take \"Z\""},
    {"'tx_type':'I'", "'tx_type':'I','occupants':'two'",
     "profile mine: field occupants does not take \"two\""},
    {"'map':{", "'absent':'none','map':{",
     "profile mine: field perceived_gender does not take "
     "\"none\""},
    {"{'column':'sex','map':{'m':'man','f':'woman'}}",
     "[{'when':{'sex':'m'},'value':'mr'},{'value':'woman'}]",
     "profile mine: field perceived_gender does not take \"mr\""},
};

START_TEST(a_text_that_its_field_does_not_take_is_a_mistake)
{
    const char *const text = json_text(edited(small_profile, misfits[_i].old, misfits[_i].new));
    struct err e = {0};
    const struct profile *const p = profile_compile(a, "mine", span_of(text), &e);

    ck_assert_msg(p != NULL, "%s", e.text);
    ck_assert_ptr_null(
        decoder_new(a, reader_memory(a, SPAN_LITERAL("x\n"), 0), FORM_CSV, p, installation, &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_str_eq(e.text, misfits[_i].message);
}
END_TEST

START_TEST(a_small_profile_reads_a_file)
{
    struct err e = {0};
    const struct profile *const p =
        profile_compile(a, "mine", span_of(json_text(small_profile)), &e);

    ck_assert_msg(p != NULL, "%s", e.text);
    ck_assert_str_eq(outcome_of(FORM_CSV, p,
                                SPAN_LITERAL("no,at,sex,extra\n1,2021-01-01 10:00,m,\n"
                                             "2,2021-01-01 10:00,x,\n,2021-01-01 10:00,f,\n")),
                     "2: fine\n3: R012 /persons/perceived_gender\n4: R011 /source_record_no\n");
}
END_TEST

START_TEST(a_profile_that_is_not_there_is_said)
{
    struct err e = {0};

    ck_assert_ptr_null(profile_load(a, "atlantis", &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_null(profile_load(a, "/nonexistent/x.json", &e));
    ck_assert_ptr_null(profile_compile(a, "mine", SPAN_LITERAL("{"), &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_null(profile_compile(a, "mine", SPAN_LITERAL("[]"), &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

Suite *
profile_suite(void)
{
    Suite *const s = suite_create("profile");
    TCase *const t = tcase_create("sources");

    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, decoding_open, decoding_close);
    tcase_add_test(t, the_bulk_download_is_taken_by_its_own_header);
    tcase_add_loop_test(t, a_value_that_no_map_has_is_refused_or_what_the_profile_says, 0,
                        COUNT(bulk_edits));
    tcase_add_test(t, a_rule_does_not_apply_where_the_source_left_its_field_out);
    tcase_add_test(t, another_header_is_refused);
    tcase_add_loop_test(t, standard_columns_come_in_any_order_and_any_subset, 0, COUNT(open_rows));
    tcase_add_test(t, the_content_key_knows_no_order_and_no_quotes);
    tcase_add_test(t, the_content_key_keeps_cells_apart);
    tcase_add_loop_test(t, standard_columns_are_known_and_there_once, 0, COUNT(open_headers));
    tcase_add_test(t, a_profile_says_what_its_source_covers);
    tcase_add_test(t, every_shipped_profile_loads_and_describes_itself);
    tcase_add_loop_test(t, a_mistake_in_a_profile_is_named_with_its_place, 0, COUNT(mistakes));
    tcase_add_loop_test(t, a_text_that_its_field_does_not_take_is_a_mistake, 0, COUNT(misfits));
    tcase_add_test(t, a_small_profile_reads_a_file);
    tcase_add_test(t, a_profile_that_is_not_there_is_said);
    suite_add_tcase(s, t);
    return s;
}
