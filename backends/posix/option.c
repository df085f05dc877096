/* SPDX-License-Identifier: MIT */
#include "posix/option.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "posix/address.h"
#include "posix/error.h"

static const struct option_row *row_of(uint32_t option)
{
    size_t i;

    for (i = 0; i < option_stack.row_count; i++)
        if (option_stack.rows[i].option == option)
            return &option_stack.rows[i];
    return NULL;
}

static int is_given(const struct sctpx_option *option, uint8_t field)
{
    return (option->given >> field & 1u) != 0;
}

/* 0 or minus a symbol, for what a call or a hook answered. */
static int option_result(struct slot *slot, const struct option_row *row, int64_t association,
                         int native)
{
    if (native <= 0)
        return native;
    if (native == ENOPROTOOPT || native == EOPNOTSUPP)
        return -SCTPX_EUNSUPPORTED;
    if ((native == EINVAL || native == ENOENT) &&
        (association != 0 || (row->flags & OPTION_NEEDS_ASSOCIATION) != 0) &&
        !option_stack.has_association(slot, association))
        return -SCTPX_ENOTCONN;
    return -error_of(SCTPX_CALL_OPTION, native);
}

int option_get_int(struct slot *slot, int level, int name, int *value)
{
    uint32_t size = sizeof *value;
    int native = option_stack.get(slot, level, name, value, &size);

    return native == 0 ? 0 : -error_of(SCTPX_CALL_OPTION, native);
}

int option_set_int(struct slot *slot, int level, int name, int value)
{
    int native = option_stack.set(slot, level, name, &value, sizeof value);

    return native == 0 ? 0 : -error_of(SCTPX_CALL_OPTION, native);
}

/* memcpy throughout: members of packed structs lie anywhere. */
static int64_t member_load(const struct option_member *member, const uint8_t *native)
{
    uint8_t byte;
    uint16_t half;
    uint32_t word;

    switch (member->size) {
    case 1:
        memcpy(&byte, native + member->offset, 1);
        return (member->flags & OPTION_SIGNED) != 0 ? (int8_t)byte : byte;
    case 2:
        memcpy(&half, native + member->offset, 2);
        if ((member->flags & OPTION_NETWORK) != 0)
            half = ntohs(half);
        return (member->flags & OPTION_SIGNED) != 0 ? (int16_t)half : half;
    default:
        memcpy(&word, native + member->offset, 4);
        if ((member->flags & OPTION_NETWORK) != 0)
            word = ntohl(word);
        return (member->flags & OPTION_SIGNED) != 0 ? (int32_t)word : (int64_t)word;
    }
}

static int64_t member_get(const struct option_member *member, const uint8_t *native)
{
    int64_t value = member_load(member, native);
    uint32_t i;

    if ((member->flags & OPTION_BOOLEAN) != 0)
        return value != 0;
    for (i = 0; i < member->value_count; i++)
        if (member->values[i].native == value)
            return member->values[i].symbol;
    return member->unit != 0 ? value * (int64_t)member->unit : value;
}

/* 0, or -SCTPX_EINVAL for a value that the member cannot hold. */
static int member_range(const struct option_member *member, int64_t value)
{
    int bits = member->size * 8;
    int64_t top = (int64_t)1 << ((member->flags & OPTION_SIGNED) != 0 ? bits - 1 : bits);

    if (value >= top || value < ((member->flags & OPTION_SIGNED) != 0 ? -top : 0))
        return -SCTPX_EINVAL;
    return (member->flags & OPTION_POSITIVE) != 0 && value == 0 ? -SCTPX_EINVAL : 0;
}

static void member_store(const struct option_member *member, int64_t value, uint8_t *native)
{
    uint8_t byte = (uint8_t)value;
    uint16_t half = (uint16_t)value;
    uint32_t word = (uint32_t)value;

    if ((member->flags & OPTION_NETWORK) != 0) {
        half = htons(half);
        word = htonl(word);
    }
    if (member->size == 1)
        memcpy(native + member->offset, &byte, 1);
    else if (member->size == 2)
        memcpy(native + member->offset, &half, 2);
    else
        memcpy(native + member->offset, &word, 4);
}

static int member_set(const struct option_member *member, int64_t value, uint8_t *native)
{
    int64_t unit = member->unit;
    uint32_t i;
    int result;

    if ((member->flags & OPTION_BOOLEAN) != 0)
        value = value != 0;
    for (i = 0; i < member->value_count && member->values[i].symbol != value; i++)
        continue;
    if (member->value_count != 0) {
        if (i == member->value_count)
            return -SCTPX_EINVAL;
        value = member->values[i].native;
    }
    /* Rounded up: a short time must not become none. */
    if (unit > 1)
        value = value / unit + (value % unit > 0);
    result = member_range(member, value);
    if (result == 0)
        member_store(member, value, native);
    return result;
}

