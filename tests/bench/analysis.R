# SPDX-License-Identifier: EUPL-1.2
# The figures of `maatstaf analyzer run` for one month, as a data analyst would compute them in R: data.table
# for the counts, base R's distributions for the methods, vectors wherever a vector will do.
#   Rscript analysis.R FOLDER MONTH OUT.csv [DRAWS [OURS.csv]]
# FOLDER has persons.csv (a row a person), areas.csv, population.csv, bridge.csv, groups.csv as run.sh
# writes them. Random numbers are R's own: intervals through the bridge and of reason-distance agree with
# ours within chance, everything else to rounding. The reference is "others", the default of ours. Places whose own
# numbers ours withholds are one stratum of its pooled figures: which they are is read from OURS.csv, and without it none is.
library(data.table)
setDTthreads(2)
args <- commandArgs(TRUE)
folder <- args[1]
last <- as.integer(substr(args[2], 1, 4)) * 12L + as.integer(substr(args[2], 6, 7)) - 1L
out <- args[3]
draws <- if (length(args) > 3) as.integer(args[4]) else 2000L
ours <- if (length(args) > 4) fread(args[5], na.strings = "", select = c("measure", "window", "place", "perspective", "group",
    "benchmark", "n", "note"), colClasses = list(character = c("place", "perspective", "group", "benchmark", "note")))
if (!is.null(ours)) for (column in c("place", "perspective", "group", "benchmark", "note"))
    set(ours, which(is.na(ours[[column]])), column, "")
set.seed(1)
LEVEL <- 0.95
HALF <- (1 - LEVEL) / 2
Z <- qnorm(1 - HALF)
WINDOWS <- c(month = 1L, "3-months" = 3L, "12-months" = 12L, "year-to-date" = last %% 12L + 1L)
PERSPECTIVES <- c(before_contact = "before", after_contact = "after", self = "self")
read <- function(name, ...) fread(file.path(folder, name), na.strings = "", ...)
lap_start <- proc.time()[3]
lap <- function(what) {
    now <- proc.time()[3]
    message(sprintf("%-22s %7.2f s", what, now - lap_start))
    lap_start <<- now
}

# ---- counts --------------------------------------------------------------------------------------

d <- read("persons.csv")[month > last - 24L & month <= last]
true <- function(x) !is.na(x) & x == "t"
d[, `:=`(selected = discretion %chin% c("high", "medium"), was_searched = true(searched))]
sums <- d[, .(
    month, area, unit, before, after, self, reason,
    persons = 1L, low = +(discretion %chin% "low"), discretionary = +selected,
    search_known = +!is.na(searched), searched = +was_searched,
    strict_known = +(was_searched & !is.na(hit_strict)), strict = +(was_searched & true(hit_strict)),
    broad_known = +(was_searched & !is.na(hit_broad)), broad = +(was_searched & true(hit_broad)),
    sound_known = +(selected & !is.na(selection_sound)), sound = +(selected & true(selection_sound)),
    weak_known = +(selected & !is.na(only_weak)), weak = +(selected & true(only_weak)),
    text_known = +(selected & !is.na(text_quality)),
    boilerplate = +(selected & text_quality %chin% "boilerplate"),
    explained_known = +!is.na(explained), unprompted = +(explained %chin% "unprompted"),
    explained_well = +(explained %chin% "unprompted" & reason_match %chin% c("full", "partial")),
    match_known = +!is.na(reason_match), match_full = +(reason_match %chin% "full"),
    match_partial = +(reason_match %chin% "partial"),
    plain_known = +!is.na(treated_plainly), plain = +true(treated_plainly),
    worn = +(bodycam %chin% c("worn_on_full", "worn_on_part", "worn_off")),
    recorded = +(bodycam %chin% "worn_on_full"),
    reflect_known = +!is.na(reflected_in_time), reflected = +true(reflected_in_time),
    sanction_known = +!is.na(sanctioned), sanctioned = +true(sanctioned),
    repeat_known = +(!is.na(prior_stops) & prior_stops != "unknown"),
    repeated = +(prior_stops %chin% c("3-4", "5+")))]
rm(d)
FEATURE <- c(persons = "stops", low = "discretion", discretionary = "discretion",
    search_known = "search", searched = "search", strict_known = "strict", strict = "strict",
    broad_known = "broad", broad = "broad", sound_known = "selection", sound = "selection",
    weak_known = "weak", weak = "weak", text_known = "text", boilerplate = "text",
    explained_known = "explained", unprompted = "explained", explained_well = "explained",
    match_known = "match", match_full = "match", match_partial = "match", plain_known = "treated",
    plain = "treated", worn = "bodycam", recorded = "bodycam", reflect_known = "reflection",
    reflected = "reflection", sanction_known = "sanction", sanctioned = "sanction",
    repeat_known = "repeat", repeated = "repeat")
SUMS <- names(FEATURE)
for (column in c("area", "unit")) set(sums, which(is.na(sums[[column]])), column, "")
cells <- sums[, lapply(.SD, sum), by = .(month, area, unit), .SDcols = SUMS]
cells[, `:=`(perspective = "", group = "")]
reasons <- sums[!is.na(reason), .(k = .N), by = .(month, reason)][, `:=`(perspective = "", group = "")]
for (p in names(PERSPECTIVES)) {
    column <- PERSPECTIVES[[p]]
    own <- sums[!is.na(sums[[column]])]
    if (nrow(own) == 0) next
    by <- c("month", "area", "unit", column)
    x <- own[, lapply(.SD, sum), by = by, .SDcols = SUMS]
    setnames(x, column, "group")
    cells <- rbind(cells, x[, perspective := p], use.names = TRUE)
    x <- own[!is.na(reason), .(k = .N), by = c("month", "reason", column)]
    setnames(x, column, "group")
    reasons <- rbind(reasons, x[, perspective := p], use.names = TRUE)
}
rm(sums)
lap("read and count")

# ---- groups, places, months that take part -------------------------------------------------------

