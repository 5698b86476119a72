// SPDX-License-Identifier: EUPL-1.2
// The `fast` threshold test (Pierson, Corbett-Davies, Goel, AISTATS 2018) written for Stan, as the
// peer of `analyzer fit threshold --signal fast`: same likelihood, same priors, thresholds centred (not centred, sigma_t and R-hat suffer).
data {
  int<lower=1> N; int<lower=1> D; int<lower=1> R;
  int place[N]; int grp[N]; int n[N]; int s[N]; int h[N];
}
parameters {
  vector[N] t; real<lower=0> sigma_t; real mu_phi; real mu_delta;
  vector[R] phi_r; vector[R] delta_r; vector[D - 1] phi_d_raw; vector[D - 1] delta_d_raw;
}
model {
  vector[D] phi_d = append_row(0, phi_d_raw);
  vector[D] delta_d = append_row(0, delta_d_raw);
  vector[N] search; vector[N] hit;
  for (i in 1:N) {
    real phi = inv_logit(phi_r[grp[i]] + phi_d[place[i]]);
    real delta = exp(delta_r[grp[i]] + delta_d[place[i]]);
    real a = phi * (1 - normal_cdf(t[i], delta, 1));
    search[i] = a + (1 - phi) * (1 - normal_cdf(t[i], 0, 1));
    hit[i] = a / search[i];
  }
  s ~ binomial(n, search); h ~ binomial(s, hit);
  t ~ normal(0, sigma_t); sigma_t ~ normal(0, 1); mu_phi ~ normal(0, 1); mu_delta ~ normal(0, 1);
  phi_r ~ normal(mu_phi, 1); delta_r ~ normal(mu_delta, 1);
  phi_d_raw ~ normal(0, 0.1); delta_d_raw ~ normal(0, 0.1);
}
