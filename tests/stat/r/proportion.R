# SPDX-License-Identifier: EUPL-1.2
# Proportions and two-by-two tables. Base R where it has the method (prop.test, binom.test, chisq.test,
# fisher.test, mantelhaen.test); else the definition, solved without the C's closed forms:
#   Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10
#   Miettinen and Nurminen, Statistics in Medicine 4 (1985) 213-226: here the likelihood under the
#   hypothesis is maximised numerically, not by the paper's cubic
#   Koopman, Biometrics 40 (1984) 513-517
source("tests/stat/r/common.R")

single <- function(k, n, level = 0.95) {
  w <- suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE)$conf.int)
  c <- binom.test(k, n, conf.level = level)$conf.int
  list(k = k, n = n, level = level, wilson_lower = w[1], wilson_upper = w[2],
       exact_lower = c[1], exact_upper = c[2])
}

wilson <- function(k, n, level) suppressWarnings(prop.test(k, n, conf.level = level, correct = FALSE)$conf.int)

# The root of the likelihood's slope in p0, with p1 = link(p0); the slope falls.
restricted <- function(k1, n1, k0, n0, link, slope, from, to) {
  g <- function(p0) {
    p1 <- link(p0)
    term <- function(k, p) if (k == 0) 0 else k / p
    slope * (term(k1, p1) - term(n1 - k1, 1 - p1)) + term(k0, p0) - term(n0 - k0, 1 - p0)
  }
  inside <- (to - from) * 1e-13
  if (g(from + inside) <= 0) return(from)
  if (g(to - inside) >= 0) return(to)
  root(g, from + inside, to - inside)
}

