using System.Collections.Frozen;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Launching;

/// <summary>Closes what a cell's /proc/PID/net tells of other networks: each process has these files anew, so no mount
/// covers them, but their modes are those of the network namespace, whoever looks.</summary>
internal static class NetworkTables
{
    /// <summary>What tells of this network alone. Memory, queues and caches are counted for all of them.</summary>
    private static readonly FrozenSet<string> Own = FrozenSet.Create(
        StringComparer.Ordinal,
        "anycast6", "arp", "dev", "dev_mcast", "dev_snmp6", "fib_trie", "fib_triestat", "icmp", "icmp6", "if_inet6", "igmp",
        "igmp6", "ipv6_route", "mcfilter", "mcfilter6", "netlink", "netstat", "packet", "psched", "raw", "raw6", "route",
        "rt6_stats", "snmp", "snmp6", "tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "unix");

    /// <summary>Takes every mode from all other tables, and gives them to nobody where the cell has a right over root's files.
    /// </summary>
    /// <param name="pid">A process of the cell, as seen from here.</param>
    public static LinuxResult Close(int pid, CellIdentity identity)
    {
        LinuxResult opened = Files.Open(
            $"/proc/{pid}/net", OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        if (opened.Failed)
        {
            return opened;
        }

        using (directory)
        {
            uint? owner = null;
            LinuxResult result = DirectoryEntries.List(directory, out List<string> names);
            if (result.Succeeded && identity.KeepsRoot)
            {
                result = UserMapping.FindLast(out uint last);
                owner = last;
            }

            foreach (string name in names.Where(name => !Own.Contains(name)).TakeWhile(_ => result.Succeeded))
            {
                result = Close(directory, name, owner);
            }

            return result;
        }
    }

    private static LinuxResult Close(Descriptor directory, string name, uint? owner)
    {
        LinuxResult opened = Files.Open(directory, name, OpenFlags.PATH | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC, out Descriptor table);
        if (opened.Failed)
        {
            return opened;
        }

        using (table)
        {
            LinuxResult result = FileMetadata.SetMode(table, 0);
            return result.Succeeded && owner is { } user ? FileMetadata.SetOwner(table, user, FileMetadata.Unchanged) : result;
        }
    }
}
