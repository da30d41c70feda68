using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>What ShellGuard says to the person while a cell runs. Any thread; never blocks on the terminal.</summary>
public interface INotices
{
    /// <summary>Says that an access was denied. Rate-limited; duplicates are counted instead of shown.</summary>
    /// <param name="number">What <c>shellguard why</c> takes.</param>
    void Denied(Access access, int number);

    /// <summary>Says one line. Control characters in it are shown as escapes.</summary>
    void Say(string line);
}
