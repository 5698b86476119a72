# SPDX-License-Identifier: EUPL-1.2
# Rates and rate ratios. Base R where it has the test (poisson.test, binom.test); else the textbook
# formula, written here without looking at the C:
#   mid-p interval: Rothman, Greenland, Lash, Modern Epidemiology 3rd ed., ch. 14 (conditional binomial)
#   Mantel-Haenszel rate ratio: the same, ch. 15; variance Greenland and Robins, Biometrics 41 (1985) 55-68
#   standardised rate: Fay and Feuer, Statistics in Medicine 16 (1997) 791-801, eq. 3-4
source("tests/stat/r/common.R")

garwood <- function(x, n, level) {
  t <- poisson.test(x, n, conf.level = level)
  list(x = x, n = n, level = level, value = x / n, lower = t$conf.int[1], upper = t$conf.int[2])
}

midp_tail <- function(x, s, p) pbinom(x, s, p, lower.tail = FALSE) + dbinom(x, s, p) / 2

ratio <- function(x1, n1, x0, n0, level = 0.95) {
  t <- poisson.test(c(x1, x0), c(n1, n0), conf.level = level)
  half <- (1 - level) / 2
  s <- x1 + x0
  scale <- n0 / n1
  lower <- if (x1 == 0) 0 else exp(root(function(v) midp_tail(x1, s, plogis(v)) - half, -40, 40)) * scale
  upper <- if (x0 == 0) Inf else
    exp(root(function(v) 1 - midp_tail(x1, s, plogis(v)) - half, -40, 40)) * scale
  null <- n1 / (n1 + n0)
  one <- midp_tail(x1, s, null)
  list(x1 = x1, n1 = n1, x0 = x0, n0 = n0, level = level,
       value = unname(t$estimate), lower = t$conf.int[1], upper = t$conf.int[2], p = t$p.value,
       midp_lower = lower, midp_upper = upper, midp_p = min(1, 2 * min(one, 1 - one)),
       p_greater = poisson.test(c(x1, x0), c(n1, n0), alternative = "greater")$p.value,
       p_central = min(1, 2 * min(pbinom(x1, s, null), pbinom(x1 - 1, s, null, lower.tail = FALSE))))
}

pooled <- function(x1, n1, x0, n0, level = 0.95) {
  keep <- n1 > 0 & n0 > 0 & x1 + x0 > 0
  used <- data.frame(x1, n1, x0, n0)[keep, ]
  value <- with(used, sum(x1 * n0 / (n1 + n0)) / sum(x0 * n1 / (n1 + n0)))
  variance <- with(used, sum((x1 + x0) * n1 * n0 / (n1 + n0)^2) /
                         (sum(x1 * n0 / (n1 + n0)) * sum(x0 * n1 / (n1 + n0))))
  z <- qnorm(1 - (1 - level) / 2)
  expected <- with(used, (x1 + x0) * value * n1 / (value * n1 + n0))
  spread <- with(used, expected * n0 / (value * n1 + n0))
  chi <- sum((used$x1 - expected)^2 / spread)
  list(x1 = x1, n1 = n1, x0 = x0, n0 = n0, level = level, value = value, se_log = sqrt(variance),
       lower = value * exp(-z * sqrt(variance)), upper = value * exp(z * sqrt(variance)),
       p = 2 * pnorm(-abs(log(value) / sqrt(variance))), places = nrow(used),
       chi_square = chi, df = nrow(used) - 1, chi_p = pchisq(chi, nrow(used) - 1, lower.tail = FALSE))
}

standardised <- function(x, n, standard, level = 0.95) {
  w <- standard / sum(standard) / n
  y <- sum(w * x)
  v <- sum(w^2 * x)
  m <- max(w)
  half <- (1 - level) / 2
  list(x = x, n = n, standard = standard, level = level, value = y,
       lower = if (y > 0) v / (2 * y) * qchisq(half, 2 * y^2 / v) else 0,
       upper = (v + m^2) / (2 * (y + m)) * qchisq(1 - half, 2 * (y + m)^2 / (v + m^2)))
}

# Power of the equal-tailed exact test, summed over every total of events that can matter.
power <- function(mu0, n1, n0, theta) {
  mean <- mu0 * (1 + theta * n1 / n0)
  totals <- qpois(1e-12, mean):qpois(1e-12, mean, lower.tail = FALSE)
  null <- n1 / (n1 + n0)
  share <- theta * n1 / (theta * n1 + n0)
  given <- sapply(totals, function(s) {
    x <- 0:s
    reject <- pbinom(x, s, null) <= 0.025 | pbinom(x - 1, s, null, lower.tail = FALSE) <= 0.025
    sum(dbinom(x, s, share)[reject])
  })
  sum(dpois(totals, mean) * given)
}

detectable <- function(mu0, n1, n0, most = 6) {
  theta <- exp(root(function(v) power(mu0, n1, n0, exp(v)) - 0.8, 0.01, most))
  list(expected0 = mu0, n1 = n1, n0 = n0, value = theta)
}

# R's own formula for equal samples, without the negligible opposite tail.
difference <- function(p0, n, sign) {
  p1 <- root(function(p1) power.prop.test(n = n, p1 = p0, p2 = p1)$power - 0.8,
             if (sign > 0) p0 + 1e-9 else 1e-9, if (sign > 0) 1 - 1e-9 else p0 - 1e-9)
  list(p0 = p0, n1 = n, n0 = n, sign = sign, value = p1 - p0)
}

places <- list(x1 = c(4, 10, 0, 55, 3, 0), n1 = c(120, 400, 30, 1500, 80, 10),
               x0 = c(20, 31, 6, 140, 0, 0), n0 = c(2100, 3000, 800, 9000, 400, 90))
golden("rate", list(
  garwood = list(garwood(0, 1000, 0.95), garwood(1, 12.5, 0.95), garwood(7, 340, 0.95),
                 garwood(7, 340, 0.9), garwood(2224, 29200, 0.95), garwood(1e6, 3e5, 0.99)),
  ratio = list(ratio(10, 1000, 5, 2000), ratio(5, 2000, 10, 1000), ratio(0, 50, 4, 70),
               ratio(4, 70, 0, 50), ratio(1, 1, 1, 1), ratio(2224, 29200, 1905, 161400),
               ratio(3, 10, 900, 20000, 0.9), ratio(48, 310, 51, 320), ratio(12, 31.5, 30, 400.25)),
  pooled = list(do.call(pooled, places),
                pooled(c(12, 3), c(100, 40), c(30, 11), c(900, 310)),
                pooled(10, 1000, 5, 2000)),
  standardised = list(standardised(c(3, 20, 41, 12, 1), c(800, 950, 1400, 900, 300), c(17, 12, 31, 24, 16)),
                      standardised(c(0, 0, 0), c(10, 20, 30), c(1, 1, 2)),
                      standardised(c(1, 0, 7), c(10, 20, 30), c(1, 0, 2), 0.9)),
  detectable = list(detectable(20, 1000, 4000, 2), detectable(3, 500, 500, 3), detectable(2, 90, 4000, 5),
                    detectable(400, 1000, 4000, 1)),
  difference = list(difference(0.25, 200, 1), difference(0.25, 200, -1), difference(0.5, 1000, 1))))
