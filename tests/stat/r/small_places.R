# SPDX-License-Identifier: EUPL-1.2
# Empirical Bayes by optim/nlm on the negative binomial likelihood, then uniroot on its slope in the shape; funnel
# limits by Spiegelhalter's interpolation (Statistics in Medicine 24, 2005, appendix A.1.1); ratio of
# standardised rates by the log-normal formula. Written from the formulas.
source("tests/stat/r/common.R")

shrink <- function(y, n, level = 0.95) {
  use <- n > 0
  ll <- function(p) sum(dnbinom(y[use], size = exp(p[2]), mu = exp(p[1]) * n[use], log = TRUE))
  best <- optim(c(log(sum(y) / sum(n)), 1), function(p) -ll(p), method = "BFGS",
                control = list(reltol = 1e-16, maxit = 1000))$par
  # polish: both slopes to zero, one after the other
  slope_m <- function(m, k) sum(k * (y[use] - m * n[use]) / (k + m * n[use]))
  slope_k <- function(m, k) sum(digamma(y[use] + k) - digamma(k) + log(k / (k + m * n[use])) +
                                (m * n[use] - y[use]) / (k + m * n[use]))
  m <- exp(best[1]); k <- exp(best[2])
  for (i in 1:200) {
    m <- root(function(x) slope_m(x, k), m * 0.5, m * 2)
    k <- exp(root(function(x) slope_k(m, exp(x)), log(k) - 1, log(k) + 1))
  }
  half <- (1 - level) / 2
  list(count = y, exposure = n, level = level, mean = m, shape = k, log_likelihood = ll(log(c(m, k))),
       value = (k + y) / (k / m + n), lower = qgamma(half, k + y, k / m + n),
       upper = qgamma(1 - half, k + y, k / m + n),
       over = pgamma(1.25 * m, k + y, k / m + n, lower.tail = FALSE))
}

funnel <- function(size, target, level, share = FALSE) {
  cdf <- if (share) function(x) pbinom(x, size, target) else function(x) ppois(x, size * target)
  q <- if (share) function(p) qbinom(p, size, target) else function(p) qpois(p, size * target)
  at <- function(p) {
    r <- q(p)
    max(0, r - (cdf(r) - p) / (cdf(r) - cdf(r - 1)))
  }
  half <- (1 - level) / 2
  list(size = size, target = target, level = level, share = as.numeric(share),
       lower = at(half) / size, upper = at(1 - half) / size)
}

dispersion <- function(z) {
  q <- quantile(z, c(0.1, 0.9))
  list(z = z, value = max(1, mean(pmin(pmax(z, q[1]), q[2])^2)))
}

standardised <- function(x1, n1, x0, n0, s, level = 0.95) {
  w <- s / sum(s)
  r <- function(x, n) sum(w * x / n)
  v <- function(x, n) sum(w^2 * x / n^2)
  se <- sqrt(v(x1, n1) / r(x1, n1)^2 + v(x0, n0) / r(x0, n0)^2)
  ratio <- r(x1, n1) / r(x0, n0)
  z <- qnorm(1 - (1 - level) / 2)
  list(x1 = x1, n1 = n1, x0 = x0, n0 = n0, standard = s, level = level, value = ratio, se = se,
       lower = ratio * exp(-z * se), upper = ratio * exp(z * se))
}

golden("small_places", list(
  shrink = list(shrink(c(3, 10, 0, 55, 7, 21, 4), c(120, 400, 30, 1500, 80, 310.5, 500)),
                shrink(c(40, 2, 9, 130, 88, 61, 15, 0), c(1000, 900, 1100, 1000, 950, 1050, 990, 0), 0.9)),
  funnel = list(funnel(120, 0.05, 0.95), funnel(120, 0.05, 0.998), funnel(5000, 0.05, 0.998),
                funnel(10, 0.02, 0.95), funnel(80, 0.25, 0.95, TRUE), funnel(80, 0.25, 0.998, TRUE),
                funnel(12, 0.9, 0.95, TRUE)),
  dispersion = list(dispersion(c(-3.1, 0.2, 1.9, -0.7, 5.5, 2.2, -1.4, 0.3, 0.9, -2.6, 1.1)),
                    dispersion(c(-0.3, 0.2, 0.5, -0.1))),
  standardised = list(standardised(c(3, 20, 41, 12, 1), c(800, 950, 1400, 900, 300),
                                   c(9, 31, 60, 30, 8), c(4000, 4100, 5200, 4800, 2900), c(17, 12, 31, 24, 16)),
                      standardised(c(5, 9), c(100, 50), c(2, 7), c(90, 80), c(3, 1), 0.9))))
