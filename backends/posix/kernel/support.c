/* SPDX-License-Identifier: MIT */
/* Capabilities, out of the system's table and by asking the running kernel. */
#include "posix/kernel/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "posix/kernel/backend.h"
#include "posix/kernel/descriptor.h"

#if OS_RFC6458

/* What an option is read into. */
union probed {
    uint32_t plain;
    struct sctp_assoc_value value;
#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
    struct sctp_udpencaps encapsulation;
#endif
#ifdef SCTP_PLPMTUD_PROBE_INTERVAL
    struct sctp_probeinterval interval;
#endif
};

static socklen_t probed_size(int name, const union probed *native)
{
#ifdef SCTP_PLPMTUD_PROBE_INTERVAL
    if (name == SCTP_PLPMTUD_PROBE_INTERVAL)
        return sizeof native->interval;
#endif
#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
    if (name == SCTP_REMOTE_UDP_ENCAPS_PORT)
        return sizeof native->encapsulation;
#endif
    return name == SCTP_RECVNXTINFO ? sizeof native->plain : sizeof native->value;
}

static int64_t probed_value(int name, const union probed *native)
{
#ifdef SCTP_PLPMTUD_PROBE_INTERVAL
    if (name == SCTP_PLPMTUD_PROBE_INTERVAL)
        return native->interval.spi_interval;
#endif
#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
    if (name == SCTP_REMOTE_UDP_ENCAPS_PORT)
        return native->encapsulation.sue_port;
#endif
    return name == SCTP_RECVNXTINFO ? native->plain : native->value.assoc_value;
}

static void probed_prepare(int name, union probed *native)
{
    memset(native, 0, sizeof *native);
#if OS_FAMILY_ALWAYS && defined(SCTP_REMOTE_UDP_ENCAPS_PORT)
    if (name == SCTP_REMOTE_UDP_ENCAPS_PORT)
        native->encapsulation.sue_address.ss_family = AF_INET;
#else
    (void)name;
#endif
}

#else

union probed {
    uint32_t plain;
};

static socklen_t probed_size(int name, const union probed *native)
{
    (void)name;
    return sizeof native->plain;
}

static int64_t probed_value(int name, const union probed *native)
{
    (void)name;
    return native->plain;
}

static void probed_prepare(int name, union probed *native)
{
    (void)name;
    native->plain = 0;
}

#endif

/* The value that an option has on a fresh socket; or minus an errno. */
static int64_t option_probe(int name)
{
    union probed native;
    socklen_t size;
    int64_t result;
    int descriptor = descriptor_open(AF_INET, SOCK_STREAM);

    if (descriptor < 0)
        return -errno;
    probed_prepare(name, &native);
    size = probed_size(name, &native);
    if (os_option_get(descriptor, 0, name, &native, &size) < 0)
        result = -errno;
    else
        result = probed_value(name, &native);
    close(descriptor);
    return result;
}

static void support_missing(int64_t problem, struct sctpx_support *support)
{
    if (problem == -EPROTONOSUPPORT || problem == -ESOCKTNOSUPPORT) {
        snprintf(support->reason, sizeof support->reason, "this kernel has no SCTP at present");
        snprintf(support->remedy, sizeof support->remedy, "%s", os_words.load);
    } else if (problem == -ENOPROTOOPT) {
        snprintf(support->reason, sizeof support->reason, "this kernel is too old for it");
    } else {
        snprintf(support->reason, sizeof support->reason, "the kernel refused to tell: %s",
                 strerror((int)-problem));
    }
}

static void support_off(const struct feature *feature, struct sctpx_support *support)
{
    if (feature->kind == PROBE_OPTION) {
        support->present = 1;
        support->needs_option = 1;
        if (feature->sysctl != NULL)
            snprintf(support->reason, sizeof support->reason, "off by default: %s%s is 0",
                     os_words.sysctls, feature->sysctl);
        else
            snprintf(support->reason, sizeof support->reason, "off by default");
        return;
    }
    snprintf(support->reason, sizeof support->reason, "%s%s is 0", os_words.sysctls,
             feature->sysctl);
    snprintf(support->remedy, sizeof support->remedy, "%s%s%s=%d", os_words.set, os_words.sysctls,
             feature->sysctl, feature->feature == SCTPX_FEATURE_UDP_ENCAPSULATION ? 9899 : 1);
}

static void support_probe(const struct feature *feature, struct sctpx_support *support)
{
    int64_t value = option_probe(feature->option);

    if (value < 0) {
        support_missing(value, support);
    } else if (feature->kind == PROBE_SYSCTL && os_sysctl(feature->sysctl) <= 0) {
        support_off(feature, support);
    } else if (feature->kind == PROBE_OPTION && value == 0) {
        support_off(feature, support);
    } else {
        support->present = 1;
        /* Allowed is not yet on. */
        support->needs_option = feature->kind == PROBE_SYSCTL && value == 0;
    }
}

int sctpx_support_of(uint32_t feature, struct sctpx_support *support)
{
    size_t i;

    if (support == NULL)
        return -SCTPX_EINVAL;
    memset(support, 0, sizeof *support);
    support->feature = feature;
    for (i = 0; i < os_feature_count; i++) {
        if (os_features[i].feature != feature)
            continue;
        if (os_features[i].kind == PROBE_ALWAYS)
            support->present = 1;
        else if (os_features[i].kind == PROBE_NEVER)
            snprintf(support->reason, sizeof support->reason, "%s", os_features[i].reason);
        else
            support_probe(&os_features[i], support);
        return 0;
    }
    return -SCTPX_EINVAL;
}
