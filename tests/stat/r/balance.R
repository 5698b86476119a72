# SPDX-License-Identifier: EUPL-1.2
# Entropy balancing by optim on the dual and a few Newton steps, on single stops; then glm on the same
# covariates with these weights, its sandwich, and the delta method. No package: written from the formulas.
source("tests/stat/r/common.R")

weights_of <- function(x0, target) {
  dual <- function(l) { e <- x0 %*% l; max(e) + log(sum(exp(e - max(e)))) - sum(l * target) }
  share <- function(l) { e <- exp(x0 %*% l - max(x0 %*% l)); as.vector(e / sum(e)) }
  gradient <- function(l) colSums(share(l) * x0) - target
  l <- optim(rep(0, ncol(x0)), dual, gradient, method = "BFGS", control = list(maxit = 5000, reltol = 1e-15))$par
  for (i in 1:30) {
    w <- share(l)
    centred <- sweep(x0, 2, colSums(w * x0))
    l <- l - solve(crossprod(centred, w * centred), gradient(l))
  }
  stopifnot(max(abs(gradient(l))) < 1e-10)
  share(l)
}

case <- function(d, unit, covariates) {
  team <- d$unit == unit
  x <- model.matrix(reformulate(covariates), d)[, -1, drop = FALSE]
  x <- scale(x)
  allowed <- rep(TRUE, nrow(d)) # stops in a level where the team has none get no weight
  for (v in covariates) if (!is.numeric(d[[v]])) allowed <- allowed & d[[v]] %in% d[[v]][team]
  among <- qr(cbind(1, x[allowed & !team, , drop = FALSE])) # columns that vary there, each once
  x <- x[, setdiff(among$pivot[seq_len(among$rank)], 1) - 1, drop = FALSE]
  d$w <- 0
  d$w[team] <- 1
  d$w[allowed & !team] <- weights_of(x[allowed & !team, , drop = FALSE], colMeans(x[team, , drop = FALSE])) * sum(team)
  use <- d[d$w > 0, ]
  for (v in covariates) if (!is.numeric(use[[v]])) use[[v]] <- factor(use[[v]])
  use$team <- as.numeric(use$unit == unit)
  fit <- glm(reformulate(c("team", covariates), "y"), family = quasibinomial, weights = w, data = use,
             control = glm.control(epsilon = 1e-14, maxit = 100))
  z <- model.matrix(fit)
  mu <- fitted(fit)
  bread <- solve(crossprod(z, use$w * mu * (1 - mu) * z))
  robust <- bread %*% crossprod(use$w * (use$y - mu) * z) %*% bread
  z1 <- z[use$team == 1, ]
  z0 <- z1
  z0[, "team"] <- 0
  m1 <- as.vector(plogis(z1 %*% coef(fit)))
  m0 <- as.vector(plogis(z0 %*% coef(fit)))
  g1 <- colMeans(m1 * (1 - m1) * z1)
  g0 <- colMeans(m0 * (1 - m0) * z0)
  se <- function(g) sqrt(as.numeric(g %*% robust %*% g))
  gap <- se(g1 - g0)
  ratio <- se(g1 / mean(m1) - g0 / mean(m0))
  one <- colnames(z) == "team"
  odds <- se(as.numeric(one))
  others <- d$w[!team]
  before <- function(v) (mean(v[team]) - mean(v[!team])) / sqrt(mean((v[team] - mean(v[team]))^2))
  cells <- aggregate(cbind(outcome = y, n = 1) ~ ., d[, c("unit", covariates, "y")], sum)
  csv <- capture.output(write.csv(cells, row.names = FALSE, quote = FALSE))
  list(unit = unit, csv = paste0(csv, "\n", collapse = ""), difference = mean(m1) - mean(m0), difference_se = gap,
       lower = mean(m1) - mean(m0) - qnorm(0.975) * gap, ratio = mean(m1) / mean(m0), ratio_se = ratio,
       odds_ratio = unname(exp(coef(fit)["team"])), odds_ratio_se = odds, share1 = mean(m1), share0 = mean(m0),
       effective = sum(others)^2 / sum(others^2), heaviest = max(others) / sum(others), before_age = before(d$age),
       p = 2 * pnorm(-abs((mean(m1) - mean(m0)) / gap)))
}

set.seed(20261031)
n <- 1500
d <- data.frame(unit = sample(c("T1", "T2", "T3"), n, TRUE, c(0.25, 0.35, 0.4)))
d$place <- ifelse(d$unit == "T1", sample(c("A", "B", "C"), n, TRUE, c(0.6, 0.3, 0.1)),
                  sample(c("A", "B", "C", "D"), n, TRUE))
d$hour <- sample(c("day", "evening", "night"), n, TRUE)
d$age <- round(rnorm(n, 30 + 4 * (d$unit == "T1"), 6)) + 0.5
d$y <- rbinom(n, 1, plogis(-1 + 0.5 * (d$place == "A") + 0.4 * (d$hour == "night") + 0.03 * (d$age - 30) +
                             0.5 * (d$unit == "T1")))
golden("balance", list(cases = list(
  case(d, "T1", c("place", "hour", "age")), case(d, "T2", c("place", "hour", "age")),
  # the team is never in the base level A
  case(d[!(d$unit == "T3" & d$place == "A"), ], "T3", c("place", "hour", "age")))))
