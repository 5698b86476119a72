# SPDX-License-Identifier: EUPL-1.2
# Every small table and pair of rates, the degenerate ones among them, as base R has them. What R computes
# as NaN or refuses to compute is "NA". One rule of ours goes further: where a margin is empty, or two rates
# have no event, fisher.test and poisson.test print p = 1 and 0 to Inf although one outcome only is possible;
# nothing is compared there, and it is "NA".
source("tests/stat/r/common.R")

quiet <- function(x) suppressWarnings(tryCatch(x, error = function(e) NULL))
pick <- function(x) if (is.null(x) || is.nan(x)) NA else unname(x)

proportions <- function(k1, n1, k0, n0) {
  t <- matrix(c(k1, k0, n1 - k1, n0 - k0), 2)
  open <- all(rowSums(t) > 0, colSums(t) > 0)
  fisher <- if (open) fisher.test(t) else NULL
  strata <- array(t, c(2, 2, 2)) # twice the same place: mantelhaen.test wants two
  mh <- function(correct) quiet(mantelhaen.test(strata, correct = correct))
  wilson <- if (n1 > 0) quiet(prop.test(k1, n1, correct = FALSE)$conf.int)
  exact <- if (n1 > 0) quiet(binom.test(k1, n1)$conf.int)
  chi <- function(correct) quiet(chisq.test(t, correct = correct))
  list(k1 = k1, n1 = n1, k0 = k0, n0 = n0,
       proportion = pick(k1 / n1), wilson_lower = pick(wilson[1]), wilson_upper = pick(wilson[2]),
       exact_lower = pick(exact[1]), exact_upper = pick(exact[2]),
       difference = pick(k1 / n1 - k0 / n0), ratio = pick(k1 / n1 / (k0 / n0)),
       pearson = pick(chi(FALSE)$statistic), pearson_p = pick(chi(FALSE)$p.value),
       yates = pick(chi(TRUE)$statistic), yates_p = pick(chi(TRUE)$p.value),
       fisher = pick(fisher$estimate), fisher_lower = pick(fisher$conf.int[1]),
       fisher_upper = pick(fisher$conf.int[2]), fisher_p = pick(fisher$p.value),
       cmh = pick(mh(FALSE)$statistic), cmh_p = pick(mh(FALSE)$p.value),
       corrected = pick(mh(TRUE)$statistic), corrected_p = pick(mh(TRUE)$p.value),
       pooled = pick(mh(FALSE)$estimate),
       pooled_lower = pick(mh(FALSE)$conf.int[1]), pooled_upper = pick(mh(FALSE)$conf.int[2]))
}

rates <- function(x1, n1, x0, n0) {
  one <- if (n1 > 0) quiet(poisson.test(x1, n1)$conf.int)
  two <- if (n1 > 0 && n0 > 0 && x1 + x0 > 0) quiet(poisson.test(c(x1, x0), c(n1, n0)))
  list(x1 = x1, n1 = n1, x0 = x0, n0 = n0,
       rate = if (n1 > 0) x1 / n1 else NA, lower = pick(one[1]), upper = pick(one[2]),
       ratio = pick(two$estimate), ratio_lower = pick(two$conf.int[1]),
       ratio_upper = pick(two$conf.int[2]), ratio_p = pick(two$p.value))
}

every <- function(f, firsts, seconds) {
  out <- list()
  for (n1 in seconds) for (x1 in firsts(n1)) for (n0 in seconds) for (x0 in firsts(n0))
    out[[length(out) + 1]] <- f(x1, n1, x0, n0)
  out
}

golden("fit", list(
  proportion = every(proportions, firsts = function(n) 0:n, seconds = c(0, 1, 3)),
  rate = every(rates, firsts = function(n) c(0, 1, 4), seconds = c(0, 2.5, 30))))
