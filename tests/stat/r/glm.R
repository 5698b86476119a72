# SPDX-License-Identifier: EUPL-1.2
# Generalised linear models, splines and designs: base R, splines and MASS. Iterations are driven to
# rounding (R stops at 1e-8 by itself), so that coefficients can be held against ours to 1e-8.
source("tests/stat/r/common.R")
suppressPackageStartupMessages({
  library(splines)
  library(MASS)
})
tight <- glm.control(epsilon = 1e-300, maxit = 25) # all 25: R never sees it converge

# A table small enough to read: two factors, a clock time, a 0/1, an amount; drawn once.
set.seed(20261122)
n <- 60
table <- data.frame(
  group = sample(c("a", "b", "c"), n, TRUE),
  place = sample(c("p1", "p10", "p2", "p3"), n, TRUE),
  minute = sample(1020:1300, n, TRUE),
  dark = sample(0:1, n, TRUE),
  amount = round(rnorm(n), 2),
  exposure = round(runif(n, 1, 40), 1),
  weight = sample(1:3, n, TRUE))
table$trials <- rpois(n, 30) + 1
table$k <- rbinom(n, table$trials, plogis(-0.5 + 0.4 * (table$group == "b") - 0.3 * table$dark))
table$hour <- table$minute %/% 60
table$count <- rnbinom(n, size = 2.5, mu = table$exposure * exp(0.2 + 0.5 * (table$group == "c")))

options(warn = -1)

coefficients_of <- function(m) {
  s <- coef(summary(m))
  all <- coef(m)
  se <- setNames(rep(NA_real_, length(all)), names(all))
  se[rownames(s)] <- s[, 2]
  list(term = names(all), beta = unname(all), se = unname(se))
}

described <- function(m, formula, family, weighted = FALSE) {
  list(formula = formula, family = family, weighted = weighted, coefficients = coefficients_of(m), deviance = deviance(m),
       null_deviance = m$null.deviance, df = m$df.residual, null_df = m$df.null,
       dispersion = sum(residuals(m, "pearson")^2) / m$df.residual,
       log_likelihood = if (family == "quasipoisson") NA else as.numeric(logLik(m)),
       aic = if (family == "quasipoisson") NA else AIC(m))
}

logistic <- function(formula, weights = NULL) {
  f <- as.formula(paste("cbind(k, trials - k) ~", formula))
  m <- if (is.null(weights)) glm(f, binomial, table, control = tight) else {
    glm(f, binomial, table, weights = weight, control = tight)
  }
  described(m, formula, "binomial", !is.null(weights))
}

poisson_of <- function(formula, family = "poisson") {
  f <- as.formula(paste("count ~", formula))
  m <- glm(f, get(family), table, offset = log(exposure), control = tight)
  described(m, formula, family)
}

weighted <- function(formula) {
  f <- as.formula(paste("count ~", formula))
  m <- glm(f, poisson, table, offset = log(exposure), weights = weight, control = tight)
  described(m, formula, "poisson", TRUE)
}

# glm.nb stops early: theta and the means are taken in turns to rounding here.
negbin <- function(formula) {
  f <- as.formula(paste("count ~", formula, "+ offset(log(exposure))"))
  theta <- glm.nb(f, table)$theta
  for (i in 1:200) {
    m <- glm(f, negative.binomial(theta), table, control = tight)
    last <- theta
    theta <- as.numeric(theta.ml(table$count, fitted(m), limit = 200, eps = 1e-14))
    if (abs(theta - last) < 1e-14 * theta) break
  }
  s <- coef(summary(m, dispersion = 1))
  list(formula = formula, family = "negbin", weighted = FALSE,
       coefficients = list(term = names(coef(m)), beta = unname(coef(m)), se = unname(s[, 2])),
       deviance = deviance(m), null_deviance = m$null.deviance, df = m$df.residual, null_df = m$df.null,
       dispersion = sum(residuals(m, "pearson")^2) / m$df.residual,
       log_likelihood = sum(dnbinom(table$count, size = theta, mu = fitted(m), log = TRUE)),
       theta = theta, theta_se = attr(theta.ml(table$count, fitted(m), limit = 200, eps = 1e-14), "SE"))
}

spline_case <- function(x, df, at) {
  b <- ns(x, df)
  list(x = x, df = df, at = at, inner = unname(attr(b, "knots")), boundary = attr(b, "Boundary.knots"),
       basis = lapply(seq_along(at), function(i) as.numeric(predict(b, at[i]))))
}

minutes <- sort(table$minute)
# With an intercept group:place has one column too many; glm then misses it by rounding and prints 1e13.
golden("glm", list(
  table = lapply(split(table, seq_len(n)), as.list) |> unname(),
  design = list(
    logistic("1"), logistic("group"), logistic("group + place"), logistic("group - 1"),
    logistic("group + place - 1"), logistic("dark + ns(minute, 6) + place"),
    logistic("dark + ns(minute, df = 3)"), logistic("group * place"), logistic("group:place - 1"),
    logistic("dark * group + amount"), logistic("place + place:dark"), logistic("group:dark + place:amount"),
    logistic("as.numeric(minute) + factor(dark)"), logistic("ns(minute, 1) * group"),
    logistic("factor(dark) : group + amount : dark - 1"), logistic("group + place", TRUE), logistic("hour + group"), logistic("factor(hour) + group"),
    logistic("minute * dark + place")),
  poisson = list(
    poisson_of("1"), poisson_of("group + place"), poisson_of("group * dark + ns(minute, 4)"),
    poisson_of("group + place", "quasipoisson"), poisson_of("0 + place + amount"), weighted("group + dark"), poisson_of("hour:group + place")),
  negbin = list(negbin("1"), negbin("group + place"), negbin("group + ns(minute, 3)")),
  spline = list(
    spline_case(minutes, 6, minutes[c(1, 2, 17, 30, 44, 59, 60)]), spline_case(minutes, 1, minutes[c(1, 9, 60)]),
    spline_case(minutes, 2, minutes[c(1, 20, 60)]), spline_case(c(1, 2, 2, 2, 3, 5, 8, 13, 21), 4, c(1, 2, 3.5, 21)),
    spline_case(seq(-1, 1, by = 0.01), 10, c(-1, -0.37, 0, 0.02, 1)))))
