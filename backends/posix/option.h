/* SPDX-License-Identifier: MIT */
/*
 * Options out of a table: a row says where an option lives in the stack and
 * how its members map to the fields of struct sctpx_option.  What fits no row
 * has a hook in it.
 */
#ifndef SCTPX_POSIX_OPTION_H
#define SCTPX_POSIX_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "posix/slot.h"
#include "sctpx.h"

/* A value that has another number in the stack. */
struct option_value {
    int64_t symbol;
    int64_t native;
};

enum option_member_flag {
    OPTION_SIGNED = 1,   /* the native member is signed */
    OPTION_NETWORK = 2,  /* it is in network order */
    OPTION_BOOLEAN = 4,  /* anything but 0 is 1 */
    OPTION_POSITIVE = 8, /* setting 0 would mean "unchanged": refused */
    OPTION_READ_ONLY = 16
};

struct option_member {
    uint8_t field; /* index into sctpx_option.fields */
    uint8_t size;  /* 1, 2 or 4 */
    uint8_t flags; /* enum option_member_flag */
    uint16_t offset;
    uint32_t unit; /* one of the stack's in ours (1000: it counts in ms); 0: the same */
    const struct option_value *values; /* a map, or NULL */
    uint32_t value_count;
};

enum option_row_flag {
    OPTION_GET = 1,
    OPTION_SET = 2,
    OPTION_MODIFY = 4,             /* a set reads the whole struct first */
    OPTION_NEEDS_ASSOCIATION = 8,  /* EINVAL without one means -SCTPX_ENOTCONN */
    OPTION_ONLY_ONE_TO_MANY = 16,  /* -SCTPX_EUNSUPPORTED elsewhere */
    OPTION_NEEDS_ADDRESS = 32,     /* -SCTPX_EINVAL without one */
    OPTION_CHECK_ASSOCIATION = 64, /* beside an address the stack overlooks a stale id */
    OPTION_FAMILY = 128            /* it may want a family even where there is no address */
};

struct option_row {
    uint32_t option; /* enum sctpx_option_name */
    int level;
    int name;
    uint16_t size;       /* of the native struct, at most OPTION_NATIVE_MAX */
    int16_t association; /* offset of the 32-bit id, -1: none */
    int16_t address;     /* offset of the sockaddr_storage, -1: none */
    uint16_t flags;      /* enum option_row_flag */
    const struct option_member *members;
    uint32_t member_count;
    /* What the members cannot say; each may be NULL.  `native` is the struct
     * about to be set, all given members in it; or the one just read, all
     * fields done.  Below zero: that error; above: a native errno. */
    int (*encode)(struct slot *slot, const struct sctpx_option *option, void *native);
    int (*decode)(struct slot *slot, const void *native, struct sctpx_option *option);
    /* In place of everything above. */
    int (*get)(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size);
    int (*set)(struct slot *slot, const struct sctpx_option *option, const void *list,
               uint32_t list_size);
};

#define OPTION_NATIVE_MAX 512

/* Each backend defines one. */
struct option_stack {
    const struct option_row *rows;
    size_t row_count;
    /* 0 or a native errno. */
    int (*get)(struct slot *slot, int level, int name, void *value, uint32_t *size);
    int (*set)(struct slot *slot, int level, int name, const void *value, uint32_t size);
    /* Whether the association is there; 0: the socket's only one. */
    int (*has_association)(struct slot *slot, int64_t association);
    /* Lowest and highest id that is one: below may be FUTURE, CURRENT and ALL,
     * which do not cross the border. */
    uint32_t first_association;
    uint32_t last_association;
    int family_always; /* rows with OPTION_FAMILY are filled in */
};
extern const struct option_stack option_stack;

/* 0 or minus a symbol: what sctpx_get_option and sctpx_set_option answer, on a
 * slot that was entered. */
int option_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size);
int option_set(struct slot *slot, const struct sctpx_option *option, const void *list,
               uint32_t list_size);

/* For hooks: what a row without `get` and `set` would do. */
int option_fetch(struct slot *slot, const struct option_row *row, struct sctpx_option *option);
int option_apply(struct slot *slot, const struct option_row *row,
                 const struct sctpx_option *option);

/* For hooks: a plain int option at `level`; 0 or minus a symbol. */
int option_get_int(struct slot *slot, int level, int name, int *value);
int option_set_int(struct slot *slot, int level, int name, int value);

/* For hooks: the struct as it is in the stack now, id and address filled in. */
int option_read(struct slot *slot, const struct option_row *row, const struct sctpx_option *option,
                void *native);

#define OPTION_COUNT(array) ((uint32_t)(sizeof(array) / sizeof(array)[0]))
#define OPTION_SIZE(type, member) sizeof(((type *)0)->member)
#define OPTION_MEMBER(index, type, member, unit, flags)                                            \
    {                                                                                              \
        index, OPTION_SIZE(type, member), flags, offsetof(type, member), unit, NULL, 0             \
    }
#define OPTION_MAPPED(index, type, member, flags, map)                                             \
    {                                                                                              \
        index, OPTION_SIZE(type, member), flags, offsetof(type, member), 0, map, OPTION_COUNT(map) \
    }
#define OPTION_INT(index, flags)                                                                   \
    {                                                                                              \
        index, sizeof(int), flags, 0, 0, NULL, 0                                                   \
    }

#endif
