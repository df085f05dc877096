/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_SYS_UTSNAME_H
#define SOLARIS_SYS_UTSNAME_H

struct utsname {
    char sysname[257];
    char nodename[257];
    char release[257];
    char version[257];
    char machine[257];
};

extern int uname(struct utsname *);

#endif
