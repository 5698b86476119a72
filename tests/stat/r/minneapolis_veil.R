# SPDX-License-Identifier: EUPL-1.2
# Golden values of the direct before-contact test on the Minneapolis stops of 2017 (R package carData): each
# group against all others, not recognised before speaking (preRace "Unknown") against recognised, at the same
# quarter of the clock and in the same neighbourhood; R's glm on the single stops, added up by cell.
# Run: Rscript tests/stat/r/minneapolis_veil.R DATA > tests/stat/golden/minneapolis_veil.json
library(splines)
data <- commandArgs(TRUE)[1]
stops <- read.csv(gzfile(file.path(data, "mpls_stops/MplsStops.csv.gz")), na.strings = "NA")
codes <- c(White = "white", Black = "black", "East African" = "east_african", Latino = "latino",
           "Native American" = "native_american", Asian = "asian", Other = "other")
stops$group <- unname(codes[stops$race])
stops$minute <- as.integer(substr(stops$date, 12, 13)) * 60 + as.integer(substr(stops$date, 15, 16)) %/% 15 * 15
stops <- stops[!is.na(stops$group) & !is.na(stops$preRace), ]
stops$unseen <- as.integer(stops$preRace == "Unknown")
basis <- ns(stops$minute, df = 6) # knots at the quantiles of the stops
knots <- attr(basis, "knots")
ends <- attr(basis, "Boundary.knots")
cases <- character()
for (g in sort(unique(stops$group))) {
    cells <- aggregate(cbind(y = stops$group == g, n = 1),
                       stops[c("unseen", "minute", "neighborhood")], sum)
    m <- glm(cbind(y, n - y) ~ unseen + ns(minute, knots = knots, Boundary.knots = ends) + factor(neighborhood),
             binomial, cells, control = glm.control(epsilon = 1e-300, maxit = 25))
    s <- coef(summary(m))["unseen", ]
    cases[[length(cases) + 1]] <- sprintf(
        '{"group":"%s","n":%d,"events":%d,"value":%.17g,"lower":%.17g,"upper":%.17g}', g, nrow(stops),
        sum(stops$group == g), s[1], s[1] - qnorm(.975) * s[2], s[1] + qnorm(.975) * s[2])
}
cat("[\n", paste(cases, collapse = ",\n"), "\n]\n", sep = "")
