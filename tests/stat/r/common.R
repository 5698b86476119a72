# SPDX-License-Identifier: EUPL-1.2
# What the golden scripts share: where to write, and how (15 digits; Inf and NaN as text, because JSON
# has neither). Run from the root of the checkout: Rscript tests/stat/r/rate.R [folder]
suppressPackageStartupMessages(library(jsonlite))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments) > 0) arguments[1] else "tests/stat/golden"

golden <- function(name, cases) {
  write(toJSON(cases, auto_unbox = TRUE, digits = I(15), null = "null", na = "string", pretty = TRUE),
        file.path(folder, paste0(name, ".json")))
}

# A root to rounding: R's default tolerance is 1e-4.
root <- function(f, lower, upper) uniroot(f, c(lower, upper), tol = 1e-15, maxiter = 10000)$root
