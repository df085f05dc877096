/* SPDX-License-Identifier: MIT */
/*
 * The contract between sctpx and its backends, and cffi's cdef: the span
 * between the two marks below is parsed by cffi, which knows no #include and
 * no #if, so it holds plain C declarations only.
 *
 * Every backend exports every function below with these signatures.  What an
 * OS lacks is answered with -SCTPX_EUNSUPPORTED, never left out.
 *
 * Rules that hold for all of them
 *   - A result >= 0 is success; a result < 0 is minus one of enum sctpx_error.
 *     A native errno that has no symbol is -(SCTPX_ENATIVE + errno).
 *   - EINTR is returned, never retried: the caller runs signal handlers.  A long
 *     wait returns it now and then, as a signal may have come just before it.
 *   - No function blocks longer than the `timeout` that it is given, in
 *     nanoseconds: 0 does not wait, negative waits for ever.  Those without a
 *     time-out do not wait (sctpx_close may, when lingering was asked for).
 *     One that passed is -SCTPX_EAGAIN (sctpx_wait: 0), never -SCTPX_ETIMEDOUT,
 *     which is the stack's word for a peer that no longer answers.
 *   - Any function may be called from any thread.  sctpx_close wakes whoever
 *     waits on the handle; they get -SCTPX_ECLOSED.
 *   - All integers are host order: ports, PPIDs, causes and indications too.
 *   - Durations are microseconds unless the name says otherwise.
 *   - Addresses of an IPv6 socket come out as IPv6, IPv4 peers mapped
 *     (::ffff:a.b.c.d), but in notifications as the stack has them; both forms
 *     and plain IPv4 are accepted.
 */
#ifndef SCTPX_H
#define SCTPX_H

#include <stdint.h>

/* == cdef begins == */

/* ---- errors ------------------------------------------------------------- */

enum sctpx_error {
    SCTPX_EPERM = 1,
    SCTPX_EINTR = 2,
    SCTPX_EBADF = 3,
    SCTPX_EAGAIN = 4, /* would block; never "no free port" (ENOPORT) */
    SCTPX_ENOMEM = 5,
    SCTPX_EACCES = 6,
    SCTPX_EFAULT = 7,
    SCTPX_EINVAL = 8,
    SCTPX_ENFILE = 9,
    SCTPX_EMFILE = 10,
    SCTPX_EPIPE = 11, /* sending: shut down, ended, or no such association */
    SCTPX_E2BIG = 12,
    SCTPX_ENOTSOCK = 13,
    SCTPX_EMSGSIZE = 14,
    SCTPX_ENOPROTOOPT = 15,
    SCTPX_EPROTONOSUPPORT = 16,
    SCTPX_ESOCKTNOSUPPORT = 17,
    SCTPX_EOPNOTSUPP = 18,
    SCTPX_EAFNOSUPPORT = 19,
    SCTPX_EADDRINUSE = 20,
    SCTPX_EADDRNOTAVAIL = 21,
    SCTPX_ENETDOWN = 22,
    SCTPX_ENETUNREACH = 23,
    SCTPX_EHOSTUNREACH = 24,
    SCTPX_ECONNABORTED = 25,
    SCTPX_ECONNRESET = 26,
    SCTPX_ENOBUFS = 27,
    SCTPX_EISCONN = 28,
    SCTPX_ENOTCONN = 29,
    SCTPX_ETIMEDOUT = 30,
    SCTPX_ECONNREFUSED = 31,
    SCTPX_EALREADY = 32,
    SCTPX_EINPROGRESS = 33,
    SCTPX_EBUSY = 34,
    SCTPX_ENOENT = 35,
    SCTPX_EPROTO = 36,
    SCTPX_EIO = 37,
    /* sctpx's own */
    SCTPX_ECLOSED = 64,      /* the handle is closed, or was while waiting */
    SCTPX_ENOPORT = 65,      /* no free local port (the OS's EAGAIN) */
    SCTPX_EUNSUPPORTED = 66, /* this backend, style or option cannot */
    SCTPX_ESTREAM = 67,      /* no such outgoing stream */
    SCTPX_EFORKED = 68,      /* this process is a fork of the one that opened it */
    SCTPX_EEMPTY = 69,       /* an empty message */
    SCTPX_ENATIVE = 1000     /* base of native errnos without a symbol */
};