score_difference <- function(k1, n1, k0, n0, d, correction) {
  p0 <- restricted(k1, n1, k0, n0, function(p) p + d, 1, max(0, -d), min(1, 1 - d))
  p1 <- p0 + d
  (k1 / n1 - k0 / n0 - d) / sqrt((p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * correction)
}

score_ratio <- function(k1, n1, k0, n0, r, correction) {
  p0 <- restricted(k1, n1, k0, n0, function(p) r * p, r, 0, min(1, 1 / r))
  p1 <- r * p0
  (k1 / n1 - r * k0 / n0) / sqrt((p1 * (1 - p1) / n1 + r^2 * p0 * (1 - p0) / n0) * correction)
}

two <- function(k1, n1, k0, n0, level = 0.95) {
  z <- qnorm(1 - (1 - level) / 2)
  d <- k1 / n1 - k0 / n0
  a <- wilson(k1, n1, level)
  b <- wilson(k0, n0, level)
  fix <- (n1 + n0) / (n1 + n0 - 1)
  limit <- function(f, target, from, to) root(function(x) f(x) - target, from, to)
  sd_ <- function(x) score_difference(k1, n1, k0, n0, x, fix)
  sr <- function(correction) function(v) score_ratio(k1, n1, k0, n0, exp(v), correction)
  r <- log(k1 / n1 / (k0 / n0))
  lower <- function(f) if (k1 == 0) 0 else exp(limit(f, z, if (is.finite(r)) r - 12 else -12, if (is.finite(r)) r - 1e-9 else 12))
  upper <- function(f) if (k0 == 0) Inf else exp(limit(f, -z, if (is.finite(r)) r + 1e-9 else -12, if (is.finite(r)) r + 12 else 12))
  list(k1 = k1, n1 = n1, k0 = k0, n0 = n0, level = level, value = d,
       newcombe_lower = d - sqrt((k1 / n1 - a[1])^2 + (b[2] - k0 / n0)^2),
       newcombe_upper = d + sqrt((a[2] - k1 / n1)^2 + (k0 / n0 - b[1])^2),
       score_lower = if (d == -1) -1 else limit(sd_, z, -1 + 1e-9, d - 1e-9),
       score_upper = if (d == 1) 1 else limit(sd_, -z, d + 1e-9, 1 - 1e-9),
       ratio = k1 / n1 / (k0 / n0), koopman_lower = lower(sr(1)), koopman_upper = upper(sr(1)),
       mn_lower = lower(sr(fix)), mn_upper = upper(sr(fix)))
}

# fisher.test's definitions with its roots solved to rounding, beside what it returns itself.
tilted <- function(a, m, n, k) {
  u <- max(0, k - n):min(k, m)
  base <- dhyper(u, m, n, k, log = TRUE)
  function(v) {
    d <- exp(base + v * u - max(base + v * u))
    list(u = u, d = d / sum(d))
  }
}

table2 <- function(k1, n1, k0, n0, level = 0.95) {
  t <- matrix(c(k1, k0, n1 - k1, n0 - k0), 2)
  f <- fisher.test(t, conf.level = level)
  at <- tilted(k1, k1 + k0, n1 + n0 - k1 - k0, n1)
  u <- at(0)$u
  half <- (1 - level) / 2
  solve <- function(g) exp(root(g, -30, 30))
  list(k1 = k1, n1 = n1, k0 = k0, n0 = n0, level = level,
       pearson = unname(suppressWarnings(chisq.test(t, correct = FALSE)$statistic)),
       pearson_p = suppressWarnings(chisq.test(t, correct = FALSE)$p.value),
       yates = unname(suppressWarnings(chisq.test(t)$statistic)),
       yates_p = suppressWarnings(chisq.test(t)$p.value),
       p = f$p.value,
       p_greater = fisher.test(t, alternative = "greater")$p.value,
       p_less = fisher.test(t, alternative = "less")$p.value,
       r_value = unname(f$estimate), r_lower = f$conf.int[1], r_upper = f$conf.int[2],
       value = if (k1 == min(u)) 0 else if (k1 == max(u)) Inf else
         solve(function(v) with(at(v), sum(u * d)) - k1),
       lower = if (k1 == min(u)) 0 else solve(function(v) with(at(v), sum(d[u >= k1])) - half),
       upper = if (k1 == max(u)) Inf else solve(function(v) with(at(v), sum(d[u <= k1])) - half))
}

pooled <- function(k1, n1, k0, n0, level = 0.95) {
  t <- array(rbind(k1, k0, n1 - k1, n0 - k0), c(2, 2, length(k1)))
  plain <- mantelhaen.test(t, correct = FALSE, conf.level = level)
  corrected <- mantelhaen.test(t, correct = TRUE, conf.level = level)
  exact <- mantelhaen.test(t, exact = TRUE, conf.level = level)
  # the distribution of the sum, by convolution through polynomial products
  mass <- 1
  low <- 0
  for (i in seq_along(k1)) {
    m <- k1[i] + k0[i]; n <- n1[i] + n0[i] - m
    u <- max(0, n1[i] - n):min(n1[i], m)
    d <- dhyper(u, m, n, n1[i])
    new <- numeric(length(mass) + length(d) - 1)
    for (j in seq_along(d)) new[j:(j + length(mass) - 1)] <- new[j:(j + length(mass) - 1)] + d[j] * mass
    mass <- new
    low <- low + min(u)
  }
  u <- low + seq_along(mass) - 1
  x <- sum(k1)
  at <- function(v) { d <- log(mass) + v * u; d <- exp(d - max(d)); d / sum(d) }
  solve <- function(g) exp(root(g, -20, 20))
  half <- (1 - level) / 2
  list(k1 = k1, n1 = n1, k0 = k0, n0 = n0, level = level,
       value = unname(plain$estimate), lower = plain$conf.int[1], upper = plain$conf.int[2],
       cmh = unname(plain$statistic), cmh_p = plain$p.value,
       corrected = unname(corrected$statistic), corrected_p = corrected$p.value,
       exact_p = exact$p.value, exact_r = unname(exact$estimate),
       exact_value = if (x == min(u)) 0 else if (x == max(u)) Inf else solve(function(v) sum(u * at(v)) - x),
       exact_lower = if (x == min(u)) 0 else solve(function(v) sum(at(v)[u >= x]) - half),
       exact_upper = if (x == max(u)) Inf else solve(function(v) sum(at(v)[u <= x]) - half))
}

set.seed(20261101)
n1 <- 10 + rpois(12, 40)
n0 <- 30 + rpois(12, 200)
golden("proportion", list(
  single = list(single(0, 20), single(20, 20), single(3, 17), single(3, 17, 0.9), single(812, 2224),
                single(1, 1)),
  two = list(two(56, 70, 48, 80), two(9, 10, 3, 10), two(6, 7, 2, 7), two(5, 56, 0, 29),
             two(0, 10, 3, 20), two(10, 10, 0, 20), two(3, 3, 4, 4), two(12, 310, 55, 402, 0.9),
             two(2224, 29200, 1905, 161400)),
  table = list(table2(2224, 29200, 1905, 161400), table2(3, 4, 1, 4), table2(10, 12, 2, 15),
               table2(0, 8, 5, 30), table2(8, 8, 5, 30), table2(31, 400, 12, 90, 0.9),
               table2(5, 10, 5, 10)),
  pooled = list(pooled(c(8, 22, 4, 0), c(25, 51, 9, 3), c(11, 40, 9, 2), c(70, 130, 31, 14)),
                pooled(c(1, 0, 2), c(3, 2, 4), c(1, 2, 0), c(6, 5, 7)),
                pooled(rbinom(12, n1, 0.25), n1, rbinom(12, n0, 0.18), n0),
                pooled(c(10, 0), c(12, 6), c(2, 0), c(15, 9), 0.9),
                # nothing between the groups: the continuity correction has nothing to take off
                pooled(c(2, 3), c(10, 15), c(4, 6), c(20, 31)))))
