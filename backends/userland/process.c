/* SPDX-License-Identifier: MIT */
#include "userland/process.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "posix/error.h"
#include "sctpx.h"
#include "userland/compat.h"
#include "userland/datagram.h"
#include "userland/privilege.h"
#include "userland/ticker.h"

#define DEFAULT_PEER_PORT 9899 /* IANA's for SCTP over UDP */
#define ATTEMPTS 4

static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
static atomic_int own_port; /* 0: not started */
static atomic_int peer_port;
static atomic_int ended;
static atomic_int forked;
static int watching_forks;

/* No fork in the midst of a start: its child would find the lock held by
 * nobody, and half a stack. */
static void fork_prepare(void)
{
    pthread_mutex_lock(&starting);
}

static void fork_parent(void)
{
    pthread_mutex_unlock(&starting);
}

/* A stack's threads stay behind. Before it is started there is nothing to
 * lose, and the child may start its own. */
static void fork_child(void)
{
    if (atomic_load(&own_port) != 0) {
        atomic_store(&forked, 1);
        datagram_close();
    }
    pthread_mutex_unlock(&starting);
}

int process_usable(void)
{
    if (atomic_load(&forked))
        return -SCTPX_EFORKED;
    if (atomic_load(&own_port) == 0 || atomic_load(&ended))
        return -SCTPX_EPROTONOSUPPORT;
    return 0;
}

void process_end(void)
{
    atomic_store(&ended, 1);
}

uint16_t process_peer_port(void)
{
    return (uint16_t)atomic_load(&peer_port);
}

uint32_t process_receive_limit(void)
{
    return datagram_room();
}

/* Signals are for threads that can run their handlers: Python's. */
static void signals_block(sigset_t *before)
{
    /* Blocked, a crash would end the process without a word of faulthandler's. */
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    sigset_t all;
    size_t i;

    sigfillset(&all);
    for (i = 0; i < sizeof own / sizeof own[0]; i++)
        sigdelset(&all, own[i]);
    pthread_sigmask(SIG_SETMASK, &all, before);
}

int process_thread(void *(*body)(void *))
{
    pthread_t thread;
    sigset_t before;
    int problem;

    signals_block(&before);
    problem = pthread_create(&thread, NULL, body, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (problem == 0)
        pthread_detach(thread);
    return problem;
}

/* usrsctp tells nobody when it could not bind its port: look. */
static int library_start(uint16_t port, int sockets)
{
    struct privilege privilege;
    sigset_t before;
    int problem = datagram_affordable(sockets);

    if (problem == 0)
        problem = privilege_drop(&privilege);
    if (problem != 0)
        return -error_of(SCTPX_CALL_OPEN, problem);
    signals_block(&before);
    usrsctp_init(port, NULL, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    privilege_restore(&privilege);
    /* A probe of a closed window is a chunk sent again: 30 of them ended the
     * association, however lively its peer. */
    usrsctp_sysctl_set_sctp_max_retran_chunk(0);
    if (datagram_adopt(port) == sockets)
        return 0;
    usrsctp_finish();
    return -SCTPX_EADDRINUSE;
}

static int library_bring_up(uint16_t wanted)
{
    int attempt, port, sockets, result = -SCTPX_EADDRINUSE;

    for (attempt = 0; attempt < ATTEMPTS && result == -SCTPX_EADDRINUSE; attempt++) {
        port = datagram_port(wanted, &sockets);
        if (port < 0)
            return port;
        result = library_start((uint16_t)port, sockets);
        if (result == 0)
            return port;
        if (wanted != 0)
            break;
    }
    return result;
}

static int process_start(uint16_t udp_port, uint16_t peer_udp_port)
{
    int port, problem;

    if (!watching_forks) {
        problem = pthread_atfork(fork_prepare, fork_parent, fork_child);
        if (problem != 0)
            return -error_of(SCTPX_CALL_OPEN, problem);
        watching_forks = 1;
    }
    port = library_bring_up(udp_port);
    if (port < 0)
        return port;
    problem = ticker_start();
    if (problem != 0) {
        usrsctp_finish();
        return -error_of(SCTPX_CALL_OPEN, problem);
    }
    atomic_store(&peer_port, peer_udp_port != 0 ? peer_udp_port : DEFAULT_PEER_PORT);
    atomic_store(&own_port, port);
    return 0;
}

int sctpx_start(uint16_t udp_port, uint16_t peer_udp_port)
{
    int result = 0;

    if (atomic_load(&forked))
        return -SCTPX_EFORKED;
    pthread_mutex_lock(&starting);
    if (atomic_load(&own_port) == 0)
        result = process_start(udp_port, peer_udp_port);
    pthread_mutex_unlock(&starting);
    return result;
}

int sctpx_udp_port(void)
{
    return atomic_load(&own_port);
}
