/* SPDX-License-Identifier: MIT */
#include "userland/privilege.h"

#include <errno.h>
#include <unistd.h>

#ifdef __linux__

#include <linux/capability.h>
#include <sys/syscall.h>

static int capabilities(int call, struct __user_cap_data_struct *data)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};

    return syscall(call, &header, data) < 0 ? errno : 0;
}

int privilege_drop(struct privilege *privilege)
{
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};
    int problem = capabilities(SYS_capget, data);

    privilege->dropped = 0;
    if (problem != 0)
        return problem;
    privilege->effective[0] = data[0].effective;
    privilege->effective[1] = data[1].effective;
    if ((data[CAP_TO_INDEX(CAP_NET_RAW)].effective & CAP_TO_MASK(CAP_NET_RAW)) == 0)
        return 0;
    data[CAP_TO_INDEX(CAP_NET_RAW)].effective &= ~CAP_TO_MASK(CAP_NET_RAW);
    problem = capabilities(SYS_capset, data);
    privilege->dropped = problem == 0;
    return problem;
}

void privilege_restore(const struct privilege *privilege)
{
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}, {0, 0, 0}};

    if (!privilege->dropped || capabilities(SYS_capget, data) != 0)
        return;
    data[0].effective = privilege->effective[0];
    data[1].effective = privilege->effective[1];
    capabilities(SYS_capset, data);
}

#else

/* No other system takes this one right from one thread alone. */
int privilege_drop(struct privilege *privilege)
{
    privilege->dropped = 0;
    return geteuid() == 0 ? EPERM : 0;
}

void privilege_restore(const struct privilege *privilege)
{
    (void)privilege;
}

#endif