/* Calls, for sctpx_error_of: the same errno can mean different things. */
enum sctpx_call {
    SCTPX_CALL_OTHER = 0,
    SCTPX_CALL_OPEN = 1,
    SCTPX_CALL_BIND = 2,
    SCTPX_CALL_LISTEN = 3,
    SCTPX_CALL_CONNECT = 4,
    SCTPX_CALL_ACCEPT = 5,
    SCTPX_CALL_SEND = 6,
    SCTPX_CALL_RECEIVE = 7,
    SCTPX_CALL_OPTION = 8,
    SCTPX_CALL_ADDRESSES = 9,
    SCTPX_CALL_PEELOFF = 10,
    SCTPX_CALL_SHUTDOWN = 11
};

/* ---- kinds -------------------------------------------------------------- */

enum sctpx_family { SCTPX_FAMILY_NONE = 0, SCTPX_FAMILY_IPV4 = 4, SCTPX_FAMILY_IPV6 = 6 };
enum sctpx_style { SCTPX_ONE_TO_ONE = 1, SCTPX_ONE_TO_MANY = 2 };
enum sctpx_ready { SCTPX_READABLE = 1, SCTPX_WRITABLE = 2 };

/* Association ids that mean something else; real ones are above zero. */
enum sctpx_scope { SCTPX_ASSOC_NONE = 0 /* the socket's only one, or its default */ };

enum sctpx_feature {
    SCTPX_FEATURE_CONNECTX = 1,
    SCTPX_FEATURE_PEELOFF = 2,
    SCTPX_FEATURE_EXPLICIT_EOR = 3,
    SCTPX_FEATURE_SEND_ALL = 4,
    SCTPX_FEATURE_NEXT_INFO = 5,
    SCTPX_FEATURE_PR_TIMED = 6,
    SCTPX_FEATURE_PR_RTX = 7,
    SCTPX_FEATURE_PR_PRIO = 8,
    SCTPX_FEATURE_PR_BUF = 9,
    SCTPX_FEATURE_AUTH = 10,
    SCTPX_FEATURE_ASCONF = 11,
    SCTPX_FEATURE_AUTO_ASCONF = 12,
    SCTPX_FEATURE_RECONFIG = 13,
    SCTPX_FEATURE_INTERLEAVING = 14,
    SCTPX_FEATURE_ABORT_REASON = 15,
    SCTPX_FEATURE_SCHEDULERS = 16,
    SCTPX_FEATURE_UDP_ENCAPSULATION = 17,
    SCTPX_FEATURE_POTENTIALLY_FAILED = 18,
    SCTPX_FEATURE_PLPMTUD = 19,
    SCTPX_FEATURE_ECN = 20,
    SCTPX_FEATURE_NR_SACK = 21,
    SCTPX_FEATURE_PACKET_DROP = 22,
    SCTPX_FEATURE_ZERO_CHECKSUM = 23,
    SCTPX_FEATURE_STATISTICS = 24,
    SCTPX_FEATURE_DSCP = 25,
    SCTPX_FEATURE_SENDER_DRY = 26,
    SCTPX_FEATURE_BATCH_SYSCALLS = 27
};

/* ---- addresses ---------------------------------------------------------- */

struct sctpx_address {
    uint8_t bytes[16]; /* network order; IPv4 in the first four */
    uint32_t scope;    /* interface index of a link-local IPv6 address */
    uint16_t port;     /* host order */
    uint8_t family;    /* enum sctpx_family */
    uint8_t reserved;
};

/* ---- options ------------------------------------------------------------ */

/* One option, one record.  `fields` are symbolic, listed beside each option
 * as name:unit; `given` is a bit for each field that is set (set) or was read
 * (get); a field not given keeps its value in the stack. */