listed <- read("groups.csv") # in the order of the list
found <- cells[perspective != "", unique(group)]
GROUPS <- c(listed[not_perceived != "t" & code %chin% found, code],
            setdiff(sort(found, method = "radix"), c(listed$code, "", "not_perceived")))
in_view <- cells[month > last - 12L & group %chin% GROUPS, unique(perspective)]
VIEWS <- intersect(names(PERSPECTIVES), in_view)

areas <- read("areas.csv")
city_area <- areas[level == "city", code]
areas <- areas[level != "city"]
units <- sort(unique(cells$unit[cells$unit != ""]))
places <- rbind(
    data.table(place = "", level = "city", area = city_area),
    areas[, .(place = code, level, area = code)],
    data.table(place = units, level = "unit", area = NA_character_))
POOL <- if ("wijk" %in% places$level) "wijk" else "area"

above <- areas[, .(area = code, place = code)] # every area with all that it lies in
step <- copy(above)
repeat {
    step <- merge(step, areas[, .(place = code, parent)], by = "place")[
        !is.na(parent) & parent %chin% areas$code & parent != place, .(area, place = parent)]
    if (nrow(step) == 0) break
    above <- rbind(above, step)
}
above <- unique(above)

totals <- cells[perspective == "", lapply(.SD, sum), by = month, .SDcols = SUMS]
half <- function(known, of) known / of < 0.5 & of > 0
outs <- totals[month > last - 12L, .(month,
    discretion = half(low + discretionary, persons), search = half(search_known, persons),
    strict = half(strict_known, searched), broad = half(broad_known, searched),
    selection = half(sound_known, discretionary), weak = half(weak_known, discretionary),
    text = half(text_known, discretionary), explained = half(explained_known, persons),
    treated = half(plain_known, persons), reflection = half(reflect_known, persons),
    sanction = half(sanction_known, persons), "repeat" = half(repeat_known, persons))]
for (feature in setdiff(names(outs), "month")) {
    gone <- outs$month[outs[[feature]]]
    if (length(gone))
        for (column in names(FEATURE)[FEATURE == feature])
            set(cells, which(cells$month %in% gone), column, 0L)
}
seen <- merge(cells[perspective != "", .(known = sum(persons)), by = .(month, perspective)],
              totals[, .(month, persons)], by = "month")
view_out <- seen[known / persons < 0.5, .(month, perspective)]
cells <- cells[!view_out, on = .(month, perspective)]
used_months <- function(window, feature, view) {
    months <- (last - WINDOWS[[window]] + 1L):last
    gone <- setdiff(months, totals$month)
    if (feature %in% names(outs)) gone <- c(gone, outs$month[outs[[feature]]])
    if (view != "") gone <- c(gone, view_out[perspective == view, month],
                              setdiff(months, seen[perspective == view, month]))
    length(setdiff(months, gone))
}

# ---- the cube: window x place x perspective x group ----------------------------------------------

cells[perspective != "" & !group %chin% GROUPS, group := "-"]
by_area <- cells[, lapply(.SD, sum), by = .(month, area, perspective, group), .SDcols = SUMS]
by_unit <- cells[unit != "", lapply(.SD, sum), by = .(month, place = unit, perspective, group), .SDcols = SUMS]
whole <- by_area[, lapply(.SD, sum), by = .(month, perspective, group), .SDcols = SUMS][, place := ""]
inside <- merge(by_area, above, by = "area", allow.cartesian = TRUE)[,
    lapply(.SD, sum), by = .(month, place, perspective, group), .SDcols = SUMS]
monthly <- rbind(whole, inside, by_unit, use.names = TRUE)
everyone <- monthly[perspective != "" & group != "-", lapply(.SD, sum),
                    by = .(month, place, perspective), .SDcols = SUMS][, group := ""]
monthly <- rbind(monthly, everyone, use.names = TRUE)
cube <- rbindlist(lapply(names(WINDOWS), function(w) {
    x <- monthly[month > last - WINDOWS[[w]], lapply(.SD, sum), by = .(place, perspective, group), .SDcols = SUMS]
    b <- monthly[month > last - WINDOWS[[w]] - 12L & month <= last - 12L & month <= last - WINDOWS[[w]],
                 .(persons_before = sum(persons)), by = .(place, perspective, group)]
    merge(x, b, by = c("place", "perspective", "group"), all = TRUE)[, window := w]
}))
frames <- rbind(
    CJ(window = names(WINDOWS), place = places$place, perspective = "", group = "", sorted = FALSE),
    CJ(window = names(WINDOWS), place = places$place, perspective = VIEWS, group = c("", GROUPS), sorted = FALSE))
cube <- merge(frames, cube, by = c("window", "place", "perspective", "group"), all.x = TRUE)
COUNTS <- c(SUMS, "persons_before")
setnafill(cube, fill = 0, cols = COUNTS)
cube <- merge(cube, places, by = "place")
cube <- cube[level != "unknown"]
setkey(cube, window, place, perspective, group)
KEY <- c("window", "place", "perspective")
shown <- cube[(window == "12-months" | level != "buurt") & !(perspective != "" & group == "")]
alls <- cube[perspective != "" & group == ""]
others <- alls[shown, on = KEY, .SD, .SDcols = COUNTS] # all with a group, beside each frame
others <- as.data.table(Map(`-`, others, shown[, ..COUNTS]))
is_group <- shown$perspective != ""
lap("cube")

# ---- methods -------------------------------------------------------------------------------------

