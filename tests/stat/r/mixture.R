# SPDX-License-Identifier: EUPL-1.2
# The definition of the bridge's interval, by brute force: the average of the exact tails over all 2,000
# draws, solved for the rate or ratio. The draws are normal quantiles, so that C makes the same ones.
source("tests/stat/r/common.R")
draws <- function(centre, sd, step) {
  i <- (seq_len(2000) * step) %% 2000 # a fixed shuffle: step is prime to 2,000
  centre * exp(sd * qnorm((i + 0.5) / 2000))
}
rate <- function(x, centre, sd, level = 0.95) {
  n <- draws(centre, sd, 7)
  half <- (1 - level) / 2
  mid <- log((x + 0.5) / centre)
  w <- 12 + 8 * sd
  list(x = x, centre = centre, sd = sd, level = level,
       lower = if (x == 0) 0 else exp(root(function(v) mean(pgamma(exp(v) * n, x)) - half, mid - w, mid + w)),
       upper = exp(root(function(v) mean(pgamma(exp(v) * n, x + 1, lower.tail = FALSE)) - half, mid - w, mid + w)))
}
ratio <- function(x1, x0, c1, c0, s1, s0, level = 0.95) {
  r <- draws(c1, s1, 7) / draws(c0, s0, 1013)
  half <- (1 - level) / 2
  mid <- log((x1 + 0.5) / (x0 + 0.5) * c0 / c1)
  w <- 12 + 8 * (s1 + s0)
  up <- function(v) mean(pbinom(x1 - 1, x1 + x0, plogis(v + log(r)), lower.tail = FALSE))
  down <- function(v) mean(pbinom(x1, x1 + x0, plogis(v + log(r))))
  list(x1 = x1, x0 = x0, c1 = c1, c0 = c0, s1 = s1, s0 = s0, level = level,
       lower = if (x1 == 0) 0 else exp(root(function(v) up(v) - half, mid - w, mid + w)),
       upper = if (x0 == 0) Inf else exp(root(function(v) down(v) - half, mid - w, mid + w)),
       p = min(1, 2 * up(0), 2 * down(0)))
}
concentration <- function(w, low, high) {
  width <- function(c) max(qbeta(0.975, c * w, c * (1 - w)) - qbeta(0.025, c * w, c * (1 - w)))
  list(weights = w, low = low, high = high,
       value = exp(root(function(v) width(exp(v)) - max(high - low), 1, 12)))
}
golden("mixture", list(
  rate = list(rate(0, 300, 0.2), rate(1, 300, 0.2), rate(12, 300, 0.05), rate(150, 2000, 0.3),
              rate(150, 2000, 0.3, 0.9), rate(20000, 90000, 0.01), rate(4, 10, 1)),
  ratio = list(ratio(0, 9, 500, 4000, 0.1, 0.02), ratio(9, 0, 500, 4000, 0.1, 0.02),
               ratio(14, 60, 500, 4000, 0.15, 0.02), ratio(2, 3, 500, 4000, 0.5, 0.5),
               ratio(2224, 1905, 29200, 161400, 0.08, 0.01), ratio(40, 200, 900, 5000, 0.001, 0)),
  concentration = list(concentration(c(0.7, 0.25, 0.05), c(0.6, 0.15, 0.02), c(0.8, 0.35, 0.1)),
                       concentration(c(0.95, 0.05), c(0.9, 0.02), c(0.98, 0.1)),
                       concentration(c(0.5, 0.5), c(0.3, 0.3), c(0.7, 0.7)))))
