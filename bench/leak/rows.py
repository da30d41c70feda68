"""The channels between processes on Linux, 68 rows, and what holds each between two cells that a wall separates."""

CLOSED, TRACKED, RESIDUAL, NOT_HERE = "closed", "tracked", "residual", "not tried"


class Row:
    """One row of docs/leaks.md.

    admitted: ways of a closed or tracked row that are known to get through, with the reason."""

    def __init__(self, number, channel, grade, held, admitted=None):
        self.number = number
        self.channel = channel
        self.grade = grade
        self.held = held
        self.admitted = admitted or {}

    def closed(self, way):
        """Whether a way of this row must not get through."""
        return self.grade in (CLOSED, TRACKED) and way not in self.admitted


_TABLE = [
    (1, "contents of files", TRACKED, "a layer for each label; the base is read-only"),
    (2, "names, entries of directories", TRACKED, "as 1; names are in the layer too"),
    (3, "size, times, mode, owner, links, blocks", TRACKED, "as 1; reading the base leaves no time of access"),
    (4, "extended attributes, access lists, flags, verity, project", TRACKED, "as 1"),
    (5, "targets of links, hard links, files without a name", TRACKED, "as 1"),
    (6, "shared mappings of files", CLOSED, "a file that can be written has an inode of its own in each layer"),
    (7, "flock, range locks, leases", CLOSED, "the filter; the supervisor locks what is the cell's own, and tells nothing of "
     "what is not"),
    (8, "inotify, dnotify, fanotify", CLOSED, "the filter; the supervisor watches what is the cell's own",
     {"cookie of a rename": "**open**: the two halves of a rename have a number from one counter, and who watches a directory needs "
      "them"}),
    (9, "page cache: mincore, cachestat, RWF_NOWAIT, time of a read", CLOSED, "the filter refuses to ask",
     {"page cache, time of a read": "a read of what another cell has read is faster; nothing takes that back but a disk "
      "or a base of one's own",
      "pages that others have mapped": "whether another process has mapped a page of the base too is in one's own "
      "/proc/PID/pagemap and smaps; as the time of a read"}),
    (10, "free blocks and inodes, full disks, quota", RESIDUAL, "the layers of all cells are on one file system"),
    (11, "order of inode numbers, anonymous inodes; other numbers that the kernel gives out by one counter", RESIDUAL,
     "inodes come in lots for each processor; sessions (autogroup), eventfds (fdinfo) and renames (inotify) one by one, and "
     "each process finds those of its own"),
    (12, "mounts and their propagation", CLOSED, "mount namespace, private propagation; mount is refused"),
    (13, "journal and flushes of the disk", RESIDUAL, "one journal for all; `exclusive` in a conflict set, when cells are frozen"),
    (14, "/proc/PID/fd, root, map_files of others", CLOSED, "pid namespace: others are not in sight"),
    (15, "file handles", CLOSED, "the filter refuses name_to_handle_at and open_by_handle_at"),
    (16, "splice, tee, vmsplice, copy_file_range, clones of files", CLOSED, "move only between what the cell has open"),
    (17, "devices", CLOSED, "null, zero, full, random, urandom, tty and nothing else, on read-only mounts; a device that the "
     "policy hands over would be a channel of its own"),
    (18, "swap, zram, merged pages", NOT_HERE, "the filter refuses to merge pages (MADV_MERGEABLE, PR_SET_MEMORY_MERGE); "
     "swapping is timing, as 65. Not tried: this host neither merges nor swaps"),
    (19, "pipes, named pipes, their fill and size", TRACKED, "relays only, each an edge; Landlock opens no named pipe of the "
     "base for writing; the filter changes the size of none. A relay takes from its writer what its reader has room for: "
     "who writes to a higher side sees how fast it reads, which is admitted and not measured"),
    (20, "shared open file descriptions", CLOSED, "no descriptor crosses: pipes are made anew, files are opened again"),
    (21, "unix sockets by path", TRACKED, "sockets are in the layer; connect is judged by the supervisor"),
    (22, "abstract unix sockets", CLOSED, "network namespace; Landlock scope"),
    (23, "socket pairs, credentials, backlog, SIOCOUTQ", CLOSED, "as 20"),
    (24, "descriptors over sockets", CLOSED, "as 20; a relay carries bytes"),
    (25, "eventfd, timerfd, signalfd, epoll, pidfd, memfd, seals", CLOSED, "as 20"),
    (26, "System V and POSIX memory, semaphores, queues; /dev/shm", CLOSED, "ipc namespace; a /dev/shm of its own"),
    (27, "memory shared over fork; shared tables", CLOSED, "a cell is entered by a fresh clone and execve only"),
    (28, "futexes", CLOSED, "memory that can be written is not shared; nobody sleeps in the kernel for a page of a file that "
     "others can read, the supervisor waits in its place"),
    (29, "io_uring", CLOSED, "the filter: ENOSYS"),
    (30, "userfaultfd, asynchronous input and output, process_madvise", CLOSED, "the filter refuses them; as 20"),
    (31, "key rings", CLOSED, "the filter: ENOSYS"),
    (32, "services of the host by their sockets: D-Bus, X11, agents, Docker", TRACKED, "connect is refused but for what is "
     "granted, and that is a resource with edges"),
    (33, "arguments, environment, directory, mask, limits of a new process", TRACKED, "only the lobby asks for one, an edge; "
     "a side's commands run in the side"),
    (34, "exit status, core flag, use of resources, time of the end", TRACKED, "one bit to the lobby for each command, none "
     "with `--strict`, and each time that it stops itself; stubs use nothing themselves", {
        "exit status, the one bit": "the bit that a command of a side succeeded, admitted by the model; constant with `--strict`",
        "time of the end": "when a command ends is seen by whoever waits for it"}),
    (35, "signals", CLOSED, "pid namespace; Landlock scope"),
    (36, "ptrace, process_vm, pidfd_getfd, kcmp", CLOSED, "pid and user namespace; the filter"),
    (37, "/proc/PID of others", CLOSED, "pid namespace"),
    (38, "priorities, scheduling, affinity, limits of others", CLOSED, "pid namespace"),
    (39, "order of process numbers", CLOSED, "pid namespace; the filter refuses pidfds"),
    (40, "accounting by user: processes, pending signals, pipes, inotify", RESIDUAL, "both cells are the same user of the "
     "host. Tried: pages for pipes; where a limit of the user's is reached, others are seen too"),
    (41, "controlling terminal, sessions, jobs", CLOSED, "a terminal for each side"),
    (42, "core dumps", CLOSED, "a hard RLIMIT_CORE of 0. A host whose core_pattern is a pipe starts its program all the same; "
     "it must heed the limit, as systemd's does"),
    (43, "control groups, PSI", CLOSED, "no cgroup file system in the view; cgroup namespace"),
    (44, "inodes of namespaces", CLOSED, "namespaces of each cell's own, time and cgroup included"),
    (45, "loopback, raw and packet sockets, multicast", CLOSED, "network namespace; the filter's families"),
    (46, "remote endpoints", TRACKED, "the supervisor connects, to what the cell is granted"),
    (47, "injected sockets turned elsewhere", CLOSED, "connect and listen stay trapped; MSG_FASTOPEN is refused"),
    (48, "ports, metrics and other state of the host behind connections", RESIDUAL, "connections of all cells are the host's"),
    (49, "names: what is asked, and caches", TRACKED, "each cell has a resolver of its own, which asks nobody before a decision"),
    (50, "a host that both may reach as a mailbox", TRACKED, "it joins them in the flow graph: refused where they must not "
     "meet"),
    (51, "number, size and time of requests", RESIDUAL, "an endpoint that the policy calls `opaque` is trusted not to tell "
     "one what the other did; this one tells"),
    (52, "netlink, vsock, AF_ALG, AF_XDP, bluetooth, CAN; tables of the network", CLOSED, "network namespace; the filter's "
     "families and options; tables that count for all networks have no mode, and route sockets a filter"),
    (53, "servers that connect to others", RESIDUAL, "as 51: what a server does is not seen from here"),
    (54, "output that a person reads", TRACKED, "the person may know it; it comes back by no query"),
    (55, "one terminal for two: buffer, modes, size, TIOCSTI", CLOSED, "as 41; the filter"),
    (56, "clipboard, title, reports of the terminal", CLOSED, "what a side writes passes an allow-list of sequences"),
    (57, "a person who copies or types it again", RESIDUAL, "not to be tried by a program. The last row says who has the terminal"),
    (58, "history and completion", TRACKED, "files of a layer, as 1"),
    (59, "bell, lights, sound", NOT_HERE, "the bell passes to the person, and no cell can hear; there is no sound device in a "
     "view. Not tried: this host has neither"),
    (60, "counters of /proc and /sys, sysinfo", CLOSED, "what a session's cells see of them was read once, when it began",
     {"idle time in /proc/uptime": "the second number of /proc/uptime says how idle all processors are; as 64"}),
    (61, "names of the host, sysctl, clock", CLOSED, "uts namespace; read-only /proc/sys; the filter"),
    (62, "log of the kernel, audit, journal", CLOSED, "not in the view; the filter"),
    (63, "perf, eBPF, tracing, modules, namespaces, mounts", CLOSED, "the filter"),
    (64, "processors, caches, branch predictors, memory bus", RESIDUAL, "all cells run on the same processors"),
    (65, "memory pressure, huge pages, swapping", RESIDUAL, "a limit of memory bounds it, not more. Tried: how fast one gets "
     "memory while the other gets much. That a machine is short of it, and swaps, would press everybody there"),
    (66, "work of disk and network", RESIDUAL, "one disk for all"),
    (67, "the supervisor: verdicts, delay, texts, lists", RESIDUAL, "answers depend on the asker's cell alone, but for where "
     "a command of the lobby runs: where its files are, without `--strict`; how long they take depends on the machine, and on "
     "whether a cell was made before"),
    (68, "a relay that falls silent because its writer learned something", RESIDUAL, "a relay is cut only where a cell "
     "with `late = \"sever\"` acquires something, and its reader sees the end of the pipe: a bit each time, and a cell learns "
     "a tag once. Cells with a label, and `refuse` and `elsewhere`, cut nothing"),
]

ROWS = {row[0]: Row(*row) for row in _TABLE}
