# SPDX-License-Identifier: EUPL-1.2
# Golden values of the Minneapolis stops of 2017 (R package carData; see the data's README): stop rates
# with exact Poisson limits, search rates with Wilson or Clopper-Pearson limits, ratios and pooled ratios,
# computed with base R only. Small numbers are not withheld here but for what rests on fewer than ten. Which places enter
# pooled figures together, as their own figures are withheld (A001), is read from a list of rows of our CSV: measure, place,
# group. Run: Rscript tests/stat/r/minneapolis.R DATA tests/stat/golden/minneapolis_withheld.csv > tests/stat/golden/minneapolis.json
data <- commandArgs(TRUE)[1]
withheld <- read.csv(commandArgs(TRUE)[2], colClasses = "character")
stops <- read.csv(gzfile(file.path(data, "mpls_stops/MplsStops.csv.gz")), na.strings = "NA")
demo <- read.csv(file.path(data, "mpls_stops/MplsDemo.csv"), na.strings = "NA")

# Rows without a perceived group count for a place, and in no group.
codes <- c(White = "white", Black = "black", "East African" = "east_african", Latino = "latino",
           "Native American" = "native_american", Asian = "asian", Other = "other")
stops$group <- unname(codes[stops$race])
known <- !is.na(stops$personSearch) | !is.na(stops$vehicleSearch)
searched <- (stops$personSearch %in% "YES") | (stops$vehicleSearch %in% "YES")
demo$whites <- round(demo$population * demo$white, 6)
demo$blacks <- round(demo$population * demo$black, 6)

cases <- character()
put <- function(measure, place, group, value, lower, upper, p = NA, note = "") {
    f <- function(x) if (is.na(x)) "null" else sprintf("%.17g", x)
    cases[[length(cases) + 1]] <<- sprintf(
        '{"measure":"%s","place":"%s","group":"%s","value":%s,"lower":%s,"upper":%s,"p":%s,"note":"%s"}',
        measure, place, group, f(value), f(lower), f(upper), f(p), note)
}
garwood <- function(x, n) 1000 * c(x, if (x == 0) 0 else qgamma(.025, x), qgamma(.975, x + 1)) / n
wilson <- function(k, n) {
    z <- qnorm(.975); p <- k / n
    m <- (p + z^2 / (2 * n)) / (1 + z^2 / n)
    h <- z / (1 + z^2 / n) * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
    c(p, m - h, m + h)
}
exact <- function(k, n) c(k / n, if (k == 0) 0 else qbeta(.025, k, n - k + 1),
                          if (k == n) 1 else qbeta(.975, k + 1, n - k))
shown <- function(k, n) if (k < 5 || n - k < 5) exact(k, n) else wilson(k, n)
ratio <- function(x1, n1, x0, n0) { # conditional: x1 of x1 + x0 is binomial
    odds <- function(p) p / (1 - p)
    n <- x1 + x0
    c(x1 / n1 / (x0 / n0), odds(qbeta(.025, x1, x0 + 1)) * n0 / n1, odds(qbeta(.975, x1 + 1, x0)) * n0 / n1,
      min(1, 2 * min(pbinom(x1, n, n1 / (n1 + n0)), pbinom(x1 - 1, n, n1 / (n1 + n0), lower.tail = FALSE))))
}

# The city has no residents of its own: they are the sum of the neighbourhoods that have them for everybody,
# white and black, and only stops in those are held against them.
counted <- demo$neighborhood[!is.na(demo$population) & !is.na(demo$whites) & !is.na(demo$blacks)]
inside <- stops$neighborhood %in% counted
people <- colSums(demo[demo$neighborhood %in% counted, c("population", "whites", "blacks")])
left_out <- function(of) sprintf("stops-without-residents=%d", sum(of & !inside))
r <- garwood(sum(inside), people[["population"]])
put("stop-rate", "", "", r[1], r[2], r[3], note = left_out(TRUE))
for (g in c("white", "black")) {
    of <- stops$group %in% g
    n1 <- people[[paste0(g, "s")]]
    r <- garwood(sum(of & inside), n1)
    put("stop-rate", "", g, r[1], r[2], r[3], note = left_out(of))
    q <- ratio(sum(of & inside), n1, sum(!of & !is.na(stops$group) & inside), people[["population"]] - n1)
    put("rate-ratio", "", g, q[1], q[2], q[3], q[4], note = left_out(of))
}