enum sctpx_option_name {
    SCTPX_OPT_RTO_INFO = 1,           /* initial:us min:us max:us */
    SCTPX_OPT_ASSOCIATION_INFO = 2,   /* max_retransmissions cookie_life:us peer_destinations
                                         peer_receive_window local_receive_window */
    SCTPX_OPT_INIT_MESSAGE = 3,       /* out_streams max_in_streams max_attempts max_timeout:us */
    SCTPX_OPT_LINGER = 4,             /* on seconds:us (on with 0: abort) */
    SCTPX_OPT_NO_DELAY = 5,           /* on */
    SCTPX_OPT_RECEIVE_BUFFER = 6,     /* bytes */
    SCTPX_OPT_SEND_BUFFER = 7,        /* bytes */
    SCTPX_OPT_AUTO_CLOSE = 8,         /* seconds:us (0: off) */
    SCTPX_OPT_PRIMARY = 9,            /* - (the address) */
    SCTPX_OPT_DISABLE_FRAGMENTS = 11, /* on */
    SCTPX_OPT_PATH_PARAMETERS = 12,   /* heartbeat interval:us max_retransmissions mtu_discovery mtu
                                         dscp flow_label heartbeat_now */
    SCTPX_OPT_MAX_SEGMENT = 14,       /* bytes (0: the path's limit) */
    SCTPX_OPT_DELAYED_SACK = 17,      /* delay:us frequency */
    SCTPX_OPT_FRAGMENT_INTERLEAVE = 18,    /* level */
    SCTPX_OPT_PARTIAL_DELIVERY_POINT = 19, /* bytes */
    SCTPX_OPT_DEFAULT_SEND = 27,           /* stream ppid unordered context */
    SCTPX_OPT_STATUS = 30,                 /* state receive_window unacknowledged pending in_streams
                                              out_streams fragmentation_point path_state path_cwnd
                                              path_srtt:us path_rto:us path_mtu; address: the primary */
    SCTPX_OPT_PATH_INFO = 31,              /* state cwnd srtt:us rto:us mtu; address: which path */
    SCTPX_OPT_UDP_ENCAPSULATION = 41,      /* port (0: none) */
    SCTPX_OPT_EVENT = 60,                  /* event on */
    SCTPX_OPT_REUSE_ADDRESS = 61,          /* on */
    SCTPX_OPT_V6_ONLY = 62                 /* on */
};

struct sctpx_option {
    int64_t association; /* 0: the socket's, or the default for future ones */
    struct sctpx_address address;
    uint32_t option; /* enum sctpx_option_name */
    uint32_t given;
    int64_t fields[16];
};

enum sctpx_association_state {
    SCTPX_STATE_CLOSED = 1,
    SCTPX_STATE_BOUND = 2,
    SCTPX_STATE_LISTEN = 3,
    SCTPX_STATE_COOKIE_WAIT = 4,
    SCTPX_STATE_COOKIE_ECHOED = 5,
    SCTPX_STATE_ESTABLISHED = 6,
    SCTPX_STATE_SHUTDOWN_PENDING = 7,
    SCTPX_STATE_SHUTDOWN_SENT = 8,
    SCTPX_STATE_SHUTDOWN_RECEIVED = 9,
    SCTPX_STATE_SHUTDOWN_ACK_SENT = 10
};

enum sctpx_path_state {
    SCTPX_PATH_ACTIVE = 1,
    SCTPX_PATH_INACTIVE = 2,
    SCTPX_PATH_POTENTIALLY_FAILED = 3,
    SCTPX_PATH_UNCONFIRMED = 4,
    SCTPX_PATH_UNKNOWN = 5
};

/* ---- messages ----------------------------------------------------------- */

enum sctpx_send_flag {
    /* which of the fields below are meant; the others are the stack's defaults */
    SCTPX_SEND_STREAM = 1,
    SCTPX_SEND_PPID = 2,
    SCTPX_SEND_CONTEXT = 4,
    SCTPX_SEND_ORDER = 8, /* SCTPX_SEND_UNORDERED says which */
    SCTPX_SEND_POLICY = 16,
    SCTPX_SEND_AUTH_KEY = 32,
    SCTPX_SEND_PATH = 64, /* to `path` in place of the primary */
    /* how */
    SCTPX_SEND_UNORDERED = 256,
    SCTPX_SEND_SACK_NOW = 512,
    SCTPX_SEND_EOF = 1024,  /* begin the shutdown after this message */
    SCTPX_SEND_MORE = 2048, /* part of a message, more to follow */
    SCTPX_SEND_ALL = 4096   /* to every association of a one-to-many socket */
};

