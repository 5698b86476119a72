# SPDX-License-Identifier: EUPL-1.2
# Control charts in base R: limits by their formulas and by qpois/qbinom, Laney's sigma (moving ranges over
# 2/sqrt(pi); Laney prints 1.128), CUSUM recursions, the weighted ratio with Fay and Feuer's limits, and run
# lengths by Markov chains (Brook and Evans, Biometrika 59, 1972) on a lattice that the CUSUM cannot leave.
source("tests/stat/r/common.R")

steps <- function(increments) {
  value <- 0
  run <- 0
  out <- list(value = c(), run = c())
  for (i in increments) {
    value <- max(0, value + i)
    run <- if (value > 0) run + 1 else 0
    out$value <- c(out$value, value)
    out$run <- c(out$run, run)
  }
  out
}

# ---- series ----

weighted <- function(count, expected, phi, weight, last) {
  j <- seq_len(last)
  use <- expected[j] > 0
  w <- (weight * (1 - weight)^(last - j))[use]
  x <- count[j][use] / phi
  mu <- expected[j][use] / phi
  w <- w / sum(w * mu)
  y <- sum(w * x)
  v <- sum(w^2 * x)
  up <- y + max(w)
  vup <- v + max(w)^2
  c(y, if (y > 0) qgamma(0.025, y^2 / v, scale = v / y) else 0,
    qgamma(0.975, up^2 / vup, scale = vup / up))
}

series <- function(kind, count, size, baseline, shift = 1.25, weight = 0.2) {
  gap <- size == 0
  base <- which(!gap)
  if (baseline > 0) base <- base[seq_len(baseline)]
  share <- kind == "p"
  centre <- sum(count[base]) / sum(size[base])
  unit <- if (share) centre * (1 - centre) else centre
  z <- (count / size - centre) / sqrt(unit / size)
  ends <- seq_len(max(base))
  ranges <- abs(diff(z[ends]))
  laney <- mean(ranges[is.finite(ranges)]) / (2 / sqrt(pi))
  phi <- max(1, laney^2)
  shewhart <- function(k) {
    half <- 3 * k * sqrt(unit / size)
    list(lower = pmax(0, centre - half), upper = if (share) pmin(1, centre + half) else centre + half)
  }
  quantile <- function(p) if (share) qbinom(p, size, centre) / size else qpois(p, centre * size) / size
  tail <- pnorm(-3)
  like <- function(s) {
    if (share) {
      p1 <- centre * s / (1 - centre + centre * s)
      one <- dbinom(count, size, p1, log = TRUE) - dbinom(count, size, centre, log = TRUE)
    } else {
      one <- dpois(count, size * centre * s, log = TRUE) - dpois(count, size * centre, log = TRUE)
    }
    ifelse(gap, 0, one) / phi
  }
  up <- steps(like(shift))
  down <- steps(like(1 / shift))
  n <- length(count)
  fading <- outer(seq_len(n), seq_len(n), function(t, j) ifelse(j <= t, weight * (1 - weight)^(t - j), 0))
  ewma <- (fading %*% (ifelse(gap, 0, count - size * centre))) / sqrt(fading^2 %*% (size * unit * phi))
  ratio <- sapply(seq_len(n), function(i) weighted(count, size * centre, phi, weight, i))
  plain <- shewhart(1)
  wide <- shewhart(laney)
  pick <- function(x) x[!gap]
  list(kind = kind, count = count, size = size, baseline = baseline, shift = shift, weight = weight,
       centre = centre, laney = laney, lower = pick(plain$lower), upper = pick(plain$upper),
       laney_lower = pick(wide$lower), laney_upper = pick(wide$upper),
       exact_lower = pick(quantile(tail)), exact_upper = pick(qbinom_upper(share, tail, size, centre)),
       up = pick(up$value), down = pick(down$value), run = pick(up$run), z = pick(as.vector(ewma)),
       ratio = pick(ratio[1, ]), ratio_lower = pick(ratio[2, ]), ratio_upper = pick(ratio[3, ]))
}

