# SPDX-License-Identifier: EUPL-1.2
# The peer in threshold.sh: the `fast` threshold test in Stan on threshold_124.csv. Prints the bulk effective
# sample size per CPU second of the worst quantity, warm-up included.
#   Rscript threshold.R FOLDER MODEL SEED     MODEL: a file that keeps the compiled program
# Debian's rstan does not find the headers of its own packages by itself; hence the paths.
arguments <- commandArgs(trailingOnly = TRUE)
Sys.setenv(CPLUS_INCLUDE_PATH = "/usr/lib/R/site-library/RcppEigen/include:/usr/include/eigen3")
suppressPackageStartupMessages({library(rstan); library(posterior)})
rstan_options(boost_lib = "/usr/include", eigen_lib = system.file("include", package = "RcppEigen"))
if (!file.exists(arguments[2])) saveRDS(stan_model(file.path(arguments[1], "threshold_fast.stan")), arguments[2])
model <- readRDS(arguments[2])
d <- read.csv(file.path(arguments[1], "threshold_124.csv"))
number <- function(x) as.integer(factor(x, levels = unique(x)))
cells <- list(N = nrow(d), D = length(unique(d$place)), R = length(unique(d$group)),
              place = number(d$place), grp = number(d$group), n = d$stops, s = d$searches, h = d$hits)
fit <- sampling(model, data = cells, chains = 2, iter = 3000, seed = as.integer(arguments[3]), refresh = 0, init = 0,
                cores = 1)
draws <- as.array(fit)
names <- grep("^(t|phi_r|delta_r|sigma_t|mu_)", dimnames(draws)$parameters, value = TRUE)
bulk <- sapply(names, function(k) ess_bulk(draws[, , k]))
cat(sprintf("%.1f\n", min(bulk) / sum(get_elapsed_time(fit))))
