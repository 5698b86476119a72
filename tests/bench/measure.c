/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * measure FILE COMMAND ARGUMENT…: runs a command and writes to FILE one line with its wall seconds,
 * its CPU seconds (children that it waited for included) and its peak resident memory in KiB, as
 * wait4 tells them. The exit status is the command's. Memory is that of the largest single process.
 */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NO_COMMAND = 127, KILLED = 128 };

static double
seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
now(void)
{
    struct timespec t = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
    struct rusage used;
    int status;

    if (argc < 3) {
        fputs("usage: measure FILE COMMAND ARGUMENT...\n", stderr);
        return 2;
    }

    const double begin = now();
    const pid_t child = fork();

    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(NO_COMMAND);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        perror("measure");
        return 1;
    }

    const double wall = now() - begin;
    FILE *const out = fopen(argv[1], "w");

    if (!out ||
        fprintf(out, "%.3f %.3f %ld\n", wall, seconds_of(used.ru_utime) + seconds_of(used.ru_stime),
                used.ru_maxrss) < 0 ||
        fclose(out) != 0) {
        perror(argv[1]);
        return 1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED + WTERMSIG(status);
}