wilson <- function(k, n) {
    k <- as.numeric(k) # products of whole numbers would overflow
    n <- as.numeric(n)
    centre <- k + Z^2 / 2
    reach <- Z * sqrt(k * (n - k) / n + Z^2 / 4)
    list(value = k / n, lower = ifelse(k > 0, (centre - reach) / (n + Z^2), 0),
         upper = ifelse(k < n, (centre + reach) / (n + Z^2), 1))
}
proportion <- function(k, n) { # Wilson, or Clopper-Pearson when either side has under five
    r <- wilson(k, n)
    exact <- which(k < 5 | n - k < 5)
    r$lower[exact] <- qbeta(HALF, k[exact], n[exact] - k[exact] + 1)
    r$upper[exact] <- qbeta(HALF, k[exact] + 1, n[exact] - k[exact], lower.tail = FALSE)
    r$lower[which(k == 0)] <- 0
    r$upper[which(k == n)] <- 1
    r
}
newcombe <- function(k1, n1, k0, n0) {
    k1 <- as.numeric(k1)
    n1 <- as.numeric(n1)
    k0 <- as.numeric(k0)
    n0 <- as.numeric(n0)
    a <- wilson(k1, n1)
    b <- wilson(k0, n0)
    delta <- a$value - b$value
    list(value = delta, lower = delta - sqrt((a$value - a$lower)^2 + (b$upper - b$value)^2),
         upper = delta + sqrt((a$upper - a$value)^2 + (b$value - b$lower)^2))
}
chi_square_p <- function(a, b, c, d)
    pchisq((0.0 + a + b + c + d) * (a * d - b * c)^2 / ((a + b) * (c + d) * (a + c) * (b + d)), 1, lower.tail = FALSE)
fisher_p <- function(a, b, c, d)
    vapply(seq_along(a), function(i) fisher.test(matrix(c(a[i], b[i], c[i], d[i]), 2), conf.int = FALSE)$p.value, 0)
detectable_difference <- function(p0, n1, n0, sign) { # bisection of all at once
    low <- rep(1e-12, length(p0))
    high <- ifelse(sign > 0, 1 - p0, p0)
    excess <- function(size) {
        p1 <- p0 + sign * size
        pooled <- (n1 * p1 + n0 * p0) / (n1 + n0)
        size - qnorm(0.975) * sqrt(pmax(0, pooled * (1 - pooled)) * (1 / n1 + 1 / n0)) -
            qnorm(0.8) * sqrt(pmax(0, p1 * (1 - p1)) / n1 + p0 * (1 - p0) / n0)
    }
    none <- excess(high) < 0 | is.na(p0)
    for (i in 1:48) {
        middle <- (low + high) / 2
        above <- excess(middle) > 0
        high <- ifelse(above, middle, high)
        low <- ifelse(above, low, middle)
    }
    ifelse(none, NA, sign * (low + high) / 2)
}
detectable_ratio <- function(expected0, n1, n0) { # 80% power of the exact conditional test
    null <- n1 / (n1 + n0)
    excess <- function(log_ratio) {
        ratio <- exp(log_ratio)
        mean <- expected0 * (1 + ratio * n1 / n0)
        reach <- 5 * sqrt(mean) + 5
        first <- max(0, floor(mean - reach))
        total <- seq(first, ceiling(mean + reach), by = max(1, floor((ceiling(mean + reach) - first) / 96)))
        share <- ratio * n1 / (ratio * n1 + n0)
        low <- qbinom(0.025, total, null)
        low <- low - (pbinom(low, total, null) > 0.025)
        high <- qbinom(0.025, total, null, lower.tail = FALSE)
        high <- high + (pbinom(high - 1, total, null, lower.tail = FALSE) > 0.025)
        weight <- dpois(total, mean)
        sum(weight * (pbinom(low, total, share) + pbinom(high - 1, total, share, lower.tail = FALSE))) /
            sum(weight) - 0.8
    }
    if (excess(0) >= 0) return(NA_real_)
    step <- min(2.8 * sqrt((1 + n0 / n1) / expected0), 3)
    r <- try(exp(uniroot(excess, c(0, step), extendInt = "upX", tol = 1e-4)$root), silent = TRUE)
    if (is.numeric(r)) r else NA_real_
}
# A group of fewer than ten; what ours withholds to protect such a group is not computed here (compare.awk).
withheld_by <- function(n) n < 10
# Whether ours shows the number of a row; x has the columns of a frame.
is_ours <- function(x, name, of = "", view = x$perspective, group = x$group)
    data.table(window = x$window, place = x$place, perspective = view, group = group)[
        , ours[measure == name & benchmark == of & !is.na(n)][.SD, on = .(window, place, perspective, group), mult = "first", !is.na(n)]]
# A count of the group, or of all with a group, that is there and not shown: all go with everybody.
is_hidden <- function(x, name, one, all, of = "") if (is.null(ours)) rep(FALSE, nrow(x)) else
    (one > 0 & !is_ours(x, name, of)) | (all > 0 & (all < 10 | !is_ours(x, name, of, "", "")))
few_together <- function(n) n > 0 & n < 10
# What ours leaves out of a pooled figure, since sums would tell too much, is left out here as well.
is_left_out <- function(x, name, of = "") if (is.null(ours)) rep(FALSE, nrow(x)) else
    ours[measure == name & benchmark == of & place == "" & grepl("places-left-out", note)][
        x, on = .(window, perspective, group), mult = "first", !is.na(note)]
together <- function(t, name, of = "") { # strata of tables a, b, c, d: what is hidden is one
    t <- copy(t)[!hidden | !is_left_out(t, name, of)]
    t[, stratum := fifelse(hidden, "together", place)]
    t <- t[, .(a = sum(a), b = sum(b), c = sum(c), d = sum(d)), by = .(window, perspective, group, stratum)]
    t[!(stratum == "together" & (few_together(a + b) | few_together(c + d)))]
}
informative <- function(t) t[a + b > 0 & c + d > 0 & a + c > 0 & b + d > 0]
pooled_odds <- function(t, by) { # Mantel-Haenszel with Robins-Breslow-Greenland
    t <- copy(t)[, total := a + b + c + d]
    t[, `:=`(r = a * d / total, s = b * c / total, p = (a + d) / total, q = (b + c) / total)]
    r <- t[, .(ratio = sum(r) / sum(s), strata = .N,
               se = sqrt(sum(p * r) / (2 * sum(r)^2) + sum(p * s + q * r) / (2 * sum(r) * sum(s)) +
                         sum(q * s) / (2 * sum(s)^2))), by = by]
    r[, `:=`(z = log(ratio) / se, lower = exp(log(ratio) - Z * se), upper = exp(log(ratio) + Z * se))]
    r[, p := 2 * pnorm(-abs(z))]
    r[]
}
cmh <- function(t, by) {
    t <- copy(t)[, total := a + b + c + d]
    r <- t[, .(away = sum((a * d - b * c) / total),
               variance = sum((a + b) * (c + d) * (a + c) * (b + d) / (total^2 * (total - 1)))), by = by]
    r[, statistic := pmax(abs(away) - ifelse(abs(away) >= 0.5, 0.5, 0), 0)^2 / variance]
    r[, p := pchisq(statistic, 1, lower.tail = FALSE)]
    r[]
}

