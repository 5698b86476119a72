# SPDX-License-Identifier: EUPL-1.2
# Benjamini and Hochberg's 15 p values (JRSS B 57, 1995, p. 295), ties, and holes, by R's p.adjust.
source("tests/stat/r/common.R")
q <- function(p) list(p = p, q = p.adjust(p, "BH"))
golden("multiplicity", list(cases = list(
  q(c(.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1)),
  q(c(0.5, 0.01, NA, 0.01, 0.2, NA, 0.01, 1, 0.9)),
  q(c(0.04)), q(c(NA, NA)), q(c(0.9, 0.8, 0.7, 0.06, 0.05)))))