qbinom_upper <- function(share, tail, size, centre)
  if (share) qbinom(tail, size, centre, lower.tail = FALSE) / size else
    qpois(tail, centre * size, lower.tail = FALSE) / size

# ---- run lengths ----

# Both sides of one CUSUM in units of log(shift): up + x - k, down + k' - x; alarm above `most`.
chain <- function(pmf, k, kk, most) {
  states <- expand.grid(u = 0:most, d = 0:most)
  q <- matrix(0, nrow(states), nrow(states))
  for (x in seq_along(pmf) - 1) {
    u <- pmax(0, states$u + x - k)
    d <- pmax(0, states$d + kk - x)
    inside <- which(u <= most & d <= most)
    to <- 1 + u[inside] + (most + 1) * d[inside]
    q[cbind(inside, to)] <- q[cbind(inside, to)] + pmf[x + 1]
  }
  q
}
length_of <- function(q) solve(diag(nrow(q)) - q, rep(1, nrow(q)))[1]
together <- function(q, r, months = 20000) { # the first alarm of two independent series
  a <- c(1, rep(0, nrow(q) - 1))
  b <- c(1, rep(0, nrow(r) - 1))
  sum <- 0
  for (i in seq_len(months)) {
    sum <- sum + sum(a) * sum(b)
    a <- as.vector(a %*% q)
    b <- as.vector(b %*% r)
  }
  sum
}

shift <- 1.25
mean <- 5 * log(shift) / (shift - 1) # k = 5, k' = 4
poisson <- function(most) chain(dpois(0:200, mean), 5, 4, most)
phi <- 2
scattered <- function(most) chain(dnbinom(0:400, size = mean / (phi - 1), mu = mean), 5, 4, most)
odds <- root(function(s) s + 1 - 2 * s^0.6, 1.5, 5) # k = 6, k' = 4 of n = 10
centre <- (odds^0.6 - 1) / (odds - 1)
binomial <- function(most) chain(dbinom(0:10, 10, centre), 6, 4, most)
pairs <- (10 - 1) / (1.5 - 1) - 1
beta <- function(most) {
  x <- 0:10
  pmf <- exp(lchoose(10, x) + lbeta(x + centre * pairs, 10 - x + (1 - centre) * pairs) -
               lbeta(centre * pairs, (1 - centre) * pairs))
  chain(pmf, 6, 4, most)
}
run <- function(kind, centre, size, shift, phi, most, of)
  list(kind = kind, centre = centre, size = size, shift = shift, dispersion = phi, most = most,
       run_length = length_of(of(most)), before = length_of(of(most - 1)))

counts <- c(14, 9, 11, 17, 8, 12, 10, 0, 13, 22, 19, 15, 26, 24, 21, 30)
sizes <- c(1000, 1000, 1100, 1100, 1050, 1050, 1000, 0, 1000, 1200, 1200, 1150, 1150, 1100, 1100, 1000.5)
golden("chart", list(
  series = list(
    series("u", counts, sizes, 0), series("u", counts, sizes, 6, 1.5, 0.35),
    # over-dispersed shares of large n: ordinary limits flag most months, Laney's none
    series("p", c(2105, 2381, 1980, 2507, 2244, 2610, 2302, 2019, 2555, 2271),
           c(10010, 10420, 9900, 11020, 10100, 10890, 10550, 9980, 10700, 10300), 0),
    series("p", c(3, 1, 4, 1, 5, 9, 2, 6), c(20, 22, 19, 31, 24, 20, 18, 25), 5)),
  run_length = list(
    run("u", mean / 40, 40, shift, 1, 10, poisson), run("u", mean / 40, 40, shift, phi, 14, scattered),
    run("p", centre, 10, odds, 1, 4, binomial), run("p", centre, 10, odds, 1.5, 5, beta)),
  city = list(list(most = 10, run_length = together(poisson(10), poisson(10)), centre = mean / 40,
                   size = 40, shift = shift))))
