# SPDX-License-Identifier: EUPL-1.2
# A team beside the others by balancing.R, on single stops.
source("tests/stat/r/common.R")
source("tests/stat/r/balancing.R")

case <- function(d, unit, covariates) {
  d$one <- d$unit == unit
  before <- function(v) (mean(v[d$one]) - mean(v[!d$one])) / sqrt(mean((v[d$one] - mean(v[d$one]))^2))
  cells <- aggregate(cbind(outcome = y, n = 1) ~ ., d[, c("unit", covariates, "y")], sum)
  csv <- capture.output(write.csv(cells, row.names = FALSE, quote = FALSE))
  c(list(unit = unit, csv = paste0(csv, "\n", collapse = ""), before_age = before(d$age)), beside(d, covariates))
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