grouped <- stops[!is.na(stops$group), ]
for (place in sort(unique(stops$neighborhood))) {
    here <- stops$neighborhood == place
    d <- demo[demo$neighborhood == place, ]
    x <- sum(here)
    if (nrow(d) == 1 && x >= 10) {
        r <- garwood(x, d$population)
        put("stop-rate", place, "", r[1], r[2], r[3])
    }
    if (sum(here & known) >= 10) {
        s <- shown(sum(searched[here & known]), sum(here & known))
        put("search-rate", place, "", s[1], s[2], s[3])
    }
    counts <- sapply(codes, function(g) sum(grouped$neighborhood == place & grouped$group == g))
    names(counts) <- codes
    small <- counts < 10
    for (g in c("white", "black")) {
        if (small[g] || nrow(d) == 0) next
        n1 <- if (g == "white") d$whites else d$blacks
        if (is.na(n1) || n1 == 0) next
        r <- garwood(counts[[g]], n1)
        put("stop-rate", place, g, r[1], r[2], r[3])
        x0 <- sum(counts) - counts[[g]]
        if (x0 < 10) next
        q <- ratio(counts[[g]], n1, x0, d$population - n1)
        put("rate-ratio", place, g, q[1], q[2], q[3], q[4])
    }
}
for (g in codes) {
    of <- stops$group %in% g & known
    s <- shown(sum(searched[of]), sum(of))
    put("search-rate", "", g, s[1], s[2], s[3])
}

# Neighbourhoods of which a group's count, or that of all with a group, is there and withheld.
is_withheld <- function(measure, places, own, all) {
    is_listed <- function(group) places %in% withheld$place[withheld$measure == measure & withheld$group == group]
    (own > 0 & is_listed("black")) | (all > 0 & (all < 10 | is_listed("")))
}
together <- function(hidden) if (any(hidden)) sprintf("places-together=%d", sum(hidden)) else ""

# Pooled over neighbourhoods: Mantel-Haenszel rate ratio of black against all others; what is withheld is one stratum.
of <- function(is_black) sapply(demo$neighborhood, function(p) sum(grouped$neighborhood == p & (grouped$group == "black") == is_black))
d <- data.frame(place = demo$neighborhood, x1 = of(TRUE), x0 = of(FALSE), n1 = demo$blacks, n0 = demo$population - demo$blacks)
d$hidden <- is_withheld("stop-rate", d$place, d$x1, d$x1 + d$x0)
joined <- d$hidden & d$place %in% counted
stopifnot(sum(d$x1[joined]) >= 10, sum(d$x0[joined]) >= 10)
own <- !d$hidden & !is.na(d$n1) & d$n1 > 0
s <- rbind(d[own, c("x1", "x0", "n1", "n0")], colSums(d[joined, c("x1", "x0", "n1", "n0")]))
n <- s$n1 + s$n0
rr <- sum(s$x1 * s$n0 / n) / sum(s$x0 * s$n1 / n)
se <- sqrt(sum((s$x1 + s$x0) * s$n1 * s$n0 / n^2) / (sum(s$x1 * s$n0 / n) * sum(s$x0 * s$n1 / n)))
notes <- function(...) paste(Filter(nzchar, c(...)), collapse = "; ")
rate_notes <- notes(left_out(stops$group %in% "black"), together(joined))
put("pooled-rate-ratio", "", "black", rr, rr * exp(-qnorm(.975) * se), rr * exp(qnorm(.975) * se), note = rate_notes)

