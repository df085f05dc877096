/* SPDX-License-Identifier: MIT */
/*
 * starved: the shim's own functions, with one of its allocations failing after
 * the other: memory, descriptors, threads.  Each must answer so, and everything
 * must work right afterwards.  The linker puts the functions below in front of
 * those that the shim calls; the C library's and the stack's own are untouched.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "driver.h"

#define SIZE 1500

static atomic_int countdown; /* 0: none fails */
static _Thread_local int starving;
static int failed;

static int fails(void)
{
    if (!starving || atomic_load(&countdown) == 0 || atomic_fetch_sub(&countdown, 1) != 1)
        return 0;
    failed = 1;
    return 1;
}

#define WRAPPED(type, name, parameters, arguments, failure)                                        \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        if (fails())                                                                               \
            return failure;                                                                        \
        return __real_##name arguments;                                                            \
    }

/* NOLINTBEGIN: names that the linker gives */
WRAPPED(void *, malloc, (size_t size), (size), (errno = ENOMEM, NULL))
WRAPPED(void *, calloc, (size_t count, size_t size), (count, size), (errno = ENOMEM, NULL))
WRAPPED(void *, realloc, (void *old, size_t size), (old, size), (errno = ENOMEM, NULL))
WRAPPED(int, pthread_setspecific, (pthread_key_t key, const void *value), (key, value), ENOMEM)
WRAPPED(int, pthread_create,
        (pthread_t * thread, const pthread_attr_t *how, void *(*body)(void *), void *argument),
        (thread, how, body, argument), EAGAIN)
WRAPPED(int, socketpair, (int family, int type, int protocol, int ends[2]),
        (family, type, protocol, ends), (errno = EMFILE, -1))
WRAPPED(int, pipe2, (int ends[2], int flags), (ends, flags), (errno = EMFILE, -1))
/* NOLINTEND */

static int is_starved(int64_t result)
{
    return result == -SCTPX_ENOMEM || result == -SCTPX_EMFILE || result == -SCTPX_ENOBUFS ||
           result == -SCTPX_ENATIVE - EAGAIN || result == -SCTPX_EAGAIN;
}

/* What is done in a row, until one of them was starved. */
struct scene {
    struct sctpx_address at;
    int64_t hub, listener, client, passive, peeled, id;
};

static int did(const char *call, int64_t result)
{
    if (result >= 0)
        return 1;
    if (failed && is_starved(result))
        return 0;
    fprintf(stderr, "%s answered %d, %s\n", call, (int)result, failed ? "starved" : "unstarved");
    exit(2);
}

#define DO(call) (did(#call, (call)))

static int exchange(int64_t from, int64_t association, int64_t to)
{
    struct sctpx_outgoing how = {.association = association};
    struct sctpx_received record;
    uint8_t data[SIZE] = {0};

    return DO(sctpx_send(from, &how, data, sizeof data, LIMIT)) &&
           DO(sctpx_receive(to, &record, 1, data, sizeof data, LIMIT));
}

static int connected(struct scene *scene, int64_t target)
{
    struct sctpx_address local;

    (void)target;
    scene->client = driver_bound(SCTPX_ONE_TO_ONE, &local);
    return DO(scene->client) && DO(driver_connect(scene->client, &scene->at, &scene->id));
}

static int play_one(struct scene *scene)
{
    struct sctpx_address list[4];

    scene->listener = driver_listener(SCTPX_ONE_TO_ONE, &scene->at);
    if (!DO(scene->listener) || !connected(scene, scene->listener))
        return 0;
    scene->passive = sctpx_accept(scene->listener, NULL, LIMIT);
    return DO(scene->passive) && exchange(scene->client, 0, scene->passive) &&
           exchange(scene->passive, 0, scene->client) && DO(sctpx_fileno(scene->passive)) &&
           DO(sctpx_peer_addresses(scene->client, 0, list, 4)) &&
           DO(sctpx_local_addresses(scene->client, 0, list, 4)) &&
           DO(sctpx_wait(scene->client, SCTPX_WRITABLE, LIMIT));
}

static int play_many(struct scene *scene)
{
    int64_t ids[4];
    int count = 0;

    scene->hub = driver_listener(SCTPX_ONE_TO_MANY, &scene->at);
    if (!DO(scene->hub) || !connected(scene, scene->hub))
        return 0;
    if (!exchange(scene->client, 0, scene->hub))
        return 0;
    count = sctpx_associations(scene->hub, ids, 4);
    if (!DO(count))
        return 0;
    CHECK(count == 1);
    if (!exchange(scene->hub, ids[0], scene->client))
        return 0;
    scene->peeled = sctpx_peeloff(scene->hub, ids[0]);
    return DO(scene->peeled) && exchange(scene->peeled, 0, scene->client);
}

static void strike(const struct scene *scene)
{
    const int64_t all[] = {scene->client, scene->passive, scene->peeled, scene->listener,
                           scene->hub};
    size_t i;

    /* Closing cannot fail. */
    for (i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] > 0)
            CHECK(sctpx_close(all[i]) == 0);
}

static int play(int (*act)(struct scene *scene))
{
    struct scene scene = {.hub = 0};
    int whole = act(&scene);

    strike(&scene);
    return whole;
}

/* A thread of its own, as some things are made at a thread's first use. */
static void *play_all(void *whole)
{
    int *both = whole;

    starving = 1;
    *both = play(play_one) & play(play_many);
    return NULL;
}

static int performance(int failing)
{
    pthread_t thread;
    int whole = 0;

    failed = 0;
    atomic_store(&countdown, failing);
    CHECK(__real_pthread_create(&thread, NULL, play_all, &whole) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    atomic_store(&countdown, 0);
    return whole;
}

int main(void)
{
    int i, result, starts = 0;

    /* Bringing the stack up, too. */
    starving = 1;
    do {
        failed = 0;
        atomic_store(&countdown, ++starts);
        result = sctpx_start(0, 0);
        CHECK(result >= 0 || (failed && is_starved(result)));
        CHECK(starts < 1000);
    } while (failed);
    atomic_store(&countdown, 0);
    starving = 0;
    CHECK(result >= 0);
    for (i = 1; i < 1000; i++) {
        (void)performance(i);
        if (!failed)
            break;
        CHECK(performance(0));
    }
    CHECK(i < 1000);
    CHECK(sctpx_exit(2 * SECOND) >= 0);
    printf("starved %d starts and %d performances\n", starts - 1, i - 1);
    return 0;
}
