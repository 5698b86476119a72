# SPDX-License-Identifier: EUPL-1.2
# The regression itself by lm(); the bounds have their published reference (rar) and laws in the suite.
source("tests/stat/r/common.R")

ols <- function(group, risk, acted) {
  fit <- summary(lm(acted ~ factor(group) + risk))$coefficients
  level <- lm(acted ~ factor(group) + risk)
  list(group = group, risk = risk, acted = acted,
       beta = fit[2, 1], se = fit[2, 2], slope = fit["risk", 1], slope_se = fit["risk", 2],
       expected = unname(predict(level, data.frame(group = 0, risk = mean(risk)))))
}
risk <- ((1:60 * 37) %% 101) / 101
group <- (1:60 * 7) %% 3 %/% 2
golden("risk_adjusted", list(cases = list(
  ols(group, risk, as.numeric(((1:60 * 53) %% 97) / 97 < risk + 0.1 * group)),
  ols(c(0, 0, 0, 1, 1, 1), c(.1, .5, .9, .2, .3, .7), c(0, 1, 1, 0, 1, 1)))))
