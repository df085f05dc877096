/* SPDX-License-Identifier: MIT */
/*
 * racing ROUNDS SEED: send, receive, wait, ask and peel off in several threads
 * while another one closes, aborts or shuts down.  Compiled with the shim under
 * a sanitizer, which ends it at the first race or error; a call that answers
 * what it must not, or a thread that does not come back, ends it too.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "driver.h"

#define WORKERS 16
#define CLIENTS 3
#define SIZE 1500

struct worker {
    pthread_t thread;
    void (*body)(struct worker *worker);
    int64_t handle;
};

static struct worker workers[WORKERS];
static int working;
static atomic_int received;
static atomic_int peeled;
static unsigned seed;

static uint32_t random_below(uint32_t limit)
{
    return (uint32_t)rand_r(&seed) % limit;
}

/* What any call may say of a handle that another thread closes, or of an
 * association that another thread ends. */
static int is_end(int64_t result)
{
    return result == -SCTPX_ECLOSED || result == -SCTPX_EBADF || result == -SCTPX_EPIPE ||
           result == -SCTPX_ENOTCONN || result == -SCTPX_ECONNRESET ||
           result == -SCTPX_ECONNABORTED;
}

static void check_end(const char *call, int64_t result)
{
    if (!is_end(result)) {
        fprintf(stderr, "%s answered %d\n", call, (int)result);
        exit(2);
    }
}

static int is_pause(int64_t result)
{
    return result == -SCTPX_EAGAIN || result == -SCTPX_EINTR;
}

static void send_until_end(struct worker *worker)
{
    uint8_t data[SIZE] = {0};
    int result;

    do
        result = sctpx_send(worker->handle, NULL, data, sizeof data, 20 * MILLISECOND);
    while (result == 0 || is_pause(result));
    check_end("send", result);
}

static void receive_until_end(struct worker *worker)
{
    struct sctpx_received records[4];
    uint8_t arena[4 * SIZE];
    int result;

    do {
        result = sctpx_receive(worker->handle, records, 4, arena, sizeof arena, 20 * MILLISECOND);
        if (result > 0)
            atomic_fetch_add(&received, result);
    } while (result > 0 || is_pause(result));
    CHECK(result == 0 || is_end(result));
}

static void ask_until_closed(struct worker *worker)
{
    struct sctpx_option status = {.option = SCTPX_OPT_STATUS};
    struct sctpx_address list[2];
    int result;

    do {
        result = sctpx_wait(worker->handle, SCTPX_READABLE | SCTPX_WRITABLE, MILLISECOND);
        CHECK(result >= 0 || is_pause(result) || is_end(result));
        result = sctpx_peer_addresses(worker->handle, 0, list, 2);
        CHECK(result >= 0 || is_end(result) || result == -SCTPX_EINVAL);
        result = sctpx_local_addresses(worker->handle, 0, list, 2);
        CHECK(result >= 0 || is_end(result) || result == -SCTPX_EINVAL);
        result = sctpx_get_option(worker->handle, &status, NULL, 0);
        CHECK(result >= 0 || is_end(result));
        result = sctpx_fileno(worker->handle);
    } while (result >= 0);
    CHECK(is_end(result));
}

/* To every association that there is, over and over. */
static void spread_until_closed(struct worker *worker)
{
    struct sctpx_outgoing how = {.flags = 0};
    uint8_t data[SIZE] = {0};
    int64_t ids[CLIENTS];
    int i, result, count;

    while ((count = sctpx_associations(worker->handle, ids, CLIENTS)) >= 0) {
        for (i = 0; i < count && i < CLIENTS; i++) {
            how.association = ids[i];
            result = sctpx_send(worker->handle, &how, data, sizeof data, 5 * MILLISECOND);
            CHECK(result == 0 || is_pause(result) || is_end(result));
        }
        if (count == 0)
            (void)sctpx_wait(worker->handle, 0, MILLISECOND);
    }
    CHECK(is_end(count));
}

/* Moves one association after another to a socket of its own, uses that a
 * little, and closes it. */
static void peel_until_closed(struct worker *worker)
{
    struct sctpx_received record;
    uint8_t data[SIZE] = {0};
    int64_t ids[CLIENTS], own;
    int result, count;

    while ((count = sctpx_associations(worker->handle, ids, CLIENTS)) >= 0) {
        (void)sctpx_wait(worker->handle, 0, 2 * MILLISECOND);
        if (count == 0)
            continue;
        own = sctpx_peeloff(worker->handle, ids[0]);
        CHECK(own > 0 || is_end(own) || own == -SCTPX_EINVAL);
        if (own < 0)
            continue;
        atomic_fetch_add(&peeled, 1);
        result = sctpx_send(own, NULL, data, sizeof data, 5 * MILLISECOND);
        CHECK(result == 0 || is_pause(result) || is_end(result));
        result = sctpx_receive(own, &record, 1, data, sizeof data, 5 * MILLISECOND);
        CHECK(result >= 0 || is_pause(result) || is_end(result));
        CHECK(sctpx_close(own) == 0);
    }
    CHECK(is_end(count));
}

