# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=sh
# Canonical registrations that break no rule, for tests of whole files; to be sourced.
#   sample_csv COUNT [FIRST] [VERSION] [TX]      header and COUNT rows, numbered from FIRST (1)
#   sample_rows …                                the same without the header
#   sample_ndjson COUNT [FIRST] [VERSION] [TX]   the same registrations as NDJSON
# SOURCE names the source system (default "sample"); both forms carry the same values. Times lie on
# 20 November 2026: tests set MAATSTAF_NOW to the day after.

sample_header() {
    printf '%s' "source_system,source_record_no,source_version,tx_type,schema_version,codeset_version,"
    printf '%s' "registered_at,started_at,time_precision,duration_min,initiated_by,selection_method,"
    printf '%s' "stop_mode,vehicle_involved,occupants,persons_present,persons_registered,buurt_code,"
    printf '%s' "place_type,legal_basis,traffic_docs_checked,unit_code,assignment,in_uniform,"
    printf '%s' "officer_identified,person_seq,role,age_band,perceived_gender,selection.behaviour,"
    printf '%s' "selection.fact,selection.information_source,selection.information_age,"
    printf '%s' "selection.selection_text,explanation.explained,explanation.reason_told,"
    printf '%s' "explanation.receipt_given,treatment.treatment_flags,treatment.bodycam,"
    printf '%s' "reflection.reflection,outcome.action,outcome.id_checked,outcome.force,"
    printf '%s\n' "outcome.result"
}

sample_values() { # form count first version tx
    awk -v form="$1" -v count="$2" -v first="${3:-1}" -v version="${4:-1}" -v tx="${5:-I}" \
        -v source="${SOURCE:-sample}" '
    BEGIN {
        for (n = first; n < first + count; n++) {
            minute = n % 600
            start = sprintf("2026-11-20T%02d:%02d:00Z", int(minute / 60), minute % 60)
            registered = sprintf("2026-11-20T%02d:%02d:00Z", int(minute / 60) + 2, minute % 60)
            unit = "HGL-" (n % 97 + 100)
            age = n % 2 ? "25-34" : "35-49"
            text = "Reed zonder licht door rood bij kruispunt nummer " n % 89 " van route " n % 83 "."
            if (form == "csv")
                row_csv()
            else
                row_json()
        }
    }
    function row_csv() {
        printf "%s,%07d,%d,%s,1.0.0,2026.1,%s,%s,exact,9,self,individual,car,true,1,1,1,BU05180704,",
            source, n, version, tx, registered, start
        printf "street,WVW160_1,true,%s,emergency,true,unprompted,1,driver,%s,man,", unit, age
        printf "traffic_offence_seen,no_lights,none,<1h,%s,unprompted,no_lights,digital,none,", text
        printf "worn_on_full,planned,none,shown,none,warning\n"
    }
    function row_json() {
        printf "{\"source_system\":\"%s\",\"source_record_no\":\"%07d\",\"source_version\":%d,", source, n, version
        printf "\"tx_type\":\"%s\",\"schema_version\":\"1.0.0\",\"codeset_version\":\"2026.1\",", tx
        printf "\"registered_at\":\"%s\",\"stop\":{\"started_at\":\"%s\",", registered, start
        printf "\"time_precision\":\"exact\",\"duration_min\":9,\"initiated_by\":\"self\","
        printf "\"selection_method\":\"individual\",\"stop_mode\":\"car\",\"vehicle_involved\":true,"
        printf "\"occupants\":1,\"persons_present\":1,\"persons_registered\":1,"
        printf "\"buurt_code\":\"BU05180704\",\"place_type\":\"street\",\"legal_basis\":[\"WVW160_1\"],"
        printf "\"traffic_docs_checked\":true,\"unit_code\":\"%s\",\"assignment\":\"emergency\",", unit
        printf "\"in_uniform\":true,\"officer_identified\":\"unprompted\"},\"persons\":[{"
        printf "\"person_seq\":1,\"role\":\"driver\",\"age_band\":\"%s\",\"perceived_gender\":\"man\",", age
        printf "\"selection\":{\"behaviour\":[\"traffic_offence_seen\"],\"fact\":[\"no_lights\"],"
        printf "\"circumstance\":[],\"information_source\":\"none\",\"information_age\":\"<1h\","
        printf "\"selection_text\":\"%s\"},\"explanation\":{\"explained\":\"unprompted\",", text
        printf "\"reason_told\":[\"no_lights\"],\"receipt_given\":\"digital\"},\"treatment\":{"
        printf "\"treatment_flags\":[\"none\"],\"bodycam\":\"worn_on_full\"},\"outcome\":{\"actions\":[{"
        printf "\"id_checked\":\"shown\",\"search_kind\":\"none\",\"force\":[\"none\"]}],\"finds\":[],"
        printf "\"results\":[{\"result\":\"warning\"}]},\"reflection\":{\"reflection\":\"planned\"}}]}\n"
    }'
}

sample_rows() {
    sample_values csv "$@"
}

sample_csv() {
    sample_header
    sample_rows "$@"
}

sample_ndjson() {
    sample_values ndjson "$@"
}
