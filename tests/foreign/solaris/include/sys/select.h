/* SPDX-License-Identifier: MIT */
#include <sys/time.h>
