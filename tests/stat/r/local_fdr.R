# SPDX-License-Identifier: EUPL-1.2
# Efron's local false discovery rate with the null by central matching, from base R (glm, splines::ns, lm):
# 120 breaks over the range, Poisson fit of the counts on ns(x, 7), parabola between the quartiles.
source("tests/stat/r/common.R")

fdr <- function(z) {
  b <- seq(min(z), max(z), length.out = 120)
  y <- hist(z, breaks = b, plot = FALSE)$counts
  x <- (b[-1] + b[-120]) / 2
  fit <- glm(y ~ splines::ns(x, df = 7), poisson, control = glm.control(epsilon = 1e-14, maxit = 100))
  l <- log(fit$fitted.values)
  m <- x[which.max(l)]
  q <- quantile(z, c(0.25, 0.75))
  mid <- x > q[1] & x < q[2]
  co <- unname(coef(lm(l[mid] ~ I(x[mid] - m) + I((x[mid] - m)^2))))
  f0 <- exp(co[1] + co[2] * (x - m) + co[3] * (x - m)^2)
  list(z = z, mean = m - co[2] / (2 * co[3]), sd = 1 / sqrt(-2 * co[3]), share = sum(f0) / sum(exp(l)),
       fdr = approx(x, pmin(1, f0 / exp(l)), z, rule = 2)$y)
}

# quantiles, not draws: the same on any machine; written with few digits so that both read the same
grid <- function(n, mean, sd) qnorm(((1:n) - 0.5) / n, mean, sd)
golden("local_fdr", list(cases = list(
  fdr(round(c(grid(450, 0.1, 1.2), grid(50, 3, 1)), 6)),
  fdr(round(c(grid(95, 0, 1), -4.2, 3.9, 4.4, 5, 5.1), 6)),
  fdr(round(c(grid(300, -0.5, 2), grid(40, -9, 1), grid(30, 8, 1)), 6)))))