figures <- list()
# A figure of an area or a unit is a row when there is something to count; the city always says why not.
add <- function(x, nothing = FALSE) figures[[length(figures) + 1]] <<- x[place == "" | !nothing]
frame_of <- function(rows) shown[rows, .(window, level, place, perspective, group)]

# ---- shares --------------------------------------------------------------------------------------

SHARES <- fread(text = "name,k,n,k2,scale,difference,pooled,cmh,least
search-rate,searched,search_known,,1,search-difference,pooled-search-odds-ratio,search-cmh,0
hit-rate-strict,strict,strict_known,,1,hit-difference-strict,pooled-hit-odds-ratio-strict,hit-cmh-strict,50
hit-rate-broad,broad,broad_known,,1,hit-difference-broad,pooled-hit-odds-ratio-broad,hit-cmh-broad,50
index-selection,sound,sound_known,,100,index-gap-selection,,,0
index-explanation,explained_well,explained_known,,100,index-gap-explanation,,,0
index-reflection,reflected,reflect_known,,100,index-gap-reflection,,,0
treated-plainly,plain,plain_known,,1,,,,0
bodycam-full,recorded,worn,,1,bodycam-difference,,,0
explained-unprompted,unprompted,explained_known,,1,,,,0
reason-match,match_full,match_known,match_partial,1,,,,0
only-weak-reasons,weak,weak_known,,1,only-weak-difference,,,0
boilerplate,boilerplate,text_known,,1,,,,0
repeat-burden,repeated,repeat_known,,1,,,,0", na.strings = "")

months_left <- function(feature) { # months that take part, by frame
    x <- unique(shown[, .(window, perspective)])
    x[, months := mapply(used_months, window, feature, perspective)]
    x[shown, on = .(window, perspective), months]
}
one_share <- function(s) {
    count <- function(table, column) as.numeric(table[[column]])
    k <- count(shown, s$k) + (if (is.na(s$k2)) 0 else count(shown, s$k2))
    n <- count(shown, s$n)
    months <- months_left(FEATURE[[s$k]])
    few <- withheld_by(n)
    guard <- fcase(months == 0, "A003", n == 0, "A005", few, "A001", default = NA)
    r <- proportion(k, n)
    x <- frame_of(TRUE)[, `:=`(measure = s$name, value = r$value * s$scale, lower = r$lower * s$scale,
                               upper = r$upper * s$scale, n = n, events = k, guard = guard)]
    add(x, n == 0 | months == 0)
    if (is.na(s$difference)) return()
    g <- which(is_group)
    k1 <- k[g]
    n1 <- n[g]
    k0 <- count(others, s$k)[g]
    n0 <- count(others, s$n)[g]
    guard <- fcase(months[g] == 0, "A003", n1 == 0 | n0 == 0, "A005", few[g] | n0 < 10, "A001",
                   n1 < s$least | n0 < s$least, "A002", default = NA)
    r <- newcombe(k1, n1, k0, n0)
    x <- frame_of(g)[, `:=`(measure = s$difference, value = r$value * s$scale, lower = r$lower * s$scale,
                            upper = r$upper * s$scale, n = n1, events = k1, guard = guard)]
    ok <- which(is.na(guard))
    a <- k1[ok]
    b <- n1[ok] - a
    c <- k0[ok]
    d <- n0[ok] - c
    p <- chi_square_p(a, b, c, d)
    least <- pmin(a + b, c + d) * pmin(a + c, b + d) / (a + b + c + d)
    sparse <- which(a + c > 0 & b + d > 0 & least < 5 & a + b + c + d < 20000)
    p[sparse] <- fisher_p(a[sparse], b[sparse], c[sparse], d[sparse])
    x[ok, p := ..p]
    x[, detectable := NA_real_]
    nothing <- few[g] | n0 < 10 | months[g] == 0
    judged <- which(n1 > 0 & n0 > 0 & (!nothing | x$place == ""))
    x[judged, detectable := s$scale * detectable_difference(k0[judged] / n0[judged], n1[judged], n0[judged],
        ifelse(k1[judged] * n0[judged] < k0[judged] * n1[judged], -1, 1))]
    add(x, nothing)
    if (is.na(s$pooled)) return()
    t <- shown[g, .(window, perspective, group, level, place)][, `:=`(a = k1, b = n1 - k1, c = k0, d = n0 - k0)]
    t <- t[level == POOL]
    t[, hidden := is_hidden(t, s$name, a + b, a + b + c + d)]
    t <- informative(together(t, s$pooled))
    whole <- which(shown$level[g] == "city")
    top <- frame_of(g[whole])[, `:=`(n = n1[whole], events = k1[whole])]
    by <- c("window", "perspective", "group")
    pooled <- pooled_odds(t, by)[top, on = by]
    test <- cmh(t, by)[top, on = by]
    guard <- fcase(months[g[whole]] == 0, "A003", n1[whole] < 10 | n0[whole] < 10, "A001",
                   n1[whole] < s$least | n0[whole] < s$least, "A002",
                   is.na(pooled$strata) | pooled$strata < 3, "A004", default = NA)
    add(copy(top)[, `:=`(measure = s$pooled, value = pooled$ratio, lower = pooled$lower, upper = pooled$upper,
                         p = pooled$p, statistic = pooled$z, guard = guard)])
    add(copy(top)[, `:=`(measure = s$cmh, value = test$statistic, statistic = test$statistic, p = test$p,
                         n = pooled$strata, events = NA_real_, guard = guard)])
}
for (i in seq_len(nrow(SHARES))) one_share(SHARES[i])
lap("shares")

# ---- respect: the mean of two shares -------------------------------------------------------------

mean_of <- function(table) {
    part <- function(k, n, feature) {
        n <- ifelse(months_left(feature) == 0, 0, n)
        w <- wilson(k, n)
        list(p = k / n, k = k, down = (k / n - w$lower)^2, up = (w$upper - k / n)^2, n = n, any = n > 0)
    }
    x <- part(table$plain, table$plain_known, "treated")
    y <- part(table$recorded, table$worn, "bodycam")
    parts <- x$any + y$any
    list(value = (ifelse(x$any, x$p, 0) + ifelse(y$any, y$p, 0)) / parts,
         below = (ifelse(x$any, x$down, 0) + ifelse(y$any, y$down, 0)) / parts^2,
         above = (ifelse(x$any, x$up, 0) + ifelse(y$any, y$up, 0)) / parts^2, x = x, y = y,
         least = pmin(ifelse(x$any, x$n, Inf), ifelse(y$any, y$n, Inf)), parts = parts)
}
own <- mean_of(shown)
rest <- mean_of(others)
n <- ifelse(own$parts > 0, own$least, 0)
few <- withheld_by(n)
few[!is_group] <- FALSE
guard <- fcase(own$parts == 0, "A005", few | own$least < 10, "A001", default = NA)
add(frame_of(TRUE)[, `:=`(measure = "index-respect", value = 100 * own$value,
    lower = 100 * (own$value - sqrt(own$below)), upper = 100 * (own$value + sqrt(own$above)),
    n = n, guard = guard)], own$parts == 0)
gap <- own$value - rest$value
equal <- function(a, b) {
    p <- (ifelse(a$any, a$k, 0) + ifelse(b$any, b$k, 0)) / (a$n + b$n)
    ifelse(a$any, p * (1 - p) / a$n / own$parts^2, 0) + ifelse(b$any, p * (1 - p) / b$n / rest$parts^2, 0)
}
se <- sqrt(equal(own$x, rest$x) + equal(own$y, rest$y))
se[se == 0] <- NA
guard <- fcase(!is.na(guard), guard, rest$parts == 0, "A005", rest$least < 10, "A001", default = NA)
add(frame_of(TRUE)[, `:=`(measure = "index-gap-respect", value = 100 * gap, lower = 100 * (gap - sqrt(own$below + rest$above)),
    upper = 100 * (gap + sqrt(own$above + rest$below)), statistic = gap / se, p = 2 * pnorm(-abs(gap / se)), n = n,
    guard = guard)][is_group], !is.na(guard[is_group]))
lap("respect")

# ---- residents -----------------------------------------------------------------------------------

bridge <- read("bridge.csv")
population <- read("population.csv")
CLASSES <- unique(bridge$class)
years <- population[class %chin% CLASSES, .N, by = year][N * 10 >= max(N) * 9]
YEAR <- years[order(abs(year - last %/% 12L), year)][1, year]
population <- population[year == YEAR]
W <- matrix(0, length(CLASSES), length(GROUPS), dimnames = list(CLASSES, GROUPS))
known <- bridge[group_code %chin% GROUPS]
W[cbind(known$class, known$group_code)] <- known$weight
where <- places[!is.na(area) & level != "unknown"]
by_class <- function(column) {
    m <- matrix(NA_real_, nrow(where), length(CLASSES) + 1, dimnames = list(where$area, c(CLASSES, "all")))
    x <- population[class %chin% colnames(m) & area_code %chin% where$area]
    m[cbind(x$area_code, x$class)] <- x[[column]]
    m
}
persons <- by_class("persons")
rounded <- by_class("rounded_to")
rounded <- ifelse(is.na(rounded) | rounded <= 1, 0, rounded / 2)
empty <- is.na(persons[1, ])
persons[1, empty] <- colSums(persons[where$level == POOL, empty, drop = FALSE], na.rm = TRUE)
mean_residents <- cbind(persons[, CLASSES, drop = FALSE] %*% W, persons[, "all"])
colnames(mean_residents) <- c(GROUPS, "all")

concentration <- function(w, low, high) { # whose widest 95% interval is as wide as the widest given
    width <- max(high - low)
    if (width <= 0) return(Inf)
    excess <- function(l) max(qbeta(0.975, exp(l) * w, exp(l) * (1 - w)) - qbeta(0.025, exp(l) * w, exp(l) * (1 - w))) - width
    end <- log(16 / width^2 + 16)
    for (start in seq(end - 0.5, -7, by = -0.5))
        if (excess(start) >= 0) return(exp(uniroot(excess, c(start, start + 0.5), tol = 1e-12)$root))
    1
}
weights <- lapply(CLASSES, function(c) {
    b <- bridge[class == c & weight > 0]
    k <- concentration(b$weight, b$low, b$high)
    m <- if (is.infinite(k)) matrix(b$weight, draws, nrow(b), byrow = TRUE) else
        matrix(rgamma(draws * nrow(b), rep(k * b$weight, each = draws)), draws)
    m <- m / rowSums(m)
    full <- matrix(0, draws, length(GROUPS), dimnames = list(NULL, GROUPS))
    mine <- b$group_code %in% GROUPS
    full[, b$group_code[mine]] <- m[, mine]
    full
})
names(weights) <- CLASSES
jitter <- function(area, class) {
    r <- rounded[area, class]
    if (r == 0) rep(persons[area, class], draws) else pmax(0, persons[area, class] + runif(draws, -r, r))
}
drawn <- lapply(setNames(nm = where$area), function(area) { # place: draws x groups, and all
    m <- Reduce(`+`, lapply(CLASSES, function(c) weights[[c]] * jitter(area, c)))
    cbind(m, jitter(area, "all"))
})
for (area in names(drawn)) colnames(drawn[[area]]) <- c(GROUPS, "all")
lap("bridge")

# ---- stop rates ----------------------------------------------------------------------------------

solve_log <- function(excess, start, range) {
    if (diff(range) < 1e-12) return(exp(start - mean(range)))
    exp(uniroot(excess, c(start - range[2] - 1e-9, start - range[1] + 1e-9), tol = 1e-10)$root)
}
mixture_rate <- function(x, n) { # Garwood limits averaged over the draws of n
    if (!all(is.finite(log(n)))) return(c(NA, NA))
    range <- range(log(n))
    c(if (x == 0) 0 else
          solve_log(function(v) mean(pgamma(exp(v) * n, x)) - HALF, log(qgamma(HALF, x)), range),
      solve_log(function(v) mean(pgamma(exp(v) * n, x + 1, lower.tail = FALSE)) - HALF,
                log(qgamma(HALF, x + 1, lower.tail = FALSE)), range))
}
mixture_ratio <- function(x1, x0, n1, n0) { # conditional exact limits and p averaged over draws
    u <- n1 / n0
    if (!all(is.finite(log(u)))) return(c(NA, NA, NA))
    range <- range(log(u))
    share <- function(v) { odds <- exp(v) * u; odds / (1 + odds) }
    lower <- 0
    upper <- Inf
    p <- 1
    if (x1 > 0) {
        at_least <- function(v) mean(pbeta(share(v), x1, x0 + 1))
        q <- qbeta(HALF, x1, x0 + 1)
        lower <- solve_log(function(v) at_least(v) - HALF, log(q / (1 - q)), range)
        p <- min(p, 2 * at_least(0))
    }
    if (x0 > 0) {
        at_most <- function(v) mean(pbeta(share(v), x1 + 1, x0, lower.tail = FALSE))
        q <- qbeta(HALF, x1 + 1, x0, lower.tail = FALSE)
        upper <- solve_log(function(v) at_most(v) - HALF, log(q / (1 - q)), range)
        p <- min(p, 2 * at_most(0))
    }
    c(lower, upper, p)
}

r <- which(shown$level != "unit")
f <- shown[r]
months <- months_left("stops")[r]
share <- months / WINDOWS[f$window]
of <- ifelse(f$group == "", "all", f$group) # column of residents
exposure <- mean_residents[cbind(f$area, of)]
few <- withheld_by(shown$persons)[r]
x <- frame_of(r)[, `:=`(measure = "stop-rate", benchmark = "residents", n = f$persons, events = f$persons,
                        value = 1000 * f$persons / (exposure * share))]
x[, guard := fcase(share == 0, "A003", is.na(exposure) | exposure == 0, "A005", few, "A001", default = NA)]
ok <- which(is.na(x$guard))
limits <- vapply(ok, function(i) mixture_rate(f$persons[i], drawn[[f$area[i]]][, of[i]]), c(0, 0))
x[ok, `:=`(lower = 1000 * limits[1, ] / share[ok], upper = 1000 * limits[2, ] / share[ok])]
add(x)
lap("stop rates")

g <- which(f$perspective != "")
x1 <- f$persons[g]
x0 <- others$persons[r][g]
n1 <- exposure[g]
n0 <- mean_residents[cbind(f$area[g], "all")] - n1
x <- frame_of(r[g])[, `:=`(measure = "rate-ratio", benchmark = "residents", n = x1 + x0, events = x1,
                           value = x1 / x0 * n0 / n1)]
x[, guard := fcase(share[g] == 0, "A003", !(n1 > 0 & n0 > 0), "A005", few[g] | x0 < 10, "A001", default = NA)]
ok <- which(is.na(x$guard))
limits <- vapply(ok, function(i) {
    d <- drawn[[f$area[g[i]]]]
    own <- d[, f$group[g[i]]]
    mixture_ratio(x1[i], x0[i], own, pmax(d[, ncol(d)] - own, 0.5))
}, c(0, 0, 0))
x[ok, `:=`(lower = limits[1, ], upper = limits[2, ], p = limits[3, ])]
lap("rate ratios")
x[, detectable := NA_real_]
x[ok, detectable := mapply(detectable_ratio, x0[ok], n1[ok], n0[ok])]
add(x, few[g] | x0 < 10 | !(n1 > 0 & n0 > 0))
lap("detectable ratios")

# ---- internal benchmarks -------------------------------------------------------------------------

pool_tables <- list()
for (b in c("low-discretion", "previous-year")) {
    columns <- if (b == "low-discretion") c("discretionary", "low") else c("persons", "persons_before")
    t <- frame_of(r[g])[, `:=`(measure = "rate-ratio", benchmark = b,
        a = as.numeric(f[[columns[1]]][g]), b = as.numeric(f[[columns[2]]][g]),
        c = as.numeric(others[[columns[1]]][r][g]), d = as.numeric(others[[columns[2]]][r][g]))]
    left <- months_left(if (b == "low-discretion") "discretion" else "stops")[r][g]
    t[, guard := fcase(left == 0, "A003", b + d == 0, "A005",
                       few[g] | a < 10 | b < 10 | c < 10 | d < 10, "A001", default = NA)]
    t[, `:=`(n = a + c, events = a, o = .I, left = left)]
    exact <- t[is.na(guard) & a + b + c + d <= 5000]
    tests <- vapply(seq_len(nrow(exact)), function(i) {
        y <- fisher.test(matrix(c(exact$a[i], exact$b[i], exact$c[i], exact$d[i]), 2))
        c(y$estimate, y$conf.int, y$p.value)
    }, c(0, 0, 0, 0))
    exact <- data.table(o = exact$o, value = tests[1, ], lower = tests[2, ], upper = tests[3, ], p = tests[4, ])
    normal <- pooled_odds(t[is.na(guard) & a + b + c + d > 5000], "o")[, .(o, value = ratio, lower, upper, p)]
    pool_tables[[b]] <- t
    nothing <- few[g] | t$a < 10 | t$b < 10 | t$c < 10 | t$d < 10
    add(merge(t[, .(o, window, level, place, perspective, group, measure, benchmark, n, events, guard)],
              rbind(exact, normal), by = "o", all.x = TRUE)[, o := NULL], nothing)
}
lap("internal benchmarks")

# ---- pooled over places --------------------------------------------------------------------------

t <- frame_of(r[g])[, `:=`(x1 = x1, x0 = x0, n1 = n1, n0 = n0, area = f$area[g], share = share[g])]
t[, hidden := level == POOL & is_hidden(t, "stop-rate", x1, x1 + x0, "residents")]
needed <- colSums(!is.na(persons[where$level == POOL, , drop = FALSE])) > 0
complete <- where$area[rowSums(is.na(persons[, needed, drop = FALSE])) == 0]
for (row in which(t$level == "city")) {
    at <- t[row]
    s <- t[level == POOL & window == at$window & perspective == at$perspective & group == at$group & (!hidden | area %chin% complete)]
    if (is_left_out(at, "pooled-rate-ratio", "residents") || s[hidden == TRUE, few_together(sum(x1)) | few_together(sum(x0))])
        s <- s[hidden == FALSE]
    s[, stratum := fifelse(hidden, "together", area)]
    of_area <- s[, .(area, stratum)]
    s <- s[, .(x1 = sum(x1), x0 = sum(x0), n1 = sum(n1), n0 = sum(n0)), by = stratum][n1 > 0 & n0 > 0]
    of_area <- of_area[stratum %chin% s$stratum]
    s <- s[, total := n1 + n0]
    i <- s[x1 + x0 > 0]
    up <- sum(i$x1 * i$n0 / i$total)
    down <- sum(i$x0 * i$n1 / i$total)
    ratio <- up / down
    se <- sqrt(sum((i$x1 + i$x0) * i$n1 * i$n0 / i$total^2) / (up * down))
    p <- ratio * i$n1 / (ratio * i$n1 + i$n0)
    statistic <- sum((i$x1 - (i$x1 + i$x0) * p)^2 / ((i$x1 + i$x0) * p * (1 - p)))
    guard <- if (at$share == 0) "A003" else if (nrow(s) == 0) "A005" else if (at$x1 < 10) "A001" else
        if (nrow(i) < 3) "A004" else NA_character_
    if (is.na(guard)) {
        joined <- outer(of_area$stratum, s$stratum, "==") + 0
        own <- vapply(of_area$area, function(area) drawn[[area]][, at$group], numeric(draws)) %*% joined
        all <- vapply(of_area$area, function(area) drawn[[area]][, ncol(drawn[[area]])], numeric(draws)) %*% joined
        rest <- pmax(all - own, 0.5)
        of_draw <- log((rest / (own + rest)) %*% s$x1) - log((own / (own + rest)) %*% s$x0)
        se <- sqrt(se^2 + var(as.vector(of_draw)))
    }
    z <- log(ratio) / se
    head <- at[, .(window, level, place, perspective, group)][, `:=`(benchmark = "residents", guard = guard)]
    add(copy(head)[, `:=`(measure = "pooled-rate-ratio", value = ratio, lower = exp(log(ratio) - Z * se),
        upper = exp(log(ratio) + Z * se), statistic = z, p = 2 * pnorm(-abs(z)), n = at$x1, events = at$x1)])
    add(copy(head)[, `:=`(measure = "homogeneity", value = statistic, statistic = statistic, n = nrow(i),
        p = pchisq(statistic, nrow(i) - 1, lower.tail = FALSE))])
}
for (b in names(pool_tables)) {
    by <- c("window", "perspective", "group")
    y <- pool_tables[[b]][level == POOL]
    if (is.null(ours)) y[, hidden := FALSE] else {
        y[, own := is_ours(y, "rate-ratio", ..b)]
        y[, any_own := any(own), by = .(window, perspective, place)]
        y[, hidden := fifelse(a + b > 0 & c + d > 0, !own, !any_own & a + b + c + d > 0)]
    }
    y <- pooled_odds(informative(together(y, "pooled-rate-ratio", b)), by)
    y <- y[pool_tables[[b]][level == "city", .(window, level, place, perspective, group, a, b, c, d, left)], on = by]
    y[, guard := fcase(left == 0, "A003", b + d == 0, "A005", a < 10 | b < 10, "A001",
                       is.na(strata) | strata < 3, "A004", default = NA)]
    add(y[, .(window, level, place, perspective, group, measure = "pooled-rate-ratio", benchmark = ..b,
              value = ratio, lower, upper, p, statistic = z, n = a, events = a, guard)])
}
lap("pooled ratios")

# ---- reasons -------------------------------------------------------------------------------------

distance <- function(a, b) colSums(abs(a / rep(colSums(a), each = nrow(a)) - b / rep(colSums(b), each = nrow(b)))) / 2
distance_interval <- function(a, b, draws) { # inverts a bootstrap test along the line through both
    keep <- a + b > 0
    a <- a[keep]
    b <- b[keep]
    pooled <- (a + b) / sum(a + b)
    seen <- sum(abs(a / sum(a) - b / sum(b))) / 2
    shares <- function(s) {
        p <- pmax(0, pooled + s * (a / sum(a) - pooled))
        q <- pmax(0, pooled + s * (b / sum(b) - pooled))
        list(p = p / sum(p), q = q / sum(q))
    }
    seed <- sample.int(.Machine$integer.max, 1)
    tail <- function(s, at_least) { # common random numbers
        set.seed(seed)
        m <- shares(s)
        d <- distance(rmultinom(draws, sum(a), m$p), rmultinom(draws, sum(b), m$q))
        mean(if (at_least) d >= seen - 1e-12 else d <= seen + 1e-12)
    }
    at <- function(s) { m <- shares(s); sum(abs(m$p - m$q)) / 2 }
    between <- function(inside, outside, at_least) {
        for (i in 1:9) {
            middle <- (inside + outside) / 2
            if (tail(middle, at_least) > HALF) inside <- middle else outside <- middle
        }
        at((inside + outside) / 2)
    }
    lower <- if (seen == 0 || tail(0, TRUE) > HALF) 0 else between(1, 0, TRUE)
    upper <- if (seen == 0) NA else {
        inside <- 0
        outside <- 1
        repeat {
            if (tail(outside, FALSE) <= HALF) break
            if (at(2 * outside) <= at(outside)) { outside <- NA; break }
            inside <- outside
            outside <- 2 * outside
        }
        if (is.na(outside)) 1 else between(inside, outside, FALSE)
    }
    c(seen, lower, upper)
}
for (w in names(WINDOWS)) {
    mine <- reasons[month > last - WINDOWS[[w]], .(k = sum(k)), by = .(perspective, group, term = reason)]
    x <- mine[perspective == ""]
    s <- proportion(x$k, sum(x$k))
    add(x[, .(window = w, level = "city", place = "", perspective, group, term, measure = "reason-share",
              value = s$value, lower = s$lower, upper = s$upper, n = sum(k), events = k,
              guard = if (sum(k) < 10) "A001" else NA_character_)])
    for (v in VIEWS) {
        m <- dcast(mine[perspective == v & group %chin% GROUPS], term ~ group, value.var = "k", fill = 0)
        terms <- m$term
        m <- as.matrix(m[, -"term"])
        m <- cbind(m, matrix(0, nrow(m), length(setdiff(GROUPS, colnames(m))),
                             dimnames = list(NULL, setdiff(GROUPS, colnames(m)))))
        all <- rowSums(m)
        for (group in GROUPS) {
            k1 <- m[, group]
            k0 <- all - k1
            n1 <- sum(k1)
            n0 <- sum(k0)
            s <- proportion(k1, rep(n1, length(k1)))
            head <- data.table(window = w, level = "city", place = "", perspective = v, group = group)
            add(cbind(head, data.table(term = terms, measure = "reason-share", value = s$value, lower = s$lower,
                upper = s$upper, n = n1, events = k1, guard = if (n1 == 0) "A005" else if (n1 < 10) "A001" else NA_character_)))
            s <- newcombe(k1, rep(n1, length(k1)), k0, rep(n0, length(k0)))
            few <- if (n1 < 10 || n0 < 10) "A001" else NA_character_
            add(cbind(head, data.table(term = terms, measure = "reason-difference", value = s$value, lower = s$lower,
                upper = s$upper, n = n1, events = k1, p = chi_square_p(k1, n1 - k1, k0, n0 - k0),
                detectable = detectable_difference(k0 / n0, rep(n1, length(k1)), rep(n0, length(k0)),
                                                   ifelse(k1 * n0 < k0 * n1, -1, 1)), guard = few)))
            s <- if (!is.na(few)) c(NA, NA, NA) else if (w %chin% c("month", "12-months"))
                distance_interval(k1, k0, 500) else c(sum(abs(k1 / n1 - k0 / n0)) / 2, NA, NA)
            add(cbind(head, data.table(measure = "reason-distance", value = s[1], lower = s[2], upper = s[3],
                                       n = n1, guard = if (n1 == 0 || n0 == 0) "A005" else few)))
        }
    }
}
lap("reasons")

# ---- quality -------------------------------------------------------------------------------------

placed <- areas[level != "unknown", code]
for (w in names(WINDOWS)) {
    x <- cells[perspective == "" & month > last - WINDOWS[[w]], .(k = sum(persons[!area %chin% placed]), n = sum(persons))]
    s <- proportion(x$k, x$n)
    add(data.table(window = w, level = "city", place = "", perspective = "", group = "", measure = "share-unknown-area",
                   value = s$value, lower = s$lower, upper = s$upper, n = x$n, events = x$k))
    for (v in VIEWS) {
        x <- monthly[month > last - WINDOWS[[w]] & perspective == v & group %chin% c("-", ""),
                     .(k = sum(persons[group == "-"]), n = sum(persons)), by = place]
        x <- x[places[level %chin% c("city", "unit")], on = "place"]
        setnafill(x, fill = 0, cols = c("k", "n"))
        s <- proportion(x$k, x$n)
        add(x[, .(window = w, level, place, perspective = v, group = "", measure = "share-not-perceived",
                  value = s$value, lower = s$lower, upper = s$upper, n, events = k,
                  guard = fifelse(n == 0, "A005", NA_character_))])
    }
}

# ---- many comparisons, and out -------------------------------------------------------------------

all <- rbindlist(figures, use.names = TRUE, fill = TRUE)
for (column in c("term", "benchmark")) set(all, which(is.na(all[[column]])), column, "")
all[!is.na(guard), `:=`(value = NA, lower = NA, upper = NA, p = NA, statistic = NA)]
all[guard %chin% "A001", `:=`(n = NA, events = NA)]
reach <- (qnorm(0.975) + qnorm(0.8)) / (2 * qnorm(0.975)) # of an interval's width
all[is.na(detectable) & lower > 0 & is.finite(upper) &
    (measure %chin% c("rate-ratio", "pooled-rate-ratio") | grepl("^pooled-.*odds-ratio", measure)),
    detectable := exp(reach * log(upper / lower))]
all[measure == "index-gap-respect", detectable := sign(value) * reach * (upper - lower)]
all[, family := fifelse(measure == "reason-difference", "", term)]
all[!is.na(p), q := p.adjust(p, "BH"), by = .(measure, window, perspective, benchmark, family)]
setnames(all, "level", "level_of_place")
fwrite(all[, .(measure, window, level_of_place, place, perspective, group, term, benchmark, value, lower, upper,
               n, events, p, q, detectable, guard)], out)
lap("q, and written")
cat(nrow(all), "figures\n")
