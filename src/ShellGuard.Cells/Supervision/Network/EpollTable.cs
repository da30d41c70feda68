using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Under which numbers one process has epoll instances. Searched once, then kept by making each new instance
/// here; a number that turns out to be something else is a reason to search again.</summary>
/// <param name="process">The thread group.</param>
/// <param name="pidFd">Holds the process's number; belongs to this object.</param>
internal sealed class EpollTable(int process, PidFd pidFd) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<int> _numbers = [];
    private bool _known;

    /// <summary>Whether the process is the one that had this number when the table was made.</summary>
    internal bool IsAlive
    {
        get
        {
            Span<short> ready = stackalloc short[1];
            return Sockets.Poll([pidFd], POLLIN, 0, ready) is { Succeeded: true, Value: 0 };
        }
    }

    /// <summary>Makes an instance in the process and answers its call. Nobody can search in between.</summary>
    /// <returns>Its number, or why there is none; the call then still waits.</returns>
    internal LinuxResult Install(NotifyFd notify, ulong call, Descriptor instance, bool closeOnExec)
    {
        lock (_lock)
        {
            LinuxResult result = notify.InstallDescriptorAndReturn(call, instance, closeOnExec);
            if (result.Succeeded)
            {
                // A number that comes back was closed meanwhile, and its instance may live on under another one.
                _known &= !_numbers.Contains((int)result.Value);
                _numbers.Add((int)result.Value);
            }

            return result;
        }
    }

    /// <summary>The numbers, which may have become something else.</summary>
    /// <param name="again">What was returned before was not right.</param>
    internal LinuxResult Read(bool again, out int[] numbers)
    {
        lock (_lock)
        {
            LinuxResult result = default;
            if (!_known || again)
            {
                result = Search();
                _known = result.Succeeded;
            }

            numbers = [.. _numbers];
            return result;
        }
    }

    public void Dispose() => pidFd.Dispose();

    private LinuxResult Search()
    {
        _numbers.Clear();
        List<int> all = [];
        LinuxResult result = ProcFile.ReadDescriptorNumbers(process, SocketHolders.MostDescriptors, all);
        foreach (int number in all)
        {
            byte[]? target = ProcFile.ReadLink($"/proc/{process}/fd/{number}");
            if (target.AsSpan().SequenceEqual("anon_inode:[eventpoll]"u8))
            {
                _numbers.Add(number);
            }
        }

        return result;
    }
}