static void *run(void *argument)
{
    struct worker *worker = argument;

    worker->body(worker);
    return NULL;
}

static void start(void (*body)(struct worker *worker), int64_t handle)
{
    struct worker *worker = &workers[working++];

    CHECK(working <= WORKERS);
    worker->body = body;
    worker->handle = handle;
    CHECK(pthread_create(&worker->thread, NULL, run, worker) == 0);
}

static void join_all(void)
{
    struct timespec deadline;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += LIMIT / SECOND;
    while (working > 0)
        CHECK(pthread_timedjoin_np(workers[--working].thread, NULL, &deadline) == 0);
}

static void pause_for(int64_t time)
{
    struct timespec pause = {.tv_sec = 0, .tv_nsec = (long)time};

    nanosleep(&pause, NULL);
}

static void until_more(atomic_int *counter, uint32_t count)
{
    int i, wanted = atomic_load(counter) + (int)count;

    for (i = 0; i < 60000 && atomic_load(counter) < wanted; i++)
        pause_for(MILLISECOND);
    CHECK(i < 60000);
}

static void end(int64_t handle)
{
    int result = 0;

    switch (random_below(3)) {
    case 0:
        result = sctpx_abort(handle, 0, NULL, 0);
        break;
    case 1:
        result = sctpx_shutdown(handle, 0);
        break;
    default:
        break;
    }
    CHECK(result == 0 || is_end(result));
    CHECK(sctpx_close(handle) == 0);
}

static void close_later(struct worker *worker)
{
    end(worker->handle);
}

/* Both directions at once on two sockets, ended from one side, then the other,
 * or from both at the same time. */
static void round_of_two(int64_t listener, const struct sctpx_address *peer)
{
    struct sctpx_address local;
    int64_t ends[2], id;
    unsigned i, first = random_below(2), together = random_below(2);

    ends[0] = driver_bound(SCTPX_ONE_TO_ONE, &local);
    CHECK(ends[0] > 0);
    CHECK(driver_connect(ends[0], peer, &id) == 0);
    ends[1] = sctpx_accept(listener, NULL, LIMIT);
    CHECK(ends[1] > 0);
    for (i = 0; i < 2; i++) {
        start(send_until_end, ends[i]);
        start(receive_until_end, ends[i]);
        start(receive_until_end, ends[i]);
        start(ask_until_closed, ends[i]);
    }
    until_more(&received, random_below(200));
    if (together)
        start(close_later, ends[1 - first]);
    end(ends[first]);
    if (!together)
        end(ends[1 - first]);
    join_all();
}

/* One one-to-many socket in four threads, whose associations are peeled off
 * under its hands. */
static void round_of_many(void)
{
    struct sctpx_address hub_at, local;
    int64_t clients[CLIENTS], hub = driver_listener(SCTPX_ONE_TO_MANY, &hub_at), id;
    int i;

    CHECK(hub > 0);
    start(receive_until_end, hub);
    start(receive_until_end, hub);
    start(spread_until_closed, hub);
    for (i = 0; i < CLIENTS; i++) {
        clients[i] = driver_bound(SCTPX_ONE_TO_ONE, &local);
        CHECK(clients[i] > 0);
        CHECK(driver_connect(clients[i], &hub_at, &id) == 0);
        start(send_until_end, clients[i]);
        start(receive_until_end, clients[i]);
    }
    until_more(&received, random_below(100));
    if (random_below(2)) {
        start(peel_until_closed, hub);
        until_more(&peeled, random_below(CLIENTS));
    }
    CHECK(sctpx_close(hub) == 0);
    for (i = 0; i < CLIENTS; i++)
        end(clients[i]);
    join_all();
}

int main(int count, char **words)
{
    struct sctpx_address peer;
    int64_t listener;
    int i, rounds = count > 1 ? atoi(words[1]) : 10;

    seed = count > 2 ? (unsigned)atoi(words[2]) : 1;
    CHECK(sctpx_start(0, 0) >= 0);
    listener = driver_listener(SCTPX_ONE_TO_ONE, &peer);
    CHECK(listener > 0);
    for (i = 0; i < rounds; i++) {
        round_of_two(listener, &peer);
        round_of_many();
    }
    CHECK(sctpx_close(listener) == 0);
    CHECK(sctpx_exit(2 * SECOND) >= 0);
    printf("raced %d rounds, peeled off %d\n", rounds, atomic_load(&peeled));
    return 0;
}
