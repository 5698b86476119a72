# SPDX-License-Identifier: EUPL-1.2
# What is not in the data. Two lists: Chapman with Seber's variance and Chao's limits; three lists: the
# eight log-linear models by glm(); unregistered stops: by uniroot on the exact interval of binom.test;
# bounds of Knox, Lowe and Mummolo and E-values from the papers' formulas.
source("tests/stat/r/common.R")

limits <- function(seen, unseen, variance, level) {
  C <- exp(qnorm(1 - (1 - level) / 2) * sqrt(log(1 + variance / unseen^2)))
  list(value = seen + unseen, se = sqrt(variance), lower = seen + unseen / C, upper = seen + unseen * C)
}

chapman <- function(n1, n2, m, level = 0.95) {
  N <- (n1 + 1) * (n2 + 1) / (m + 1) - 1
  v <- (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1)^2 * (m + 2))
  c(list(n1 = n1, n2 = n2, m = m, level = level), limits(n1 + n2 - m, N - (n1 + n2 - m), v, level))
}

three <- function(seen, level = 0.95) { # a, b, ab, c, ac, bc, abc
  p <- 1:7
  d <- data.frame(y = seen, a = p %% 2, b = p %/% 2 %% 2, c = p %/% 4)
  terms <- c("", "+ a:b", "+ a:c", "", "+ b:c")
  fits <- lapply(0:7, function(model) {
    f <- paste("y ~ a + b + c", if (model %% 2) "+ a:b" else "", if (model %/% 2 %% 2) "+ a:c" else "",
               if (model %/% 4) "+ b:c" else "")
    g <- glm(as.formula(f), poisson, d, control = glm.control(epsilon = 1e-14, maxit = 100))
    u <- unname(exp(coef(g)[1]))
    c(list(model = model, aic = AIC(g), deviance = deviance(g), df = df.residual(g)),
      limits(sum(seen), u, u + u^2 * vcov(g)[1, 1], level))
  })
  list(seen = seen, level = level, fits = fits)
}

limit <- function(x1, n1, x0, n0, side, level) { # of the ratio, counts of any size
  half <- (1 - level) / 2
  p <- if (side < 0) (if (x1 == 0) 0 else qbeta(half, x1, x0 + 1)) else
    (if (x0 == 0) 1 else qbeta(1 - half, x1 + 1, x0))
  p / (1 - p) * n0 / n1
}

tipping <- function(x1, n1, x0, n0, level = 0.95) {
  T <- x1 + x0
  ratio <- (x1 / n1) / (x0 / n0)
  low <- limit(x1, n1, x0, n0, -1, level)
  high <- limit(x1, n1, x0, n0, 1, level)
  less <- if (ratio > 1) x1 * n0 / n1 - x0 else x0 * n1 / n0 - x1
  verdict <- root(function(u) {
    add <- T * u / (1 - u)
    to1 <- if (low > 1) 0 else if (high < 1) 1 else as.numeric(ratio >= 1)
    l <- limit(x1 + add * to1, n1, x0 + add * (1 - to1), n0, if (ratio >= 1) -1 else 1, level)
    log(l)
  }, 1e-6, 0.99)
  u <- c(0.1, 0.5, 0.9)
  list(x1 = x1, n1 = n1, x0 = x0, n0 = n0, level = level, equal = less / (T + less), verdict = verdict,
       unregistered = u,
       # added to the group so that its share of all is n1 / (n1 + n0)
       part = (T / (1 - u) * n1 / (n1 + n0) - x1) / (T * u / (1 - u)))
}

bounds <- function(k1, n1, k0, n0, rho) {
  y1 <- k1 / n1; y0 <- k0 / n0; share <- n1 / (n1 + n0)
  D <- y1 - y0
  low <- D + rho * y0 * share
  list(k1 = k1, n1 = n1, k0 = k0, n0 = n0, rho = rho, naive = D, att = D + rho * y0,
       lower = low,
       upper = low + rho / (1 - rho) * (y1 - pmax(0, 1 + (y1 - 1) / rho)) * (1 - share))
}

e_value <- function(value, lower, upper) {
  E <- function(r) { r <- if (r < 1) 1 / r else r; r + sqrt(r * (r - 1)) }
  list(value = value, lower = lower, upper = upper, e = E(value),
       limit = if (lower > 1) E(lower) else if (upper < 1) E(upper) else 1)
}

golden("not_in_data", list(
  chapman = list(chapman(200, 150, 50), chapman(2224, 2348, 2100, 0.9), chapman(10, 8, 1)),
  three = list(three(c(60, 49, 4, 247, 112, 142, 12)), three(c(30, 20, 15, 40, 18, 11, 9), 0.9)),
  tipping = list(tipping(60, 1000, 100, 4000), tipping(8, 1000, 90, 4000), tipping(12, 1000, 40, 4000),
                 tipping(2224, 29200, 1905, 161400), tipping(7, 1000, 40, 4000, 0.9)),
  bounds = list(bounds(30, 400, 80, 1600, 0.1), bounds(30, 400, 80, 1600, 0.5), bounds(350, 400, 80, 1600, 0.32),
                bounds(5, 50, 30, 200, 0.9)),
  e_value = list(e_value(3.9, 1.8, 8.7), e_value(0.8, 0.71, 0.91), e_value(1.3, 0.9, 1.8))))
