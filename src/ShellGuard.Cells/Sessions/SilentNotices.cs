using ShellGuard.Cells.Terminals;
using ShellGuard.Core;

namespace ShellGuard.Cells.Sessions;

/// <summary>Without a terminal nothing is said: the standard descriptors belong to the command. The journal has it.</summary>
internal sealed class SilentNotices : INotices
{
    public static SilentNotices Instance { get; } = new();

    public void Denied(Access access, int number)
    {
    }

    public void Say(string line)
    {
    }
}