static int wants_family(const struct option_row *row)
{
    return option_stack.family_always && (row->flags & OPTION_FAMILY) != 0;
}

/* The id and the address, of which 0 and none stand for "any". */
static int target_set(struct slot *slot, const struct option_row *row,
                      const struct sctpx_option *option, uint8_t *native)
{
    union address_native address;
    uint32_t id = (uint32_t)option->association;
    int length;

    if (option->association < 0 || option->association > UINT32_MAX)
        return -SCTPX_EINVAL;
    if (id != 0 && (id < option_stack.first_association || id > option_stack.last_association))
        return -SCTPX_ENOTCONN;
    if (row->association >= 0)
        memcpy(native + row->association, &id, sizeof id);
    if (row->address >= 0 && wants_family(row)) {
        address_any(slot->family, &address);
        memcpy(native + row->address, &address, sizeof(struct sockaddr_in6));
    }
    if (row->address < 0 || option->address.family == SCTPX_FAMILY_NONE)
        return (row->flags & OPTION_NEEDS_ADDRESS) != 0 ? -SCTPX_EINVAL : 0;
    if ((row->flags & OPTION_CHECK_ASSOCIATION) != 0 && id != 0 &&
        !option_stack.has_association(slot, id))
        return -SCTPX_ENOTCONN;
    length = address_to_native(&option->address, slot->family, &address);
    if (length < 0)
        return length;
    memcpy(native + row->address, &address, (size_t)length);
    return 0;
}

int option_read(struct slot *slot, const struct option_row *row, const struct sctpx_option *option,
                void *native)
{
    uint32_t size = row->size;
    int problem, result;

    memset(native, 0, row->size);
    result = target_set(slot, row, option, native);
    if (result < 0)
        return result;
    problem = option_stack.get(slot, row->level, row->name, native, &size);
    return option_result(slot, row, option->association, problem);
}

static int row_allows(const struct slot *slot, const struct option_row *row, uint32_t flag)
{
    if (row == NULL || (row->flags & flag) == 0)
        return 0;
    return (row->flags & OPTION_ONLY_ONE_TO_MANY) == 0 || slot->style == SCTPX_ONE_TO_MANY;
}

int option_fetch(struct slot *slot, const struct option_row *row, struct sctpx_option *option)
{
    _Alignas(16) uint8_t native[OPTION_NATIVE_MAX];
    uint32_t i;
    int result = option_read(slot, row, option, native);

    if (result < 0)
        return result;
    option->given = 0;
    for (i = 0; i < row->member_count; i++) {
        const struct option_member *member = &row->members[i];

        option->fields[member->field] = member_get(member, native);
        option->given |= 1u << member->field;
    }
    /* No address there is no error: the stack may name none. */
    if (row->address >= 0 && (!wants_family(row) || option->address.family != SCTPX_FAMILY_NONE))
        (void)address_from_native(native + row->address, sizeof(struct sockaddr_storage),
                                  slot->family, &option->address);
    if (row->decode != NULL)
        result = row->decode(slot, native, option);
    return option_result(slot, row, option->association, result);
}

int option_get(struct slot *slot, struct sctpx_option *option, void *list, uint32_t list_size)
{
    const struct option_row *row = row_of(option->option);

    if (!row_allows(slot, row, OPTION_GET))
        return -SCTPX_EUNSUPPORTED;
    if (row->get != NULL)
        return row->get(slot, option, list, list_size);
    return option_fetch(slot, row, option);
}

static int members_set(const struct option_row *row, const struct sctpx_option *option,
                       uint8_t *native)
{
    uint32_t i;
    int result;

    for (i = 0; i < row->member_count; i++) {
        const struct option_member *member = &row->members[i];

        if (!is_given(option, member->field) || (member->flags & OPTION_READ_ONLY) != 0)
            continue;
        result = member_set(member, option->fields[member->field], native);
        if (result < 0)
            return result;
    }
    return 0;
}

int option_apply(struct slot *slot, const struct option_row *row, const struct sctpx_option *option)
{
    _Alignas(16) uint8_t native[OPTION_NATIVE_MAX];
    int result;

    memset(native, 0, row->size);
    if ((row->flags & OPTION_MODIFY) != 0)
        result = option_read(slot, row, option, native);
    else
        result = target_set(slot, row, option, native);
    if (result == 0)
        result = members_set(row, option, native);
    if (result == 0 && row->encode != NULL)
        result = row->encode(slot, option, native);
    if (result == 0)
        result = option_stack.set(slot, row->level, row->name, native, row->size);
    return option_result(slot, row, option->association, result);
}

int option_set(struct slot *slot, const struct sctpx_option *option, const void *list,
               uint32_t list_size)
{
    const struct option_row *row = row_of(option->option);

    if (!row_allows(slot, row, OPTION_SET))
        return -SCTPX_EUNSUPPORTED;
    if (row->set != NULL)
        return row->set(slot, option, list, list_size);
    return option_apply(slot, row, option);
}