enum sctpx_policy {
    SCTPX_POLICY_RELIABLE = 0,
    SCTPX_POLICY_TIMED = 1, /* value: microseconds */
    SCTPX_POLICY_RTX = 2,   /* value: retransmissions */
    SCTPX_POLICY_PRIO = 3,  /* value: priority */
    SCTPX_POLICY_BUF = 4    /* value: priority */
};

struct sctpx_outgoing {
    int64_t association; /* one-to-many: to whom; else 0 */
    int64_t policy_value;
    struct sctpx_address path;
    uint32_t flags; /* enum sctpx_send_flag */
    uint32_t ppid;
    uint32_t context;
    uint16_t stream;
    uint16_t policy; /* enum sctpx_policy */
    uint16_t auth_key;
    uint16_t reserved;
    uint32_t reserved2;
};

enum sctpx_receive_flag {
    SCTPX_RECEIVE_NOTIFICATION = 1, /* raw: sctpx_notification_decode; only
                                       offset, length and END are valid */
    SCTPX_RECEIVE_END = 2,          /* the last piece of the message */
    SCTPX_RECEIVE_UNORDERED = 4,
    SCTPX_RECEIVE_NEXT = 8, /* the next_ fields are valid */
    SCTPX_RECEIVE_NEXT_UNORDERED = 16,
    SCTPX_RECEIVE_NEXT_COMPLETE = 32,
    SCTPX_RECEIVE_NEXT_NOTIFICATION = 64
};

/* A message, or a piece of one; its bytes are arena[offset .. offset + length). */
struct sctpx_received {
    int64_t association;
    struct sctpx_address source;
    uint32_t offset;
    uint32_t length;
    uint32_t flags; /* enum sctpx_receive_flag */
    uint32_t ppid;
    uint32_t tsn;
    uint32_t cumulative_tsn;
    uint32_t context;
    uint16_t stream;
    uint16_t ssn;
    uint32_t next_ppid;
    uint32_t next_length;
    uint16_t next_stream;
    uint16_t reserved;
    uint32_t reserved2;
};

/* ---- notifications ------------------------------------------------------ */

enum sctpx_event {
    SCTPX_EVENT_UNKNOWN = 0,
    SCTPX_EVENT_ASSOCIATION = 1,  /* state cause out_streams in_streams extensions; data: the
                                     ABORT chunk, or its causes */
    SCTPX_EVENT_PATH = 2,         /* state error address */
    SCTPX_EVENT_REMOTE_ERROR = 3, /* cause; data: the cause */
    SCTPX_EVENT_SEND_FAILED =
        4, /* state(1: was sent) cause stream ppid context flags; data: payload */
    SCTPX_EVENT_PEER_SHUTDOWN = 5,
    SCTPX_EVENT_ADAPTATION = 6,       /* value */
    SCTPX_EVENT_PARTIAL_DELIVERY = 7, /* stream ssn */
    SCTPX_EVENT_AUTHENTICATION = 8,   /* state key(value) */
    SCTPX_EVENT_SENDER_DRY = 9,
    SCTPX_EVENT_STOPPED = 10,
    SCTPX_EVENT_STREAM_RESET = 11,      /* state direction; data: uint16_t streams, host order */
    SCTPX_EVENT_ASSOCIATION_RESET = 12, /* state local_tsn(value) remote_tsn(value2) */
    SCTPX_EVENT_STREAM_CHANGE = 13      /* state in_streams out_streams, as the stack counts them */
};

enum sctpx_comm_state {
    SCTPX_COMM_UP = 1,
    SCTPX_COMM_LOST = 2,
    SCTPX_COMM_RESTARTED = 3,
    SCTPX_COMM_SHUTDOWN_COMPLETE = 4,
    SCTPX_COMM_CANT_START = 5
};

enum sctpx_path_event {
    SCTPX_PATH_EVENT_AVAILABLE = 1,
    SCTPX_PATH_EVENT_UNREACHABLE = 2,
    SCTPX_PATH_EVENT_REMOVED = 3,
    SCTPX_PATH_EVENT_ADDED = 4,
    SCTPX_PATH_EVENT_MADE_PRIMARY = 5,
    SCTPX_PATH_EVENT_CONFIRMED = 6,
    SCTPX_PATH_EVENT_POTENTIALLY_FAILED = 7
};

