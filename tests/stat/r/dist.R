# SPDX-License-Identifier: EUPL-1.2
# Distributions from R itself (the same Rmath by another door, so this checks our argument order and
# tails), and Fisher's noncentral hypergeometric from its definition.
source("tests/stat/r/common.R")

nchyper <- function(x, m, n, k, odds) {
  u <- max(0, k - n):min(k, m)
  d <- dhyper(u, m, n, k, log = TRUE) + log(odds) * u
  d <- exp(d - max(d))
  d <- d / sum(d)
  list(x = x, m = m, n = n, k = k, odds = odds,
       at_most = sum(d[u <= x]), at_least = sum(d[u >= x]), mean = sum(d * u))
}

q <- function(what, p, a, b, upper, value) list(what = what, p = p, a = a, b = b, upper = upper, value = value)
quantiles <- list()
for (p in c(1e-9, 0.005, 0.025, 0.5, 0.975))
  for (upper in c(FALSE, TRUE)) {
    quantiles <- c(quantiles, list(
      q("gamma", p, 0.5, 1, upper, qgamma(p, 0.5, 1, lower.tail = !upper)),
      q("gamma", p, 7, 1, upper, qgamma(p, 7, 1, lower.tail = !upper)),
      q("gamma", p, 12345, 1, upper, qgamma(p, 12345, 1, lower.tail = !upper)),
      q("beta", p, 3, 9, upper, qbeta(p, 3, 9, lower.tail = !upper)),
      q("beta", p, 2224, 26977, upper, qbeta(p, 2224, 26977, lower.tail = !upper)),
      q("normal", p, 1, 2, upper, qnorm(p, 1, 2, lower.tail = !upper)),
      q("chi-square", p, 3, NA, upper, qchisq(p, 3, lower.tail = !upper)),
      q("t", p, 4, NA, upper, qt(p, 4, lower.tail = !upper)),
      q("poisson", p, 6.5, NA, upper, qpois(p, 6.5, lower.tail = !upper)),
      q("binomial", p, 40, 0.3, upper, qbinom(p, 40, 0.3, lower.tail = !upper))))
  }

golden("dist", list(
  quantiles = quantiles,
  tails = list(
    list(what = "normal log upper 40", value = pnorm(40, lower.tail = FALSE, log.p = TRUE)),
    list(what = "gamma log upper", value = pgamma(900, 5, lower.tail = FALSE, log.p = TRUE)),
    list(what = "beta log lower", value = pbeta(1e-5, 30, 4, log.p = TRUE)),
    list(what = "beta log lower, no double", value = pbeta(1e-12, 30, 4, log.p = TRUE)),
    list(what = "beta log upper, no double",
         value = pbeta(0.999, 3, 120, lower.tail = FALSE, log.p = TRUE)),
    list(what = "chi-square log upper", value = pchisq(4832.86, 1, lower.tail = FALSE, log.p = TRUE)),
    list(what = "hyper upper", value = phyper(7, 20, 30, 12, lower.tail = FALSE)),
    list(what = "binomial upper", value = pbinom(30, 100, 0.1, lower.tail = FALSE)),
    list(what = "poisson log lower", value = ppois(3, 90, log.p = TRUE)),
    list(what = "negative binomial", value = dnbinom(4, size = 1.7, mu = 6)),
    list(what = "t upper", value = pt(3.1, 6, lower.tail = FALSE))),
  nchyper = list(nchyper(3, 10, 15, 8, 1), nchyper(3, 10, 15, 8, 4.5), nchyper(0, 10, 5, 8, 0.2),
                 nchyper(8, 10, 15, 8, 9), nchyper(2224, 4129, 186471, 29200, 6.9),
                 nchyper(2224, 4129, 186471, 29200, 1.4), nchyper(30, 500, 400, 60, 0.7))))
