using System.Buffers.Binary;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Moves epoll entries from a program's old socket to the one that takes its place. An entry's key is the
/// file and the number under which the adder knew it, epoll(7): to add the new socket under the program's own number,
/// that number must mean the new socket in the table of the process that adds. So a child with a copy of our table,
/// where numbers can be moved freely, makes these few calls and ends.</summary>
internal static class RegistrationCarrier
{
    private const int Delete = 2;
    private const int Add = 1;
    private const int DuplicateFrom = 0;

    /// <summary>Moves the entries; waits until it is done.</summary>
    /// <param name="process">Whose epoll instances they are: the thread group's number.</param>
    /// <param name="old">The program's old socket.</param>
    /// <param name="fresh">The new one.</param>
    internal static LinuxResult Carry(
        int process, Descriptor old, Descriptor fresh, IEnumerable<EpollRegistration> registrations)
    {
        LinuxResult result = default;
        foreach (EpollRegistration entry in registrations)
        {
            result = Carry(process, old, fresh, entry);
            if (result.Failed)
            {
                return result;
            }
        }

        return result;
    }

    /// <summary>The calls for one entry. Everything is first moved above the program's number, which so is free to
    /// become the old socket and then the new one, whatever it was in our table.</summary>
    internal static LaunchScript Script(int process, int old, int fresh, in EpollRegistration entry)
    {
        LaunchScript script = new();
        int above = entry.Number + 1;
        LaunchSlot held = script.Get(
            "held", "the program's table", SystemCall.pidfd_open, process, 0);
        LaunchSlot taken = script.Get(
            "taken", "its epoll instance", SystemCall.pidfd_getfd, held, entry.Epoll, 0);
        LaunchSlot epoll = script.Get(
            "epoll", "out of the way", SystemCall.fcntl, taken, DuplicateFrom, above);
        LaunchSlot oldSocket = script.Get(
            "old", "out of the way", SystemCall.fcntl, old, DuplicateFrom, above);
        LaunchSlot freshSocket = script.Get(
            "fresh", "out of the way", SystemCall.fcntl, fresh, DuplicateFrom, above);
        script.Add("the key of the old entry", SystemCall.dup3, oldSocket, entry.Number, 0);
        script.Add("the old entry", SystemCall.epoll_ctl, epoll, Delete, entry.Number, 0);
        script.Add("the key of the new entry", SystemCall.dup3, freshSocket, entry.Number, 0);
        // struct epoll_event, packed: events and the program's own value.
        byte[] packed = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(packed, entry.Events);
        BinaryPrimitives.WriteUInt64LittleEndian(packed.AsSpan(4), entry.Data);
        script.Add(
            "the new entry",
            SystemCall.epoll_ctl,
            epoll,
            Add,
            entry.Number,
            new LaunchArgument.Block(packed, [], $"{{events={entry.Events:x}, data={entry.Data:x}}}"));
        return script;
    }

    private static LinuxResult Carry(int process, Descriptor old, Descriptor fresh, in EpollRegistration entry)
    {
        using Launcher launcher = new(Script(process, old.Number, fresh.Number, entry));
        LaunchOutcome outcome = launcher.Run();
        using ChildProcess? child = outcome.Process;
        child?.Wait(out _);
        if (outcome.Succeeded)
        {
            return default;
        }

        // The program removed it meanwhile, from another thread: then there is nothing to move.
        return outcome is { FailedStep.Call: SystemCall.epoll_ctl, Error: Errno.ENOENT }
            ? default
            : new LinuxResult(
                -1, outcome.Error == Errno.None ? Errno.EIO : outcome.Error, outcome.FailedStep?.Call ?? SystemCall.clone3);
    }
}
