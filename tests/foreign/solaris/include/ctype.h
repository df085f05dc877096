/* SPDX-License-Identifier: MIT */
#ifndef SOLARIS_CTYPE_H
#define SOLARIS_CTYPE_H

extern int isdigit(int);
extern int isspace(int);
extern int toupper(int);
extern int tolower(int);
extern int isalnum(int);
extern int isxdigit(int);

#endif
