using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Terminals;

/// <summary>A few descriptors to wait for, poll(2). Waiting allocates nothing. For one thread.</summary>
public sealed class PollSet
{
    private readonly pollfd[] _entries;
    private readonly Descriptor?[] _descriptors;

    /// <param name="slots">How many descriptors at most.</param>
    public PollSet(int slots)
    {
        _entries = new pollfd[slots];
        _descriptors = new Descriptor?[slots];
        Array.Fill(_entries, new pollfd { fd = -1 });
    }

    /// <summary>Says what the next wait is for. Hang-up and error are always reported, so a descriptor of which
    /// nothing is wanted has to be null: its slot is skipped.</summary>
    public void Set(int slot, Descriptor? descriptor, PollEvents events)
    {
        _descriptors[slot] = descriptor;
        _entries[slot] = new pollfd { fd = descriptor?.Number ?? -1, events = (POLL)events };
    }

    /// <summary>What the last wait found for this slot.</summary>
    public PollEvents Found(int slot) => (PollEvents)(ushort)_entries[slot].revents;

    /// <summary>Waits.</summary>
    /// <param name="milliseconds">At most this long; -1 is without limit.</param>
    /// <returns>How many slots have something; EINTR counts as none.</returns>
    public unsafe LinuxResult Wait(int milliseconds)
    {
        // SAFETY: the kernel writes at most _entries.Length structures, and only until the call returns; the array is
        // pinned for that time.
        fixed (pollfd* entries = _entries)
        {
            return Ended(Kernel.Call(SystemCall.poll, (nint)entries, _entries.Length, milliseconds));
        }
    }

    /// <summary>The same by ppoll(2), to the nanosecond.</summary>
    public unsafe LinuxResult Wait(TimeSpan atMost)
    {
        TimeSpec time = new(atMost.Ticks / TimeSpan.TicksPerSecond, atMost.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);

        // SAFETY: as above; the kernel writes what is left of the time into this frame.
        fixed (pollfd* entries = _entries)
        {
            return Ended(Kernel.Call(SystemCall.ppoll, (nint)entries, _entries.Length, (nint)(&time), 0, 0));
        }
    }

    private LinuxResult Ended(LinuxResult result)
    {
        GC.KeepAlive(_descriptors);
        if (result.Error != Errno.EINTR)
        {
            return result;
        }

        foreach (ref pollfd entry in _entries.AsSpan())
        {
            entry.revents = default;
        }

        return new LinuxResult(0, Errno.None, SystemCall.poll);
    }
}