enum sctpx_auth_event { SCTPX_AUTH_NEW_KEY = 1, SCTPX_AUTH_KEY_FREED = 2, SCTPX_AUTH_NO_AUTH = 3 };
enum sctpx_outcome { SCTPX_OUTCOME_DONE = 1, SCTPX_OUTCOME_DENIED = 2, SCTPX_OUTCOME_FAILED = 3 };
enum sctpx_direction { SCTPX_DIRECTION_OUTGOING = 1, SCTPX_DIRECTION_INCOMING = 2 };

/* extensions of an ASSOCIATION event, bits; KNOWN is set where the stack tells */
enum sctpx_extension {
    SCTPX_EXTENSION_PARTIAL_RELIABILITY = 1,
    SCTPX_EXTENSION_AUTH = 2,
    SCTPX_EXTENSION_ASCONF = 4,
    SCTPX_EXTENSION_MULTIPLE_BUFFERS = 8,
    SCTPX_EXTENSION_RECONFIG = 16,
    SCTPX_EXTENSION_INTERLEAVING = 32,
    SCTPX_EXTENSION_KNOWN = 32768
};

enum sctpx_failed_flag { SCTPX_FAILED_UNORDERED = 1, SCTPX_FAILED_COMPLETE = 2 };

/* Decoded from a whole raw notification; `data_offset` is into the raw bytes. */
struct sctpx_notification {
    int64_t association; /* 0 where the stack names none */
    struct sctpx_address address;
    uint32_t event; /* enum sctpx_event */
    uint32_t native_type;
    uint32_t state;
    uint32_t cause; /* SCTP error cause code, host order */
    uint32_t flags;
    int32_t error;
    uint32_t ppid;
    uint32_t context;
    uint32_t value;
    uint32_t value2;
    uint32_t extensions;
    uint32_t direction;
    uint16_t stream;
    uint16_t ssn;
    uint16_t out_streams;
    uint16_t in_streams;
    uint32_t data_offset;
    uint32_t data_length;
};

/* ---- capabilities and the backend as a whole ---------------------------- */

struct sctpx_support {
    uint32_t feature;
    uint32_t present;      /* 1: can be had, as it is or by the option below */
    uint32_t needs_option; /* 1: by setting the feature's own option (AuthSupported, ...) */
    uint32_t reserved;
    char reason[160]; /* why it is absent or off, in words; "" when plainly there */
    char remedy[96];  /* a command, where no option will do */
};

enum sctpx_topic {
    SCTPX_TOPIC_VERSIONS = 1,   /* "kernel=6.1.0\nlibsctp=1.0.19\n" */
    SCTPX_TOPIC_SYSCTLS = 2,    /* "net.sctp.auth_enable=0\n..." */
    SCTPX_TOPIC_REMEDY = 3,     /* how to make this backend work here, one line */
    SCTPX_TOPIC_COUNTERS = 4,   /* the stack's own counters, as far as it has any */
    SCTPX_TOPIC_SEND_BUFFER = 5 /* what else limits the send buffer: " (limited by ...)"; or "" */
};

/* Brings the backend up, once; later calls do nothing.  udp_port: userland's
 * own (0: an ephemeral one).  No other function starts threads or opens
 * anything before this one. */
int sctpx_start(uint16_t udp_port, uint16_t peer_udp_port);
int sctpx_probe(void);    /* can sockets of both styles be made here? */
int sctpx_udp_port(void); /* userland's own UDP port, 0: not started; kernels: -EUNSUPPORTED */
int sctpx_describe(uint32_t topic, char *text, uint32_t size); /* length; cut to size */
int sctpx_support_of(uint32_t feature, struct sctpx_support *support);
int sctpx_schedulers(void);                          /* bits, 1 << scheduler; later */
int sctpx_error_of(uint32_t call, int native_errno); /* the positive symbol */
/* Waits at most `timeout` until what was closed is delivered; aborts the
 * rest; the number of associations aborted.  Kernels do this by themselves: 0. */
