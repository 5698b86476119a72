# SPDX-License-Identifier: EUPL-1.2
# One side of stops beside the others, like with like: entropy balancing by optim on the dual and a few Newton steps, on
# single stops; then glm on the same covariates with these weights, its sandwich, and the delta method. No package:
# written from the formulas. d has the columns y (0/1) and one (TRUE: the side that the others are weighted to).

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

beside <- function(d, covariates) {
  one <- d$one
  x <- model.matrix(reformulate(covariates), d)[, -1, drop = FALSE]
  x <- scale(x)
  allowed <- rep(TRUE, nrow(d)) # stops in a level where the one side has none get no weight
  for (v in covariates) if (!is.numeric(d[[v]])) allowed <- allowed & d[[v]] %in% d[[v]][one]
  among <- qr(cbind(1, x[allowed & !one, , drop = FALSE])) # columns that vary there, each once
  x <- x[, setdiff(among$pivot[seq_len(among$rank)], 1) - 1, drop = FALSE]
  d$w <- 0
  d$w[one] <- 1
  d$w[allowed & !one] <- weights_of(x[allowed & !one, , drop = FALSE], colMeans(x[one, , drop = FALSE])) * sum(one)
  use <- d[d$w > 0, ]
  for (v in covariates) if (!is.numeric(use[[v]])) use[[v]] <- factor(use[[v]])
  varies <- Filter(function(v) is.numeric(use[[v]]) || nlevels(use[[v]]) > 1, covariates)
  use$team <- as.numeric(use$one)
  fit <- glm(reformulate(c("team", varies), "y"), family = quasibinomial, weights = w, data = use,
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
  odds <- se(as.numeric(colnames(z) == "team"))
  others <- d$w[!one]
  list(difference = mean(m1) - mean(m0), difference_se = gap,
       lower = mean(m1) - mean(m0) - qnorm(0.975) * gap, ratio = mean(m1) / mean(m0), ratio_se = ratio,
       odds_ratio = unname(exp(coef(fit)["team"])), odds_ratio_se = odds, share1 = mean(m1), share0 = mean(m0),
       effective = sum(others)^2 / sum(others^2), heaviest = max(others) / sum(others),
       p = 2 * pnorm(-abs((mean(m1) - mean(m0)) / gap)))
}
