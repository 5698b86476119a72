# SPDX-License-Identifier: EUPL-1.2
# The veil of darkness on cells with counts: R's glm on the single stops that they stand for.
source("tests/stat/r/common.R")
suppressPackageStartupMessages(library(splines))
tight <- glm.control(epsilon = 1e-300, maxit = 25) # all 25: R never sees it converge
options(warn = -1)

set.seed(20261123)
cells <- expand.grid(minute = seq(1020, 1300, by = 20), dark = 0:1, place = c("p1", "p2", "p3", "p4"),
                     group = c("a", "b"), season = c("summer", "winter"), stringsAsFactors = FALSE)
light <- plogis((cells$minute - 1160) / 60)
cells$n <- rpois(nrow(cells), 3 * ifelse(cells$dark == 1, light, 1 - light) *
                   ifelse(cells$group == "a", 1 - 0.2 * cells$dark, 1) * (1 + (cells$place == "p2")))
cells <- cells[cells$n > 0, ]
stops <- cells[rep(seq_len(nrow(cells)), cells$n), ]
stops$y <- stops$group == "a"

dark_of <- function(formula, d = stops) {
  m <- glm(as.formula(paste("y ~", formula)), binomial, d, control = tight)
  s <- coef(summary(m))["dark", ]
  list(formula = formula, value = unname(s[1]), se = unname(s[2]))
}

by_place <- function() {
  m <- glm(y ~ ns(minute, 6) + place + place:dark, binomial, stops, control = tight)
  own <- grep(":dark", names(coef(m)))
  b <- coef(m)[own]
  v <- vcov(m)[own, own]
  w <- 1 / diag(v)
  pooled <- sum(w * b) / sum(w)
  q <- sum(w * (b - pooled)^2)
  list(value = unname(b), se = unname(sqrt(diag(v))), pooled = pooled,
       pooled_se = sqrt(drop(w %*% v %*% w)) / sum(w), q = q,
       q_p = pchisq(q, length(b) - 1, lower.tail = FALSE))
}

# Single stops with dates, and an almanac of sines: dark from the minute of dusk on, light until sunset.
n <- 300
date <- as.Date("2026-01-01") + sample(0:364, n, TRUE)
sunset <- round(1180 + 140 * sin(2 * pi * (as.numeric(format(date, "%j")) - 80) / 365), 1)
dated <- data.frame(date = format(date), minute = sample(1030:1370, n, TRUE), sunset = sunset, dusk = sunset + 33.5,
                    group = sample(c("a", "b"), n, TRUE, prob = c(0.4, 0.6)))
apart <- function(change) as.numeric(date - as.Date(change)) # Europe/Amsterdam's of 2026
near <- function(days) {
  (apart("2026-03-29") >= -days & apart("2026-03-29") < days) | (apart("2026-10-25") >= -days & apart("2026-10-25") < days)
}
in_light <- function(keep = TRUE, window = range(dated$dusk), df = 3) {
  d <- dated[keep & dated$minute >= window[1] & dated$minute <= window[2] &
               (dated$minute <= dated$sunset | dated$minute >= dated$dusk), ]
  d$dark <- as.integer(d$minute >= d$dusk)
  d$y <- d$group == "a"
  c(dark_of(sprintf("dark + ns(minute, %d)", df), d), list(n = nrow(d), stops_dark = sum(d$dark)))
}

golden("veil", list(
  dated = unname(lapply(split(dated, seq_len(n)), as.list)),
  light = list(all = in_light(), window = in_light(window = c(1100, 1290)), change = in_light(near(45)),
               both = in_light(near(45), c(1080, 1300))),
  cells = unname(lapply(split(cells, seq_len(nrow(cells))), as.list)),
  place = dark_of("dark + ns(minute, 6) + place"), none = dark_of("dark + ns(minute, 6)"),
  season = dark_of("dark + ns(minute, 4) + place + season"), places = by_place()))
