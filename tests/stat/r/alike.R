# SPDX-License-Identifier: EUPL-1.2
# What `analyzer run` says of like beside like, on the cells of a small city: groups beside all others in the city and in
# one place (alike), the gap standardised to everybody (index-gap), and units beside the other units (team).
source("tests/stat/r/common.R")
source("tests/stat/r/balancing.R")

strata <- c("area", "daypart", "basis", "mode")

short <- function(d, one, y = d$y, covariates = strata) {
  d$one <- one
  d$y <- y
  b <- beside(d, Filter(function(v) length(unique(d[[v]])) > 1, covariates))
  list(value = 100 * b$difference, lower = 100 * b$lower, p = b$p, effective = b$effective, n = sum(one),
       events = sum(y[one]))
}

standardised <- function(d, g, covariates) {
  d[c("group", covariates)] <- lapply(d[c("group", covariates)], factor)
  fit <- glm(reformulate(c("group", covariates), "y"), family = binomial, data = d,
             control = glm.control(epsilon = 1e-12, maxit = 100))
  groups <- levels(d$group)
  as_if <- lapply(groups, function(h) {
    x <- model.matrix(delete.response(terms(fit)), transform(d, group = factor(h, levels = groups)))
    p <- as.vector(plogis(x %*% coef(fit)))
    list(share = mean(p), gradient = colMeans(p * (1 - p) * x))
  })
  w <- -as.vector(table(d$group)) / sum(d$group != g)
  w[groups == g] <- 1
  gap <- sum(w * sapply(as_if, `[[`, "share"))
  gradient <- sapply(as_if, `[[`, "gradient") %*% w
  se <- sqrt(as.numeric(t(gradient) %*% vcov(fit) %*% gradient))
  list(value = 100 * gap, lower = 100 * (gap - qnorm(0.975) * se), p = 2 * pnorm(-abs(gap / se)), n = sum(d$group == g),
       events = sum(d$y[d$group == g]))
}

set.seed(20261123)
n <- 3000
d <- data.frame(area = sample(c("A1", "A2", "A3"), n, TRUE, c(0.5, 0.3, 0.2)),
                daypart = sample(c("we 20-24", "wk 08-12", "wk 20-24"), n, TRUE),
                basis = sample(c("opiumwet", "wvw"), n, TRUE, c(0.3, 0.7)))
d$mode <- ifelse(d$basis == "wvw", sample(c("bicycle", "car"), n, TRUE, c(0.3, 0.7)),
                 sample(c("car", "walking"), n, TRUE, c(0.2, 0.8)))
d$unit <- ifelse(d$area == "A1", sample(c("U1", "U2"), n, TRUE, c(0.6, 0.4)), sample(c("U1", "U2", "U3"), n, TRUE))
d$group <- ifelse(runif(n) < 0.2 + 0.2 * (d$area == "A1") + 0.1 * (d$daypart == "we 20-24"), "x",
                  sample(c("y", "z"), n, TRUE, c(0.7, 0.3)))
d$y <- rbinom(n, 1, plogis(-1.2 + 0.6 * (d$area == "A1") + 0.5 * (d$basis == "opiumwet") + 0.5 * (d$group == "x") +
                             0.3 * (d$mode == "car") + 0.4 * (d$unit == "U2")))
first <- d[d$area == "A1", ]
cells <- aggregate(cbind(k = y, n = 1) ~ area + unit + daypart + basis + mode + group, d, sum)
golden("alike", list(
  cells = cells,
  alike = lapply(c("x", "y", "z"), function(g) c(list(place = "", group = g), short(d, d$group == g))),
  alike_in_place = lapply(c("x", "y", "z"), function(g)
    c(list(place = "A1", group = g), short(first, first$group == g))),
  against_y = list(c(list(place = "", group = "x"), short(d[d$group != "z", ], d$group[d$group != "z"] == "x"))),
  index_gap = lapply(c("x", "y", "z"), function(g)
    c(list(place = "", group = g), standardised(d, g, c("area", "daypart", "basis")))),
  index_gap_in_place = lapply(c("x", "y", "z"), function(g)
    c(list(place = "A1", group = g), standardised(first, g, c("daypart", "basis")))),
  team = lapply(c("U1", "U2", "U3"), function(u) c(list(place = u, group = ""), short(d, d$unit == u))),
  team_share = lapply(c("U1", "U2", "U3"), function(u)
    c(list(place = u, group = "x"), short(d, d$unit == u, as.numeric(d$group == "x"))))))
