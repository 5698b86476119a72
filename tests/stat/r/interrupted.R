# SPDX-License-Identifier: EUPL-1.2
# Interrupted series with glm(family = quasipoisson) on the same design, and the effect as a linear
# combination of its coefficients.
source("tests/stat/r/common.R")

series <- function(place, month, count, exposure, treated, start, controlled) {
  d <- data.frame(place = factor(place), month = month, count = count, exposure = exposure)
  on <- place %in% treated
  d$trend <- ifelse(on, month - start, 0)
  d$change <- as.numeric(on & month >= start)
  d$slope <- ifelse(d$change == 1, month - start + 1, 0)
  model <- if (controlled) count ~ place + factor(month) + trend + change + slope else
    if (nlevels(d$place) > 1) count ~ place + trend + change + slope else count ~ trend + change + slope
  fit <- glm(model, family = quasipoisson, offset = log(exposure), data = d,
             control = glm.control(epsilon = 1e-14, maxit = 100))
  v <- vcov(fit)
  b <- coef(fit)
  terms <- c("change", "slope")
  effect <- function(k) {
    w <- c(1, k)
    log_ratio <- sum(w * b[terms])
    se <- sqrt(as.numeric(w %*% v[terms, terms] %*% w))
    reach <- qt(0.975, fit$df.residual) * se
    list(months = k, ratio = exp(log_ratio), lower = exp(log_ratio - reach), upper = exp(log_ratio + reach),
         se = se, p = 2 * pt(abs(log_ratio / se), fit$df.residual, lower.tail = FALSE))
  }
  residual <- residuals(fit, "pearson")
  pairs <- c()
  for (i in seq_along(month)) {
    before <- which(place == place[i] & month == month[i] - 1)
    if (length(before)) pairs <- c(pairs, residual[i] * residual[before])
  }
  list(place = as.integer(d$place) - 1L, month = month, count = count, exposure = exposure,
       treated = as.integer(on), start = start, effects = list(effect(1), effect(3), effect(6)),
       trend = unname(b["trend"]), trend_se = sqrt(v["trend", "trend"]), change = unname(b["change"]),
       change_se = sqrt(v["change", "change"]), slope = unname(b["slope"]),
       slope_se = sqrt(v["slope", "slope"]), dispersion = summary(fit)$dispersion, df = fit$df.residual,
       autocorrelation = mean(pairs) / mean(residual^2))
}

set.seed(20260131)
planted <- function(places, months, treated, start, effect, gaps = c()) {
  d <- expand.grid(month = seq_len(months), place = letters[seq_len(places)], stringsAsFactors = FALSE)
  d$exposure <- 1000 * (1 + as.integer(factor(d$place))) + 10 * d$month
  on <- d$place %in% treated & d$month >= start
  mean <- d$exposure * 0.02 * exp(0.01 * d$month + 0.3 * cos(d$month / 12 * 2 * pi) + ifelse(on, effect, 0))
  d$count <- rnbinom(nrow(d), size = 40, mu = mean)
  d <- d[!(seq_len(nrow(d)) %in% gaps), ]
  series(d$place, d$month, d$count, d$exposure, treated, start, places > length(treated))
}

golden("interrupted", list(cases = list(
  planted(4, 24, "a", 16, -0.3), planted(6, 20, c("b", "e"), 11, 0.4, gaps = c(3, 27, 28, 75)),
  planted(1, 24, "a", 13, -0.2), planted(2, 18, c("a", "b"), 10, 0.1),
  # place as a large factor, eliminated in our fit
  planted(12, 15, "c", 9, 0))))
