# SPDX-License-Identifier: EUPL-1.2
# The `fast` threshold test in Stan on tests/bench/threshold_124.csv: bulk effective sample size per CPU
# second of the worst quantity, warm-up included, to set beside
#   maatstaf analyzer fit threshold --signal fast tests/bench/threshold_124.csv   (ess_per_second)
# On Debian: apt install r-cran-rstan r-cran-posterior r-cran-rcppeigen r-cran-bh, and
#   CPLUS_INCLUDE_PATH=/usr/lib/R/site-library/RcppEigen/include:/usr/include/eigen3 \
#   Rscript tests/bench/threshold.R
suppressPackageStartupMessages({library(rstan); library(posterior)})
rstan_options(boost_lib = "/usr/include", eigen_lib = system.file("include", package = "RcppEigen"))
model <- stan_model("tests/bench/threshold_fast.stan")
d <- read.csv("tests/bench/threshold_124.csv")
number <- function(x) as.integer(factor(x, levels = unique(x)))
cells <- list(N = nrow(d), D = length(unique(d$place)), R = length(unique(d$group)),
              place = number(d$place), grp = number(d$group), n = d$stops, s = d$searches, h = d$hits)
fit <- sampling(model, data = cells, chains = 2, iter = 3000, seed = 1, refresh = 0, init = 0, cores = 1)
draws <- as.array(fit)
names <- grep("^(t|phi_r|delta_r|sigma_t|mu_)", dimnames(draws)$parameters, value = TRUE)
bulk <- sapply(names, function(k) ess_bulk(draws[, , k]))
seconds <- sum(get_elapsed_time(fit))
cat(sprintf("stan: bulk %.0f (%s) in %.1f s: %.1f effective draws per second\n",
            min(bulk), names[which.min(bulk)], seconds, min(bulk) / seconds))
