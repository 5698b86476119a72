/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One set of kernels a feature level: Haswell's wherever AVX2 and FMA are, also on newer processors
 * (AVX-512 would round otherwise), else the plainest.
 */
#include "analyzer/arithmetic.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *
kernels(void)
{
#if defined __x86_64__
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? "Haswell" : "Prescott";
#elif defined __aarch64__
    return "ARMV8";
#else
    return NULL;
#endif
}

/* True when the variable had another value; NULL leaves it alone. */
static bool
put(const char *name, const char *value)
{
    const char *const now = getenv(name);

    return value && !(now && strcmp(now, value) == 0) && setenv(name, value, 1) == 0;
}

void
arithmetic_pin(char *const *argv)
{
    const bool other_core = put("OPENBLAS_CORETYPE", kernels());
    const bool other_threads = put("OPENBLAS_NUM_THREADS", "1");

    if (other_core || other_threads)
        execv("/proc/self/exe", argv);
}
