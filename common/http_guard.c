/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The port and the one thread: waits for the kernel, lets each connection do what it can, then
 * libmicrohttpd, then those that it has something for. Deadlines are looked at ten times a second.
 */
#include "common/http_guard.h"

#include "common/clock.h"
#include "common/fault.h"
#include "common/http_guard_link.h"
#include "common/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    TICK_MS = 100,
    EVENTS = 256,
    ACCEPTS = 64, /* in one turn */
    BACKLOG = 1024,
    FDS_A_LINK = 3, /* the client's and both ends of the pair */
    FDS_OF_OTHERS = 48
};

/* ---- the port -------------------------------------------------------------------------------- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* False: no numeric address. */
static bool
read_address(const char *text, unsigned port, union address *address, socklen_t *length)
{
    *address = (union address){0};
    if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((uint16_t)port);
        *length = sizeof address->v4;
        return true;
    }
    if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) != 1)
        return false;
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons((uint16_t)port);
    *length = sizeof address->v6;
    return true;
}

static bool
is_loopback(const union address *address)
{
    if (address->any.sa_family == AF_INET)
        return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

static bool
set_flags(int fd)
{
    return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static bool
listen_on(struct guard *g, const union address *address, socklen_t length, struct err *e)
{
    const int yes = 1;
    union address bound;
    socklen_t bound_length = sizeof bound;

    g->listener = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (g->listener < 0)
        return err_set(e, ERR_RETRY, "no socket: %s", strerror(errno));
    setsockopt(g->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(g->listener, &address->any, length) != 0 || listen(g->listener, BACKLOG) != 0)
        return err_set(e, errno == EADDRINUSE ? ERR_RETRY : ERR_CONFIG, "%s port %u: %s",
                       g->options.address, g->options.port, strerror(errno));
    if (getsockname(g->listener, &bound.any, &bound_length) != 0)
        return err_set(e, ERR_INTERNAL, "no name of a socket: %s", strerror(errno));
    g->port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
    return true;
}

static bool
open_port(struct guard *g, struct err *e)
{
    union address address;
    socklen_t length;

    if (g->options.port > UINT16_MAX ||
        !read_address(g->options.address, g->options.port, &address, &length))
        return err_set(e, ERR_CONFIG, "%s port %u is no numeric address and port",
                       g->options.address, g->options.port);
    if (!g->tls && !is_loopback(&address)) {
        err_set(e, ERR_CONFIG, "plain HTTP is for a loopback address, not %s", g->options.address);
        return err_hint(e, "set a certificate and its key");
    }
    return listen_on(g, &address, length, e);
}

/* As many connections as the limit of open files allows. */
static bool
fit_files(struct guard *g, struct err *e)
{
    struct rlimit limit;
    unsigned *const most = &g->options.caps.connections;
    const rlim_t wanted = (rlim_t)*most * FDS_A_LINK + FDS_OF_OTHERS;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return true;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= wanted)
        return true;
    if (limit.rlim_cur < FDS_OF_OTHERS + FDS_A_LINK)
        return err_set(e, ERR_CONFIG, "the limit of %ju open files is too small",
                       (uintmax_t)limit.rlim_cur);
    *most = (unsigned)((limit.rlim_cur - FDS_OF_OTHERS) / FDS_A_LINK);
    log_write(LOG_WARNING, "fewer connections for want of open files connections=%u", *most);
    return true;
}

/* ---- the log --------------------------------------------------------------------------------- */

/* What has waited long enough, or everything. */
static void
log_events(struct guard *g, bool all)
{
    static const struct {
        enum log_level level;
        const char *what;
    } lines[GUARD_EVENTS] = {
        [GUARD_HANDSHAKE_FAILED] = {LOG_INFO, "handshake failed"},
        [GUARD_TURNED_AWAY] = {LOG_WARNING, "connection turned away"},
    };

    for (unsigned i = 0; i < GUARD_EVENTS; i++) {
        if (g->events[i].count == 0 || (!all && g->now < g->events[i].next))
            continue;
        log_write(lines[i].level, "%s count=%ju reason=\"%s\"", lines[i].what,
                  (uintmax_t)g->events[i].count, g->events[i].reason);
        g->events[i].count = 0;
        g->events[i].next = g->now + 1;
    }
}

void
guard_note(struct guard *g, enum guard_event what, const char *reason)
{
    g->events[what].count++;
    g->events[what].reason = reason;
    log_events(g, false);
}

static bool
has_events(const struct guard *g)
{
    return g->events[GUARD_HANDSHAKE_FAILED].count + g->events[GUARD_TURNED_AWAY].count > 0;
}

/* ---- accepting ------------------------------------------------------------------------------- */

static void
watch(struct guard *g, int fd, uint32_t events, void *who)
{
    struct epoll_event event = {.events = events, .data.ptr = who};

    if (epoll_ctl(g->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        err_fatal("no room to watch a connection");
}

static void
listen_again(struct guard *g, bool listening)
{
    struct epoll_event event = {.events = listening ? EPOLLIN : 0, .data.ptr = &g->listener};

    if (g->listener >= 0 && listening != g->listening)
        epoll_ctl(g->epoll, EPOLL_CTL_MOD, g->listener, &event);
    g->listening = listening;
}

/* Without a farewell: whoever comes too often gets a reset, not our memory. */
static void
turn_away(int fd)
{
    struct http_stream s = {.fd = fd};

    http_stream_reset(&s);
    http_stream_close(&s);
}

static unsigned
links_of(const struct guard *g, const struct link *like)
{
    unsigned count = 0;

    for (unsigned i = 0; i < g->count; i++)
        count += memcmp(g->links[i]->key, like->key, sizeof like->key) == 0;
    return count;
}

static void
take(struct guard *g, int fd, const union address *address)
{
    const int yes = 1;
    struct link *const l = set_flags(fd) ? link_new(g, fd, &address->any) : NULL;

    if (!l) {
        turn_away(fd);
        return;
    }
    if (links_of(g, l) >= g->options.caps.per_client) {
        g->counters->over_client_cap++;
        guard_note(g, GUARD_TURNED_AWAY, "the cap of one client");
        l->stream.fd = -1;
        link_free(l);
        turn_away(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    l->index = g->count;
    g->links[g->count++] = l;
    g->counters->connections++;
    watch(g, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, l);
}

static void
accept_some(struct guard *g)
{
    for (unsigned i = 0; i < ACCEPTS; i++) {
        union address address = {0};
        socklen_t length = sizeof address;
        const int fd = accept(g->listener, &address.any, &length);

        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
                listen_again(g, false); /* until the next tick */
            return;
        }
        if (g->count >= g->options.caps.connections) {
            g->counters->over_cap++;
            guard_note(g, GUARD_TURNED_AWAY, "the cap of all");
            turn_away(fd);
        } else {
            take(g, fd, &address);
        }
    }
}

/* ---- the turns of the thread ----------------------------------------------------------------- */

static void
release_if_over(struct guard *g, struct link *l)
{
    if (l->queued || !link_is_over(l))
        return;
    g->links[l->index] = g->links[--g->count];
    g->links[l->index]->index = l->index;
    link_free(l);
}

static void
one_event(struct guard *g, const struct epoll_event *event)
{
    uint64_t number;

    if (event->data.ptr == &g->listener) {
        accept_some(g);
    } else if (event->data.ptr == &g->wake) {
        if (read(g->wake, &number, sizeof number) < 0)
            return;
        atomic_store(&g->woken, false); /* in this order: who comes from now on wakes us again */
        g->hooks.woken(g->hooks.context);
        g->handed_on = true;
    } else if (event->data.ptr == &g->hooks) {
        g->handed_on = true;
    } else {
        struct link *const l = event->data.ptr;

        l->stream.readable |= (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0;
        l->stream.writable |= (event->events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
        l->stream.hung_up |= (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        link_step(l);
        release_if_over(g, l);
    }
}

/* libmicrohttpd, and those that waited for it, until neither has anything to do. */
static void
work(struct guard *g)
{
    for (unsigned turn = 0; turn < ACCEPTS && (g->handed_on || g->again_count > 0); turn++) {
        g->handed_on = false;
        while (g->hooks.run(g->hooks.context)) {
        }

        const unsigned count = g->again_count;

        for (unsigned i = 0; i < count; i++) {
            struct link *const l = g->again[i];

            l->queued = false;
            link_step(l);
            release_if_over(g, l);
        }
        g->again_count -= count;
        memmove(g->again, g->again + count, g->again_count * sizeof *g->again);
    }
}

static void
tick(struct guard *g)
{
    listen_again(g, true);
    log_events(g, false);
    for (unsigned i = g->count; i-- > 0;) {
        struct link *const l = g->links[i];

        if (l->deadline > 0 && g->now >= l->deadline && !PLANTED(no_reaper))
            link_expire(l);
        if (l->answering)
            link_again(l);
        release_if_over(g, l);
    }
}

/* Ends connections that have nothing at hand and are not to go on. */
static void
end_idle(struct guard *g)
{
    for (unsigned i = g->count; i-- > 0;) {
        struct link *const l = g->links[i];

        if (g->stopping || (g->draining && l->state == LINK_HANDSHAKE))
            link_drop(l);
        else if (guard_ends(&l->seen) && link_is_idle(l))
            link_linger(l);
        release_if_over(g, l);
    }
    g->renewed = false;
    if (g->draining && g->listener >= 0) {
        close(g->listener);
        g->listener = -1;
    }
}

static void
one_turn(struct guard *g, const struct epoll_event *events, int count, double *next_tick)
{
    g->now = clock_seconds();
    for (int i = 0; i < count; i++)
        one_event(g, &events[i]);
    work(g);
    if (g->now >= *next_tick) {
        tick(g);
        *next_tick = g->now + TICK_MS / 1000.0;
    }
    if (g->draining || g->stopping || g->renewed)
        end_idle(g);
    work(g);
    g->counters->connections_now = g->count;
    if (g->count == 0)
        pthread_cond_broadcast(&g->emptied);
}

static void *
run(void *context)
{
    struct guard *const g = context;
    struct epoll_event events[EVENTS];
    double next_tick = 0;
    bool over = false;

    while (!over) {
        const bool busy = g->again_count > 0 || g->handed_on;
        const bool ticking = g->count > 0 || !g->listening || has_events(g);
        const int wait = busy ? 0 : ticking ? TICK_MS : -1;
        const int count = epoll_wait(g->epoll, events, EVENTS, wait);

        pthread_mutex_lock(&g->lock);
        one_turn(g, events, count, &next_tick);
        over = g->stopping && g->count == 0;
        pthread_mutex_unlock(&g->lock);
    }
    log_events(g, true);
    return NULL;
}

/* ---- for the server -------------------------------------------------------------------------- */

static bool
open_fds(struct guard *g, struct err *e)
{
    g->epoll = epoll_create1(EPOLL_CLOEXEC);
    g->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (g->epoll < 0 || g->wake < 0)
        return err_set(e, ERR_RETRY, "no descriptors to wait on: %s", strerror(errno));
    watch(g, g->listener, EPOLLIN, &g->listener);
    watch(g, g->wake, EPOLLIN, &g->wake);
    watch(g, g->hooks.poll_fd, EPOLLIN, &g->hooks);
    g->listening = true;
    return true;
}

static void
init_lock(struct guard *g)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&g->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&g->emptied, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct guard *
guard_open(const struct guard_options *options, const struct guard_hooks *hooks,
           struct http_counters *counters, struct err *e)
{
    struct guard *const g = calloc(1, sizeof *g);

    if (!g)
        err_fatal("out of memory");
    g->options = *options;
    g->hooks = *hooks;
    g->counters = counters;
    g->tls = options->tls;
    g->limits = (struct http_head_limits){options->caps.head_bytes, options->caps.uri_bytes,
                                          options->caps.fields};
    g->listener = g->epoll = g->wake = -1;
    g->now = clock_seconds();
    init_lock(g);
    if (!fit_files(g, e) || !open_port(g, e) || !open_fds(g, e)) {
        guard_free(g);
        return NULL;
    }
    g->links = calloc(g->options.caps.connections, sizeof(struct link *));
    g->again = calloc(g->options.caps.connections * 2U, sizeof(struct link *));
    if (!g->links || !g->again)
        err_fatal("out of memory");
    return g;
}

/* Signals are for the main thread. */
bool
guard_start(struct guard *g, struct err *e)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    guard_lock(g); /* so that the thread sees who it is */
    g->started = pthread_create(&g->thread, NULL, run, g) == 0;
    guard_unlock(g);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return g->started || err_set(e, ERR_RETRY, "no thread for the HTTP service");
}

unsigned
guard_port(const struct guard *g)
{
    return g->port;
}

void
guard_wake(struct guard *g)
{
    const uint64_t one = 1;

    if (!atomic_exchange(&g->woken, true) && write(g->wake, &one, sizeof one) < 0)
        return; /* full: it is awake */
}

bool
guard_inside(const struct guard *g)
{
    return g->started && pthread_equal(pthread_self(), g->thread);
}

void
guard_lock(struct guard *g)
{
    pthread_mutex_lock(&g->lock);
}

void
guard_unlock(struct guard *g)
{
    pthread_mutex_unlock(&g->lock);
}

void
guard_renew(struct guard *g, struct http_tls *tls)
{
    guard_lock(g);
    http_tls_free(g->tls);
    g->tls = tls;
    g->generation++;
    g->renewed = true; /* its own thread ends links: it may hold events of them */
    guard_unlock(g);
    guard_wake(g);
}

bool
guard_drain(struct guard *g, unsigned timeout_ms)
{
    struct timespec until;
    int waited = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    guard_lock(g);
    g->draining = true;
    guard_wake(g);
    while ((g->count > 0 || g->listener >= 0) && waited == 0)
        waited = pthread_cond_timedwait(&g->emptied, &g->lock, &until);

    const bool empty = g->count == 0;

    guard_unlock(g);
    return empty;
}

void
guard_stop(struct guard *g)
{
    guard_lock(g);
    g->draining = g->stopping = true;
    guard_unlock(g);
    guard_wake(g);
    if (g->started)
        pthread_join(g->thread, NULL);
    g->started = false;
}

void
guard_free(struct guard *g)
{
    const int fds[] = {g->listener, g->epoll, g->wake};

    for (unsigned i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
    http_tls_free(g->tls);
    pthread_mutex_destroy(&g->lock);
    pthread_cond_destroy(&g->emptied);
    free(g->links);
    free(g->again);
    free(g);
}
