using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Takes flock(2) locks for somebody who would be refused otherwise. A lock can be held for a moment by nobody
/// who works: whoever only looks whether it is held, and a process that was forked while it was held and has not
/// executed its program yet, which closes the descriptor, fork(2).</summary>
internal static class LockPatience
{
    /// <summary>About a second in all.</summary>
    internal const int Tries = 200;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    /// <returns>EAGAIN when somebody holds it all the time.</returns>
    internal static LinuxResult Take(Descriptor file)
    {
        for (int tried = 1; ; tried++)
        {
            LinuxResult result = FileContent.Lock(file, LockOperation.EX | LockOperation.NB);
            if (result.Error != Errno.EAGAIN || tried == Tries)
            {
                return result;
            }

            Thread.Sleep(_pause);
        }
    }
}
