# SPDX-License-Identifier: EUPL-1.2
# Marginal standardisation: glm with the group as a factor, predictions for everybody as if of each group, their
# means, and the delta method with vcov(). Contrast: one group against the others, by their numbers. Levels of a
# covariate where all or none have the outcome are set apart first: their share is known.
source("tests/stat/r/common.R")

case <- function(d, covariates) {
  whole <- d
  whole[c("group", covariates)] <- lapply(d[c("group", covariates)], factor)
  settled <- Reduce(`|`, lapply(covariates, function(v) ave(d$k, d[[v]], FUN = sum) %in% 0 |
                                  ave(d$n - d$k, d[[v]], FUN = sum) == 0))
  d <- d[!settled, ]
  d[c("group", covariates)] <- lapply(d[c("group", covariates)], factor)
  fit <- glm(reformulate(c("group", covariates), "cbind(k, n - k)"), family = binomial, data = d,
                              control = glm.control(epsilon = 1e-12, maxit = 100))
  known <- !is.na(coef(fit))
  v <- vcov(fit, complete = FALSE)
  groups <- levels(d$group)
  as_if <- lapply(groups, function(g) {
    x <- model.matrix(delete.response(terms(fit)), transform(d, group = factor(g, levels = groups)))[, known]
    p <- as.vector(plogis(x %*% coef(fit)[known]))
    list(share = (sum(d$n * p) + sum(whole$k[settled])) / sum(whole$n),
         gradient = colSums(d$n * p * (1 - p) * x) / sum(whole$n))
  })
  share <- sapply(as_if, `[[`, "share")
  gradient <- sapply(as_if, `[[`, "gradient")
  size <- as.vector(tapply(whole$n, whole$group, sum))
  gap <- sapply(seq_along(groups), function(g) {
    w <- -size / sum(size[-g])
    w[g] <- 1
    c(sum(w * share), sqrt(as.vector(t(gradient %*% w) %*% v %*% (gradient %*% w))))
  })
  code <- function(x) as.integer(x) - 1
  list(group = code(whole$group), codes = lapply(unname(whole[covariates]), code), k = whole$k, n = whole$n,
       groups = length(groups),
       share = share, gap = gap[1, ], se = gap[2, ])
}

set.seed(20261122)
d <- expand.grid(group = c("x", "y", "z"), area = paste0("W", 1:12), hour = c("day", "evening", "night"),
                 basis = c("a", "b"))
d$n <- rpois(nrow(d), 3 + 9 * (d$group == "y") + 6 * (d$area == "W2" & d$group == "z"))
d$k <- rbinom(nrow(d), d$n, plogis(-1 + 0.5 * (d$group == "z") + as.integer(d$area) / 12 + 0.4 * (d$hour == "night")))
d <- d[d$n > 0, ]
# nobody with the outcome in one area, everybody in another: R's fitted 0 and 1
e <- d
e$k[e$area == "W3"] <- 0
e$k[e$area == "W4"] <- e$n[e$area == "W4"]
# a covariate that is a combination of the others
f <- d
f$basis <- ifelse(f$hour == "night", "a", "b")
golden("marginal", list(cases = list(case(d, c("area", "hour", "basis")), case(e, c("area", "hour", "basis")),
                                     case(f, c("area", "hour", "basis")), case(d, "hour"))))
