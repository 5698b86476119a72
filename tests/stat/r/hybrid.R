# SPDX-License-Identifier: EUPL-1.2
# The two one-sided tests of the hybrid test. Score: the pooled z of two proportions, or of a count given
# the total (written here); exact: fisher.test and binom.test; over places: the signed root of
# mantelhaen.test's statistic without correction.
source("tests/stat/r/common.R")

pooled_z <- function(k1, n1, k0, n0) {
  p <- (k1 + k0) / (n1 + n0)
  (k1 / n1 - k0 / n0) / sqrt(p * (1 - p) * (1 / n1 + 1 / n0))
}
fisher <- function(k1, n1, k0, n0, side)
  fisher.test(matrix(c(k1, n1 - k1, k0, n0 - k0), 2), alternative = side)$p.value

case <- function(base1, acted1, hits1, base0, acted0, hits0, rate = FALSE) {
  if (rate) {
    share <- base1 / (base1 + base0)
    s <- acted1 + acted0
    z <- (acted1 - s * share) / sqrt(s * share * (1 - share))
    exact <- binom.test(acted1, s, share, alternative = "greater")$p.value
  } else {
    z <- pooled_z(acted1, base1, acted0, base0)
    exact <- fisher(acted1, base1, acted0, base0, "greater")
  }
  o <- pooled_z(hits1, acted1, hits0, acted0)
  list(counts = c(base1, acted1, hits1, base0, acted0, hits0), rate = as.numeric(rate),
       z = z, p = pnorm(-z), exact = exact,
       outcome_z = o, outcome_p = pnorm(o), outcome_exact = fisher(hits1, acted1, hits0, acted0, "less"))
}

over_places <- function(m) {
  signed <- function(k1, n1, k0, n0) {
    t <- array(rbind(k1, n1 - k1, k0, n0 - k0), c(2, 2, length(k1)))
    away <- sum(k1 - n1 * (k1 + k0) / (n1 + n0))
    unname(sign(away) * sqrt(mantelhaen.test(t, correct = FALSE)$statistic))
  }
  list(counts = c(t(m)), z = signed(m[, 2], m[, 1], m[, 5], m[, 4]),
       outcome_z = signed(m[, 3], m[, 2], m[, 6], m[, 5]))
}

golden("hybrid", list(
  cases = list(case(400, 40, 8, 3000, 200, 60), case(400, 20, 8, 3000, 200, 60), case(50, 9, 0, 70, 3, 2),
               case(419873, 25794, 6205, 282761, 6869, 1731),
               case(1200, 40, 8, 9000.5, 200, 60, TRUE), case(12, 5, 1, 80, 6, 5, TRUE)),
  pooled = list(over_places(rbind(c(400, 40, 8, 3000, 200, 60), c(120, 20, 3, 900, 90, 31),
                                  c(30, 2, 0, 400, 40, 12))))))
