/* SPDX-License-Identifier: MIT */
#include "posix/slot.h"

#include <stdlib.h>

#include "posix/wait.h"

#define CHUNK_SLOTS 256u
#define CHUNKS 4096u
#define CLOSING ((uint64_t)1 << 31)
#define USERS (CLOSING - 1)
#define GENERATIONS ((uint32_t)INT32_MAX)

static _Atomic(struct slot *) chunks[CHUNKS];
static _Atomic uint32_t made;
static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct slot *free_slots;
static _Atomic uint32_t fork_generation;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void fork_prepare(void)
{
    pthread_mutex_lock(&table_lock);
}

static void fork_parent(void)
{
    pthread_mutex_unlock(&table_lock);
}

static void fork_child(void)
{
    atomic_fetch_add(&fork_generation, 1);
    pthread_mutex_unlock(&table_lock);
}

static void fork_watch(void)
{
    pthread_atfork(fork_prepare, fork_parent, fork_child);
}

uint32_t slot_fork_generation(void)
{
    return atomic_load(&fork_generation);
}

static uint32_t generation_of(uint64_t state)
{
    return (uint32_t)(state >> 32);
}

static uint64_t state_of(uint32_t generation, uint64_t rest)
{
    return (uint64_t)generation << 32 | rest;
}

static struct slot *slot_at(uint32_t index)
{
    if (index >= atomic_load(&made))
        return NULL;
    return atomic_load(&chunks[index / CHUNK_SLOTS]) + index % CHUNK_SLOTS;
}

/* Called with the table locked. */
static struct slot *slot_make(void)
{
    uint32_t index = atomic_load(&made);
    struct slot *chunk, *slot;

    if (index >= CHUNKS * CHUNK_SLOTS)
        return NULL;
    chunk = atomic_load(&chunks[index / CHUNK_SLOTS]);
    if (chunk == NULL) {
        chunk = calloc(CHUNK_SLOTS, sizeof *chunk);
        if (chunk == NULL)
            return NULL;
        atomic_store(&chunks[index / CHUNK_SLOTS], chunk);
    }
    slot = chunk + index % CHUNK_SLOTS;
    slot->data = calloc(1, slot_backend.size);
    if (slot->data == NULL)
        return NULL;
    slot->index = index;
    pthread_mutex_init(&slot->wait_lock, NULL);
    atomic_store(&slot->state, state_of(1, CLOSING));
    slot_backend.prepare(slot);
    atomic_store(&made, index + 1);
    return slot;
}

int slot_new(struct slot **result)
{
    struct slot *slot;

    pthread_once(&fork_once, fork_watch);
    pthread_mutex_lock(&table_lock);
    slot = free_slots;
    if (slot != NULL)
        free_slots = slot->next_free;
    else
        slot = slot_make();
    if (slot != NULL) {
        slot->fork_generation = slot_fork_generation();
        slot->family = SCTPX_FAMILY_NONE;
        slot->style = 0;
        atomic_fetch_add(&slot->state, 1);
    }
    pthread_mutex_unlock(&table_lock);
    *result = slot;
    return slot != NULL ? 0 : -SCTPX_ENOMEM;
}

int64_t slot_handle(const struct slot *slot)
{
    return (int64_t)state_of(generation_of(atomic_load(&slot->state)), slot->index);
}

int64_t slot_publish(struct slot *slot)
{
    int64_t handle = slot_handle(slot);

    atomic_store(&slot->state, state_of(generation_of(atomic_load(&slot->state)), 0));
    return handle;
}

static int slot_find(int64_t handle, struct slot **slot)
{
    /* No generation is 0: below, that stands for whichever is open. */
    if (handle <= UINT32_MAX)
        return -SCTPX_EBADF;
    *slot = slot_at((uint32_t)((uint64_t)handle & UINT32_MAX));
    return *slot != NULL ? 0 : -SCTPX_EBADF;
}

static int slot_check(const struct slot *slot, uint64_t state, uint32_t generation)
{
    if (generation == 0 || generation > generation_of(state))
        return -SCTPX_EBADF;
    if (generation != generation_of(state) || (state & CLOSING) != 0)
        return -SCTPX_ECLOSED;
    return slot_forked(slot) ? -SCTPX_EFORKED : 0;
}

static int slot_join(struct slot *slot, uint32_t generation)
{
    uint64_t state = atomic_load(&slot->state);
    int result;

    do {
        result = slot_check(slot, state, generation != 0 ? generation : generation_of(state));
        if (result < 0)
            return result;
    } while (!atomic_compare_exchange_weak(&slot->state, &state, state + 1));
    return 0;
}

int slot_enter(int64_t handle, struct slot **slot)
{
    int result = slot_find(handle, slot);

    return result < 0 ? result : slot_join(*slot, generation_of((uint64_t)handle));
}

int slot_enter_index(uint32_t index, struct slot **slot)
{
    *slot = slot_at(index);
    return *slot == NULL ? -SCTPX_EBADF : slot_join(*slot, 0);
}

uint32_t slot_count(void)
{
    return atomic_load(&made);
}

static void slot_free(struct slot *slot, uint32_t generation)
{
    slot_backend.release(slot);
    pthread_mutex_lock(&table_lock);
    /* A slot that has used up its generations retires: no handle comes twice. */
    if (generation < GENERATIONS) {
        atomic_store(&slot->state, state_of(generation + 1, CLOSING));
        slot->next_free = free_slots;
        free_slots = slot;
    }
    pthread_mutex_unlock(&table_lock);
}

void slot_leave(struct slot *slot)
{
    uint64_t state = atomic_fetch_sub(&slot->state, 1) - 1;

    if ((state & CLOSING) != 0 && (state & USERS) == 0)
        slot_free(slot, generation_of(state));
}

int slot_close(int64_t handle, struct slot **result)
{
    struct slot *slot;
    uint64_t state, wanted;
    int found = slot_find(handle, result);

    if (found < 0)
        return found;
    slot = *result;
    state = atomic_load(&slot->state);
    do {
        found = slot_check(slot, state, generation_of((uint64_t)handle));
        if (found < 0 && found != -SCTPX_EFORKED)
            return found;
        /* The threads that were inside when this process forked are not here. */
        wanted = found < 0 ? state_of(generation_of(state), CLOSING | 1) : (state | CLOSING) + 1;
    } while (!atomic_compare_exchange_weak(&slot->state, &state, wanted));
    if (found < 0) {
        slot->waiters = NULL;
        pthread_mutex_init(&slot->wait_lock, NULL);
    } else {
        wait_wake(slot);
    }
    return 0;
}

int slot_closing(const struct slot *slot)
{
    return (atomic_load(&slot->state) & CLOSING) != 0;
}

int slot_forked(const struct slot *slot)
{
    return slot->fork_generation != slot_fork_generation();
}