# Mantel-Haenszel odds ratio of being searched (Robins, Breslow and Greenland), by mantelhaen.test.
use <- grouped[!is.na(grouped$personSearch) | !is.na(grouped$vehicleSearch), ]
use$s <- (use$personSearch %in% "YES") | (use$vehicleSearch %in% "YES")
all <- table(use$neighborhood)
own <- table(factor(use$neighborhood, names(all))[use$group == "black"])
hidden <- is_withheld("search-rate", names(all), own, all)
use$stratum <- ifelse(use$neighborhood %in% names(all)[hidden], "the withheld", use$neighborhood)
stopifnot(sum(own[hidden]) >= 10, sum(all[hidden] - own[hidden]) >= 10)
t <- table(factor(use$group == "black", c(TRUE, FALSE)), factor(use$s, c(TRUE, FALSE)), use$stratum)
t <- t[, , apply(t, 3, function(m) min(rowSums(m)) > 0), drop = FALSE]
m <- mantelhaen.test(t, correct = TRUE)
put("pooled-search-odds-ratio", "", "black", unname(m$estimate), m$conf.int[1], m$conf.int[2], note = together(hidden))
put("search-cmh", "", "black", unname(m$statistic), NA, NA, m$p.value, note = together(hidden))

# E-values of the pooled ratios and of the limit nearer to 1 (VanderWeele and Ding); the odds ratio of something
# that happens to more than 15% is brought to the scale of risks by its square root.
e_value <- function(rr) { rr <- ifelse(rr < 1, 1 / rr, rr); rr + sqrt(rr * (rr - 1)) }
near <- function(limits) if (limits[1] > 1) limits[1] else if (limits[2] < 1) limits[2] else 1
put("e-value:stop", "", "black", e_value(rr), e_value(near(rr * exp(c(-1, 1) * qnorm(.975) * se))), NA,
    note = rate_notes)
of_all <- mean(use$s)
scale <- if (of_all > 0.15) sqrt else identity
put("e-value:search", "", "black", e_value(scale(unname(m$estimate))), e_value(scale(near(m$conf.int))), NA, note = together(hidden))

# Share of all stops that must be missing, all of the side stopped less, for equal rates; and where the exact
# interval comes to hold 1.
for (g in c("white", "black")) {
    x1 <- sum(stops$group %in% g & inside); x0 <- sum(!is.na(stops$group) & inside) - x1
    n1 <- people[[paste0(g, "s")]]; n0 <- people[["population"]] - n1
    more <- x1 / n1 > x0 / n0
    added <- if (more) x1 * n0 / n1 - x0 else x0 * n1 / n0 - x1
    beyond <- function(u) {
        a <- (x1 + x0) * u / (1 - u); p <- n1 / (n1 + n0)
        if (more) pbeta(p, x1, x0 + a + 1) - .025 else pbeta(p, x1 + a + 1, x0, lower.tail = FALSE) - .025
    }
    put("tipping:exact:stop", "", g, added / (x1 + x0 + added), uniroot(beyond, c(0, .99), tol = 1e-15)$root, NA)
}

# Bounds of the difference in searches when a share rho of the group's stops would not have been made of others
# (Knox, Lowe and Mummolo).
for (g in codes) for (rho in (0:9) / 10) {
    y1 <- mean(use$s[use$group == g]); y0 <- mean(use$s[use$group != g]); pi <- mean(use$group == g)
    low <- y1 - y0 + rho * y0 * pi
    extra <- if (rho == 0) 0 else rho / (1 - rho) * (y1 - max(0, 1 + (y1 - 1) / rho)) * (1 - pi)
    put(sprintf("search-bounds:%.1f", rho), "", g, NA, low, low + extra)
}

cat('{"source":"R ', R.version$major, ".", R.version$minor, '","cases":[\n',
    paste(cases, collapse = ",\n"), "\n]}\n", sep = "")
