/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_SYS_IOCTL_H
#define SOLARIS_SYS_IOCTL_H

extern int ioctl(int, int, ...);

#endif
