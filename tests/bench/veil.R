# SPDX-License-Identifier: EUPL-1.2
# The peer of `analyzer fit logistic` in veil.sh: R's own glm on the same rows.
#   Rscript veil.R make ROWS CSV      single stops: clock time, light, place, whether of the group
#   Rscript veil.R time CSV OUT       reads them, fits, writes the seconds that glm took
#   Rscript veil.R fit CSV OUT        the same, then lines of term, value, se
# What is timed is glm on the rows. By default it stops early, and its standard errors are those of the step
# before its last; the values that ours must equal come from the same model on cells, fitted to the end.
arguments <- commandArgs(trailingOnly = TRUE)
if (arguments[1] == "make") {
  set.seed(1)
  n <- as.integer(arguments[2])
  day <- sample(0:364, n, TRUE)
  dusk <- round(1200 + 170 * sin(2 * pi * (day - 80) / 365))
  # between the year's earliest and latest dusk, without the half hour of twilight
  minute <- sample(1030:1370, n, TRUE)
  minute <- ifelse(minute > dusk - 35 & minute < dusk, dusk, minute)
  dark <- as.integer(minute >= dusk)
  place <- sample(114, n, TRUE, prob = 1 / (1:114)^0.7)
  effect <- rnorm(114, 0, 0.6)
  k <- rbinom(n, 1, plogis(-0.8 + effect[place] - 0.08 * dark + 0.3 * sin(minute / 60)))
  write.csv(data.frame(k, n = 1L, dark, minute, place = sprintf("buurt %03d", place)), arguments[3],
            row.names = FALSE, quote = FALSE)
} else {
  library(splines)
  d <- read.csv(arguments[2], stringsAsFactors = TRUE)
  took <- system.time(m <- glm(k ~ dark + ns(minute, 6) + place, binomial, d))
  if (arguments[1] == "time") {
    writeLines(format(took[["elapsed"]]), arguments[3])
    quit()
  }
  basis <- ns(d$minute, 6)
  knots <- attr(basis, "knots")
  ends <- attr(basis, "Boundary.knots")
  cells <- aggregate(cbind(k, n) ~ minute + dark + place, d, sum)
  exact <- glm(cbind(k, n - k) ~ dark + ns(minute, knots = knots, Boundary.knots = ends) + place, binomial, cells,
               control = glm.control(epsilon = 1e-14, maxit = 100))
  s <- coef(summary(exact))
  stopifnot(max(abs(s[, 1] - coef(m))) < 1e-5) # it is the model that was timed
  writeLines(c(format(took[["elapsed"]]), sprintf("%s\t%.15g\t%.15g", names(coef(m)), s[, 1], s[, 2])),
             arguments[3])
}
