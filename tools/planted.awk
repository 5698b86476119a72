# SPDX-License-Identifier: EUPL-1.2
# Prints what was planted beside what the analysis found, one line of the plan at a time.
#   awk -f tools/planted.awk LABELS TRUTH FIGURES [SIGNALS]
# LABELS has lines "code<TAB>label"; TRUTH is the simulator's truth.json, one key a line; FIGURES the csv of
# maatstaf analyzer show. Reads the stored figures and computes none, but for the two shares that a stored
# difference and share give. SIGNALS is the csv of maatstaf analyzer show --signals: a line of the plan is found when
# a signal of its kind, group and place names it; the others are listed as not planted there. Figures: twelve months,
# group as perceived after contact.

FNR == 1 { file++ }
file == 1 { split($0, part, "\t"); label[part[1]] = part[2]; next }
file == 2 { read_truth(); next }
FNR == 1 { n = split($0, head, ","); next }
file == 4 { read_signal(); next }
{
    split($0, cell, ",")
    for (i = 1; i <= n; i++) { gsub(/[\r"]/, "", cell[i]); row[head[i]] = cell[i] }
    if (row["window"] == "12-months" && row["perspective"] == "after_contact") {
        key = row["measure"] "|" row["place"] "|" row["group"] "|" row["term"] "|" row["benchmark"]
        found[key] = 1
        value[key] = row["value"]; lower[key] = row["lower"]; upper[key] = row["upper"]
        q[key] = row["q"]; flagged[key] = row["flagged"]; guard[key] = row["guard"]
    }
}

# Every column before the headline is free of commas.
function read_signal(    i, cell) {
    split($0, cell, ",")
    for (i = 1; i <= n; i++) { gsub(/[\r"]/, "", cell[i]); row[head[i]] = cell[i] }
    if (row["grade"] == "") return
    signals++
    for (i = 1; i <= n; i++) signal[signals, head[i]] = row[head[i]]
}

# "key": value lines; an item of the plan ends at its brace, a cell of the truth likewise.
function read_truth(    k, v) {
    if ($0 ~ /"disparities"/) planning = 1
    if ($0 ~ /^ *},?$/) {
        if (planning && ("kind" in now)) {
            items++
            for (k in now) item[items, k] = now[k]
        } else if (!planning && ("unregistered_stops" in now))
            unregistered[now["group"]] += now["unregistered_stops"]
        split("", now)
    }
    if ($0 !~ /^ *"[a-z_]+": *[^[{]/) return
    k = $0; sub(/^ *"/, "", k); sub(/".*/, "", k)
    v = $0; sub(/^[^:]*: */, "", v); gsub(/[",]/, "", v)
    now[k] = v
}

function name(code) { return code == "" ? "everybody" : code in label ? label[code] : code }
function count(x,    s) { s = sprintf("%d", x); while (s ~ /[0-9][0-9][0-9][0-9]/) sub(/[0-9][0-9][0-9]($|,)/, ",&", s); return s }
function signed(x) { return sprintf("%+.1f", x) }
function chance(key) { return q[key] == "" ? "" : q[key] < 0.001 ? ", q < 0.001" : sprintf(", q %.3f", q[key]) }
function times(key) { return sprintf("%.2f (%.2f to %.2f%s)", value[key], lower[key], upper[key], chance(key)) }
# A guard beside a value only warns: A006, residents of another time.
function warning(key) { return guard[key] == "" ? "" : " (" guard[key] ")" }
function none(key) {
    return !(key in found) ? "not computed" : value[key] != "" ? "" : "withheld" warning(key)
}

# Stands out after adjustment, on the side that was planted.
function stands_out(key, above, middle) {
    return none(key) == "" && flagged[key] == "yes" && (above ? value[key] > middle : value[key] < middle)
}
function verdict(key, above, middle) { return none(key) != "" ? "no figure" : stands_out(key, above, middle) ? "yes" : "no" }

function put(planted, result, seen,    a, b, line) {
    while (planted != "" || result != "") {
        a = first(planted, 38); planted = rest(planted, a)
        b = first(result, 46); result = rest(result, b)
        line = sprintf("  %-38s  %-46s  %s", a, b, seen)
        sub(/ +$/, "", line)
        print line
        seen = ""
    }
}
function first(s, width,    i) {
    if (length(s) <= width) return s
    for (i = width + 1; i > 1 && substr(s, i, 1) != " "; i--) ;
    return substr(s, 1, i > 1 ? i - 1 : width)
}
function rest(s, taken) { s = substr(s, length(taken) + 1); sub(/^ +/, "", s); return s }

function rate(i,    key, planted, j) {
    planted = item[i, "factor"] " times as often stopped: " name(item[i, "group"]) \
        (item[i, "place"] == "" ? ", whole city" : " in " name(item[i, "place"]))
    if (item[i, "from"] != "") planted = planted ", from " item[i, "from"]
    for (j = 1; j <= items; j++)
        if (item[i, "place"] != "" && item[j, "kind"] == "rate" && item[j, "place"] == "" && item[j, "group"] == item[i, "group"])
            planted = planted "; on top of " item[j, "factor"] " in the whole city"
    key = (item[i, "place"] == "" ? "pooled-rate-ratio|" : "rate-ratio|") item[i, "place"] "|" item[i, "group"] "||residents"
    put(planted, none(key) != "" ? none(key) : times(key) " times as often per resident as all others there" warning(key), \
        verdict(key, item[i, "factor"] > 1, 1))
}

function threshold(i,    search, hit, lower_bar, gap) {
    gap = "threshold-difference||" item[i, "group"] "||"
    search = "pooled-search-odds-ratio||" item[i, "group"] "||"
    hit = "pooled-hit-odds-ratio-strict||" item[i, "group"] "||"
    lower_bar = item[i, "shift"] < 0
    put("searched at a threshold " (lower_bar ? -item[i, "shift"] : item[i, "shift"]) " standard deviations " (lower_bar ? "lower" : "higher") ": " name(item[i, "group"]), \
        none(gap) != "" ? "the threshold itself: " none(gap) : \
        sprintf("threshold %s percentage points (%s to %s%s) from that of all others", signed(100 * value[gap]), \
            signed(100 * lower[gap]), signed(100 * upper[gap]), chance(gap)), verdict(gap, !lower_bar, 0))
    put("", "what it leads to, searches: odds ratio " (none(search) != "" ? none(search) : times(search)), \
        verdict(search, lower_bar, 1))
    put("", "what it leads to, strict hits: odds ratio " (none(hit) != "" ? none(hit) : times(hit)), \
        verdict(hit, !lower_bar, 1))
}

function reason(i,    gap, share) {
    gap = "reason-difference||" item[i, "group"] "|" item[i, "code"] "|"
    share = "reason-share||" item[i, "group"] "|" item[i, "code"] "|"
    put(item[i, "factor"] " times as often this reason, '" name(item[i, "code"]) "': " name(item[i, "group"]), \
        none(gap) != "" ? none(gap) : sprintf("stated for %.1f%% of them and %.1f%% of all others: %s percentage points (%s to %s%s)", \
            100 * value[share], 100 * (value[share] - value[gap]), signed(100 * value[gap]), signed(100 * lower[gap]), \
            signed(100 * upper[gap]), chance(gap)), verdict(gap, item[i, "factor"] > 1, 0))
}

function explanation(i,    gap, share) {
    gap = "index-gap-explanation||" item[i, "group"] "||"
    share = "explained-unprompted||" item[i, "group"] "||"
    put(item[i, "factor"] " times the chance of an explanation unprompted: " name(item[i, "group"]), \
        none(gap) != "" ? none(gap) : sprintf("told unprompted: %.1f%%; index of explanation %s points (%s to %s%s) against all others", \
            100 * value[share], signed(value[gap]), signed(lower[gap]), signed(upper[gap]), chance(gap)), \
        verdict(gap, item[i, "factor"] > 1, 0))
}

# What was never registered is in no record, and independent counts have no groups.
function registration(i,    key) {
    key = "pooled-rate-ratio||" item[i, "group"] "||residents"
    put(item[i, "factor"] " times the chance that a stop is registered: " name(item[i, "group"]), \
        "this version has no measure by group; " count(unregistered[item[i, "group"]]) \
        " stops of them are in no record, which only the truth file knows", "no measure")
    if (none(key) == "")
        put("", "their stops look fewer, in part by this: " times(key) " times as often as all others" warning(key), "")
}

# ---- signals: which name what was planted --------------------------------------------------------

# Which kinds of signal say that a planted disparity is there. None says it of registration: what was never
# registered is in no record, and shows, if at all, as other groups stopped more often.
function kinds_of(kind) {
    return kind == "rate" ? "stop-rate" : kind == "threshold" ? "search outcome" : \
        kind == "reason" ? "reasons" : kind == "explanation" ? "explanation" : ""
}
# The same kind, group and place: a disparity of the whole city is named by a signal of the whole city.
function same_thing(s, i) {
    return index(" " kinds_of(item[i, "kind"]) " ", " " signal[s, "kind"] " ") > 0 && \
        signal[s, "group"] == item[i, "group"] && signal[s, "place"] == item[i, "place"]
}
function names_it(s, i) { return same_thing(s, i) && signal[s, "grade"] != "D" }
function on_watch(i,    s, any) {
    for (s = 1; s <= signals; s++)
        if (signal[s, "grade"] == "D" && same_thing(s, i)) {
            any = taken[s] = 1
            places_under(s)
        }
    return any
}
function said(s) {
    return signal[s, "grade"] ": " (signal[s, "place"] == "" ? "whole city" : name(signal[s, "place"])) ", " \
        name(signal[s, "group"]) ", " signal[s, "kind"] " (" signal[s, "evidence"] ")"
}
# What a report tells under a signal of the city is of its kind and group: what was planted in the city is there too.
function places_under(s,    k, n, list) {
    for (k = 1; k <= signals; k++)
        if (signal[k, "under"] != "" && signal[k, "under"] == signal[s, "id"]) {
            taken[k] = 1
            list = list (n++ ? ", " : "") name(signal[k, "place"]) " (" signal[k, "grade"] ")"
        }
    return list
}
function put_signals(    i, s, shown, found_items, watched, list) {
    print ""
    print "  signals of grade A to C beside what was planted: found is what has the same kind, group and place"
    print "  (E3+ holds, E3- does not, which for E3 means inconclusive, E3? not measured;"
    print "  what E1 to E8 ask, and what grades mean: docs/methods/signals.md)"
    for (i = 1; i <= items; i++) {
        print "  " what(i)
        shown = 0
        for (s = 1; s <= signals; s++)
            if (names_it(s, i)) {
                taken[s] = 1
                print "      found: " said(s)
                list = places_under(s)
                if (list != "") print "          and told under it: " list
                shown++
            }
        if (shown) found_items++
        else print "      not found" (kinds_of(item[i, "kind"]) == "" ? ": no kind of signal speaks of it" : \
            on_watch(i) ? ", but on the watch list (D)" : "")
    }
    print "  found: " found_items + 0 " of " items
    print "  not planted there"
    shown = watched = 0
    for (s = 1; s <= signals; s++)
        if (s in taken) continue
        else if (signal[s, "grade"] == "D") watched++
        else { print "      " said(s); shown++ }
    print "      grade A to C: " shown + 0 ", on the watch list (D): " watched + 0
}
function what(i) {
    return item[i, "kind"] " " (item[i, "factor"] != "" ? item[i, "factor"] " " : item[i, "shift"] " ") \
        name(item[i, "group"]) (item[i, "place"] == "" ? "" : " in " name(item[i, "place"]))
}

END {
    if (items == 0 || length_of(found) == 0) { print "no plan or no figures" > "/dev/stderr"; exit 1 }
    printf "  %-38s  %-46s  %s\n", "planted", "found (interval 95%, q after adjustment)", "seen"
    for (i = 1; i <= items; i++) {
        printf "  %-38s  %-46s  %s\n", "--------------------------------------", \
            "----------------------------------------------", "----------"
        if (item[i, "kind"] == "rate") rate(i)
        else if (item[i, "kind"] == "threshold") threshold(i)
        else if (item[i, "kind"] == "reason") reason(i)
        else if (item[i, "kind"] == "explanation") explanation(i)
        else if (item[i, "kind"] == "registration") registration(i)
        else put(item[i, "kind"], "this table does not know it", "?")
    }
    if (file == 4) put_signals()
}
function length_of(list,    k, n) { for (k in list) n++; return n + 0 }
