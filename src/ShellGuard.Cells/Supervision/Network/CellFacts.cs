namespace ShellGuard.Cells.Supervision.Network;

/// <summary>What the launcher knows about a cell and the mediators need to tell its own objects from the host's.</summary>
/// <param name="NetworkCookie">SO_NETNS_COOKIE of a socket of the cell's network namespace, socket(7): the kernel's
/// number for that namespace, unique while the machine runs.</param>
/// <param name="OwnDevices">Device numbers (as st_dev; the same as in mountinfo) of the file systems that are the
/// cell's own: private tmpfs'es and overlays. A unix socket on them was made inside the cell. For an overlay, the
/// device of its root directory.</param>
/// <param name="GrantedSockets">Sockets of the host that the policy hands over by name: device and inode number.</param>
public sealed record CellFacts(
    ulong NetworkCookie,
    IReadOnlySet<ulong> OwnDevices,
    IReadOnlySet<(ulong Device, ulong Inode)> GrantedSockets);