int sctpx_exit(int64_t timeout);

/* ---- handles ------------------------------------------------------------ */

int64_t sctpx_open(uint32_t family, uint32_t style);
int64_t sctpx_adopt(int descriptor); /* takes it over; kernels only */
int sctpx_detach(int64_t handle);    /* the descriptor, which is the caller's now */
int sctpx_close(int64_t handle);     /* -EINTR: it lingers; call again to wait on */
int sctpx_fileno(int64_t handle);    /* selectable, for reading and writing */
int sctpx_family_of(int64_t handle);
int sctpx_style_of(int64_t handle);
int sctpx_wait(int64_t handle, uint32_t ready, int64_t timeout); /* what is ready; 0: time-out */

/* ---- addresses and associations ------------------------------------------ */
/* A list is `count` addresses in `size` bytes; -E2BIG when they do not fit,
 * -EINVAL for an empty one. */

int sctpx_bind(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count);
int sctpx_bindx(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count,
                int add);
int sctpx_listen(int64_t handle, int backlog);
int64_t sctpx_accept(int64_t handle, struct sctpx_address *peer, int64_t timeout);
/* Begins an association and does not wait: 0 when it is up already, else
 * -EINPROGRESS; the id in both cases.  `init` (option INIT_MESSAGE, or NULL)
 * holds for this association alone. */
int sctpx_connectx(int64_t handle, const struct sctpx_address *list, uint32_t size, uint32_t count,
                   const struct sctpx_option *init, int64_t *association);
/* How it went: 0, -EINPROGRESS, or the reason, told once (then -ENOTCONN).
 * One-to-many: -ENOTCONN when the association is gone; why is in its notification. */
int sctpx_connect_result(int64_t handle, int64_t association);
int sctpx_peer_addresses(int64_t handle, int64_t association, struct sctpx_address *list,
                         uint32_t capacity);
int sctpx_local_addresses(int64_t handle, int64_t association, struct sctpx_address *list,
                          uint32_t capacity);
int sctpx_associations(int64_t handle, int64_t *ids, uint32_t capacity);
int64_t sctpx_find(int64_t handle, const struct sctpx_address *peer); /* its id, or -ENOTCONN */
int64_t sctpx_peeloff(int64_t handle, int64_t association);
int sctpx_shutdown(int64_t handle, int64_t association); /* graceful; one-to-one: 0 */
/* One-to-one: sctpx_close must follow; who is still on it until then is told -ECLOSED. */
int sctpx_abort(int64_t handle, int64_t association, const void *reason, uint32_t length);

/* ---- options -------------------------------------------------------------- */

int sctpx_get_option(int64_t handle, struct sctpx_option *option, void *list, uint32_t list_size);
int sctpx_set_option(int64_t handle, const struct sctpx_option *option, const void *list,
                     uint32_t list_size);
int sctpx_getsockopt(int64_t handle, int level, int name, void *value,
                     uint32_t size); /* length; raw */
int sctpx_setsockopt(int64_t handle, int level, int name, const void *value, uint32_t size);

/* ---- data ------------------------------------------------------------------ */

/* One message.  `how` may be NULL: all defaults. */
int sctpx_send(int64_t handle, const struct sctpx_outgoing *how, const void *data, uint32_t length,
               int64_t timeout);
/* `count` messages lying end to end in `data`; `how` is one record for all
 * (each == 0, may be NULL) or one for each (each == 1).  The number that went
 * (> 0), or the error of the first; waits until one went, then sends what goes
 * without waiting. */
int sctpx_send_many(int64_t handle, const struct sctpx_outgoing *how, int each, const void *data,
                    const uint32_t *lengths, uint32_t count, int64_t timeout);
/* Up to `count` pieces or notifications into `arena`; waits for the first.
 * The number received; 0: the association has ended in good order. */
int sctpx_receive(int64_t handle, struct sctpx_received *records, uint32_t count, void *arena,
                  uint32_t arena_size, int64_t timeout);
/* 0, or -EINVAL when `raw` is too short for what it claims to be. */
int sctpx_notification_decode(const void *raw, uint32_t length, struct sctpx_notification *out);

/* == cdef ends == */

#endif
