# SPDX-License-Identifier: EUPL-1.2
# Convergence diagnostics by package posterior (apt install r-cran-posterior): slow, antithetic, tied,
# heavy-tailed, drifting and disagreeing chains, an odd number of draws, one chain, a constant.
source("tests/stat/r/common.R")
suppressPackageStartupMessages(library(posterior))
set.seed(20171)
ar <- function(n, rho) as.numeric(arima.sim(list(ar = rho), n))
chains <- function(k, f) sapply(seq_len(k), f)
of <- function(name, x) {
  x <- signif(x, 10)
  q <- function(p) unname(quantile(x, p))
  list(name = name, chains = ncol(x), draws = nrow(x), x = as.numeric(x),
       mean = mean(x), sd = sd(x), lower = q(0.025), median = q(0.5), upper = q(0.975),
       rhat = rhat(x), ess_bulk = ess_bulk(x), ess_tail = ess_tail(x), mcse_mean = mcse_mean(x),
       ess_basic = ess_basic(x, split = FALSE))
}
energy <- chains(3, function(i) ar(60, c(0.2, 0.6, 0.95)[i]))
bfmi <- min(apply(energy, 2, function(e) sum(diff(e)^2) / sum((e - mean(e))^2)))
golden("diagnose", list(
  cases = list(
    of("independent", chains(4, function(i) rnorm(60))),
    of("slow", chains(4, function(i) ar(80, 0.9))),
    of("antithetic", chains(4, function(i) ar(80, -0.6))),
    of("odd", chains(3, function(i) ar(61, 0.3))),
    of("one chain", matrix(ar(100, 0.5))),
    of("tied", chains(4, function(i) rpois(60, 1.5) + 0)),
    of("heavy", chains(4, function(i) rcauchy(60))),
    of("drifting", chains(2, function(i) rnorm(70) + seq(0, 3, length.out = 70))),
    of("disagreeing", chains(4, function(i) rnorm(50) + i / 2)),
    of("of other spread", chains(4, function(i) rnorm(50) * i))),
  bfmi = list(list(chains = 3, draws = 60, x = as.numeric(energy), worst = bfmi))))
